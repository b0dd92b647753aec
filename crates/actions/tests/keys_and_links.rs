//! Links which work once and keys of programs, with a clock which the test moves.

use actions::api_keys::{self, CliKey, KeyFor, caller_of_key};
use actions::caller::{Caller, KeyScope};
use actions::chance::Chance;
use actions::clock::Clock;
use actions::passwords::Passwords;
use actions::people::{self, NewPerson, caller_of_session};
use actions::sign_in_links::{self, SetUp, check_set_up_link, complete_set_up, set_up_link};
use actions::{Failure, Market, Mode};
use rules::ids::{HOUSE, PersonId, ShopId};
use rules::people::{Permission, Role};
use rules::policy::{Policies, PolicyBook, PolicyVersion};
use rules::time::{Span, Timestamp};
use store::testing::TestFolder;
use store::{Store, StoreOptions, Tx};

const START: Timestamp = Timestamp::from_ms(1_800_000_000_000);
const MINE: ShopId = ShopId::new(501);
const OTHER: ShopId = ShopId::new(502);

async fn market(folder: &TestFolder, mode: Mode) -> Market {
    let path = folder.path().join("market.db").display().to_string();
    let store = Store::open(&path, StoreOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    let first = PolicyVersion { number: 1, effective_from: START, policies: Policies::shipped() };
    Market::with_passwords(
        store,
        Clock::manual(START),
        Chance::seeded(12),
        1,
        mode,
        PolicyBook::new(vec![first]).unwrap(),
        Passwords::cheap(),
    )
}

async fn person(market: &Market, name: &str) -> PersonId {
    let ask = NewPerson {
        name: name.to_owned(),
        email: format!("{name}@example.com"),
        language: "en".to_owned(),
    };
    people::register(market, ask).await.unwrap()
}

/// Signed in by a link, as in the demo.
async fn signed_in(market: &Market, person: PersonId) -> Caller {
    let link = sign_in_links::demo_link(market, person, "/").await.unwrap();
    let (session, _) = sign_in_links::use_link(market, link.reveal(), "test").await.unwrap();
    caller_of_session(market, session.token.reveal()).await.unwrap().unwrap()
}

fn code(failure: Failure) -> &'static str {
    match failure {
        Failure::Refused(refusal) => refusal.code,
        Failure::Invalid(faults) => faults[0].code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_link_works_once_and_for_half_an_hour() {
    let folder = TestFolder::make();
    let market = market(&folder, Mode::Sandbox).await;
    let ann = person(&market, "ann").await;
    let link = sign_in_links::demo_link(&market, ann, "/seller").await.unwrap();
    let (session, destination) =
        sign_in_links::use_link(&market, link.reveal(), "test").await.unwrap();
    assert_eq!((session.person, destination.as_str()), (ann, "/seller"));
    let again = sign_in_links::use_link(&market, link.reveal(), "test").await.unwrap_err();
    assert_eq!(code(again), "link_used");
    let late = sign_in_links::demo_link(&market, ann, "/").await.unwrap();
    market.clock.move_forward(Span::from_minutes(30));
    let late = sign_in_links::use_link(&market, late.reveal(), "test").await.unwrap_err();
    assert_eq!(code(late), "link_expired");
    let unknown = sign_in_links::use_link(&market, "made up", "test").await;
    assert_eq!(unknown, Err(Failure::NotFound));
}

#[tokio::test]
async fn two_who_use_one_link_at_once_are_not_both_let_in() {
    let folder = TestFolder::make();
    let market = market(&folder, Mode::Sandbox).await;
    let ann = person(&market, "ann").await;
    let link = sign_in_links::demo_link(&market, ann, "/").await.unwrap();
    let tries = (0..8).map(|_| sign_in_links::use_link(&market, link.reveal(), "test"));
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
}

#[tokio::test]
async fn a_live_market_has_no_sign_in_links() {
    let folder = TestFolder::make();
    let market = market(&folder, Mode::Live).await;
    let ann = person(&market, "ann").await;
    let link = sign_in_links::demo_link(&market, ann, "/").await;
    assert_eq!(link, Err(Failure::NotAllowed));
}

#[tokio::test]
async fn the_first_start_makes_one_admin_and_no_second() {
    let folder = TestFolder::make();
    let market = market(&folder, Mode::Live).await;
    // A key for the house is no admin who could sign in.
    api_keys::create_for_cli(&market, cli(KeyScope::Operator, None, None)).await.unwrap();
    let older = set_up_link(&market).await.unwrap().unwrap();
    let link = set_up_link(&market).await.unwrap().unwrap();
    assert_eq!(check_set_up_link(&market, older.reveal()).await, Err(Failure::NotFound));
    assert_eq!(check_set_up_link(&market, link.reveal()).await, Ok(()));
    let ask = |token: &str, email: &str, password: &str| SetUp {
        token: token.to_owned(),
        name: "Ada".to_owned(),
        email: email.to_owned(),
        password: password.to_owned(),
        language: "en".to_owned(),
        house_name: "Corn Exchange".to_owned(),
        agent: "test".to_owned(),
    };
    let weak = complete_set_up(&market, ask(link.reveal(), "ada@example.com", "short")).await;
    assert_eq!(code(weak.unwrap_err()), "too_short", "and the link still works");
    let good = ask(link.reveal(), "ada@example.com", "a long password");
    let session = complete_set_up(&market, good).await.unwrap();
    let admin = caller_of_session(&market, session.token.reveal()).await.unwrap().unwrap();
    assert_eq!(admin.memberships, [(HOUSE, Role::Admin)]);
    let again = ask(link.reveal(), "eve@example.com", "a long password");
    assert_eq!(code(complete_set_up(&market, again).await.unwrap_err()), "link_used");
    assert_eq!(set_up_link(&market).await, Ok(None));
    let name = market
        .store
        .read(async |tx: &mut Tx| -> Result<Option<String>, Failure> {
            Ok(store::house::load_setting(tx, sign_in_links::HOUSE_NAME).await?)
        })
        .await;
    assert_eq!(name, Ok(Some("Corn Exchange".to_owned())));
}

#[tokio::test]
async fn a_key_does_what_its_person_may_in_its_scope_until_it_is_revoked() {
    let folder = TestFolder::make();
    let market = market(&folder, Mode::Sandbox).await;
    let ann = person(&market, "ann").await;
    people::appoint(&market, ann, MINE, Role::Owner).await.unwrap();
    people::appoint(&market, ann, OTHER, Role::Owner).await.unwrap();
    let owner = signed_in(&market, ann).await;
    let made = api_keys::create(&market, &owner, KeyFor::Shop(MINE), "warehouse").await.unwrap();
    assert!(made.text.reveal().starts_with(&made.prefix) && made.prefix.starts_with("gh_shop_"));
    let program = caller_of_key(&market, made.text.reveal()).await.unwrap().unwrap();
    assert_eq!(program.for_shop(MINE, Permission::ShipOrders), Ok(()));
    assert_eq!(program.for_shop(OTHER, Permission::ShipOrders), Err(Failure::NotFound));
    assert_eq!(program.buyer(), Err(Failure::NotAllowed));
    let child = api_keys::create(&market, &program, KeyFor::Shop(MINE), "child").await;
    assert_eq!(child, Err(Failure::NotAllowed), "a key makes no keys");
    let listed = api_keys::list(&market, &owner, KeyFor::Shop(MINE)).await.unwrap();
    assert_eq!(listed.iter().map(|key| key.id).collect::<Vec<_>>(), [made.id]);
    let elsewhere = api_keys::revoke(&market, &owner, KeyFor::Shop(OTHER), made.id).await;
    assert_eq!(elsewhere, Err(Failure::NotFound));
    api_keys::revoke(&market, &owner, KeyFor::Shop(MINE), made.id).await.unwrap();
    assert_eq!(caller_of_key(&market, made.text.reveal()).await, Ok(None));
    for text in ["", "gh_shop_", "gh_king_x", &made.prefix] {
        assert_eq!(caller_of_key(&market, text).await, Ok(None), "{text}");
    }
}

#[tokio::test]
async fn a_key_is_worth_no_more_than_its_person() {
    let folder = TestFolder::make();
    let market = market(&folder, Mode::Sandbox).await;
    let (ann, bob) = (person(&market, "ann").await, person(&market, "bob").await);
    people::appoint(&market, ann, MINE, Role::Owner).await.unwrap();
    people::appoint(&market, bob, MINE, Role::Owner).await.unwrap();
    let (owner, other) = (signed_in(&market, ann).await, signed_in(&market, bob).await);
    let made = api_keys::create(&market, &owner, KeyFor::Shop(MINE), "till").await.unwrap();
    let key = async || caller_of_key(&market, made.text.reveal()).await.unwrap().unwrap();
    assert_eq!(key().await.for_shop(MINE, Permission::ViewOrders), Ok(()));
    people::remove_member(&market, &other, MINE, ann, Role::Owner).await.unwrap();
    assert_eq!(key().await.for_shop(MINE, Permission::ViewOrders), Err(Failure::NotFound));
    let none = api_keys::create(&market, &other, KeyFor::House, "everything").await;
    assert_eq!(none, Err(Failure::NotAllowed));
    let own = api_keys::create(&market, &other, KeyFor::Me, "mine").await.unwrap();
    let buyer = caller_of_key(&market, own.text.reveal()).await.unwrap().unwrap();
    assert_eq!((buyer.buyer(), buyer.memberships), (Ok(bob), vec![]));
}

fn cli(scope: KeyScope, person: Option<&str>, shop: Option<ShopId>) -> CliKey {
    CliKey { scope, person: person.map(str::to_owned), shop, name: "bench".to_owned() }
}

#[tokio::test]
async fn the_command_line_makes_keys_for_people_who_only_have_keys() {
    let folder = TestFolder::make();
    let market = market(&folder, Mode::Sandbox).await;
    let buyer = api_keys::create_for_cli(&market, cli(KeyScope::Buyer, None, None)).await.unwrap();
    let again = api_keys::create_for_cli(&market, cli(KeyScope::Buyer, None, None)).await.unwrap();
    assert_eq!(buyer.person, again.person);
    assert_ne!(buyer.text, again.text);
    let caller = caller_of_key(&market, buyer.text.reveal()).await.unwrap().unwrap();
    assert_eq!(caller.buyer(), Ok(buyer.person));
    let operator = api_keys::create_for_cli(&market, cli(KeyScope::Operator, None, None)).await;
    let operator = operator.unwrap();
    let caller = caller_of_key(&market, operator.text.reveal()).await.unwrap().unwrap();
    assert_eq!(caller.for_house(Permission::MoveClock), Ok(()));
    for (ask, expected) in [
        (cli(KeyScope::Shop, None, None), "missing"),
        (cli(KeyScope::Shop, None, Some(MINE)), "unknown"),
        (cli(KeyScope::Buyer, None, Some(MINE)), "not_for_this_scope"),
        (cli(KeyScope::Buyer, Some("nobody@example.com"), None), "nobody"),
    ] {
        let failure = api_keys::create_for_cli(&market, ask.clone()).await.unwrap_err();
        assert_eq!(code(failure), expected, "{ask:?}");
    }
    let ann = person(&market, "ann").await;
    let ask = cli(KeyScope::Shop, Some("ann@example.com"), Some(MINE));
    let failure = api_keys::create_for_cli(&market, ask.clone()).await.unwrap_err();
    assert_eq!(code(failure), "no_role_here");
    people::appoint(&market, ann, MINE, Role::Fulfilment).await.unwrap();
    let made = api_keys::create_for_cli(&market, ask).await.unwrap();
    let caller = caller_of_key(&market, made.text.reveal()).await.unwrap().unwrap();
    assert_eq!(caller.for_shop(MINE, Permission::PackOrders), Ok(()));
    assert_eq!(caller.for_shop(MINE, Permission::ViewMoney), Err(Failure::NotAllowed));
}

#[tokio::test]
async fn forms_carry_the_token_of_their_session() {
    let folder = TestFolder::make();
    let market = market(&folder, Mode::Sandbox).await;
    let (ann, bob) = (person(&market, "ann").await, person(&market, "bob").await);
    let (ann, bob) = (signed_in(&market, ann).await, signed_in(&market, bob).await);
    let token = people::form_token_of(&market, &ann).await.unwrap().unwrap();
    assert_eq!(people::form_token_of(&market, &ann).await, Ok(Some(token.clone())));
    assert_ne!(people::form_token_of(&market, &bob).await, Ok(Some(token)));
}

/// A server runs acts on any of its threads; what cannot be moved there does not compile here.
#[expect(dead_code, reason = "it only has to compile")]
fn every_act_can_be_served(market: &Market, caller: &Caller, set_up: SetUp, asked: CliKey) {
    fn served<T: Send>(_: T) {}
    served(sign_in_links::demo_link(market, caller.person, ""));
    served(sign_in_links::use_link(market, "", ""));
    served(set_up_link(market));
    served(check_set_up_link(market, ""));
    served(complete_set_up(market, set_up));
    served(api_keys::create(market, caller, KeyFor::Me, ""));
    served(api_keys::list(market, caller, KeyFor::Me));
    served(api_keys::revoke(market, caller, KeyFor::Me, market.id()));
    served(api_keys::create_for_cli(market, asked));
    served(caller_of_key(market, ""));
}
