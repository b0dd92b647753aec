//! Alipay: precreate, query, close, refund and its query, notices. All of it RSA2.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Form, Router};
use serde_json::{Value, json};

use super::desk::{Desk, RefundStand, Stand, Trade};
use super::{APP_ID, Playing, Sent, headers, merchant_signed, platform_signs};

type Fields = BTreeMap<String, String>;

pub(super) fn routes(playing: Playing) -> Router {
    Router::new().route("/gateway.do", post(gateway)).with_state(playing)
}

/// Sorted, without empty values, with `&` between.
fn content(fields: &Fields, without: &[&str]) -> String {
    let mut content = String::new();
    for (name, value) in fields {
        if value.is_empty() || without.contains(&name.as_str()) {
            continue;
        }
        if !content.is_empty() {
            content.push('&');
        }
        content.push_str(&format!("{name}={value}"));
    }
    content
}

async fn gateway(State(playing): State<Playing>, Form(fields): Form<Fields>) -> Response {
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    if playing.desk.is_silent() {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let method = field("method");
    let whole = field("app_id") == APP_ID
        && field("sign_type") == "RSA2"
        && field("charset") == "utf-8"
        && field("version") == "1.0"
        && field("timestamp").len() == "2026-06-01 16:00:00".len();
    if !whole || !merchant_signed(&content(&fields, &["sign"]), &field("sign")) {
        playing.desk.saw_forgery();
        return answer(&method, &fault("40002", "isv.invalid-signature"));
    }
    let asked: Value = serde_json::from_str(&field("biz_content")).unwrap_or_default();
    let node = match method.as_str() {
        "alipay.trade.precreate" => precreate(&playing, &asked, &field("notify_url")),
        "alipay.trade.query" => query(&playing.desk, &asked),
        "alipay.trade.close" => close(&playing.desk, &asked),
        "alipay.trade.refund" => refund(&playing.desk, &asked),
        "alipay.trade.fastpay.refund.query" => refund_query(&playing.desk, &asked),
        _ => fault("40004", "isv.unknown-method"),
    };
    answer(&method, &node)
}

fn answer(method: &str, node: &Value) -> Response {
    // With its slashes escaped, as Alipay's are: what is signed is the text, not what it means.
    let node = node.to_string().replace('/', "\\/");
    let name = method.replace('.', "_");
    match platform_signs(&node) {
        Ok(sign) => format!("{{\"{name}_response\":{node},\"sign\":\"{sign}\"}}").into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn fault(code: &str, sub_code: &str) -> Value {
    json!({ "code": code, "msg": "Business Failed", "sub_code": sub_code, "sub_msg": sub_code })
}

fn text<'a>(asked: &'a Value, name: &str) -> &'a str {
    asked[name].as_str().unwrap_or_default()
}

fn fen(yuan: &str) -> i64 {
    yuan.replace('.', "").parse().unwrap_or(0)
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn precreate(playing: &Playing, asked: &Value, notify_at: &str) -> Value {
    let (reference, amount) = (text(asked, "out_trade_no"), fen(text(asked, "total_amount")));
    let timely = text(asked, "timeout_express").ends_with('m');
    if reference.is_empty() || amount == 0 || text(asked, "subject").is_empty() || !timely {
        return fault("40004", "ACQ.INVALID_PARAMETER");
    }
    let trade = playing.desk.opens(
        reference,
        Trade {
            number: 0,
            amount,
            currency: "cny".to_owned(),
            stand: Stand::Waiting,
            notify_at: notify_at.to_owned(),
            return_to: String::new(),
            refunds: BTreeMap::new(),
        },
    );
    json!({ "code": "10000", "msg": "Success", "out_trade_no": reference,
        "qr_code": format!("https://qr.alipay.example/{}", trade.number) })
}

/// Before the buyer has scanned, the trade does not exist.
fn query(desk: &Desk, asked: &Value) -> Value {
    let reference = text(asked, "out_trade_no");
    match desk.trade(reference) {
        Some(trade) if trade.stand != Stand::Waiting => {
            let status = if trade.stand == Stand::Paid { "TRADE_SUCCESS" } else { "TRADE_CLOSED" };
            json!({ "code": "10000", "msg": "Success", "out_trade_no": reference, "trade_status": status,
                "trade_no": number(&trade), "total_amount": yuan(trade.amount) })
        }
        Some(_) | None => fault("40004", "ACQ.TRADE_NOT_EXIST"),
    }
}

fn close(desk: &Desk, asked: &Value) -> Value {
    let reference = text(asked, "out_trade_no");
    match desk.trade(reference) {
        Some(trade) if trade.stand == Stand::Paid => fault("40004", "ACQ.TRADE_STATUS_ERROR"),
        Some(_) | None => fault("40004", "ACQ.TRADE_NOT_EXIST"),
    }
}

fn refund(desk: &Desk, asked: &Value) -> Value {
    let (reference, name) = (text(asked, "out_trade_no"), text(asked, "out_request_no"));
    let known = desk.trade(reference).is_some_and(|trade| trade.refunds.contains_key(name));
    match desk.refunds(reference, name, fen(text(asked, "refund_amount"))) {
        Some(refunded) => {
            let changed = !known && refunded.stand == RefundStand::Done;
            json!({ "code": "10000", "msg": "Success", "out_trade_no": reference,
                "fund_change": if changed { "Y" } else { "N" } })
        }
        None => fault("40004", "ACQ.TRADE_HAS_FINISHED"),
    }
}

fn refund_query(desk: &Desk, asked: &Value) -> Value {
    let (reference, name) = (text(asked, "out_trade_no"), text(asked, "out_request_no"));
    let refunded = desk.trade(reference).and_then(|trade| trade.refunds.get(name).cloned());
    match refunded {
        Some(refunded) if refunded.stand == RefundStand::Done => {
            json!({ "code": "10000", "msg": "Success", "out_trade_no": reference,
                "out_request_no": name, "refund_status": "REFUND_SUCCESS" })
        }
        // Known or not, the answer is empty until the money has gone.
        Some(_) | None => json!({ "code": "10000", "msg": "Success" }),
    }
}

fn number(trade: &Trade) -> String {
    format!("20260601220014{:014}", trade.number)
}

fn signed_form(mut fields: Fields) -> anyhow::Result<Sent> {
    let sign = platform_signs(&content(&fields, &[]))?;
    fields.insert("sign".to_owned(), sign);
    fields.insert("sign_type".to_owned(), "RSA2".to_owned());
    let body = encoded(&fields);
    let kind = "application/x-www-form-urlencoded; charset=utf-8".to_owned();
    Ok(Sent { headers: headers(&[("content-type", kind)])?, body: body.into_bytes() })
}

fn encoded(fields: &Fields) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn told(reference: &str, trade: &Trade, status: &str) -> Fields {
    [
        ("app_id", APP_ID.to_owned()),
        ("notify_type", "trade_status_sync".to_owned()),
        ("charset", "utf-8".to_owned()),
        ("version", "1.0".to_owned()),
        ("out_trade_no", reference.to_owned()),
        ("trade_no", number(trade)),
        ("trade_status", status.to_owned()),
        ("total_amount", yuan(trade.amount)),
        ("subject", "Guildhall & 商品".to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

pub(super) fn payment_notice(
    _playing: &Playing,
    reference: &str,
    trade: &Trade,
) -> anyhow::Result<Sent> {
    let status = match trade.stand {
        Stand::Waiting => "WAIT_BUYER_PAY",
        Stand::Paid => "TRADE_SUCCESS",
        Stand::Closed => "TRADE_CLOSED",
    };
    signed_form(told(reference, trade, status))
}

/// A refund is told by the trade's notice with more in it; a whole one closes the trade.
pub(super) fn refund_notice(
    _playing: &Playing,
    reference: &str,
    trade: &Trade,
    refund: &str,
) -> anyhow::Result<Sent> {
    let refunded = trade.refunds.get(refund).ok_or_else(|| anyhow::anyhow!("no such refund"))?;
    let status = if refunded.amount == trade.amount { "TRADE_CLOSED" } else { "TRADE_SUCCESS" };
    let mut fields = told(reference, trade, status);
    fields.insert("refund_fee".to_owned(), yuan(refunded.amount));
    fields.insert("gmt_refund".to_owned(), "2026-06-01 17:00:00.000".to_owned());
    fields.insert("out_biz_no".to_owned(), refund.to_owned());
    signed_form(fields)
}
