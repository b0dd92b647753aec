//! Each route, tried by everybody who has no business there: another shop, another buyer, another scope, nobody.

use axum::http::Method;
use serde_json::{Value, json};
use store::testing::on_both_databases;

use crate::stage::Counter;

/// A documented route with the scopes which open it; none: anybody may look.
struct Door {
    method: Method,
    path: String,
    scopes: Vec<String>,
    kind: Option<String>,
}

fn doors() -> Vec<Door> {
    let document = serde_json::to_value(web::api::document()).unwrap();
    let mut doors = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let scopes = operation["security"][0]["key"].as_array();
            let content = operation["requestBody"]["content"].as_object();
            doors.push(Door {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                scopes: scopes
                    .into_iter()
                    .flatten()
                    .map(|scope| scope.as_str().unwrap().to_owned())
                    .collect(),
                kind: content.and_then(|content| content.keys().next().cloned()),
            });
        }
    }
    assert!(doors.len() > 40, "the document has all routes");
    doors
}

/// Things of the first buyer and the first shop, for the ids in paths.
struct Things {
    ids: Vec<(&'static str, String)>,
    bodies: Value,
}

impl Things {
    async fn of(counter: &Counter) -> Things {
        let stage = &counter.stage;
        let order = counter.bought().await;
        let payment =
            counter.get(&counter.buyer, &format!("/orders/{order}")).expect(200).await["payment"]
                .clone();
        stage.hours_pass(2).await.unwrap();
        let parcels = format!("/shops/{}/orders/{order}/parcels", stage.first);
        let parcel =
            counter.post(&counter.shop, &parcels, &json!({ "weight_grams": 9 })).expect(201).await;
        let address = json!({ "address": actions::testing::address() });
        let address_id = counter.post(&counter.buyer, "/addresses", &address).expect(201).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let listed = counter
            .get(&counter.shop, &format!("/shops/{}/products", stage.first))
            .expect(200)
            .await;
        let ids = vec![
            ("{shop}", stage.first.to_string()),
            ("{order}", order),
            ("{payment}", text(&payment)),
            ("{parcel}", text(&parcel["id"])),
            ("{sku}", stage.earbuds_black.to_string()),
            ("{product}", text(&listed["items"][0]["id"])),
            ("{address}", text(&address_id["id"])),
            // One which is not there: what is tried is the door before it.
            ("{promotion}", "17".to_owned()),
            // Whoever is let in finds that there is none: what is asked here is who is.
            ("{statement}", "4711".to_owned()),
            ("{payout}", "4712".to_owned()),
            ("{file}", "4713".to_owned()),
            ("{figure}", "late_dispatch".to_owned()),
            ("{flag}", "4714".to_owned()),
            ("{request}", "4715".to_owned()),
            ("{shortage}", "4716".to_owned()),
            ("{line}", "4717".to_owned()),
            ("{message}", "4718".to_owned()),
        ];
        Things { ids, bodies: bodies(counter, &address) }
    }

    fn path(&self, template: &str) -> String {
        let filled =
            self.ids.iter().fold(template.to_owned(), |path, (name, id)| path.replace(name, id));
        assert!(!filled.contains('{'), "{filled}: this kind of id has no example here");
        filled
    }
}

/// A body which the route would take, by method and path: what refuses is who asks and not what is asked.
fn bodies(counter: &Counter, address: &Value) -> Value {
    let stage = &counter.stage;
    let checkout = counter.checkout(&[(stage.first, stage.earbuds_black, 1)]);
    let listing = json!({ "title": { "en": "Mug" }, "category": "kitchen", "skus": [] });
    let mut all = json!({
        "POST /quotes": checkout,
        "POST /checkouts": checkout,
        "POST /payments/{payment}/attempts": { "instrument": "card_ok" },
        "PUT /basket/lines/{sku}": { "shop": stage.first, "quantity": 1 },
        "POST /addresses": address,
        "POST /orders/{order}/address-corrections": address,
        "POST /orders/{order}/cancel-requests": { "reason": "changed_mind" },
        "POST /orders/{order}/messages": { "text": "Hello" },
        "POST /orders/{order}/messages/{message}/answer": { "accepted": true },
        "POST /shops/{shop}/orders/{order}/address-proposals": address,
        "POST /shops/{shop}/orders/{order}/messages": { "text": "Hello" },
        "POST /shops/{shop}/orders/{order}/flags/{flag}/resolution": { "why": "Asked" },
        "POST /shops/{shop}/orders/{order}/lines/{line}/cancellation": { "count": 1 },
        "POST /shops/{shop}/orders/{order}/refunds": { "reason": "goodwill" },
        "POST /shops/{shop}/orders/{order}/shortages":
            { "line": "4717", "missing_count": 1, "cause": "damaged" },
        "POST /shops/{shop}/shortages/{shortage}/offer": { "sku": stage.earbuds_blue },
        "POST /shops/{shop}/cancel-requests/{request}/refusal": { "why": "Packed" },
        "POST /shops/{shop}/stock/{sku}/short-counts": { "count": 1 },
        "POST /shops/{shop}/orders/{order}/parcels": { "weight_grams": 5 },
        "POST /shops/{shop}/orders/{order}/shipment": {},
        "POST /shops/{shop}/orders/{order}/cancellation": { "reason": "out_of_stock" },
        "POST /shops/{shop}/parcels/{parcel}/events":
            { "carrier_ref": "X", "news": "delivered", "happened_at": "2026-06-01T08:00:00Z" },
        "PUT /shops/{shop}/orders/{order}/parcels/{parcel}/tracking":
            { "tracking_number": "1Z999AA10123456784" },
        "PUT /shops/{shop}/skus/{sku}/sides": { "length_mm": 1, "width_mm": 1, "height_mm": 1 },
        "POST /shops/{shop}/products": { "listing": listing },
        "PUT /shops/{shop}/products/{product}": listing,
        "PUT /shops/{shop}/products/{product}/listed": { "listed": false },
        "PUT /shops/{shop}/skus/{sku}/stock": { "count": 1 },
        "POST /shops/{shop}/stock-batches":
            { "sku": stage.earbuds_black, "code": "B", "supplier": "S", "count": 1 },
        "POST /shops/{shop}/warehouses": { "name": "W", "address": actions::testing::address() },
        "POST /shops/{shop}/promotions/{promotion}/answer": { "accept": true },
        "PUT /shops/{shop}/deliveries": { "markets": [] },
        "POST /operator/promotions": {
            "shops": [stage.first], "title": { "en": "Together" }, "percent_bp": 500, "house_bp": 5000,
            "minimum": { "amount": "0.00", "currency": "USD" },
            "starts_at": "2026-07-01T00:00:00Z", "ends_at": "2026-08-01T00:00:00Z",
        },
        "POST /operator/shops": { "name": "S", "market": "US", "category": "kitchen" },
        "POST /operator/clock": { "forward_seconds": 60 },
        "POST /operator/payouts/{payout}/answer": { "outcome": "paid" },
        "POST /operator/bank-files": { "currency": "USD" },
        "POST /operator/provider-reports":
            { "source": "bank", "from": "2026-06-01T00:00:00Z", "to": "2026-06-01T08:00:00Z", "csv": "" },
    });
    let packing = json!({
        "POST /shops/{shop}/packing/orders": { "text": "5" },
        "POST /shops/{shop}/packing/boxes": { "orders": [] },
        "POST /shops/{shop}/orders/{order}/packing/scans": { "text": "X" },
        "POST /shops/{shop}/orders/{order}/packing/closed-parcels": {},
        "POST /shops/{shop}/orders/{order}/packing/emptied-parcels": { "parcel": "5" },
        "POST /shops/{shop}/orders/{order}/packing/labels": {},
    });
    for (door, body) in packing.as_object().into_iter().flatten() {
        all[door] = body.clone();
    }
    // The macro has its limits: these are put in one by one.
    all["POST /shops/{shop}/orders/{order}/notes"] = json!({ "note": "N" });
    all["PUT /shops/{shop}/orders/{order}/mark"] = json!({ "mark": "red" });
    all["POST /shops/{shop}/bulk-acts"] = json!({ "act": "confirm", "orders": [{ "order": "5" }] });
    all
}

/// What somebody with this key gets at a door.
async fn tried(counter: &Counter, things: &Things, door: &Door, key: &str) -> (u16, String) {
    let query = match door.path.as_str() {
        "/products" => "?market=US",
        path if path.ends_with("/order-search") => "?numbers=4711",
        _ => "",
    };
    let path = format!("{}{query}", things.path(&door.path));
    let ask = counter.ask(door.method.clone(), key, &path).header("if-match", "\"1\"");
    let ask = match door.kind.as_deref() {
        None => ask,
        Some("text/csv") => ask.bytes("text/csv", b"Handle,Title\n".to_vec()),
        Some(_) => {
            let name = format!("{} {}", door.method, door.path);
            let body = &things.bodies[&name];
            assert!(body.is_object(), "{name} has no body here: a new route is tried, too");
            ask.json(body)
        }
    };
    let key = format!("isolation-{}-{}", door.method, door.path.replace(['{', '}', '/'], "-"));
    let reply = ask.header("idempotency-key", &key).send().await;
    (reply.status.as_u16(), reply.json["code"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn nobody_gets_through_a_door_which_is_not_theirs() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let things = Things::of(&counter).await;
        let order = format!("/orders/{}", things.ids[1].1);
        let before = counter.get(&counter.buyer, &order).expect(200).await;
        let allowed = |code: u16| !matches!(code, 401 | 403);
        for door in doors() {
            let name = format!("{} {}", door.method, door.path);
            let opens = |scope: &str| door.scopes.iter().any(|open| open == scope);
            if door.scopes.is_empty() {
                assert!(
                    allowed(tried(&counter, &things, &door, "").await.0),
                    "{name} is for everybody"
                );
                continue;
            }
            let nobody = tried(&counter, &things, &door, "").await;
            assert_eq!(nobody, (401, "not_signed_in".to_owned()), "{name} by nobody");
            if door.path.contains("{shop}") {
                for (who, key) in
                    [("another shop", &counter.other_shop), ("a buyer", &counter.buyer)]
                {
                    let got = tried(&counter, &things, &door, key).await;
                    assert_eq!(got, (404, "not_found".to_owned()), "{name} by {who}");
                }
            } else if opens("buyer") {
                for (who, key) in [("a shop", &counter.shop), ("the operator", &counter.operator)] {
                    let got = tried(&counter, &things, &door, key).await;
                    assert_eq!(got, (403, "not_allowed".to_owned()), "{name} by {who}");
                }
                let names_mine =
                    ["{order}", "{payment}", "{address}"].iter().any(|id| door.path.contains(id));
                if names_mine {
                    let got = tried(&counter, &things, &door, &counter.other_buyer).await;
                    assert_eq!(got, (404, "not_found".to_owned()), "{name} by another buyer");
                }
            } else {
                for (who, key) in [("a shop", &counter.shop), ("a buyer", &counter.buyer)] {
                    let got = tried(&counter, &things, &door, key).await;
                    assert_eq!(got, (403, "not_allowed".to_owned()), "{name} by {who}");
                }
            }
        }
        assert_eq!(
            counter.get(&counter.buyer, &order).expect(200).await,
            before,
            "nothing was changed"
        );
    });
}

#[test]
fn the_house_looks_into_shops_but_does_not_do_their_work() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let things = Things::of(&counter).await;
        for door in doors().into_iter().filter(|door| door.scopes == ["shop"]) {
            let name = format!("{} {}", door.method, door.path);
            let (status, code) = tried(&counter, &things, &door, &counter.operator).await;
            let looks = [
                "/orders",
                "/orders/{order}",
                "/orders/{order}/care",
                "/orders/{order}/services",
                "/order-search",
                "/figures",
                "/figures/{figure}/orders",
                "/skus/{sku}/sides",
                "/balances",
                "/transfers",
                "/payouts",
                "/statements",
                "/deliveries",
            ]
            .iter()
            .any(|end| door.method == Method::GET && door.path == format!("/shops/{{shop}}{end}"));
            // The statement asked for is none of this shop's: let in, and not found.
            if door.path.ends_with("/{statement}") {
                assert_eq!(status, 404, "{name} by the operator");
                continue;
            }
            let stops = door.path.ends_with("/orders/{order}/cancellation");
            let wanted = match (looks, stops) {
                (true, _) => (200, ""),
                // The door is open; the version sent with it is an old one.
                (false, true) => (412, "stale"),
                (false, false) => (403, "not_allowed"),
            };
            assert_eq!((status, code.as_str()), wanted, "{name} by the operator");
        }
    });
}
