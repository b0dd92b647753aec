//! Stripe: Checkout Sessions with a hosted page, refunds, webhooks.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use gateways::keys::Secret;
use serde_json::{Value, json};

use super::desk::{RefundStand, Refunded, Stand, Trade};
use super::{Playing, STRIPE_KEY, STRIPE_SECRET, Sent, headers};

type Fields = BTreeMap<String, String>;

pub(super) fn routes(playing: Playing) -> Router {
    Router::new()
        .route("/v1/checkout/sessions", post(create))
        .route("/v1/checkout/sessions/{id}", get(show))
        .route("/v1/checkout/sessions/{id}/expire", post(expire))
        .route("/v1/refunds", get(refunds).post(refund))
        .route("/pay/{number}", get(page).post(pay))
        .with_state(playing)
}

fn refused(status: StatusCode, code: &str) -> Response {
    let body =
        json!({ "error": { "code": code, "message": code, "type": "invalid_request_error" } });
    (status, Json(body)).into_response()
}

/// What every request needs: the key, the version, and somebody who listens.
fn bad(playing: &Playing, headers: &HeaderMap) -> Option<Response> {
    if playing.desk.is_silent() {
        return Some(StatusCode::SERVICE_UNAVAILABLE.into_response());
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("authorization") != Some(&format!("Bearer {STRIPE_KEY}")) {
        playing.desk.saw_forgery();
        return Some(refused(StatusCode::UNAUTHORIZED, "api_key_invalid"));
    }
    text("stripe-version").is_none().then(|| refused(StatusCode::BAD_REQUEST, "no_version"))
}

fn session(playing: &Playing, reference: &str, trade: &Trade) -> Value {
    let paid = trade.stand == Stand::Paid;
    let status = match trade.stand {
        Stand::Waiting => "open",
        Stand::Paid => "complete",
        Stand::Closed => "expired",
    };
    let intent = paid.then(|| {
        json!({ "id": format!("pi_{}", trade.number), "object": "payment_intent", "status": "succeeded",
            "amount_received": trade.amount, "currency": trade.currency, "metadata": { "reference": reference } })
    });
    json!({
        "id": format!("cs_{}", trade.number), "object": "checkout.session", "status": status,
        "url": (trade.stand == Stand::Waiting).then(|| format!("{}/pay/{}", playing.address, trade.number)),
        "payment_status": if paid { "paid" } else { "unpaid" }, "amount_total": trade.amount,
        "currency": trade.currency, "metadata": { "reference": reference }, "payment_intent": intent,
    })
}

async fn create(
    State(playing): State<Playing>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    if let Some(bad) = bad(&playing, &headers) {
        return bad;
    }
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let now = playing.seconds();
    // A life of 30 minutes to 24 hours, as the documentation says.
    let until: i64 = field("expires_at").parse().unwrap_or(0);
    if !(now + 1_800..=now + 86_400).contains(&until) {
        return refused(StatusCode::BAD_REQUEST, "expires_at");
    }
    let amount: i64 = field("line_items[0][price_data][unit_amount]").parse().unwrap_or(0);
    let reference = field("metadata[reference]");
    let complete = field("mode") == "payment"
        && amount > 0
        && !reference.is_empty()
        && field("payment_intent_data[metadata][reference]") == reference
        && headers.contains_key("idempotency-key");
    if !complete {
        return refused(StatusCode::BAD_REQUEST, "parameter_missing");
    }
    let trade = Trade {
        number: 0,
        amount,
        currency: field("line_items[0][price_data][currency]"),
        stand: Stand::Waiting,
        notify_at: String::new(),
        return_to: field("success_url"),
        refunds: BTreeMap::new(),
    };
    let opened = playing.desk.opens(&reference, trade);
    if opened.amount != amount {
        return refused(StatusCode::BAD_REQUEST, "idempotency_key_in_use");
    }
    Json(session(&playing, &reference, &opened)).into_response()
}

fn find(playing: &Playing, id: &str) -> Option<(String, Trade)> {
    let number = id.strip_prefix("cs_").or_else(|| id.strip_prefix("pi_"))?.parse().ok()?;
    let reference = playing.desk.by_number(number)?;
    let trade = playing.desk.trade(&reference)?;
    Some((reference, trade))
}

async fn show(
    State(playing): State<Playing>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    if let Some(bad) = bad(&playing, &headers) {
        return bad;
    }
    match find(&playing, &id) {
        Some((reference, trade)) => Json(session(&playing, &reference, &trade)).into_response(),
        None => refused(StatusCode::NOT_FOUND, "resource_missing"),
    }
}

async fn expire(
    State(playing): State<Playing>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    if let Some(bad) = bad(&playing, &headers) {
        return bad;
    }
    let Some((reference, trade)) = find(&playing, &id) else {
        return refused(StatusCode::NOT_FOUND, "resource_missing");
    };
    if trade.stand != Stand::Waiting {
        return refused(StatusCode::BAD_REQUEST, "session_not_open");
    }
    playing.desk.changes(&reference, |trade| trade.stand = Stand::Closed);
    let trade = Trade { stand: Stand::Closed, ..trade };
    Json(session(&playing, &reference, &trade)).into_response()
}

fn refund_object(trade: &Trade, name: &str, refunded: &Refunded) -> Value {
    let status = match refunded.stand {
        RefundStand::Waiting => "pending",
        RefundStand::Done => "succeeded",
    };
    json!({ "id": format!("re_{name}"), "object": "refund", "amount": refunded.amount, "status": status,
        "currency": trade.currency, "payment_intent": format!("pi_{}", trade.number),
        "metadata": { "reference": name } })
}

async fn refunds(
    State(playing): State<Playing>,
    headers: HeaderMap,
    Query(query): Query<Fields>,
) -> Response {
    if let Some(bad) = bad(&playing, &headers) {
        return bad;
    }
    let intent = query.get("payment_intent").cloned().unwrap_or_default();
    let Some((_, trade)) = find(&playing, &intent) else {
        return refused(StatusCode::NOT_FOUND, "resource_missing");
    };
    let data: Vec<Value> =
        trade.refunds.iter().map(|(name, one)| refund_object(&trade, name, one)).collect();
    Json(json!({ "object": "list", "data": data, "has_more": false })).into_response()
}

async fn refund(
    State(playing): State<Playing>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    if let Some(bad) = bad(&playing, &headers) {
        return bad;
    }
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let Some((reference, trade)) = find(&playing, &field("payment_intent")) else {
        return refused(StatusCode::NOT_FOUND, "resource_missing");
    };
    let (name, amount) = (field("metadata[reference]"), field("amount").parse().unwrap_or(0));
    match playing.desk.refunds(&reference, &name, amount) {
        Some(refunded) => Json(refund_object(&trade, &name, &refunded)).into_response(),
        None => refused(StatusCode::BAD_REQUEST, "charge_already_refunded"),
    }
}

/// The hosted page, with the two things a buyer can do there.
async fn page(State(playing): State<Playing>, Path(number): Path<usize>) -> Response {
    let Some(trade) = playing.desk.by_number(number).and_then(|name| playing.desk.trade(&name))
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    Html(format!(
        "<!doctype html><title>Stripe, played</title><h1>Pay {} {}</h1>\
         <form method=post><button>Pay on the hosted page</button></form>",
        trade.amount, trade.currency
    ))
    .into_response()
}

async fn pay(State(playing): State<Playing>, Path(number): Path<usize>) -> Response {
    let Some(reference) = playing.desk.by_number(number) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    playing.desk.is_paid(&reference);
    let trade = playing.desk.trade(&reference);
    Redirect::to(&trade.map_or_else(String::new, |trade| trade.return_to)).into_response()
}

fn event(playing: &Playing, kind: &str, object: &Value) -> anyhow::Result<Sent> {
    let body =
        json!({ "id": "evt_1", "object": "event", "type": kind, "data": { "object": object } });
    let body = body.to_string().into_bytes();
    let signed =
        gateways::stripe::signature::sign(&body, &Secret::new(STRIPE_SECRET), playing.clock.now());
    Ok(Sent { headers: headers(&[("stripe-signature", signed)])?, body })
}

pub(super) fn payment_notice(
    playing: &Playing,
    reference: &str,
    trade: &Trade,
) -> anyhow::Result<Sent> {
    let mut object = session(playing, reference, trade);
    // In an event the intent is named, not shown.
    if trade.stand == Stand::Paid {
        object["payment_intent"] = json!(format!("pi_{}", trade.number));
    }
    let kind = match trade.stand {
        Stand::Waiting | Stand::Paid => "checkout.session.completed",
        Stand::Closed => "checkout.session.expired",
    };
    event(playing, kind, &object)
}

pub(super) fn refund_notice(
    playing: &Playing,
    trade: &Trade,
    refund: &str,
) -> anyhow::Result<Sent> {
    let refunded = trade.refunds.get(refund).ok_or_else(|| anyhow::anyhow!("no such refund"))?;
    event(playing, "refund.updated", &refund_object(trade, refund, refunded))
}
