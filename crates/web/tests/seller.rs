//! The seller centre on a small market: who may look, what pages say, what acts do and what they refuse.

use std::collections::BTreeSet;

use actions::Actor;
use actions::catalog::{CreateProduct, ListingAsk, SkuAsk, create_product};
use actions::people::{SignUp, appoint, caller_of_session, form_token_of, sign_up};
use actions::testing::Stage;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use rules::catalog::listing::Wording;
use rules::ids::{OrderId, PersonId, ProductId, ShopId};
use rules::ledger::Account;
use rules::money::{Currency, Money};
use rules::people::Role;
use store::testing::TestFolder;
use store::{Store, StoreOptions};
use tower::ServiceExt as _;
use web::{WebSettings, router};

struct Centre {
    stage: Stage,
    router: Router,
    _folder: TestFolder,
}

/// Somebody who is signed in.
struct Staff {
    token: String,
    csrf: String,
}

struct Answer {
    status: StatusCode,
    /// Where a redirect leads.
    to: String,
    text: String,
}

async fn centre() -> Centre {
    let folder = TestFolder::make();
    let path = folder.path().join("market.db").display().to_string();
    let store = Store::open(&path, StoreOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    let stage = Stage::on(store).await.unwrap();
    let settings = WebSettings { requests_a_minute: 0, ..WebSettings::default() };
    let router = router(stage.market.clone(), settings);
    Centre { stage, router, _folder: folder }
}

impl Centre {
    async fn staff(&self, name: &str, shop: ShopId, role: Role) -> Staff {
        let market = &self.stage.market;
        let ask = SignUp {
            name: name.to_owned(),
            email: format!("{}@example.com", name.to_lowercase()),
            password: "correct horse battery".to_owned(),
            language: "en".to_owned(),
            agent: "test".to_owned(),
        };
        let session = sign_up(market, ask).await.unwrap();
        let token = session.token.reveal().to_owned();
        let caller = caller_of_session(market, &token).await.unwrap().unwrap();
        appoint(market, caller.person, shop, role).await.unwrap();
        let caller = caller_of_session(market, &token).await.unwrap().unwrap();
        let csrf = form_token_of(market, &caller).await.unwrap().unwrap();
        Staff { token, csrf }
    }

    async fn asks(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let to = response.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        let body = to_bytes(response.into_body(), 5_000_000).await.unwrap();
        // A paper is no text; its head is.
        let text = String::from_utf8_lossy(&body).into_owned();
        Answer { status, to: to.unwrap_or_default(), text }
    }

    async fn gets(&self, staff: &Staff, language: &str, path: &str) -> Answer {
        let cookie = format!("session={}; language={language}", staff.token);
        let request = Request::builder().uri(path).header(header::COOKIE, cookie);
        self.asks(request.body(Body::empty()).unwrap()).await
    }

    async fn posts(&self, staff: &Staff, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = format!("csrf={}", staff.csrf);
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", escaped(value)));
        }
        self.sends(staff, path, body).await
    }

    async fn sends(&self, staff: &Staff, path: &str, body: String) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::COOKIE, format!("session={}; language=en", staff.token))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.asks(request.body(Body::from(body)).unwrap()).await
    }

    fn href(&self, path: &str) -> String {
        format!("/seller/{}{path}", self.stage.first)
    }

    /// An order which is ready to ship: paid, and the free hour is over.
    async fn order_to_ship(&self) -> OrderId {
        let order = self.stage.buys(self.stage.earbuds_black, 1).await.unwrap();
        self.stage.hours_pass(2).await.unwrap();
        order
    }

    async fn state_of(&self, order: OrderId) -> &'static str {
        self.stage.order(self.stage.first, order).await.unwrap().state.name().code()
    }

    /// A product made through the act, with a whole listing.
    async fn product(&self) -> ProductId {
        let shop = self.stage.first;
        let sku = SkuAsk {
            sku: None,
            code: "CASE-1".to_owned(),
            values: Vec::new(),
            price: Money::new(1_200, Currency::parse("USD").unwrap()),
            compare_at: None,
            weight_grams: 80,
            barcode: String::new(),
            picture: None,
            parts: Vec::new(),
        };
        let listing = ListingAsk {
            title: Wording::new("Earbud case", "耳机盒"),
            description: Wording::default(),
            category: "electronics".to_owned(),
            options: Vec::new(),
            nature: rules::catalog::nature::Nature::default(),
            hs_code: String::new(),
            origin: String::new(),
            pictures: Vec::new(),
            skus: vec![sku],
        };
        let ask = CreateProduct { handle: None, listing, warehouse: None, listed: true };
        let actor = Actor::Staff { person: PersonId::new(77), shop };
        create_product(&self.stage.market, actor, shop, ask).await.unwrap().id
    }
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }
        })
        .collect()
}

/// The value of the first hidden field of that name on a page.
fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = page.split_once(&mark).unwrap_or_else(|| panic!("no field {name}")).1;
    rest.split_once('"').unwrap().0.to_owned()
}

/// The addresses of this console which a page leads to.
fn links(page: &str) -> BTreeSet<String> {
    let parts = page.split("href=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    let own = parts.map(|(href, _)| href.replace("&amp;", "&"));
    own.filter(|href| href.starts_with("/seller")).collect()
}

#[tokio::test]
async fn every_page_is_there_in_both_languages_and_its_links_lead_somewhere() {
    let centre = centre().await;
    let owner = centre.staff("Olive", centre.stage.first, Role::Owner).await;
    let order = centre.order_to_ship().await;
    let product = centre.product().await;
    let sku = centre.stage.earbuds_black;
    let pages = [
        String::new(),
        "/orders".to_owned(),
        "/orders?view=to-ship&q=Robin".to_owned(),
        format!("/orders/{order}"),
        format!("/orders/{order}/cancel"),
        "/packing".to_owned(),
        "/packing/pick".to_owned(),
        format!("/packing/{order}"),
        "/money".to_owned(),
        "/money?account=escrow".to_owned(),
        "/products".to_owned(),
        "/products/new".to_owned(),
        format!("/products/{product}"),
        format!("/products/{product}/versions"),
        format!("/products/{product}/versions/1"),
        "/stock?view=low".to_owned(),
        format!("/stock/{sku}"),
        "/promotions".to_owned(),
        "/import".to_owned(),
        "/settings".to_owned(),
    ];
    let mut led_to = BTreeSet::new();
    for page in &pages {
        let english = centre.gets(&owner, "en", &centre.href(page)).await;
        assert_eq!(english.status, StatusCode::OK, "{page}: {}", english.text);
        let chinese = centre.gets(&owner, "zh", &centre.href(page)).await;
        assert_eq!(chinese.status, StatusCode::OK, "{page}");
        assert!(chinese.text.contains("lang=\"zh-CN\""), "{page}");
        assert_ne!(english.text, chinese.text, "{page}");
        led_to.extend(links(&english.text));
    }
    assert!(led_to.len() > 20, "{led_to:?}");
    for link in
        led_to.iter().filter(|link| !link.contains(&format!("/products/{}", product.number() - 1)))
    {
        let answer = centre.gets(&owner, "en", link).await;
        // The stage's own goods have listings without words; their editors are not what is looked at here.
        let bare = link.contains("/products/") && !link.contains(&product.to_string());
        assert!(bare || matches!(answer.status.as_u16(), 200 | 303), "{link}: {}", answer.status);
    }
}

#[tokio::test]
async fn another_shops_people_find_nothing_and_nobody_acts_beyond_their_role() {
    let centre = centre().await;
    let stranger = centre.staff("Sam", centre.stage.second, Role::Owner).await;
    let packer = centre.staff("Pat", centre.stage.first, Role::Fulfilment).await;
    let order = centre.order_to_ship().await;
    for page in
        [String::new(), "/orders".to_owned(), "/money".to_owned(), format!("/orders/{order}")]
    {
        let answer = centre.gets(&stranger, "en", &centre.href(&page)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
        assert!(!answer.text.contains("Robin"), "{page}");
    }
    let pack = centre.href(&format!("/orders/{order}/pack"));
    let answer = centre.posts(&stranger, &pack, &[("weight_grams", "300")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let answer = centre.gets(&packer, "en", &centre.href("/money")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let cancel = centre.href(&format!("/orders/{order}/cancel"));
    let answer = centre.posts(&packer, &cancel, &[("reason", "out_of_stock")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(centre.state_of(order).await, "awaiting_shipment");
    // The house looks, and does not act in the shop's name.
    let admin = centre.staff("Hana", rules::ids::HOUSE, Role::Admin).await;
    let page = centre.gets(&admin, "en", &centre.href(&format!("/orders/{order}"))).await;
    assert_eq!(page.status, StatusCode::OK);
    let answer = centre.posts(&admin, &cancel, &[("reason", "out_of_stock")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(centre.state_of(order).await, "awaiting_shipment");
    // A shop's order cannot be reached through another shop's address either.
    let theirs = format!("/seller/{}/orders/{order}", centre.stage.second);
    assert_eq!(centre.gets(&stranger, "en", &theirs).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let centre = centre().await;
    let owner = centre.staff("Olive", centre.stage.first, Role::Owner).await;
    let order = centre.order_to_ship().await;
    let pack = centre.href(&format!("/orders/{order}/pack"));
    for body in ["weight_grams=300", "csrf=made-up&weight_grams=300"] {
        let answer = centre.sends(&owner, &pack, body.to_owned()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{body}");
    }
    let page = centre.gets(&owner, "en", &centre.href(&format!("/orders/{order}"))).await;
    assert!(page.text.contains("weight_grams"), "the order still waits to be packed");
}

#[tokio::test]
async fn an_order_is_packed_shipped_and_paid_out_by_hand() {
    let centre = centre().await;
    let owner = centre.staff("Olive", centre.stage.first, Role::Owner).await;
    let order = centre.order_to_ship().await;
    let here = centre.href(&format!("/orders/{order}"));
    let page = centre.gets(&owner, "en", &here).await.text;
    // The navigation counts what the shop must do.
    let badge = "<span>Orders</span><span class=\"count num\">1</span>";
    assert!(page.contains(badge), "{page}");
    let (key, version) = (hidden(&page, "key"), hidden(&page, "version"));
    let unseen = centre.posts(&owner, &format!("{here}/pack"), &[("weight_grams", "310")]).await;
    assert!(unseen.text.contains("Compare the goods with the list"), "{}", unseen.text);
    let typed = [("weight_grams", "0"), ("confirmed", "on")];
    let wrong = centre.posts(&owner, &format!("{here}/pack"), &typed).await;
    assert_eq!(wrong.status, StatusCode::OK);
    assert!(wrong.text.contains("whole number within the limits"), "{}", wrong.text);
    let fields = [
        ("key", key.as_str()),
        ("version", version.as_str()),
        ("weight_grams", "310"),
        ("confirmed", "on"),
    ];
    for _ in 0..2 {
        // The second one is the same form sent again: the same answer, one parcel.
        let packed = centre.posts(&owner, &format!("{here}/pack"), &fields).await;
        assert_eq!(packed.status, StatusCode::SEE_OTHER, "{}", packed.text);
        assert!(packed.to.ends_with("said=seller-did-pack"), "{}", packed.to);
    }
    let typed = [("service", ""), ("tracking_number", "NOT-A-NUMBER-1")];
    let refused = centre.posts(&owner, &format!("{here}/ship"), &typed).await;
    assert!(refused.text.contains("NOT-A-NUMBER-1"), "what was typed is kept");
    assert!(refused.text.contains("check each digit"), "the reason stands beside it");
    let shipped = centre.posts(&owner, &format!("{here}/ship"), &[]).await;
    assert_eq!(shipped.status, StatusCode::SEE_OTHER, "{}", shipped.text);
    assert_eq!(centre.state_of(order).await, "awaiting_collection");
    centre.stage.days_pass(60).await.unwrap();
    assert_eq!(centre.state_of(order).await, "settled");
    let free = centre.stage.holds(centre.stage.first, Account::Available).await.unwrap();
    // Two months later the first session has ended.
    let owner = centre.staff("Olga", centre.stage.first, Role::Owner).await;
    let money = centre.gets(&owner, "en", &centre.href("/money")).await.text;
    let shown = Money::new(free, Currency::parse("USD").unwrap()).amount();
    assert!(free > 0 && money.contains(&format!("US${shown}")), "{shown}");
    assert!(money.contains(&order.to_string()), "the transfer leads to its order");
}

#[tokio::test]
async fn the_packing_table_stops_the_wrong_piece_and_prints_its_papers() {
    let centre = centre().await;
    let owner = centre.staff("Olive", centre.stage.first, Role::Owner).await;
    let order = centre.order_to_ship().await;
    let saved = centre.posts(&owner, &centre.href("/settings/packing"), &[("mode", "scan")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let door = centre.href("/packing");
    let number = order.to_string();
    let found = centre.posts(&owner, &door, &[("scan", number.as_str())]).await;
    let table = centre.href(&format!("/packing/{order}"));
    assert!(found.to.starts_with(&table), "{}", found.to);
    let page = centre.gets(&owner, "zh", &table).await.text;
    assert!(page.contains("autofocus"), "the scanner types at once");
    let scan = format!("{table}/scan");
    let code = |sku| actions::packing::place_of_sku(&centre.stage.market, centre.stage.first, sku);
    let black = code(centre.stage.earbuds_black).await.unwrap().good.code;
    let blue = code(centre.stage.earbuds_blue).await.unwrap().good.code;
    let wrong = centre.posts(&owner, &scan, &[("scan", blue.as_str())]).await;
    assert_eq!(wrong.status, StatusCode::OK);
    assert!(wrong.text.contains(&format!("Expected: 1 × {black}")), "{}", wrong.text);
    let right = centre.posts(&owner, &scan, &[("scan", black.as_str())]).await;
    assert!(right.to.ends_with("said=packing-last"), "{} {}", right.to, right.text);
    // The slip once more closes the parcel: nothing but the scanner is needed.
    let closed = centre.posts(&owner, &scan, &[("scan", number.as_str())]).await;
    assert!(closed.to.ends_with("said=packing-closed"), "{} {}", closed.to, closed.text);
    let slip = centre.gets(&owner, "zh", &centre.href("/packing/slips.pdf")).await;
    assert!(slip.text.starts_with("%PDF-"), "a slip of each order which waits");
    let pick = centre.gets(&owner, "en", &centre.href("/packing/pick")).await;
    assert_eq!(pick.status, StatusCode::OK);
    let label = centre.gets(&owner, "en", &centre.href("/packing/labels.pdf")).await;
    assert!(label.text.contains("tracking number yet"), "{}", label.text);
    let shipped = centre.posts(&owner, &centre.href(&format!("/orders/{order}/ship")), &[]).await;
    assert_eq!(shipped.status, StatusCode::SEE_OTHER, "{}", shipped.text);
    assert_eq!(centre.state_of(order).await, "awaiting_collection");
}

#[tokio::test]
async fn cancelling_needs_a_reason_and_gives_the_money_back() {
    let centre = centre().await;
    let owner = centre.staff("Olive", centre.stage.first, Role::Owner).await;
    let order = centre.order_to_ship().await;
    let here = centre.href(&format!("/orders/{order}/cancel"));
    let ask = centre.gets(&owner, "en", &here).await.text;
    assert!(ask.contains("Counts as a cancellation caused by your shop"));
    let answer = centre.posts(&owner, &here, &[]).await;
    assert!(answer.text.contains("Choose a reason first"));
    assert_eq!(centre.state_of(order).await, "awaiting_shipment");
    let answer = centre.posts(&owner, &here, &[("reason", "out_of_stock")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(centre.state_of(order).await, "cancelled");
    assert_eq!(centre.stage.holds(centre.stage.first, Account::Escrow).await.unwrap(), 0);
}

#[tokio::test]
async fn many_orders_at_once_do_the_good_ones_and_name_the_others() {
    let centre = centre().await;
    let owner = centre.staff("Olive", centre.stage.first, Role::Owner).await;
    let (one, two) = (centre.order_to_ship().await, centre.order_to_ship().await);
    let fresh = centre.stage.buys(centre.stage.earbuds_black, 1).await.unwrap();
    let (a, b, c) = (one.to_string(), two.to_string(), fresh.to_string());
    let path = centre.href("/orders/ship");
    let chosen = [("chosen", a.as_str()), ("chosen", &b), ("chosen", &c), ("chosen", "17")];
    let answer = centre.posts(&owner, &path, &chosen).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("2 done, 2 not"), "{}", answer.text);
    assert_eq!(centre.state_of(one).await, "awaiting_collection");
    assert_eq!(centre.state_of(two).await, "awaiting_collection");
    assert_eq!(centre.state_of(fresh).await, "on_hold");
    let last = centre.order_to_ship().await.to_string();
    let answer = centre.posts(&owner, &path, &[("chosen", &last), ("view", "to-ship")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "all of them went: back to the list");
    let csv = centre.gets(&owner, "en", &centre.href("/orders.csv?view=shipped")).await;
    // The carrier may have collected the first parcel in the meantime: the view then has moved on without it.
    let lines = csv.text.lines().count();
    assert!((3..=4).contains(&lines), "a head and the shipped orders: {}", csv.text);
    assert!(csv.text.contains(&last), "{}", csv.text);
}

#[tokio::test]
async fn the_editor_loses_nothing_when_somebody_else_was_quicker() {
    let centre = centre().await;
    let owner = centre.staff("Olive", centre.stage.first, Role::Owner).await;
    let product = centre.product().await;
    let here = centre.href(&format!("/products/{product}"));
    let page = centre.gets(&owner, "en", &here).await.text;
    let (version, sku) = (hidden(&page, "version"), hidden(&page, "sku-0-id"));
    let form = |title: &'static str, version: &str, price: &'static str| {
        vec![
            ("version", version.to_owned()),
            ("title-en", title.to_owned()),
            ("category", "electronics".to_owned()),
            ("rows", "1".to_owned()),
            ("sku-0-id", sku.clone()),
            ("sku-0-code", "CASE-1".to_owned()),
            ("sku-0-price", price.to_owned()),
            ("sku-0-weight", "80".to_owned()),
            ("sku-0-stock", "12".to_owned()),
        ]
    };
    let sent = |fields: Vec<(&'static str, String)>| {
        let centre = &centre;
        let (owner, here) = (&owner, here.as_str());
        async move {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            centre.posts(owner, here, &fields).await
        }
    };
    let saved = sent(form("Hard case", &version, "13.50")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let late = sent(form("Soft case", &version, "11.00")).await;
    assert!(late.text.contains("Somebody has changed this product"));
    assert!(late.text.contains("value=\"Soft case\"") && late.text.contains("value=\"11.00\""));
    let wrong = sent(form("Soft case", &hidden(&late.text, "version"), "eleven")).await;
    assert!(
        wrong.text.contains("Write an amount as 12.50") && wrong.text.contains("value=\"eleven\"")
    );
    let again = sent(form("Soft case", &hidden(&late.text, "version"), "11.00")).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text);
    let first = centre.gets(&owner, "en", &format!("{here}/versions/1")).await.text;
    assert!(first.contains("Earbud case"), "the first version is as it was");
    let stock = centre.gets(&owner, "en", &centre.href(&format!("/stock/{sku}"))).await.text;
    assert!(stock.contains("value=\"12\""), "what was counted is kept");
}

#[tokio::test]
async fn a_key_is_shown_once() {
    let centre = centre().await;
    let owner = centre.staff("Olive", centre.stage.first, Role::Owner).await;
    let here = centre.href("/settings");
    let made = centre.posts(&owner, &format!("{here}/keys"), &[("key-name", "ERP")]).await;
    let mark = "data-copy=\"";
    let key = made.text.split(mark).nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(actions::api_keys::looks_like_a_key(key), "{key}");
    let later = centre.gets(&owner, "en", &here).await.text;
    assert!(!later.contains(key) && later.contains("ERP"));
}
