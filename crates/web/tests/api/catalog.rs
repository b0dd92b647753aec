//! A shop from its opening to the first piece in a basket, by the API alone; and the house's books.

use actions::api_keys::{CliKey, create_for_cli};
use actions::caller::KeyScope;
use serde_json::{Value, json};
use store::testing::on_both_databases;

use crate::stage::Counter;

const CSV: &str = "Handle,Title,Body (HTML),Vendor,Type,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,\
Variant Inventory Qty,Variant Price,Status
flask,Vacuum flask,<p>Keeps warm</p>,Cups,Kitchen,TRUE,Colour,Black,FLASK-BLACK,410,40,29.80,active
,,,,,,,Pink,FLASK-PINK,410,many,29.80,
";

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn listing() -> Value {
    json!({
        "title": { "en": "Blue mug", "zh": "蓝色马克杯" },
        "category": "home_kitchen",
        "options": [{ "name": "Colour", "values": ["Blue"] }],
        "nature": { "fragile": true },
        "skus": [{ "code": "MUG-BLUE", "values": ["Blue"], "price": { "amount": "12.50", "currency": "USD" }, "weight_grams": 350 }],
    })
}

#[test]
fn a_shop_is_opened_stocked_and_sold_from_by_api_alone() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let ask = json!({ "name": "Mugs & More", "market": "US", "category": "home_kitchen", "tier": "standard" });
        let shop = counter.post(&counter.operator, "/operator/shops", &ask).expect(201).await;
        let shop = text(&shop["id"]).to_owned();
        let ask = CliKey {
            scope: KeyScope::Shop,
            person: None,
            shop: Some(shop.parse().unwrap()),
            name: "erp".to_owned(),
        };
        let key =
            create_for_cli(&counter.stage.market, ask).await.unwrap().text.reveal().to_owned();
        let warehouse = json!({ "name": "Oakland", "address": actions::testing::address() });
        counter.post(&key, &format!("/shops/{shop}/warehouses"), &warehouse).expect(201).await;

        let products = format!("/shops/{shop}/products");
        let new = json!({ "listing": listing(), "listed": true });
        let made = counter.post(&key, &products, &new).header("idempotency-key", "mug");
        let made = made.expect(201).await;
        let again = counter.post(&key, &products, &new).header("idempotency-key", "mug");
        assert_eq!(again.expect(201).await["id"], made["id"]);
        let product = text(&made["id"]);
        edits(&counter, &key, &format!("{products}/{product}")).await;
        stocks(&counter, &key, &shop, product).await;
        buyer_finds_it(&counter, &shop, product).await;

        let imports = format!("/shops/{shop}/imports");
        let csv =
            || counter.post(&key, &imports, &json!({})).bytes("text/csv", CSV.as_bytes().to_vec());
        let report = csv().expect(200).await;
        assert_eq!(report["rows"], 2, "{report}");
        assert!(
            !report["failed"].as_array().unwrap().is_empty(),
            "a count of many is no count: {report}"
        );
        let first = csv().expect(200).await;
        assert_eq!((first["created"].as_u64(), first["updated"].as_u64()), (Some(0), Some(0)));
        let json = counter.post(&key, &imports, &json!({}));
        json.refused(415, "unsupported_media_type").await;
        assert_eq!(
            counter.get(&key, &products).expect(200).await["items"].as_array().map(Vec::is_empty),
            Some(false)
        );
    });
}

async fn edits(counter: &Counter, key: &str, path: &str) {
    let read = counter.get(key, path).send().await;
    let version = read.headers["etag"].to_str().unwrap().to_owned();
    // What was read can be sent back as it is.
    let mut page = read.json["listing"].clone();
    page["description"]["en"] = json!("Holds 300 ml.");
    counter.put(key, path, &page).refused(428, "if_match_required").await;
    counter.put(key, path, &page).header("if-match", "\"77\"").refused(412, "stale").await;
    let edited = counter.put(key, path, &page).header("if-match", &version).expect(200).await;
    assert_eq!(edited["listing_version"], 2);
    counter.put(key, path, &page).header("if-match", &version).refused(412, "stale").await;
    page["skus"][0]["price"]["currency"] = json!("EUR");
    let version = format!("\"{}\"", edited["version"]);
    let other = counter.put(key, path, &page).header("if-match", &version);
    let other = other.refused(422, "invalid_fields").await;
    assert_eq!(other["fields"][0]["code"], "other_currency", "{other}");
}

async fn stocks(counter: &Counter, key: &str, shop: &str, product: &str) {
    let read = counter.get(key, &format!("/shops/{shop}/products/{product}")).expect(200).await;
    let sku = text(&read["listing"]["skus"][0]["sku"]).to_owned();
    let path = format!("/shops/{shop}/skus/{sku}/stock");
    let counted =
        counter.put(key, &path, &json!({ "count": 10 })).header("idempotency-key", "count-1");
    assert_eq!(counted.expect(200).await["left"], 10);
    let batch = json!({ "sku": sku, "code": "B-7", "supplier": "Kiln Ltd", "count": 5 });
    let batches = format!("/shops/{shop}/stock-batches");
    let receive = || counter.post(key, &batches, &batch).header("idempotency-key", "b-7");
    assert_eq!(receive().expect(201).await["left"], 15);
    let again = receive().send().await;
    assert_eq!(
        (again.json["left"].as_i64(), &again.headers["idempotency-replayed"] == "true"),
        (Some(15), true)
    );
    let late =
        counter.put(key, &path, &json!({ "count": 10 })).header("idempotency-key", "count-1");
    assert_eq!(late.expect(200).await["left"], 15, "a late repetition does not undo the delivery");
    counter.put(key, &path, &json!({ "count": -1 })).refused(422, "invalid_fields").await;
}

async fn buyer_finds_it(counter: &Counter, shop: &str, product: &str) {
    for words in ["mug", "马克杯"] {
        let query: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let found = counter.get("", &format!("/products?market=US&q={query}")).expect(200).await;
        assert_eq!(found["items"][0]["id"], product, "{words}: {found}");
    }
    let in_category =
        counter.get("", "/products?market=US&category=home_kitchen").expect(200).await;
    assert_eq!(in_category["items"][0]["shop_name"], "Mugs & More");
    let page = counter.get("", &format!("/products/{shop}/{product}")).expect(200).await;
    assert_eq!(page["available"][0]["count"], 15);
    let sku = text(&page["available"][0]["sku"]).to_owned();
    let shown = counter.get("", &format!("/shops/{shop}")).expect(200).await;
    assert_eq!(shown["products"]["items"][0]["id"], product);
    let shops = counter.get("", "/shops?market=US&limit=1").expect(200).await;
    assert_eq!(shops["items"][0]["id"], shop, "the newest first");
    let rest = counter
        .get("", &format!("/shops?market=US&cursor={}", text(&shops["next"])))
        .expect(200)
        .await;
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(2));

    let line = format!("/basket/lines/{sku}");
    let put = counter
        .put(&counter.buyer, &line, &json!({ "shop": shop, "quantity": 2 }))
        .expect(200)
        .await;
    assert_eq!(put["shops"][0]["goods"], json!({ "amount": "25.00", "currency": "USD" }));
    let too_many = counter.put(&counter.buyer, &line, &json!({ "shop": shop, "quantity": 16 }));
    too_many.refused(409, "sold_out").await;
    counter.delete(&counter.buyer, &line).expect(204).await;
    let empty = counter.get(&counter.buyer, "/basket").expect(200).await;
    assert_eq!(empty, json!({ "shops": [], "gone": [] }));
}

#[test]
fn everybody_reads_the_markets_and_a_buyer_keeps_addresses() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let markets = counter.get("", "/markets").expect(200).await;
        let japan =
            markets["items"].as_array().unwrap().iter().find(|one| one["code"] == "JP").cloned();
        assert_eq!(japan.unwrap()["currency"], "JPY");
        assert!(
            !counter.get("", "/categories").expect(200).await["items"]
                .as_array()
                .unwrap()
                .is_empty()
        );
        let address = json!({ "address": actions::testing::address() });
        let kept = counter.post(&counter.buyer, "/addresses", &address).expect(201).await;
        let mut wrong = address.clone();
        wrong["address"]["country"] = json!("usa");
        counter.post(&counter.buyer, "/addresses", &wrong).refused(422, "invalid_fields").await;
        let all = counter.get(&counter.buyer, "/addresses").expect(200).await;
        assert_eq!(all["items"][0]["is_default"], true);
        let path = format!("/addresses/{}", text(&kept["id"]));
        counter.delete(&counter.other_buyer, &path).refused(404, "not_found").await;
        counter.delete(&counter.buyer, &path).expect(204).await;
        counter.delete(&counter.buyer, &path).refused(404, "not_found").await;
    });
}

#[test]
fn the_house_reads_its_books_and_moves_its_clock() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let stage = &counter.stage;
        let order = counter.bought().await;
        let due = counter.get(&counter.operator, "/operator/due").expect(200).await;
        let of_orders =
            due["items"].as_array().unwrap().iter().find(|kind| kind["kind"] == "order").cloned();
        assert_eq!(of_orders.unwrap()["soonest"][0]["id"], *order);
        let hours = json!({ "forward_seconds": 7_200 });
        let moved = counter.post(&counter.operator, "/operator/clock", &hours).expect(200).await;
        assert_eq!(moved["passed"]["order"], 1, "the free hour is over: {moved}");
        let seen =
            counter.get(&counter.operator, &format!("/operator/orders/{order}")).expect(200).await;
        assert_eq!(seen["state"], "awaiting_shipment");
        let money = counter
            .get(&counter.operator, &format!("/operator/orders/{order}/money"))
            .expect(200)
            .await;
        let came = money["items"].as_array().unwrap().iter();
        assert!(
            came.into_iter()
                .any(|one| one["debit"] == "provider_clearing" && one["credit"] == "escrow")
        );
        let lines =
            counter.get(&counter.operator, "/operator/ledger/trial-balance").expect(200).await;
        assert!(lines["items"].as_array().unwrap().iter().any(|line| line["account"] == "escrow"));
        let check =
            counter.post(&counter.operator, "/operator/ledger/check", &json!({})).expect(200).await;
        assert_eq!(check["faults"], 0);
        counter.get(&counter.operator, "/operator/jobs").expect(200).await;
        let events = counter.get(&counter.operator, "/operator/events?limit=1").expect(200).await;
        let next = counter.get(
            &counter.operator,
            &format!("/operator/events?limit=1&cursor={}", text(&events["next"])),
        );
        assert_ne!(next.expect(200).await["items"][0]["id"], events["items"][0]["id"]);
        let listed = format!("/operator/orders?state=awaiting_shipment&shop={}", stage.first);
        assert_eq!(
            counter.get(&counter.operator, &listed).expect(200).await["items"][0]["id"],
            *order
        );
        reads_the_shops_money(&counter, &order).await;
        let backwards =
            counter.post(&counter.operator, "/operator/clock", &json!({ "forward_seconds": -1 }));
        backwards.refused(422, "invalid_fields").await;

        let cancel = format!("/shops/{}/orders/{order}/cancellation", stage.first);
        counter
            .post(&counter.shop, &cancel, &json!({ "reason": "out_of_stock" }))
            .expect(200)
            .await;
        stage.sweeps().await.unwrap();
        let notices = counter.get(&counter.buyer, "/notices").expect(200).await;
        assert_eq!(notices["items"][0]["subject_id"], *order, "{notices}");
    });
}

async fn reads_the_shops_money(counter: &Counter, order: &str) {
    let stage = &counter.stage;
    let balances =
        counter.get(&counter.shop, &format!("/shops/{}/balances", stage.first)).expect(200).await;
    let escrow = balances["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["account"] == "escrow")
        .cloned();
    assert!(escrow.unwrap()["posted"]["amount"] != "0.00");
    let transfers = format!("/shops/{}/transfers?account=escrow", stage.first);
    assert_eq!(
        counter.get(&counter.shop, &transfers).expect(200).await["items"][0]["subject_id"],
        order
    );
}
