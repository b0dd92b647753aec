//! The carriers' door over HTTP: no cookie, no bearer key, only a signature.

use actions::carrier_keys::roll_for_cli;
use actions::secrets::report_signature;
use actions::testing::Stage;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use rules::shipping::parcels::ParcelState;
use serde_json::{Value, json};
use store::testing::TestFolder;
use store::{Store, StoreOptions, Tx, parcels};
use tower::ServiceExt as _;
use web::{WebSettings, router};

async fn post(
    router: &axum::Router,
    carrier: &str,
    signature: &str,
    body: Vec<u8>,
) -> (StatusCode, Value) {
    let request = Request::post(format!("/hooks/carriers/{carrier}"))
        .header("guildhall-signature", signature)
        .header("content-type", "application/json")
        .body(Body::from(body))
        .unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 100_000).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[tokio::test]
async fn a_signed_report_is_taken_in_once_and_an_unsigned_one_never() {
    let folder = TestFolder::make();
    let path = folder.path().join("market.db").display().to_string();
    let store = Store::open(&path, StoreOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    let stage = Stage::on(store).await.unwrap();
    let order = stage.buys(stage.scarf, 1).await.unwrap();
    stage.hours_pass(2).await.unwrap();
    stage.ships(stage.second, order).await.unwrap();
    let shop = stage.second;
    let read = async move |tx: &mut Tx| {
        Ok::<_, actions::Failure>(parcels::of_order(tx, shop, order).await?)
    };
    let parcel = stage.market.store.read(read).await.unwrap().pop().unwrap();
    let key = roll_for_cli(&stage.market, &parcel.carrier).await.unwrap();
    let now = stage.market.now();
    let news = json!({ "news": [{
        "tracking_number": parcel.tracking_number, "carrier_ref": "one", "news": "delivered",
        "place": "San Francisco", "happened_at": now,
    }] });
    let body = serde_json::to_vec(&news).unwrap();
    let settings = WebSettings { requests_a_minute: 0, ..WebSettings::default() };
    let router = router(stage.market.clone(), settings);
    let seconds = now.ms() / 1_000;
    let sign = |body: &[u8]| {
        format!("t={seconds},v1={}", report_signature(key.text.reveal(), seconds, body))
    };

    let (status, answer) = post(&router, &parcel.carrier, "t=1,v1=00", body.clone()).await;
    assert_eq!(
        (status, answer["code"].as_str()),
        (StatusCode::UNAUTHORIZED, Some("signature_wrong"))
    );
    let (status, answer) = post(&router, &parcel.carrier, &sign(&body), body.clone()).await;
    assert_eq!((status, answer["news"][0]["outcome"].as_str()), (StatusCode::OK, Some("taken")));
    let (_, answer) = post(&router, &parcel.carrier, &sign(&body), body).await;
    assert_eq!(answer["news"][0]["outcome"].as_str(), Some("known"));
    let rubbish = b"{\"news\": []}".to_vec();
    let (status, answer) = post(&router, &parcel.carrier, &sign(&rubbish), rubbish).await;
    assert_eq!(
        (status, answer["code"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("invalid_fields"))
    );

    let read = async move |tx: &mut Tx| {
        Ok::<_, actions::Failure>(parcels::of_order(tx, shop, order).await?)
    };
    let parcel = stage.market.store.read(read).await.unwrap().pop().unwrap();
    assert_eq!(parcel.state, ParcelState::Delivered);
}
