//! Signing up and in, sessions, staff and addresses, with a clock which the test moves.

use actions::api_keys::{self, KeyFor};
use actions::caller::Caller;
use actions::chance::Chance;
use actions::clock::Clock;
use actions::passwords::Passwords;
use actions::people::{
    self, ChangePassword, NewPerson, NewSession, Profile, SignIn, SignUp, caller_of_session,
};
use actions::{Failure, Market, Mode, overview};
use rules::checkout::address::Address;
use rules::ids::{HOUSE, PersonId, ShopId};
use rules::people::{Permission, Role};
use rules::policy::{MarketCode, Policies, PolicyBook, PolicyVersion};
use rules::time::{Span, Timestamp};
use store::testing::{TestFolder, on_both_databases};
use store::{Store, StoreOptions};

const START: Timestamp = Timestamp::from_ms(1_800_000_000_000);
const PASSWORD: &str = "correct horse battery";
const MINE: ShopId = ShopId::new(501);
const OTHER: ShopId = ShopId::new(502);

struct World {
    market: Market,
    /// Goes when the test ends.
    _folder: Option<TestFolder>,
}

async fn world() -> World {
    let folder = TestFolder::make();
    let path = folder.path().join("market.db").display().to_string();
    let store = Store::open(&path, StoreOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    World { _folder: Some(folder), ..world_on(store) }
}

fn world_on(store: Store) -> World {
    let first = PolicyVersion { number: 1, effective_from: START, policies: Policies::shipped() };
    let market = Market::with_passwords(
        store,
        Clock::manual(START),
        Chance::seeded(11),
        1,
        Mode::Sandbox,
        PolicyBook::new(vec![first]).unwrap(),
        Passwords::cheap(),
    );
    World { market, _folder: None }
}

impl World {
    fn pass(&self, span: Span) {
        self.market.clock.move_forward(span);
    }

    async fn signs_up(&self, name: &str) -> NewSession {
        let ask = SignUp {
            name: name.to_owned(),
            email: format!("{name}@example.com"),
            password: PASSWORD.to_owned(),
            language: "en".to_owned(),
            agent: "Firefox\n".to_owned(),
        };
        people::sign_up(&self.market, ask).await.unwrap()
    }

    async fn signs_in(&self, email: &str, password: &str) -> Result<NewSession, Failure> {
        let (email, password) = (email.to_owned(), password.to_owned());
        let ask = SignIn { email, password, agent: "Safari".to_owned() };
        people::sign_in(&self.market, ask).await
    }

    async fn caller(&self, session: &NewSession) -> Option<Caller> {
        caller_of_session(&self.market, session.token.reveal()).await.unwrap()
    }
}

/// The codes of a failure: of its fields, or its own.
fn codes(failure: Failure) -> Vec<(String, &'static str)> {
    match failure {
        Failure::Invalid(faults) => faults.into_iter().map(|f| (f.field, f.code)).collect(),
        Failure::Refused(refusal) => vec![(String::new(), refusal.code)],
        other => panic!("{other:?}"),
    }
}

fn one(field: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(field.to_owned(), code)]
}

#[tokio::test]
async fn who_signs_up_is_signed_in_and_the_address_is_taken_in_every_spelling() {
    let world = world().await;
    let session = world.signs_up("ann").await;
    let caller = world.caller(&session).await.unwrap();
    assert_eq!((caller.person, caller.name.as_str()), (session.person, "ann"));
    assert_eq!(caller.buyer(), Ok(session.person));
    let again = SignUp {
        name: "Other".to_owned(),
        email: "  ANN@Example.com".to_owned(),
        password: PASSWORD.to_owned(),
        language: "zh".to_owned(),
        agent: String::new(),
    };
    let failure = people::sign_up(&world.market, again.clone()).await.unwrap_err();
    assert_eq!(codes(failure), one("email", "taken"));
    let everything_wrong = SignUp {
        name: " ".to_owned(),
        password: "short".to_owned(),
        language: "tlh".to_owned(),
        ..again
    };
    let failure = people::sign_up(&world.market, everything_wrong).await.unwrap_err();
    let fields: Vec<_> = codes(failure).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["name", "language", "password"]);
    let person = people::person_of_email(&world.market, "Ann@example.com").await;
    assert_eq!(person, Ok(Some(session.person)));
}

#[tokio::test]
async fn lockout_grows_ends_and_is_the_same_for_names_nobody_has() {
    let world = world().await;
    world.signs_up("ann").await;
    for email in ["ann@example.com", "nobody@example.com"] {
        for _ in 0..5 {
            let failure = world.signs_in(email, "wrong password").await.unwrap_err();
            assert_eq!(codes(failure), one("password", "wrong_sign_in"), "{email}");
        }
        let locked = world.signs_in(email, PASSWORD).await.unwrap_err();
        assert_eq!(codes(locked), one("", "sign_in_locked"), "{email}");
    }
    // The wait is one minute, after the next wrong password two.
    world.pass(Span::from_minutes(1));
    let failure = world.signs_in("ann@example.com", "wrong password").await.unwrap_err();
    assert_eq!(codes(failure), one("password", "wrong_sign_in"));
    world.pass(Span::from_ms(119_999));
    let locked = world.signs_in("ann@example.com", PASSWORD).await.unwrap_err();
    assert_eq!(codes(locked), one("", "sign_in_locked"));
    world.pass(Span::from_ms(1));
    world.signs_in("Ann@Example.com", PASSWORD).await.unwrap();
    // The right password has cleared the count.
    for _ in 0..4 {
        world.signs_in("ann@example.com", "wrong password").await.unwrap_err();
    }
    world.signs_in("ann@example.com", PASSWORD).await.unwrap();
}

#[test]
fn many_guesses_at_once_are_no_more_than_a_few() {
    on_both_databases(async |store| {
        let world = world_on(store);
        world.signs_up("ann").await;
        let guesses = (0..40).map(|_| world.signs_in("ann@example.com", "wrong password"));
        let answers = futures_util::future::join_all(guesses).await;
        let looked_at =
            answers.iter().filter(|one| matches!(one, Err(Failure::Invalid(_)))).count();
        // Whoever loses ten races in a row gives up unheard, so on a busy server it may be fewer.
        assert!((1..=5).contains(&looked_at), "{looked_at}");
        assert!(answers.iter().all(Result::is_err));
    });
}

#[tokio::test]
async fn a_session_lives_while_it_is_used_and_not_longer() {
    let world = world().await;
    let used = world.signs_up("ann").await;
    let left = world.signs_in("ann@example.com", PASSWORD).await.unwrap();
    for _ in 0..3 {
        world.pass(Span::from_days(20));
        assert!(world.caller(&used).await.is_some());
    }
    assert!(world.caller(&left).await.is_none(), "30 days without use");
    world.pass(Span::from_days(30));
    assert!(world.caller(&used).await.is_none());
    assert_eq!(people::forget_expired(&world.market).await, Ok(2));
    assert_eq!(people::forget_expired(&world.market).await, Ok(0));
    let unknown = caller_of_session(&world.market, "made up").await.unwrap();
    assert_eq!(unknown, None);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner() {
    let world = world().await;
    let here = world.signs_up("ann").await;
    let there = world.signs_in("ann@example.com", PASSWORD).await.unwrap();
    let bob = world.signs_up("bob").await;
    let ann = world.caller(&here).await.unwrap();
    let list = people::list_sessions(&world.market, &ann).await.unwrap();
    assert_eq!(list.len(), 2);
    assert_eq!(list.iter().find(|one| one.is_this).map(|one| one.agent.as_str()), Some("Firefox"));
    let handle = list.iter().find(|one| !one.is_this).unwrap().handle.clone();
    assert!(world.caller(&there).await.is_some());
    let bob_calls = world.caller(&bob).await.unwrap();
    let foreign = people::end_session(&world.market, &bob_calls, handle.clone()).await;
    assert_eq!(foreign, Err(Failure::NotFound));
    people::end_session(&world.market, &ann, handle).await.unwrap();
    assert!(world.caller(&there).await.is_none(), "at once, although it was seen a moment ago");
    world.signs_in("ann@example.com", PASSWORD).await.unwrap();
    assert_eq!(people::end_other_sessions(&world.market, &ann).await, Ok(1));
    people::sign_out(&world.market, &ann).await.unwrap();
    assert!(world.caller(&here).await.is_none());
    assert!(world.caller(&bob).await.is_some());
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let world = world().await;
    let here = world.signs_up("ann").await;
    let there = world.signs_in("ann@example.com", PASSWORD).await.unwrap();
    let ann = world.caller(&here).await.unwrap();
    let ask = |current: &str, new: &str| ChangePassword {
        current: current.to_owned(),
        new: new.to_owned(),
    };
    let failure = people::change_password(&world.market, &ann, ask("x", PASSWORD)).await;
    assert_eq!(codes(failure.unwrap_err()), one("current", "wrong_password"));
    let failure = people::change_password(&world.market, &ann, ask(PASSWORD, "short")).await;
    assert_eq!(codes(failure.unwrap_err()), one("new", "too_short"));
    people::change_password(&world.market, &ann, ask(PASSWORD, "another long one")).await.unwrap();
    assert!(world.caller(&there).await.is_none());
    assert!(world.caller(&here).await.is_some());
    world.signs_in("ann@example.com", PASSWORD).await.unwrap_err();
    world.signs_in("ann@example.com", "another long one").await.unwrap();
}

#[tokio::test]
async fn a_changed_name_shows_at_once() {
    let world = world().await;
    let session = world.signs_up("ann").await;
    let ann = world.caller(&session).await.unwrap();
    let profile = |name: &str, language: &str| Profile {
        name: name.to_owned(),
        language: language.to_owned(),
    };
    people::change_profile(&world.market, &ann, profile("安", "zh")).await.unwrap();
    let after = world.caller(&session).await.unwrap();
    assert_eq!((after.name.as_str(), after.language.as_str()), ("安", "zh"));
    let failure = people::change_profile(&world.market, &ann, profile("", "de")).await;
    let fields: Vec<_> = codes(failure.unwrap_err()).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["name", "language"]);
}

async fn person(world: &World, name: &str) -> PersonId {
    let ask = NewPerson {
        name: name.to_owned(),
        email: format!("{name}@example.com"),
        language: "en".to_owned(),
    };
    people::register(&world.market, ask).await.unwrap()
}

#[tokio::test]
async fn staff_is_managed_by_owners_and_nobody_outside_sees_the_shop() {
    let world = world().await;
    let market = &world.market;
    let (ann, bob) = (world.signs_up("ann").await, world.signs_up("bob").await);
    people::appoint(market, ann.person, MINE, Role::Owner).await.unwrap();
    people::appoint(market, bob.person, OTHER, Role::Owner).await.unwrap();
    let (owner, stranger) = (world.caller(&ann).await.unwrap(), world.caller(&bob).await.unwrap());
    let cleo = person(&world, "cleo").await;
    let added = people::add_member(market, &owner, MINE, "Cleo@example.com", Role::Fulfilment);
    assert_eq!(added.await, Ok(cleo));
    let listed = people::list_members(market, &owner, MINE).await.unwrap();
    let roles: Vec<_> = listed.iter().map(|one| (one.name.as_str(), one.role)).collect();
    assert_eq!(roles, [("ann", Role::Owner), ("cleo", Role::Fulfilment)]);
    let foreign = people::list_members(market, &stranger, MINE).await;
    assert_eq!(foreign, Err(Failure::NotFound));
    assert_eq!(stranger.for_shop(MINE, Permission::ViewOrders), Err(Failure::NotFound));
    let last = people::remove_member(market, &owner, MINE, ann.person, Role::Owner).await;
    assert_eq!(codes(last.unwrap_err()), one("", "last_of_role"));
    let not_here = people::add_member(market, &owner, MINE, "cleo@example.com", Role::Admin).await;
    assert_eq!(codes(not_here.unwrap_err()), one("role", "not_a_role_here"));
    let house = people::add_member(market, &owner, HOUSE, "ann@example.com", Role::Admin).await;
    assert_eq!(house, Err(Failure::NotAllowed));
    people::appoint(market, bob.person, MINE, Role::Owner).await.unwrap();
    let second = world.caller(&bob).await.unwrap();
    people::remove_member(market, &second, MINE, ann.person, Role::Owner).await.unwrap();
    let former = world.caller(&ann).await.unwrap();
    assert_eq!(former.for_shop(MINE, Permission::ViewOrders), Err(Failure::NotFound));
}

#[test]
fn two_owners_who_remove_each_other_leave_one() {
    on_both_databases(async |store| {
        let world = world_on(store);
        let market = &world.market;
        let (ann, bob) = (world.signs_up("ann").await, world.signs_up("bob").await);
        people::appoint(market, ann.person, MINE, Role::Owner).await.unwrap();
        people::appoint(market, bob.person, MINE, Role::Owner).await.unwrap();
        let (first, second) =
            (world.caller(&ann).await.unwrap(), world.caller(&bob).await.unwrap());
        let (one, other) = futures_util::future::join(
            people::remove_member(market, &first, MINE, bob.person, Role::Owner),
            people::remove_member(market, &second, MINE, ann.person, Role::Owner),
        )
        .await;
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        let held = [world.caller(&ann).await.unwrap(), world.caller(&bob).await.unwrap()];
        assert_eq!(held.iter().filter(|caller| caller.is_staff_of(MINE)).count(), 1);
    });
}

#[tokio::test]
async fn who_gave_and_took_a_role_or_a_key_is_told_afterwards() {
    let world = world().await;
    let market = &world.market;
    let ann = world.signs_up("ann").await;
    people::appoint(market, ann.person, MINE, Role::Owner).await.unwrap();
    let owner = world.caller(&ann).await.unwrap();
    let cleo = person(&world, "cleo").await;
    let role = Role::Fulfilment;
    for _ in 0..2 {
        people::add_member(market, &owner, MINE, "cleo@example.com", role).await.unwrap();
    }
    people::remove_member(market, &owner, MINE, cleo, role).await.unwrap();
    let key = api_keys::create(market, &owner, KeyFor::Shop(MINE), "till").await.unwrap();
    for _ in 0..2 {
        api_keys::revoke(market, &owner, KeyFor::Shop(MINE), key.id).await.unwrap();
    }
    let (seen, _) = overview::newest_events(market, i64::MAX, 10).await.unwrap();
    let told: Vec<_> = seen
        .iter()
        .map(|event| (event.kind.as_str(), event.subject_id, event.actor.clone()))
        .collect();
    let actor = format!("staff:{}", ann.person);
    let (cleo, key) = (cleo.number(), key.id.number());
    let newest_first = [
        ("key_revoked", key),
        ("key_created", key),
        ("member_removed", cleo),
        ("member_added", cleo),
    ];
    assert_eq!(told, newest_first.map(|(kind, id)| (kind, id, actor.clone())));
}

fn address(line1: &str, postcode: &str) -> Address {
    Address {
        name: "Ann".to_owned(),
        phone: "+44 20 7946 0958".to_owned(),
        line1: line1.to_owned(),
        line2: String::new(),
        city: "London".to_owned(),
        region: String::new(),
        postcode: postcode.to_owned(),
        country: MarketCode::parse("GB").unwrap(),
    }
}

#[tokio::test]
async fn a_buyer_keeps_addresses_and_one_of_them_is_the_default() {
    let world = world().await;
    let market = &world.market;
    let (ann, bob) = (person(&world, "ann").await, person(&world, "bob").await);
    let first = people::add_address(market, ann, &address("1 High St", "sw1a1aa"), false).await;
    let first = first.unwrap();
    let second = people::add_address(market, ann, &address("2 Low St", "SW1A 1AA"), true).await;
    let second = second.unwrap();
    let list = people::list_addresses(market, ann).await.unwrap();
    let shown: Vec<_> = list.iter().map(|one| (one.id, one.is_default)).collect();
    assert_eq!(shown, [(first, false), (second, true)]);
    assert_eq!(list[0].address.postcode, "SW1A 1AA");
    let failure = people::edit_address(market, ann, first, &address("", "12345")).await;
    let fields: Vec<_> = codes(failure.unwrap_err()).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["line1", "postcode"]);
    let foreign = people::edit_address(market, bob, first, &address("3 St", "SW1A 1AA")).await;
    assert_eq!(foreign, Err(Failure::NotFound));
    assert_eq!(people::choose_default_address(market, bob, first).await, Err(Failure::NotFound));
    assert_eq!(people::remove_address(market, bob, first).await, Err(Failure::NotFound));
    people::remove_address(market, ann, second).await.unwrap();
    let left = people::list_addresses(market, ann).await.unwrap();
    assert_eq!((left.len(), left[0].id, left[0].is_default), (1, first, true));
}

/// A server runs acts on any of its threads; what cannot be moved there does not compile here.
#[expect(dead_code, reason = "it only has to compile")]
fn every_act_can_be_served(market: &Market, caller: &Caller, place: &Address) {
    fn served<T: Send>(_: T) {}
    let (person, id) = (caller.person, market.id());
    let (email, password, agent) = (String::new(), String::new(), String::new());
    served(people::sign_in(market, SignIn { email, password, agent }));
    served(people::change_password(
        market,
        caller,
        ChangePassword { current: String::new(), new: String::new() },
    ));
    served(people::person_of_email(market, ""));
    served(caller_of_session(market, ""));
    served(people::sign_out(market, caller));
    served(people::list_sessions(market, caller));
    served(people::end_session(market, caller, String::new()));
    served(people::end_other_sessions(market, caller));
    served(people::form_token_of(market, caller));
    served(people::forget_expired(market));
    served(people::list_members(market, caller, MINE));
    served(people::add_member(market, caller, MINE, "", Role::Owner));
    served(people::remove_member(market, caller, MINE, person, Role::Owner));
    served(people::appoint(market, person, MINE, Role::Owner));
    served(people::list_addresses(market, person));
    served(people::add_address(market, person, place, true));
    served(people::edit_address(market, person, market.id(), place));
    served(people::remove_address(market, person, market.id()));
    served(people::choose_default_address(market, person, market.id()));
    served(people::list_notices(market, person, None, 10));
    served(people::count_unread(market, person));
    served(people::mark_read(market, person, id));
    served(people::mark_all_read(market, person, id));
}
