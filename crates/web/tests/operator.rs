//! The operator's console on a small market: every page in both languages, doors, forms, and links which lead somewhere.

use std::collections::BTreeSet;

use actions::people::{
    NewPerson, appoint, caller_of_session, form_token_of, person_of_email, register,
};
use actions::sign_in_links::{demo_link, use_link};
use actions::testing::Stage;
use actions::{Failure, Market, jobs};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::LOCATION;
use axum::http::{Method, StatusCode};
use rules::ids::{HOUSE, OrderId, ShopId};
use rules::people::Role;
use store::jobs::NewJob;
use store::testing::TestFolder;
use store::{Store, StoreOptions, Tx};
use tower::ServiceExt as _;
use web::{WebSettings, router};

struct World {
    stage: Stage,
    router: Router,
    /// Settled, and one which can still be cancelled.
    settled: OrderId,
    open: OrderId,
    _folder: TestFolder,
}

/// Somebody who is signed in.
struct Person {
    session: String,
    csrf: String,
}

struct Page {
    status: StatusCode,
    location: String,
    body: String,
}

impl World {
    async fn make() -> World {
        let folder = TestFolder::make();
        let path = folder.path().join("market.db").display().to_string();
        let store = Store::open(&path, StoreOptions::default()).await.unwrap();
        store.migrate().await.unwrap();
        let stage = Stage::on(store).await.unwrap();
        let settled = stage.buys(stage.scarf, 2).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        stage.ships(stage.second, settled).await.unwrap();
        stage.days_pass(40).await.unwrap();
        // Ten pieces are unusual: this one waits for the shop's check.
        let open = stage.buys(stage.earbuds_black, 10).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        give_up_a_job(&stage).await;
        let settings = WebSettings { requests_a_minute: 0, ..WebSettings::default() };
        let router = router(stage.market.clone(), settings);
        World { stage, router, settled, open, _folder: folder }
    }

    fn market(&self) -> &Market {
        &self.stage.market
    }

    async fn signs_in(&self, email: &str, home: ShopId, role: Role) -> Person {
        let market = self.market();
        let person = match person_of_email(market, email).await.unwrap() {
            Some(person) => person,
            None => {
                let ask = NewPerson {
                    name: "Ada Houses".to_owned(),
                    email: email.to_owned(),
                    language: "en".to_owned(),
                };
                register(market, ask).await.unwrap()
            }
        };
        appoint(market, person, home, role).await.unwrap();
        let link = demo_link(market, person, "/").await.unwrap();
        let (session, _) = use_link(market, link.reveal(), "test").await.unwrap();
        let session = session.token.reveal().to_owned();
        let caller = caller_of_session(market, &session).await.unwrap().unwrap();
        let csrf = form_token_of(market, &caller).await.unwrap().unwrap();
        Person { session, csrf }
    }

    async fn admin(&self) -> Person {
        self.signs_in("admin@example.com", HOUSE, Role::Admin).await
    }

    async fn gets(&self, person: &Person, path: &str, language: &str) -> Page {
        let cookies = format!("session={}; language={language}", person.session);
        let request = Request::builder().uri(path).header("cookie", cookies);
        self.asks(request.body(Body::empty()).unwrap()).await
    }

    async fn posts(&self, person: &Person, path: &str, fields: &[(&str, &str)]) -> Page {
        let fields: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("cookie", format!("session={}", person.session))
            .header("content-type", "application/x-www-form-urlencoded");
        self.asks(request.body(Body::from(fields.join("&"))).unwrap()).await
    }

    async fn asks(&self, request: Request) -> Page {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let location = response
            .headers()
            .get(LOCATION)
            .map_or_else(String::new, |value| value.to_str().unwrap().to_owned());
        let body = to_bytes(response.into_body(), 4_000_000).await.unwrap();
        Page { status, location, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// Every page which has an address of its own.
    fn pages(&self) -> Vec<String> {
        let (shop, settled, open) = (self.stage.second, self.settled, self.open);
        let mut pages: Vec<String> = [
            "/operator",
            "/operator/shops",
            "/operator/shops?market=US",
            "/operator/shops/new",
            "/operator/orders",
            "/operator/orders?view=late",
            "/operator/orders?view=awaiting_confirmation",
            "/operator/orders?q=999",
            "/operator/ledger",
            "/operator/ledger/check",
            "/operator/ledger/accounts/escrow",
            "/operator/ledger/accounts/duty_payable",
            "/operator/policy",
            "/operator/policy/versions/1",
            "/operator/policy/versions/1?file=orders.toml",
            "/operator/policy/diff?from=1&to=1",
            "/operator/policy/draft",
            "/operator/system",
            "/operator/system/jobs",
            "/operator/system/events",
            "/operator/system/clock",
            "/operator/system/people",
            "/operator/system/keys",
            "/operator/system/database",
        ]
        .map(str::to_owned)
        .to_vec();
        pages.push(format!("/operator/shops/{shop}"));
        pages.push(format!("/operator/orders?shop={shop}"));
        pages.push(format!("/operator/ledger/accounts/escrow/{shop}"));
        for order in [settled, open] {
            pages.push(format!("/operator/orders/{order}"));
            pages.push(format!("/operator/orders/{order}/money"));
        }
        pages.push(format!("/operator/orders/{open}/cancel"));
        pages
    }
}

async fn give_up_a_job(stage: &Stage) {
    let job = NewJob {
        id: stage.market.id(),
        home_id: stage.first.number(),
        kind: "unheard_of",
        subject_id: 1,
        body: "{}".to_owned(),
        due_at: stage.market.now(),
    };
    let now = stage.market.now();
    stage
        .market
        .store
        .write(async move |tx: &mut Tx| Ok::<_, Failure>(store::jobs::insert(tx, &job, now).await?))
        .await
        .unwrap();
    stage.hours_pass(20).await.unwrap();
}

fn escaped(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes()
        .map(
            |byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") },
        )
        .collect()
}

/// The addresses which a page's links and forms lead to.
fn links(body: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for mark in ["href=\"", "action=\""] {
        for part in body.split(mark).skip(1) {
            let address = part.split('"').next().unwrap_or_default().replace("&amp;", "&");
            if address.starts_with("/operator") {
                found.insert(address);
            }
        }
    }
    found
}

#[tokio::test]
async fn every_page_is_drawn_in_both_languages_and_every_link_leads_somewhere() {
    let world = World::make().await;
    let admin = world.admin().await;
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut linked: BTreeSet<String> = BTreeSet::new();
    for path in world.pages() {
        for (language, tag) in [("en", "lang=\"en\""), ("zh", "lang=\"zh-CN\"")] {
            let page = world.gets(&admin, &path, language).await;
            assert_eq!(page.status, StatusCode::OK, "{path} {language}: {}", page.body);
            assert!(page.body.contains(tag), "{path} is in {language}");
            assert!(!page.body.contains(">op-"), "{path} {language} shows an id instead of a text");
            assert!(!page.body.contains(" style="), "{path} has a style of its own");
            linked.extend(links(&page.body));
        }
        seen.insert(path);
    }
    for path in linked.difference(&seen) {
        let page = world.gets(&admin, path, "en").await;
        // A form's address answers only to posts; that it has a route is what counts here.
        let there = page.status == StatusCode::OK
            || page.status == StatusCode::SEE_OTHER
            || page.status == StatusCode::METHOD_NOT_ALLOWED;
        assert!(there, "{path} is linked and answers {}", page.status);
    }
}

#[tokio::test]
async fn a_shops_owner_is_not_let_in_and_a_stranger_is_shown_the_way() {
    let world = World::make().await;
    let owner = world.signs_in("owner@example.com", world.stage.second, Role::Owner).await;
    let nobody = Person { session: String::new(), csrf: String::new() };
    for path in world.pages() {
        assert_eq!(world.gets(&owner, &path, "en").await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(
            world.gets(&nobody, &path, "en").await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    let clock = [("csrf", owner.csrf.as_str()), ("hours", "24")];
    let moved = world.posts(&owner, "/operator/system/clock", &clock).await;
    assert_eq!(moved.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_arbiter_sees_orders_and_neither_the_ledger_nor_the_staff() {
    let world = World::make().await;
    let arbiter = world.signs_in("arbiter@example.com", HOUSE, Role::Arbiter).await;
    let order = format!("/operator/orders/{}", world.settled);
    let page = world.gets(&arbiter, &order, "en").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("/money\""), "no way to where they are not let in");
    for path in ["/operator/ledger", "/operator/system/people", "/operator/policy/draft"] {
        assert_eq!(world.gets(&arbiter, path, "en").await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_form_without_the_sessions_token_changes_nothing() {
    let world = World::make().await;
    let admin = world.admin().await;
    let before = world.market().now();
    for token in ["", "made-up"] {
        let clock = [("csrf", token), ("hours", "24")];
        let page = world.posts(&admin, "/operator/system/clock", &clock).await;
        assert!(page.status.is_client_error(), "{}", page.status);
        let check = world.posts(&admin, "/operator/ledger/check", &[("csrf", token)]).await;
        assert!(check.status.is_client_error(), "{}", check.status);
    }
    assert_eq!(world.market().now(), before);
    assert_eq!(actions::books::last_check(world.market()).await.unwrap(), None);
}

#[tokio::test]
async fn the_trial_balance_shows_two_equal_sums() {
    let world = World::make().await;
    let admin = world.admin().await;
    let lines = actions::books::trial_balance(world.market()).await.unwrap();
    let sums = actions::books::trial_sums(&lines);
    let dollars = rules::money::Money::new(sums[0].debits, sums[0].currency);
    let page = world.gets(&admin, "/operator/ledger", "en").await;
    let figure = format!("US${}", dollars.amount());
    assert!(page.body.matches(&figure).count() >= 2, "{figure} stands in both columns");
    assert!(page.body.contains("Both sides are equal"));
    let csrf = [("csrf", admin.csrf.as_str())];
    let checked = world.posts(&admin, "/operator/ledger/check", &csrf).await;
    assert_eq!(checked.status, StatusCode::SEE_OTHER);
    let page = world.gets(&admin, &checked.location, "en").await;
    assert!(page.body.contains("In order"), "{}", page.body);
}

#[tokio::test]
async fn the_money_of_a_settled_order_is_followed_to_the_cent() {
    let world = World::make().await;
    let admin = world.admin().await;
    let path = format!("/operator/orders/{}/money", world.settled);
    let page = world.gets(&admin, &path, "en").await;
    for word in ["Payment captured", "Commission", "Proceeds to the shop", "Adds up"] {
        assert!(page.body.contains(word), "{word}");
    }
    let page = world.gets(&admin, &path, "zh").await;
    assert!(page.body.contains("付款到账") && page.body.contains("收支相符"));
}

#[tokio::test]
async fn the_clock_moves_and_says_what_followed() {
    let world = World::make().await;
    let admin = world.admin().await;
    let csrf = admin.csrf.as_str();
    let path = "/operator/system/clock";
    let before = world.market().now();
    let wrong = [("csrf", csrf), ("amount", "-5"), ("unit", "days")];
    let page = world.posts(&admin, path, &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("value=\"-5\""), "what was typed is kept");
    let moved = world.posts(&admin, path, &[("csrf", csrf), ("hours", "72")]).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.body);
    assert_eq!(world.market().now().since(before).ms(), 72 * 3_600_000);
    let page = world.gets(&admin, &moved.location, "en").await;
    assert!(page.body.contains("Cancelled"), "the flagged order was not confirmed in time");
}

#[tokio::test]
async fn the_house_cancels_an_order_after_a_question_with_its_money() {
    let world = World::make().await;
    let admin = world.admin().await;
    let path = format!("/operator/orders/{}/cancel", world.open);
    let asked = world.gets(&admin, &path, "en").await;
    assert!(asked.body.contains("Back to the buyer"));
    let shop = world.stage.first.to_string();
    let version =
        asked.body.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let fields = [
        ("csrf", admin.csrf.as_str()),
        ("key", "once"),
        ("shop", shop.as_str()),
        ("version", version),
    ];
    let first = world.posts(&admin, &path, &fields).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.body);
    let again = world.posts(&admin, &path, &fields).await;
    assert_eq!(again.location, first.location, "the second click is answered as the first");
    let page = world.gets(&admin, &first.location, "en").await;
    assert!(page.body.contains("Suspected fraud"));
    let late = world.gets(&admin, &path, "en").await;
    assert_eq!(late.status, StatusCode::CONFLICT, "it is cancelled already");
}

#[tokio::test]
async fn a_job_which_gave_up_is_tried_again_from_its_page() {
    let world = World::make().await;
    let admin = world.admin().await;
    let page = world.gets(&admin, "/operator/system/jobs", "en").await;
    let retry = links(&page.body).into_iter().find(|path| path.ends_with("/retry")).unwrap();
    let fields = [("csrf", admin.csrf.as_str()), ("key", "one")];
    assert_eq!(world.posts(&admin, &retry, &fields).await.status, StatusCode::SEE_OTHER);
    let page = world.gets(&admin, "/operator/system/jobs", "en").await;
    assert!(page.body.contains("No job has given up"));
    let numbers: Vec<i64> = retry.split('/').filter_map(|part| part.parse().ok()).collect();
    let job = rules::ids::JobId::new(numbers[1]);
    let person = rules::ids::PersonId::new(1);
    let refused = jobs::retry(world.market(), person, numbers[0], job, None).await;
    assert!(matches!(refused, Err(Failure::Refused(_))));
}

#[tokio::test]
async fn a_policy_draft_is_checked_with_file_and_line_and_published_for_new_orders() {
    let world = World::make().await;
    let admin = world.admin().await;
    let csrf = admin.csrf.as_str();
    let (_, text) = rules::policy::SHIPPED[1];
    let wrong = text.replace("pay_by_minutes = 1440", "pay_by_minutes = \"soon\"");
    let fields = [("csrf", csrf), ("from", "1"), ("orders.toml", wrong.as_str())];
    let page = world.posts(&admin, "/operator/policy/draft", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("orders.toml line "), "file and line");
    assert!(page.body.contains("pay_by_minutes = &quot;soon&quot;"), "what was typed is kept");
    let good = text.replace("pay_by_minutes = 1440", "pay_by_minutes = 720");
    let fields = [
        ("csrf", csrf),
        ("from", "1"),
        ("orders.toml", good.as_str()),
        ("note", "less stock held"),
        ("date", ""),
    ];
    let page = world.posts(&admin, "/operator/policy/draft", &fields).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("+ pay_by_minutes = 720"), "the difference is shown");
    let past =
        [("csrf", csrf), ("from", "1"), ("orders.toml", good.as_str()), ("date", "2020-01-01")];
    let page = world.posts(&admin, "/operator/policy/publish", &past).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "the past is not governed");
    let done = world.posts(&admin, "/operator/policy/publish", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let page = world.gets(&admin, "/operator/policy/diff?from=1&to=2", "zh").await;
    assert!(page.body.contains("+ pay_by_minutes = 720"));
    assert_eq!(world.market().policy_book().versions().len(), 2);
}

#[tokio::test]
async fn a_shop_is_opened_for_somebody_and_moved_to_another_tier() {
    let world = World::make().await;
    let admin = world.admin().await;
    let csrf = admin.csrf.as_str();
    let shop = |owner: &'static str| {
        [
            ("csrf", csrf),
            ("name", "Tea & Co."),
            ("market", "GB"),
            ("category", "food"),
            ("tier", "new"),
            ("owner", owner),
        ]
    };
    let page = world.posts(&admin, "/operator/shops", &shop("nobody@example.com")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("Tea &amp; Co."), "what was typed is kept");
    let opened = world.posts(&admin, "/operator/shops", &shop("admin@example.com")).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
    let page = world.gets(&admin, &opened.location, "en").await;
    assert!(page.body.contains("Tea &amp; Co.") && page.body.contains("Ada Houses"));
    let path = opened.location.split('?').next().unwrap();
    let tier = [
        ("csrf", csrf),
        ("key", "t"),
        ("tier", "standard"),
        ("reason", "Forty parcels in time."),
        ("version", "1"),
    ];
    let changed = world.posts(&admin, &format!("{path}/tier"), &tier).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
    let page = world.gets(&admin, path, "en").await;
    assert!(page.body.contains("Forty parcels in time."));
}
