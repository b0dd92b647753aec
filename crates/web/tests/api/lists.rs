//! Figures, many orders at once, notes and the search by many numbers, as programs see them.

use serde_json::{Value, json};
use store::testing::on_both_databases;

use crate::stage::Counter;

fn figure<'a>(figures: &'a Value, name: &str) -> &'a Value {
    let all = figures["figures"].as_array().expect("figures");
    all.iter().find(|one| one["figure"] == name).expect("the figure is there")
}

#[test]
fn a_cancellation_is_a_figure_with_its_order_behind_it() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let shop = counter.stage.first;
        let (kept, gone) = (counter.bought().await, counter.bought().await);
        let cancel = format!("/shops/{shop}/orders/{gone}/cancellation");
        counter
            .post(&counter.shop, &cancel, &json!({ "reason": "out_of_stock" }))
            .expect(200)
            .await;
        let path = format!("/shops/{shop}/figures");
        let seen = counter.get(&counter.shop, &path).expect(200).await;
        let rate = figure(&seen, "fault_cancellation");
        assert_eq!((&rate["counted"], &rate["met"]), (&json!(2), &json!(1)));
        assert_eq!((&rate["rate_bp"], &rate["verdict"]), (&json!(5_000), &json!("too_few")));
        assert_eq!(seen["days"].as_array().expect("days").len(), 1);
        let behind = format!("{path}/fault_cancellation/orders?met=true");
        let rows = counter.get(&counter.shop, &behind).expect(200).await;
        assert_eq!(rows["items"][0]["order"], gone.as_str());
        assert_eq!(rows["items"].as_array().expect("rows").len(), 1);
        let behind = format!("{path}/fault_cancellation/orders?limit=1");
        let first = counter.get(&counter.shop, &behind).expect(200).await;
        let next = first["next"].as_str().expect("there is more");
        let rest = counter.get(&counter.shop, &format!("{behind}&cursor={next}")).expect(200).await;
        assert_eq!(rest["items"][0]["order"], kept.as_str());
        let house = counter.get(&counter.operator, "/operator/figures?days=7").expect(200).await;
        assert_eq!(house["items"][0]["shop"], shop.to_string());
        counter.get(&counter.other_shop, &path).refused(404, "not_found").await;
        let none = format!("{path}/weather/orders");
        counter.get(&counter.shop, &none).refused(404, "not_found").await;
    });
}

#[test]
fn many_orders_are_shipped_at_once_and_each_is_told() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let shop = counter.stage.first;
        let (first, second) = (counter.bought().await, counter.bought().await);
        counter.stage.hours_pass(2).await.unwrap();
        let path = format!("/shops/{shop}/bulk-acts");
        let body = json!({ "act": "ship", "orders": [{ "order": first }, { "order": "5" }] });
        let told = counter.post(&counter.shop, &path, &body).expect(200).await;
        assert_eq!((&told["done"], &told["refused"]), (&json!(1), &json!(1)));
        assert_eq!(told["rows"][1]["code"], "not_found");
        let again = counter.post(&counter.shop, &path, &body).expect(200).await;
        assert_eq!((&again["done"], &again["already"]), (&json!(0), &json!(1)));
        let sheet = format!("order\n{second}\nno number\n");
        let path = format!("/shops/{shop}/dispatch-sheets?act=pack");
        let sends = |key, text: &str| {
            let ask = counter.post(key, &path, &json!({}));
            ask.bytes("text/csv", text.as_bytes().to_vec())
        };
        let told = sends(&counter.shop, &sheet).expect(200).await;
        assert_eq!((&told["done"], &told["refused"]), (&json!(1), &json!(1)));
        assert_eq!(told["rows"][1]["row"], 3);
        assert_eq!(told["rows"][1]["code"], "sheet_not_an_order");
        sends(&counter.shop, "").refused(422, "invalid_fields").await;
        sends(&counter.other_shop, &sheet).refused(404, "not_found").await;
    });
}

#[test]
fn the_buyer_never_sees_what_the_shop_notes() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let shop = counter.stage.first;
        let order = counter.bought().await;
        let path = format!("/shops/{shop}/orders/{order}");
        let note = json!({ "note": "difficult-customer" });
        counter.post(&counter.shop, &format!("{path}/notes"), &note).expect(201).await;
        let mark = json!({ "mark": "red", "word": "watch-them" });
        counter.put(&counter.shop, &format!("{path}/mark"), &mark).expect(200).await;
        let seen = counter.get(&counter.shop, &format!("{path}/notes")).expect(200).await;
        assert_eq!((&seen["mark"], &seen["mark_word"]), (&json!("red"), &json!("watch-them")));
        assert_eq!(seen["notes"][1]["body"], "difficult-customer");
        let list = format!("/shops/{shop}/orders?mark=red");
        let marked = counter.get(&counter.shop, &list).expect(200).await;
        assert_eq!(marked["items"][0]["id"], order.as_str());
        for path in ["/orders".to_owned(), format!("/orders/{order}"), "/notices".to_owned()] {
            let seen = counter.get(&counter.buyer, &path).expect(200).await.to_string();
            assert!(!seen.contains("difficult") && !seen.contains("watch-them"), "{path}");
        }
        for key in [&counter.buyer, &counter.other_shop] {
            counter.get(key, &format!("{path}/notes")).refused(404, "not_found").await;
        }
    });
}

#[test]
fn many_numbers_are_looked_up_at_once() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let shop = counter.stage.first;
        let order = counter.bought().await;
        let path = format!("/shops/{shop}/order-search?numbers={order}%2C4711");
        let found = counter.get(&counter.shop, &path).expect(200).await;
        assert_eq!(found["found"][0]["order"], order.as_str());
        assert_eq!(found["not_found"], json!(["4711"]));
        let house = format!("/operator/order-search?numbers={order}");
        let found = counter.get(&counter.operator, &house).expect(200).await;
        assert_eq!(found["found"][0]["shop"], shop.to_string());
        let many: Vec<String> = (1_000..1_101).map(|id| id.to_string()).collect();
        let path = format!("/shops/{shop}/order-search?numbers={}", many.join("+"));
        counter.get(&counter.shop, &path).refused(409, "too_many_numbers").await;
    });
}
