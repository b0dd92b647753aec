//! The packing table over HTTP: a program with a scanner meets the same refusals as the page.

use actions::packing::{place_of_sku, set_packing_mode};
use rules::ids::SkuId;
use rules::shipping::packing::PackingMode;
use serde_json::{Value, json};
use store::testing::on_both_databases;

use crate::stage::Counter;

async fn code(counter: &Counter, sku: SkuId) -> String {
    let stage = &counter.stage;
    place_of_sku(&stage.market, stage.first, sku).await.unwrap().good.code
}

#[test]
fn an_order_is_packed_with_a_scanner_and_the_wrong_colour_is_stopped() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let (shop, stage) = (counter.stage.first, &counter.stage);
        set_packing_mode(&stage.market, shop, PackingMode::Scan).await.unwrap();
        let order = counter.bought().await;
        let door = format!("/shops/{shop}/packing/orders");
        let slip = json!({ "text": order });
        counter.post(&counter.shop, &door, &slip).refused(409, "not_in_this_state").await;
        stage.hours_pass(2).await.unwrap();
        let table = counter.post(&counter.shop, &door, &slip).expect(200).await;
        assert_eq!((&table["mode"], &table["missing"]), (&json!("scan"), &json!(1)));
        counter.post(&counter.other_shop, &door, &slip).refused(404, "not_found").await;

        let base = format!("/shops/{shop}/orders/{order}");
        let by_list = json!({ "weight_grams": 200 });
        let parcels = format!("{base}/parcels");
        counter.post(&counter.shop, &parcels, &by_list).refused(409, "scan_needed").await;
        let scans = format!("{base}/packing/scans");
        let blue = json!({ "text": code(&counter, stage.earbuds_blue).await });
        let stopped = counter.post(&counter.shop, &scans, &blue).refused(409, "scan_not_in_order");
        let black = code(&counter, stage.earbuds_black).await;
        assert_eq!(stopped.await["facts"]["expected"], format!("1 × {black}"));
        let closing = format!("{base}/packing/closed-parcels");
        counter.post(&counter.shop, &closing, &json!({})).refused(409, "parcel_empty").await;
        let scan = || counter.post(&counter.shop, &scans, &json!({ "text": black }));
        let scanned = scan().header("idempotency-key", "scan-one").expect(201).await;
        assert_eq!(scanned["missing"], 0);
        let again = scan().header("idempotency-key", "scan-one").expect(201).await;
        assert_eq!(again, scanned, "a scan which is sent twice puts one piece in");
        scan().refused(409, "scan_enough").await;

        let parcel = table_of(&counter, &base).await["parcels"][0]["id"].clone();
        let emptied = format!("{base}/packing/emptied-parcels");
        let empty = counter.post(&counter.shop, &emptied, &json!({ "parcel": parcel }));
        assert_eq!(empty.expect(200).await["missing"], 1);
        scan().expect(201).await;
        let closed = counter.post(&counter.shop, &closing, &json!({})).expect(201).await;
        assert_eq!(closed["id"], parcel);
        let labels = format!("{base}/packing/labels");
        let label = counter.post(&counter.shop, &labels, &json!({})).expect(201).await;
        assert!(!label["tracking_number"].as_str().unwrap().is_empty());
        let shipment = format!("{base}/shipment");
        let shipped = counter.post(&counter.shop, &shipment, &json!({})).expect(200).await;
        assert_eq!(shipped["state"], "awaiting_collection");
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

async fn table_of(counter: &Counter, base: &str) -> Value {
    counter.get(&counter.shop, &format!("{base}/packing")).expect(200).await
}

#[test]
fn orders_of_one_address_share_a_box_and_part_again() {
    on_both_databases(async |store| {
        let counter = Counter::on(store).await;
        let shop = counter.stage.first;
        let orders = [counter.bought().await, counter.bought().await];
        counter.stage.hours_pass(2).await.unwrap();
        let boxes = format!("/shops/{shop}/packing/boxes");
        let both = json!({ "orders": orders });
        counter.post(&counter.shop, &boxes, &both).refused(409, "combine_not_packed").await;
        for order in &orders {
            let path = format!("/shops/{shop}/orders/{order}/parcels");
            counter.post(&counter.shop, &path, &json!({ "weight_grams": 200 })).expect(201).await;
        }
        counter.post(&counter.shop, &boxes, &both).expect(201).await;
        let base = format!("/shops/{shop}/orders/{}", orders[0]);
        assert_eq!(table_of(&counter, &base).await["parcels"][0]["with"], json!([orders[1]]));
        let parting = format!("{base}/packing/parting");
        let apart = counter.post(&counter.shop, &parting, &json!({})).expect(200).await;
        assert_eq!(apart["parcels"][0]["with"], json!([]));
    });
}
