//! Every list of the seller centre as a file; many orders at once; notes which the buyer does not see.

use actions::people::{
    NewPerson, appoint, caller_of_session, form_token_of, person_of_email, register,
};
use actions::sign_in_links::{demo_link, use_link};
use actions::testing::Stage;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use rules::ids::{HOUSE, OrderId, PersonId, ShopId};
use rules::orders::OrderStateName;
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
    session: String,
    csrf: String,
}

struct Answer {
    status: StatusCode,
    kind: String,
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
    async fn signs_in(&self, email: &str, home: ShopId, role: Role) -> Staff {
        let market = &self.stage.market;
        let person: PersonId = match person_of_email(market, email).await.unwrap() {
            Some(person) => person,
            None => {
                let (name, language) = ("Olive Owner".to_owned(), "en".to_owned());
                let ask = NewPerson { name, email: email.to_owned(), language };
                register(market, ask).await.unwrap()
            }
        };
        appoint(market, person, home, role).await.unwrap();
        let link = demo_link(market, person, "/").await.unwrap();
        let (session, _) = use_link(market, link.reveal(), "test").await.unwrap();
        let session = session.token.reveal().to_owned();
        let caller = caller_of_session(market, &session).await.unwrap().unwrap();
        let csrf = form_token_of(market, &caller).await.unwrap().unwrap();
        Staff { session, csrf }
    }

    async fn owner(&self) -> Staff {
        self.signs_in("olive@example.com", self.stage.first, Role::Owner).await
    }

    async fn asks(
        &self,
        staff: &Staff,
        request: axum::http::request::Builder,
        body: Body,
    ) -> Answer {
        let cookie = format!("session={}; language=en", staff.session);
        let request = request.header(header::COOKIE, cookie).body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let kind = response.headers().get(header::CONTENT_TYPE);
        let kind = kind.map_or("", |kind| kind.to_str().unwrap()).to_owned();
        let body = to_bytes(response.into_body(), 5_000_000).await.unwrap();
        Answer { status, kind, text: String::from_utf8_lossy(&body).into_owned() }
    }

    async fn gets(&self, staff: &Staff, path: &str) -> Answer {
        self.asks(staff, Request::builder().uri(path), Body::empty()).await
    }

    async fn posts(&self, staff: &Staff, path: &str, fields: &str) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        let request = Request::builder().method(Method::POST).uri(path);
        let request = request.header(header::CONTENT_TYPE, kind);
        let body = format!("csrf={}&{fields}", staff.csrf);
        self.asks(staff, request, Body::from(body)).await
    }

    /// Hands a sheet in as a browser would.
    async fn hands_in(&self, staff: &Staff, act: &str, sheet: &str) -> Answer {
        let mut body = String::new();
        for (name, value) in [("csrf", staff.csrf.as_str()), ("act", act), ("pasted", sheet)] {
            body.push_str(&format!(
                "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        body.push_str("--edge--\r\n");
        let request = Request::builder().method(Method::POST).uri(self.href("/orders/upload"));
        let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
        self.asks(staff, request, Body::from(body)).await
    }

    fn href(&self, path: &str) -> String {
        format!("/seller/{}{path}", self.stage.first)
    }

    async fn order_to_ship(&self) -> OrderId {
        let order = self.stage.buys(self.stage.earbuds_black, 1).await.unwrap();
        self.stage.hours_pass(2).await.unwrap();
        order
    }
}

/// The addresses of files to which a page leads.
fn files_of(page: &str) -> Vec<String> {
    let parts = page.split("href=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    let all = parts.map(|(href, _)| href.replace("&amp;", "&"));
    all.filter(|href| href.split('?').next().is_some_and(|path| path.ends_with(".csv"))).collect()
}

#[tokio::test]
async fn every_list_of_a_shop_leads_to_its_file_which_begins_with_its_head() {
    let centre = centre().await;
    let owner = centre.owner().await;
    let order = centre.order_to_ship().await;
    centre.stage.ships_and_arrives(centre.stage.first, order).await.unwrap();
    centre.stage.days_pass(20).await.unwrap();
    let lists = [
        ("/orders?view=all", "order,state,placed_at,"),
        ("/parcels", "parcel,order,state,"),
        ("/products", "product,handle,state,"),
        ("/stock", "sku,code,product,"),
        ("/money?account=escrow", "transfer,at,code,"),
        ("/statements", "statement,number,from,"),
        ("/figures?days=60", "day,dispatched,dispatched_late,"),
        ("/figures/valid_tracking", "order,counted,day,met,"),
    ];
    for (list, head) in lists {
        let page = centre.gets(&owner, &centre.href(list)).await;
        assert_eq!(page.status, StatusCode::OK, "{list}");
        let files = files_of(&page.text);
        assert!(!files.is_empty(), "{list} leads to no file");
        let path = centre.href(list.split('?').next().unwrap());
        let its = files.iter().find(|file| file.starts_with(&format!("{path}.csv")));
        let file = centre.gets(&owner, its.unwrap_or_else(|| panic!("{list}: {files:?}"))).await;
        assert_eq!((file.status, file.kind.as_str()), (StatusCode::OK, "text/csv; charset=utf-8"));
        let text = file.text.strip_prefix('\u{feff}').expect("the mark of UTF-8");
        assert!(text.starts_with(head), "{list}: {text}");
        let columns = text.lines().next().unwrap().split(',').count();
        assert!(text.lines().count() > 1, "{list} has no row");
        // No cell of the stage has a comma in it but the names of goods.
        let second = text.lines().nth(1).unwrap();
        assert!(second.split(',').count() >= columns, "{list}: {second}");
    }
    // Lists which are empty here have files all the same.
    for (list, head) in [
        ("/requests.csv", "request,order,"),
        ("/shortages.csv", "shortage,order,"),
        ("/promotions.csv", "promotion,"),
        ("/payouts.csv", "payout,state,"),
    ] {
        let file = centre.gets(&owner, &centre.href(list)).await;
        assert_eq!(file.status, StatusCode::OK, "{list}");
        assert!(file.text.starts_with(&format!("\u{feff}{head}")), "{list}: {}", file.text);
    }
    let stranger = centre.signs_in("sam@example.com", centre.stage.second, Role::Owner).await;
    let theirs = centre.gets(&stranger, &centre.href("/orders.csv")).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_list_of_the_house_leads_to_its_file() {
    let centre = centre().await;
    let admin = centre.signs_in("admin@example.com", HOUSE, Role::Admin).await;
    let order = centre.order_to_ship().await;
    centre.stage.ships_and_arrives(centre.stage.first, order).await.unwrap();
    let lists = [
        ("/operator/orders", "order,shop,shop_name,"),
        ("/operator/shops", "shop,name,market,"),
        ("/operator/figures", "shop,name,market,dispatched,"),
        ("/operator/ledger/transfers", "transfer,at,home,"),
        ("/operator/system/events", "event,at,home,"),
        ("/operator/system/people", "person,name,email,role,"),
        ("/operator/policy", "version,in_force,"),
    ];
    for (list, head) in lists {
        let page = centre.gets(&admin, list).await;
        let files = files_of(&page.text);
        let its = files.iter().find(|file| file.starts_with(&format!("{list}.csv")));
        let file = centre.gets(&admin, its.unwrap_or_else(|| panic!("{list}: {files:?}"))).await;
        assert_eq!(file.status, StatusCode::OK, "{list}");
        assert!(file.text.starts_with(&format!("\u{feff}{head}")), "{list}: {}", file.text);
        assert!(file.text.lines().count() > 1, "{list} has no row");
    }
    for list in ["/operator/system/jobs", "/operator/system/keys"] {
        let page = centre.gets(&admin, list).await;
        assert!(files_of(&page.text).contains(&format!("{list}.csv")), "{list}");
    }
    for list in [
        "/operator/payouts.csv",
        "/operator/reconciliation.csv",
        "/operator/system/jobs.csv",
        "/operator/system/keys.csv",
    ] {
        let file = centre.gets(&admin, list).await;
        assert_eq!((file.status, file.kind.as_str()), (StatusCode::OK, "text/csv; charset=utf-8"));
    }
    let shop = centre.stage.first;
    let page = centre.gets(&admin, &format!("/operator/figures/{shop}")).await;
    assert!(page.text.contains("Sound"), "the shop's own page");
    let behind = format!("/operator/figures/{shop}/on_time_delivery");
    let page = centre.gets(&admin, &behind).await;
    assert!(
        page.text.contains(&format!("/operator/orders/{order}")),
        "the order is one click away"
    );
}

#[tokio::test]
async fn a_sheet_is_told_row_by_row_and_the_same_again_changes_nothing() {
    let centre = centre().await;
    let owner = centre.owner().await;
    let order = centre.order_to_ship().await;
    let sheet = format!("order,tracking_number\n{order},\nabc,\n");
    let told = centre.hands_in(&owner, "ship", &sheet).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text);
    assert!(told.text.contains("is not an order’s number"), "the row's fault is said in words");
    let row = centre.stage.order(centre.stage.first, order).await.unwrap();
    assert_eq!(row.state.name(), OrderStateName::AwaitingCollection);
    let again = centre.hands_in(&owner, "ship", &sheet).await;
    assert!(again.text.contains("Was so already"));
    let after = centre.stage.order(centre.stage.first, order).await.unwrap();
    assert_eq!(after.version, row.version);
    let nothing = centre.hands_in(&owner, "ship", "a,b\n1,2\n").await;
    assert!(nothing.text.contains("There is no column"), "and what was pasted is kept");
    assert!(nothing.text.contains("a,b"));
}

#[tokio::test]
async fn notes_and_marks_are_for_the_shop_alone_and_no_formula_leaves_in_a_file() {
    let centre = centre().await;
    let owner = centre.owner().await;
    let order = centre.order_to_ship().await;
    let note = centre.href(&format!("/orders/{order}/notes"));
    let done = centre.posts(&owner, &note, "key=a1&note=Difficult+customer").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let mark = centre.href(&format!("/orders/{order}/mark"));
    let done = centre.posts(&owner, &mark, "key=a2&mark=amber&mark_word=%3D1%2B1").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let page = centre.gets(&owner, &centre.href(&format!("/orders/{order}"))).await;
    assert!(page.text.contains("Difficult customer") && page.text.contains("Olive Owner"));
    let list = centre.gets(&owner, &centre.href("/orders?view=all&mark=amber")).await;
    assert!(list.text.contains(&order.to_string()) && list.text.contains("=1+1"));
    let none = centre.gets(&owner, &centre.href("/orders?view=all&mark=blue")).await;
    assert!(!none.text.contains(&format!("/orders/{order}\"")));
    let file = centre.gets(&owner, &centre.href("/orders.csv?view=all")).await;
    assert!(file.text.contains(",'=1+1\r\n"), "{}", file.text);
    // The house looks into the shop, and finds no notes.
    let admin = centre.signs_in("admin@example.com", HOUSE, Role::Admin).await;
    let seen = centre.gets(&admin, &centre.href(&format!("/orders/{order}"))).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(!seen.text.contains("Difficult customer"));
}

#[tokio::test]
async fn a_hundred_numbers_are_looked_for_and_one_more_is_refused_in_words() {
    let centre = centre().await;
    let owner = centre.owner().await;
    let order = centre.order_to_ship().await;
    let found = centre.gets(&owner, &centre.href(&format!("/orders?q={order}+4711"))).await;
    assert!(found.text.contains(&format!("/orders/{order}")));
    assert!(found.text.contains("One number was not found: 4711"), "{}", found.text);
    let many: Vec<String> = (1_000..1_101).map(|id| id.to_string()).collect();
    let path = centre.href(&format!("/orders?q={}", many.join("+")));
    let refused = centre.gets(&owner, &path).await;
    assert!(refused.text.contains("Paste at most 100"), "{}", refused.text);
    let admin = centre.signs_in("admin@example.com", HOUSE, Role::Admin).await;
    let house = centre.gets(&admin, &format!("/operator/orders?q={order}+4711")).await;
    assert!(house.text.contains(&order.to_string()) && house.text.contains("4711"));
}
