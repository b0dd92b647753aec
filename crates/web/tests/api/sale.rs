//! A whole sale over HTTP, from the quote to the shop's money.

use serde_json::{Value, json};
use store::testing::on_both_databases;

use crate::stage::Counter;

#[test]
fn a_sale_over_http_from_quote_to_settlement() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let stage = &counter.stage;
        let wanted = counter
            .checkout(&[(stage.first, stage.earbuds_black, 2), (stage.second, stage.scarf, 1)]);
        let quote = counter.post(&counter.buyer, "/quotes", &wanted).expect(200).await;
        assert_eq!(quote["shops"].as_array().map(Vec::len), Some(2));
        let mut wanted = wanted;
        wanted["expected_total"] = quote["total"].clone();
        let placed = counter.post(&counter.buyer, "/checkouts", &wanted).expect(201).await;
        assert_eq!(placed["total"], quote["total"]);
        let payment = text(&placed["payment"]);
        let attempts = format!("/payments/{payment}/attempts");
        let declined =
            counter.post(&counter.buyer, &attempts, &json!({ "instrument": "card_declined" }));
        assert_eq!(declined.expect(200).await["failure"], "card_declined");
        let paid = counter
            .post(&counter.buyer, &attempts, &json!({ "instrument": "card_ok" }))
            .expect(200)
            .await;
        assert_eq!(paid["state"], "captured");
        let seen = counter.get(&counter.buyer, &format!("/payments/{payment}")).expect(200).await;
        assert_eq!(seen, paid);

        stage.hours_pass(2).await.unwrap();
        let order = order_of(&placed, &stage.first.to_string());
        ships(&counter, &order).await;
        stage.days_pass(12).await.unwrap();
        let mine = counter.get(&counter.buyer, &format!("/orders/{order}")).expect(200).await;
        assert_eq!(mine["state"], "delivered", "{mine}");
        assert_eq!(
            mine["amounts"].get("commission"),
            None,
            "a buyer is not told what the house keeps"
        );
        let receipt = format!("/orders/{order}/receipt");
        let done = counter.post(&counter.buyer, &receipt, &json!({})).expect(200).await;
        assert_eq!(done["state"], "completed");
        stage.days_pass(20).await.unwrap();
        let path = format!("/shops/{}/orders/{order}", stage.first);
        let settled = counter.get(&counter.shop, &path).expect(200).await;
        assert_eq!(settled["state"], "settled");
        let refunds = format!("{path}/refunds");
        let all = json!({ "reason": "damaged", "note": "All of them were broken" });
        let given = counter.post(&counter.shop, &refunds, &all).expect(201).await;
        assert_eq!(given["order"]["state"], "settled");
        assert_eq!(given["amount"], mine["amounts"]["total"], "{given}");
        assert_eq!(given["refunds"].as_array().map(Vec::len), Some(1));
        counter.post(&counter.shop, &refunds, &all).refused(422, "invalid_fields").await;
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

async fn ships(counter: &Counter, order: &str) {
    let shop = counter.stage.first;
    let path = format!("/shops/{shop}/orders/{order}");
    let read = counter.get(&counter.shop, &path).send().await;
    let version = read.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(version, format!("\"{}\"", read.json["version"]));
    let waiting =
        counter.get(&counter.shop, &format!("/shops/{shop}/orders?state=awaiting_shipment"));
    assert_eq!(waiting.expect(200).await["items"][0]["id"], order);
    let parcel =
        counter.post(&counter.shop, &format!("{path}/parcels"), &json!({ "weight_grams": 450 }));
    let parcel = parcel.header("if-match", &version).expect(201).await;
    assert!(parcel["id"].is_string());
    let ship = counter.post(&counter.shop, &format!("{path}/shipment"), &json!({}));
    let shipped = ship.header("if-match", &version).expect(200).await;
    assert_eq!(shipped["state"], "awaiting_collection");
    // The same version again is one which somebody has changed since: the shipment just did.
    let late = counter.post(&counter.shop, &format!("{path}/shipment"), &json!({}));
    late.header("if-match", &version).refused(412, "stale").await;
}

#[test]
fn a_repeated_request_is_answered_as_before_and_another_body_is_refused() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let stage = &counter.stage;
        let wanted = counter.checkout(&[(stage.first, stage.earbuds_black, 1)]);
        let place = |body: &Value| {
            counter.post(&counter.buyer, "/checkouts", body).header("idempotency-key", "mine")
        };
        let first = place(&wanted).send().await;
        assert_eq!((first.status.as_u16(), first.headers.get("idempotency-replayed")), (201, None));
        let again = place(&wanted).send().await;
        assert_eq!(again.status.as_u16(), 201);
        assert_eq!(again.headers["idempotency-replayed"], "true");
        assert_eq!(again.json, first.json);
        place(&counter.checkout(&[(stage.first, stage.earbuds_black, 2)]))
            .refused(422, "key_reused")
            .await;
        // Another buyer's key is another key, even when its text is the same.
        let theirs = counter.post(&counter.other_buyer, "/checkouts", &wanted);
        let theirs = theirs.header("idempotency-key", "mine").expect(201).await;
        assert_ne!(theirs["payment"], first.json["payment"]);
        let payment = text(&first.json["payment"]);
        let pay = counter.post(
            &counter.buyer,
            &format!("/payments/{payment}/attempts"),
            &json!({ "instrument": "card_ok" }),
        );
        pay.header("idempotency-key", "mine").refused(422, "key_reused").await;
        let left = stage.left(stage.first, stage.earbuds_black).await.unwrap();
        assert_eq!(left, 98, "one piece for each of the two buyers");
    });
}

#[test]
fn either_side_may_cancel_and_the_money_goes_back() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let stage = &counter.stage;
        let order = counter.bought().await;
        let path = format!("/orders/{order}/cancellation");
        let ended = counter.post(&counter.buyer, &path, &json!({})).expect(200).await;
        assert_eq!(ended["state"], "cancelled");
        let seen = counter.get(&counter.buyer, &format!("/orders/{order}")).expect(200).await;
        assert_eq!(seen["cancelled"]["by"], "buyer");
        assert_eq!(seen["refunds"][0]["amount"], seen["total"]);
        counter.post(&counter.buyer, &path, &json!({})).refused(409, "not_in_this_state").await;

        let order = counter.bought().await;
        stage.hours_pass(2).await.unwrap();
        let path = format!("/shops/{}/orders/{order}/cancellation", stage.first);
        let body = json!({ "reason": "out_of_stock" });
        let ended = counter.post(&counter.shop, &path, &body).expect(200).await;
        assert_eq!(ended["state"], "cancelled");
        stage.days_pass(1).await.unwrap();
        assert_eq!(stage.left(stage.first, stage.earbuds_black).await.unwrap(), 100);
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn news_of_a_parcel_may_come_twice() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let stage = &counter.stage;
        let order = counter.bought().await;
        stage.hours_pass(2).await.unwrap();
        let of_shop = format!("/shops/{}", stage.first);
        let parcel = counter.post(
            &counter.shop,
            &format!("{of_shop}/orders/{order}/parcels"),
            &json!({ "weight_grams": 1 }),
        );
        let parcel = text(&parcel.expect(201).await["id"]);
        counter
            .post(&counter.shop, &format!("{of_shop}/orders/{order}/shipment"), &json!({}))
            .expect(200)
            .await;
        let news = json!({ "carrier_ref": "A1", "news": "delivered", "place": "door", "happened_at": stage.market.now() });
        let path = format!("{of_shop}/parcels/{parcel}/events");
        assert_eq!(
            counter.post(&counter.shop, &path, &news).expect(200).await,
            json!({ "taken": true })
        );
        assert_eq!(
            counter.post(&counter.operator, &path, &news).expect(200).await,
            json!({ "taken": false })
        );
        let seen = counter.get(&counter.buyer, &format!("/orders/{order}")).expect(200).await;
        assert_eq!(seen["state"], "delivered");
        assert_eq!(seen["parcels"][0]["news"].as_array().map(Vec::len), Some(1));
    });
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn order_of(placed: &Value, shop: &str) -> String {
    let orders = placed["orders"].as_array().expect("orders");
    text(&orders.iter().find(|order| order["shop"] == shop).expect("the shop's order")["id"])
}
