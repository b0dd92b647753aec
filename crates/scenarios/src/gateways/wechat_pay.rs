//! WeChat Pay v3: Native orders, query, close, refunds and their query, sealed notices.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use gateways::wechat_pay::sealed::ApiKey;
use serde_json::{Value, json};

use super::desk::{Desk, RefundStand, Refunded, Stand, Trade};
use super::{
    API_KEY, MERCHANT_ID, MERCHANT_SERIAL, PLATFORM_SERIAL, Playing, Sent, headers,
    merchant_signed, platform_signs,
};

pub(super) fn routes(playing: Playing) -> Router {
    Router::new().fallback(gateway).with_state(playing)
}

async fn gateway(
    State(playing): State<Playing>,
    method: Method,
    uri: Uri,
    asked: HeaderMap,
    body: Bytes,
) -> Response {
    if playing.desk.is_silent() {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let path = uri.path_and_query().map_or("", |path| path.as_str());
    let body = String::from_utf8_lossy(&body);
    if !is_signed(&playing, method.as_str(), path, &asked, &body) {
        playing.desk.saw_forgery();
        return signed(&playing, StatusCode::UNAUTHORIZED, &fault("SIGN_ERROR"));
    }
    let asked: Value = serde_json::from_str(&body).unwrap_or_default();
    let (status, answer) = answer(&playing.desk, method.as_str(), path, &asked);
    signed(&playing, status, &answer)
}

/// Takes the header apart and puts the signed text together, line by line.
fn is_signed(playing: &Playing, method: &str, path: &str, headers: &HeaderMap, body: &str) -> bool {
    let header = headers.get("authorization").and_then(|value| value.to_str().ok());
    let Some(rest) = header.and_then(|text| text.strip_prefix("WECHATPAY2-SHA256-RSA2048 ")) else {
        return false;
    };
    let parts: BTreeMap<&str, &str> = rest
        .split(',')
        .filter_map(|part| part.split_once('='))
        .map(|(name, value)| (name, value.trim_matches('"')))
        .collect();
    let part = |name: &str| parts.get(name).copied().unwrap_or_default();
    let seconds: i64 = part("timestamp").parse().unwrap_or(0);
    let content = [method, path, part("timestamp"), part("nonce_str"), body, ""].join("\n");
    part("mchid") == MERCHANT_ID
        && part("serial_no") == MERCHANT_SERIAL
        && (playing.seconds() - seconds).abs() <= 300
        && !part("nonce_str").is_empty()
        && merchant_signed(&content, part("signature"))
}

fn fault(code: &str) -> Value {
    json!({ "code": code, "message": code })
}

/// The platform's own signature, on answers and on notices.
fn signature(playing: &Playing, body: &str) -> anyhow::Result<HeaderMap> {
    let seconds = playing.seconds().to_string();
    let nonce = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS";
    let sign = platform_signs(&format!("{seconds}\n{nonce}\n{body}\n"))?;
    headers(&[
        ("wechatpay-timestamp", seconds),
        ("wechatpay-nonce", nonce.to_owned()),
        ("wechatpay-signature", sign),
        ("wechatpay-serial", PLATFORM_SERIAL.to_owned()),
        ("content-type", "application/json".to_owned()),
    ])
}

fn signed(playing: &Playing, status: StatusCode, answer: &Value) -> Response {
    let body = if answer.is_null() { String::new() } else { answer.to_string() };
    match signature(playing, &body) {
        Ok(headers) => (status, headers, body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn answer(desk: &Desk, method: &str, path: &str, asked: &Value) -> (StatusCode, Value) {
    let by_number = path.strip_prefix("/v3/pay/transactions/out-trade-no/");
    let by_refund = path.strip_prefix("/v3/refund/domestic/refunds/");
    match (method, path, by_number, by_refund) {
        ("POST", "/v3/pay/transactions/native", _, _) => native(desk, asked),
        ("POST", "/v3/refund/domestic/refunds", _, _) => refund(desk, asked),
        ("POST", _, Some(rest), _) => close(desk, rest.trim_end_matches("/close"), asked),
        ("GET", _, Some(rest), _) => query(desk, rest),
        ("GET", _, _, Some(name)) => refund_query(desk, name),
        _ => (StatusCode::NOT_FOUND, fault("NOT_FOUND")),
    }
}

fn text(asked: &Value, name: &str) -> String {
    asked[name].as_str().unwrap_or_default().to_owned()
}

fn native(desk: &Desk, asked: &Value) -> (StatusCode, Value) {
    let (reference, amount) =
        (text(asked, "out_trade_no"), asked["amount"]["total"].as_i64().unwrap_or(0));
    let whole = text(asked, "mchid") == MERCHANT_ID
        && (6..=32).contains(&reference.len())
        && amount > 0
        && asked["amount"]["currency"] == "CNY"
        && text(asked, "time_expire").ends_with("+00:00")
        && !text(asked, "description").is_empty();
    if !whole {
        return (StatusCode::BAD_REQUEST, fault("PARAM_ERROR"));
    }
    let trade = desk.opens(
        &reference,
        Trade {
            number: 0,
            amount,
            currency: "cny".to_owned(),
            stand: Stand::Waiting,
            notify_at: text(asked, "notify_url"),
            return_to: String::new(),
            refunds: BTreeMap::new(),
        },
    );
    let code = format!("weixin://wxpay/bizpayurl?pr={}", trade.number);
    (StatusCode::OK, json!({ "code_url": code }))
}

fn transaction(reference: &str, trade: &Trade) -> Value {
    let state = match trade.stand {
        Stand::Waiting => "NOTPAY",
        Stand::Paid => "SUCCESS",
        Stand::Closed => "CLOSED",
    };
    json!({ "mchid": MERCHANT_ID, "out_trade_no": reference, "trade_state": state,
        "transaction_id": format!("42000{:023}", trade.number),
        "amount": { "total": trade.amount, "currency": "CNY" } })
}

fn query(desk: &Desk, rest: &str) -> (StatusCode, Value) {
    let (reference, merchant) = rest.split_once("?mchid=").unwrap_or((rest, ""));
    match desk.trade(reference) {
        Some(trade) if merchant == MERCHANT_ID => (StatusCode::OK, transaction(reference, &trade)),
        Some(_) | None => (StatusCode::NOT_FOUND, fault("ORDER_NOT_EXIST")),
    }
}

fn close(desk: &Desk, reference: &str, asked: &Value) -> (StatusCode, Value) {
    match desk.trade(reference) {
        Some(trade) if trade.stand == Stand::Paid => (StatusCode::BAD_REQUEST, fault("ORDERPAID")),
        Some(_) if text(asked, "mchid") == MERCHANT_ID => {
            desk.changes(reference, |trade| trade.stand = Stand::Closed);
            (StatusCode::NO_CONTENT, Value::Null)
        }
        Some(_) | None => (StatusCode::NOT_FOUND, fault("ORDER_NOT_EXIST")),
    }
}

fn refund_object(reference: &str, name: &str, refunded: &Refunded) -> Value {
    let status = match refunded.stand {
        RefundStand::Waiting => "PROCESSING",
        RefundStand::Done => "SUCCESS",
    };
    json!({ "refund_id": format!("50000{name}"), "out_refund_no": name, "out_trade_no": reference,
        "status": status, "amount": { "refund": refunded.amount, "currency": "CNY" } })
}

fn refund(desk: &Desk, asked: &Value) -> (StatusCode, Value) {
    let (reference, name) = (text(asked, "out_trade_no"), text(asked, "out_refund_no"));
    let paid = desk.trade(&reference).map(|trade| trade.amount);
    let amount = asked["amount"]["refund"].as_i64().unwrap_or(0);
    if paid != asked["amount"]["total"].as_i64() || amount <= 0 {
        return (StatusCode::BAD_REQUEST, fault("PARAM_ERROR"));
    }
    match desk.refunds(&reference, &name, amount) {
        Some(refunded) => (StatusCode::OK, refund_object(&reference, &name, &refunded)),
        None => (StatusCode::FORBIDDEN, fault("NOT_ENOUGH")),
    }
}

fn refund_query(desk: &Desk, name: &str) -> (StatusCode, Value) {
    for reference in desk.references() {
        let found = desk.trade(&reference).and_then(|trade| trade.refunds.get(name).cloned());
        if let Some(refunded) = found {
            return (StatusCode::OK, refund_object(&reference, name, &refunded));
        }
    }
    (StatusCode::NOT_FOUND, fault("RESOURCE_NOT_EXISTS"))
}

fn sealed(playing: &Playing, event: &str, kind: &str, opened: &Value) -> anyhow::Result<Sent> {
    let key = ApiKey::read(API_KEY).ok_or_else(|| anyhow::anyhow!("a key of 32 letters"))?;
    let resource = key.seal(opened.to_string().as_bytes(), kind, "fdasfjihihih")?;
    let body = json!({ "id": "EV-1", "event_type": event, "resource_type": "encrypt-resource",
        "resource": resource })
    .to_string();
    Ok(Sent { headers: signature(playing, &body)?, body: body.into_bytes() })
}

pub(super) fn payment_notice(
    playing: &Playing,
    reference: &str,
    trade: &Trade,
) -> anyhow::Result<Sent> {
    sealed(playing, "TRANSACTION.SUCCESS", "transaction", &transaction(reference, trade))
}

pub(super) fn refund_notice(
    playing: &Playing,
    reference: &str,
    trade: &Trade,
    refund: &str,
) -> anyhow::Result<Sent> {
    let refunded = trade.refunds.get(refund).ok_or_else(|| anyhow::anyhow!("no such refund"))?;
    let mut opened = refund_object(reference, refund, refunded);
    // A notice calls it otherwise than an answer, and names the merchant.
    opened["refund_status"] = opened["status"].take();
    opened["mchid"] = json!(MERCHANT_ID);
    if let Some(fields) = opened.as_object_mut() {
        fields.remove("status");
    }
    sealed(playing, "REFUND.SUCCESS", "refund", &opened)
}
