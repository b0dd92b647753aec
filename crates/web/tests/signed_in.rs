//! Cookies, keys, form tokens and limits, through the layers which stand before every route.

use std::net::SocketAddr;

use actions::api_keys::{self, CliKey, KeyFor};
use actions::caller::{Caller, KeyScope};
use actions::chance::Chance;
use actions::clock::Clock;
use actions::passwords::Passwords;
use actions::people::{SignUp, caller_of_session, form_token_of, sign_up};
use actions::{Market, Mode};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::post;
use rules::policy::{Policies, PolicyBook, PolicyVersion};
use rules::time::Timestamp;
use store::testing::TestFolder;
use store::{Store, StoreOptions};
use tower::ServiceExt as _;
use web::form_guard::guard;
use web::rate_limit::{RateLimit, limit};
use web::signed_in::{MaybeSignedIn, SignedIn};

const START: Timestamp = Timestamp::from_ms(1_800_000_000_000);

struct World {
    market: Market,
    guarded: Router,
    _folder: TestFolder,
}

struct Signed {
    token: String,
    form_token: String,
    caller: Caller,
}

async fn world() -> World {
    let folder = TestFolder::make();
    let path = folder.path().join("market.db").display().to_string();
    let store = Store::open(&path, StoreOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    let first = PolicyVersion { number: 1, effective_from: START, policies: Policies::shipped() };
    let market = Market::with_passwords(
        store,
        Clock::manual(START),
        Chance::seeded(13),
        1,
        Mode::Sandbox,
        PolicyBook::new(vec![first]).unwrap(),
        Passwords::cheap(),
    );
    let guarded = routes()
        .layer(from_fn_with_state(market.clone(), guard))
        .layer(from_fn_with_state((RateLimit::new(30), market.clone()), limit))
        .with_state(market.clone());
    World { market, guarded, _folder: folder }
}

/// Answers the caller's name and what came in.
fn routes() -> Router<Market> {
    let echo = async |SignedIn(caller): SignedIn, body: String| format!("{}: {body}", caller.name);
    let maybe = async |MaybeSignedIn(caller): MaybeSignedIn| {
        caller.map_or_else(|| "nobody".to_owned(), |caller| caller.name)
    };
    Router::new()
        .route("/api/echo", post(echo).get(echo))
        .route("/api/maybe", post(maybe).get(maybe))
}

impl World {
    async fn signs_up(&self, name: &str) -> Signed {
        let ask = SignUp {
            name: name.to_owned(),
            email: format!("{name}@example.com"),
            password: "correct horse battery".to_owned(),
            language: "en".to_owned(),
            agent: "test".to_owned(),
        };
        let session = sign_up(&self.market, ask).await.unwrap();
        let token = session.token.reveal().to_owned();
        let caller = caller_of_session(&self.market, &token).await.unwrap().unwrap();
        let form_token = form_token_of(&self.market, &caller).await.unwrap().unwrap();
        Signed { token, form_token, caller }
    }

    async fn ask(&self, request: Request) -> (StatusCode, String) {
        answer(self.guarded.clone(), request).await
    }
}

async fn answer(router: Router, request: Request) -> (StatusCode, String) {
    let response = router.oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 100_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn request(method: Method, headers: &[(&str, &str)], body: &str) -> Request {
    let mut request = Request::builder().method(method).uri("/api/echo");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

/// Status and stable code of a problem.
fn problem((status, body): (StatusCode, String)) -> (u16, String) {
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["status"], status.as_u16());
    (status.as_u16(), body["code"].as_str().unwrap().to_owned())
}

fn is(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn who_is_not_signed_in_is_told_so() {
    let world = world().await;
    let asked = world.ask(request(Method::GET, &[], "")).await;
    assert_eq!(problem(asked), is(401, "not_signed_in"));
    let made_up = [("cookie", "session=made-up")];
    let asked = world.ask(request(Method::POST, &made_up, "")).await;
    assert_eq!(problem(asked), is(401, "not_signed_in"));
    let anybody = Request::builder().uri("/api/maybe").body(Body::empty()).unwrap();
    assert_eq!(world.ask(anybody).await, (StatusCode::OK, "nobody".to_owned()));
}

#[tokio::test]
async fn a_cookie_changes_something_only_with_its_own_form_token() {
    let world = world().await;
    let (ann, bob) = (world.signs_up("ann").await, world.signs_up("bob").await);
    let cookie = format!("theme=dark; session={}", ann.token);
    let form = ("content-type", "application/x-www-form-urlencoded");
    let seen = world.ask(request(Method::GET, &[("cookie", &cookie)], "")).await;
    assert_eq!(seen, (StatusCode::OK, "ann: ".to_owned()));
    let asked = world.ask(request(Method::POST, &[("cookie", &cookie), form], "a=1")).await;
    assert_eq!(problem(asked), is(403, "form_token_missing"));
    let body = format!("csrf={}&a=1", bob.form_token);
    let asked = world.ask(request(Method::POST, &[("cookie", &cookie), form], &body)).await;
    assert_eq!(problem(asked), is(403, "form_token_wrong"));
    let body = format!("csrf={}&a=1", ann.form_token);
    let asked = world.ask(request(Method::POST, &[("cookie", &cookie), form], &body)).await;
    assert_eq!(asked, (StatusCode::OK, format!("ann: {body}")));
    let shown = [("cookie", cookie.as_str()), ("x-csrf-token", ann.form_token.as_str())];
    let asked = world.ask(request(Method::DELETE, &shown, "")).await;
    assert_eq!(asked.0, StatusCode::METHOD_NOT_ALLOWED, "it passed the guard");
    let asked = world.ask(request(Method::POST, &shown, "{}")).await;
    assert_eq!(asked, (StatusCode::OK, "ann: {}".to_owned()));
    let foreign = [shown[0], shown[1], ("sec-fetch-site", "cross-site")];
    let asked = world.ask(request(Method::POST, &foreign, "{}")).await;
    assert_eq!(problem(asked), is(403, "cross_site"));
}

#[tokio::test]
async fn an_upload_shows_its_token_first_and_arrives_whole() {
    let world = world().await;
    let ann = world.signs_up("ann").await;
    let cookie = format!("session={}", ann.token);
    let headers =
        [("cookie", cookie.as_str()), ("content-type", "multipart/form-data; boundary=x")];
    let part = |name: &str, value: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body = part("csrf", &ann.form_token) + &part("file", &"z".repeat(20_000)) + "--x--\r\n";
    let asked = world.ask(request(Method::POST, &headers, &body)).await;
    assert_eq!(asked, (StatusCode::OK, format!("ann: {body}")));
    let late = part("file", &"z".repeat(20_000)) + &part("csrf", &ann.form_token) + "--x--\r\n";
    let asked = world.ask(request(Method::POST, &headers, &late)).await;
    assert_eq!(problem(asked), is(403, "form_token_missing"));
}

#[tokio::test]
async fn a_route_without_the_guard_cannot_be_posted_to_with_a_cookie() {
    let world = world().await;
    let ann = world.signs_up("ann").await;
    let cookie = format!("session={}", ann.token);
    let shown = [("cookie", cookie.as_str()), ("x-csrf-token", ann.form_token.as_str())];
    let unguarded = routes().with_state(world.market.clone());
    let asked = answer(unguarded, request(Method::POST, &shown, "{}")).await;
    assert_eq!(problem(asked), is(403, "form_token_missing"));
}

#[tokio::test]
async fn a_key_needs_no_form_token_and_a_revoked_one_opens_nothing() {
    let world = world().await;
    let ann = world.signs_up("ann").await;
    let made = api_keys::create(&world.market, &ann.caller, KeyFor::Me, "till").await.unwrap();
    let bearer = format!("Bearer {}", made.text.reveal());
    let key = [("authorization", bearer.as_str())];
    let asked = world.ask(request(Method::POST, &key, "{}")).await;
    assert_eq!(asked, (StatusCode::OK, "ann: {}".to_owned()));
    api_keys::revoke(&world.market, &ann.caller, KeyFor::Me, made.id).await.unwrap();
    let asked = world.ask(request(Method::POST, &key, "{}")).await;
    assert_eq!(problem(asked), is(401, "wrong_key"));
    let cookie = format!("session={}", ann.token);
    for wrong in ["Basic YTpi", "Bearer", "Bearer gh_buyer_made_up", ""] {
        let both = [("authorization", wrong), ("cookie", cookie.as_str())];
        let asked = world.ask(request(Method::GET, &both, "")).await;
        assert_eq!(problem(asked), is(401, "wrong_key"), "a wrong key is not covered by a cookie");
    }
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_back() {
    let world = world().await;
    let from = |headers: &[(&str, &str)]| {
        let mut request = request(Method::GET, headers, "");
        let peer: SocketAddr = "192.0.2.1:40000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    };
    for _ in 0..30 {
        assert_eq!(world.ask(from(&[])).await.0, StatusCode::UNAUTHORIZED);
    }
    let refused = world.guarded.clone().oneshot(from(&[])).await.unwrap();
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["retry-after"], "2");
    // A key found good counts by itself; a made-up one counts for its address.
    let ask = CliKey { scope: KeyScope::Buyer, person: None, shop: None, name: "x".to_owned() };
    let made = api_keys::create_for_cli(&world.market, ask).await.unwrap();
    let bearer = format!("Bearer {}", made.text.reveal());
    let key = [("authorization", bearer.as_str())];
    api_keys::caller_of_key(&world.market, made.text.reveal()).await.unwrap();
    assert_eq!(world.ask(from(&key)).await.0, StatusCode::OK);
    let made_up = [("authorization", "Bearer gh_buyer_made_up")];
    assert_eq!(world.ask(from(&made_up)).await.0, StatusCode::TOO_MANY_REQUESTS);
}
