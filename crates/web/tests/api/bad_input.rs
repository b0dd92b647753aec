//! Bad input: each kind is answered with its code, and nothing is half done.

use actions::people::{SignUp, caller_of_session, form_token_of, sign_up};
use axum::http::Method;
use serde_json::{Value, json};
use store::testing::on_both_databases;

use crate::stage::Counter;

/// The field and the code of a problem's only field.
fn only_field(problem: &Value) -> (&str, &str) {
    let fields = problem["fields"].as_array().expect("fields");
    assert_eq!(fields.len(), 1, "{problem}");
    let text = |name: &str| fields[0][name].as_str().expect("a text");
    (text("field"), text("code"))
}

#[test]
fn quantities_which_are_none_are_refused_by_field() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let stage = &counter.stage;
        for quantity in [json!(0), json!(-1), json!(1_000_000), json!(i64::MAX)] {
            let mut body = counter.checkout(&[(stage.first, stage.earbuds_black, 1)]);
            body["lines"][0]["quantity"] = quantity;
            for path in ["/quotes", "/checkouts"] {
                let refused = counter.post(&counter.buyer, path, &body);
                let refused = refused.refused(422, "invalid_fields").await;
                assert_eq!(only_field(&refused), ("lines[0].quantity", "out_of_range"));
            }
        }
        for quantity in [json!(1.5), json!("1"), json!(null), json!(9_223_372_036_854_775_808_u64)]
        {
            let mut body = counter.checkout(&[(stage.first, stage.earbuds_black, 1)]);
            body["lines"][0]["quantity"] = quantity;
            let refused = counter.post(&counter.buyer, "/checkouts", &body);
            let refused = refused.refused(422, "invalid_fields").await;
            assert_eq!(only_field(&refused), ("lines[0].quantity", "not_readable"));
        }
        assert_eq!(stage.left(stage.first, stage.earbuds_black).await.unwrap(), 100);
    });
}

#[test]
fn another_total_or_currency_than_the_buyer_saw_places_nothing() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let stage = &counter.stage;
        let mut body = counter.checkout(&[(stage.first, stage.earbuds_black, 1)]);
        let quote = counter.post(&counter.buyer, "/quotes", &body).expect(200).await;
        for total in [
            json!({ "amount": "0.01", "currency": "USD" }),
            json!({ "amount": quote["total"]["amount"], "currency": "EUR" }),
        ] {
            body["expected_total"] = total;
            counter.post(&counter.buyer, "/checkouts", &body).refused(409, "price_changed").await;
        }
        for total in [
            json!({ "amount": "1.234", "currency": "USD" }),
            json!({ "amount": "12", "currency": "COW" }),
            json!({ "amount": 12, "currency": "USD" }),
        ] {
            body["expected_total"] = total;
            counter.post(&counter.buyer, "/checkouts", &body).refused(422, "invalid_fields").await;
        }
        assert_eq!(stage.left(stage.first, stage.earbuds_black).await.unwrap(), 100);
    });
}

#[test]
fn bodies_which_cannot_be_read_say_why() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let stage = &counter.stage;
        let ask = || counter.post(&counter.buyer, "/checkouts", &json!({}));
        let kind = "application/json";
        let broken = ask().bytes(kind, b"{\n  \"lines\": oops }".to_vec());
        let broken = broken.refused(400, "malformed_json").await;
        assert_eq!(broken["facts"]["line"], "2");
        let mut two = counter.checkout(&[(stage.first, stage.earbuds_black, 1)]).to_string();
        two.push_str("{}");
        ask().bytes(kind, two.into_bytes()).refused(400, "malformed_json").await;
        ask().bytes(kind, Vec::new()).refused(400, "malformed_json").await;
        ask().bytes(kind, b"\xff\xfe".to_vec()).refused(400, "malformed_json").await;
        let list = ask().bytes(kind, vec![b'['; 100_000]).refused(422, "invalid_fields").await;
        assert_eq!(only_field(&list), ("", "not_an_object"));
        let deep = format!("{{\"lines\": [], \"address\": {}", "{\"a\":".repeat(100_000));
        ask().bytes(kind, deep.into_bytes()).refused(422, "invalid_fields").await;
        for other in ["text/plain", "application/xml", "application/x-www-form-urlencoded"] {
            ask().bytes(other, b"{}".to_vec()).refused(415, "unsupported_media_type").await;
        }
        ask().without("content-type").refused(415, "unsupported_media_type").await;
        ask().bytes(kind, vec![b' '; 10 << 20]).refused(413, "body_too_large").await;

        let missing = ask().refused(422, "invalid_fields").await;
        assert_eq!(only_field(&missing), ("lines", "missing"));
        let mut body = counter.checkout(&[(stage.first, stage.earbuds_black, 1)]);
        body["address"]["planet"] = json!("Mars");
        let unknown = ask().json(&body).refused(422, "invalid_fields").await;
        assert_eq!(only_field(&unknown), ("address.planet", "unknown_field"));
        let mut body = counter.checkout(&[(stage.first, stage.earbuds_black, 1)]);
        body["address"]["city"] = json!("San\0Francisco");
        let nul = ask().json(&body).refused(422, "invalid_fields").await;
        assert_eq!(only_field(&nul), ("address.city", "nul_character"));
        let mut body = counter.checkout(&[(stage.first, stage.earbuds_black, 1)]);
        body["address"]["postcode"] = json!("no");
        let postcode = ask().json(&body).refused(422, "invalid_fields").await;
        assert_eq!(only_field(&postcode), ("address.postcode", "wrong_postcode"));
        assert_eq!(stage.left(stage.first, stage.earbuds_black).await.unwrap(), 100);
    });
}

#[test]
fn headers_and_queries_which_cannot_be_taken_say_so() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let stage = &counter.stage;
        let body = counter.checkout(&[(stage.first, stage.earbuds_black, 1)]);
        let ask = || counter.post(&counter.buyer, "/checkouts", &body);
        ask().without("idempotency-key").refused(400, "idempotency_key_required").await;
        for key in ["", "two words", &"k".repeat(201)] {
            let ask = ask().header("idempotency-key", key);
            ask.refused(400, "idempotency_key_invalid").await;
        }
        ask().header("idempotency-key", &"k".repeat(200)).expect(201).await;

        let order = counter.bought().await;
        let confirm = format!("/shops/{}/orders/{order}/confirmation", stage.first);
        let confirm = || counter.post(&counter.shop, &confirm, &json!({}));
        for seen in ["3", "W/\"3\"", "\"three\"", "*"] {
            confirm().header("if-match", seen).refused(400, "if_match_invalid").await;
        }
        confirm().header("if-match", "\"99\"").refused(412, "stale").await;

        let list = format!("/shops/{}/orders", stage.first);
        for query in [
            "limit=0",
            "limit=101",
            "limit=many",
            "cursor=abc",
            "state=lost",
            "ids=1,x",
            "colour=blue",
            "due_before=tomorrow",
        ] {
            let ask = counter.get(&counter.shop, &format!("{list}?{query}"));
            ask.refused(400, "invalid_query").await;
        }
        counter.get("", "/products?market=us").refused(400, "invalid_query").await;
        counter.get("", "/products").refused(400, "invalid_query").await;
    });
}

#[test]
fn what_is_not_there_is_not_found() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        for order in ["999", "abc", "-1", "0", "9223372036854775808", "1.0", "%00"] {
            counter
                .get(&counter.buyer, &format!("/orders/{order}"))
                .refused(404, "not_found")
                .await;
        }
        counter.get(&counter.buyer, "/payments/5").refused(404, "not_found").await;
        counter.get(&counter.buyer, "/nowhere").refused(404, "no_such_route").await;
        let wrong = counter.ask(Method::DELETE, &counter.buyer, "/checkouts").send().await;
        assert_eq!(wrong.json["code"], "method_not_allowed");
        assert_eq!(wrong.headers["allow"], "POST");
        let gone = counter.checkout(&[(rules::ids::ShopId::new(5), rules::ids::SkuId::new(6), 1)]);
        counter.post(&counter.buyer, "/checkouts", &gone).refused(409, "not_for_sale").await;
    });
}

#[test]
fn who_shows_no_good_key_or_an_old_session_is_not_let_in() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let nobody = counter.get("", "/orders").send().await;
        assert_eq!(nobody.json["code"], "not_signed_in");
        assert_eq!(nobody.headers["www-authenticate"], "Bearer");
        counter.get("gh_buyer_short", "/orders").refused(401, "wrong_key").await;
        let unknown = format!("gh_buyer_{}", "A".repeat(43));
        counter.get(&unknown, "/orders").refused(401, "wrong_key").await;
        let basic = counter.get("", "/orders").header("authorization", "Basic YTpi");
        basic.refused(401, "wrong_key").await;

        let market = &counter.stage.market;
        let person = SignUp {
            name: "Ann".to_owned(),
            email: "ann@example.com".to_owned(),
            password: "correct horse battery".to_owned(),
            language: "en".to_owned(),
            agent: "test".to_owned(),
        };
        let session = sign_up(market, person).await.unwrap();
        let token = session.token.reveal();
        let cookie = format!("{}={token}", web::visit::SESSION);
        let list = || counter.get("", "/orders").header("cookie", &cookie);
        list().expect(200).await;
        let caller = caller_of_session(market, token).await.unwrap().unwrap();
        let form_token = form_token_of(market, &caller).await.unwrap().unwrap();
        let stage = &counter.stage;
        let body = counter.checkout(&[(stage.second, stage.scarf, 1)]);
        let place = || counter.post("", "/checkouts", &body).header("cookie", &cookie);
        place().refused(403, "form_token_missing").await;
        place().header("x-csrf-token", "wrong").refused(403, "form_token_wrong").await;
        place().header("x-csrf-token", &form_token).expect(201).await;
        stage.market.clock.move_forward(rules::time::Span::from_days(400));
        list().refused(401, "not_signed_in").await;
    });
}
