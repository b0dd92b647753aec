//! The forms of [`super::order_care`]: each reads what was typed, calls one act and comes back to the order's page.

use actions::cancellations::{AnswerRequest, approve, refuse};
use actions::orders::{CancelLine, cancel_line};
use actions::shortages::{
    OfferSubstitute, ReportShortage, StepShortage, give_up_shortage, offer_substitute,
    report_shortage, withdraw_shortage,
};
use actions::{Failure, Market, checks};
use axum::extract::{Form, Path, State};
use rules::checkout::address::Address;
use rules::ids::SkuId;
use rules::orders::shortages::ShortageCause;
use rules::people::Permission;
use store::{Tx, catalog};

use super::desk::{Desk, Page, Typed};
use super::order;
use super::order_acts::{after, ask};
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn resolve(
    State(market): State<Market>,
    Path((shop, order, flag)): Path<(String, String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ConfirmOrders).await?;
    let done = async {
        let flag = flag.parse().map_err(|_| Failure::NotFound)?;
        let ask = ask(&desk, &order, &typed, &format!("flag {flag}"))?;
        checks::resolve_flag(&market, ask, flag, typed.get("why")).await.map(drop)
    };
    let done = done.await;
    after(&market, desk, &order, typed, done, Msg::SaidCareResolved).await
}

pub(super) async fn honour(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ConfirmOrders).await?;
    let done = async {
        let ask = ask(&desk, &order, &typed, "price")?;
        checks::honour_price(&market, ask).await.map(drop)
    };
    let done = done.await;
    after(&market, desk, &order, typed, done, Msg::SaidCareHonoured).await
}

pub(super) async fn write(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    if !desk.may(Permission::ConfirmOrders) {
        desk.allow(Permission::CancelOrders)?;
    }
    let done = async {
        let ask = ask(&desk, &order, &typed, "message")?;
        checks::write_message(&market, ask, typed.get("message")).await.map(drop)
    };
    let done = done.await;
    after(&market, desk, &order, typed, done, Msg::SaidCareSent).await
}

pub(super) async fn propose(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ConfirmOrders).await?;
    let file = order::open(&market, &desk, &order).await.map_err(|f| desk.refused(f))?;
    let done = async {
        let kept: Address = serde_json::from_str(&file.order.address)
            .map_err(|error| Failure::Broken(error.to_string()))?;
        let part = |name: &str| typed.get(name).to_owned();
        let proposed = Address {
            line1: part("line1"),
            line2: part("line2"),
            city: part("city"),
            region: part("region"),
            postcode: part("postcode"),
            ..kept
        };
        let ask = ask(&desk, &order, &typed, "address")?;
        checks::propose_address(&market, ask, proposed, typed.get("note")).await.map(drop)
    };
    let done = done.await;
    after(&market, desk, &order, typed, done, Msg::SaidCareProposed).await
}

pub(super) async fn answer(
    State(market): State<Market>,
    Path((shop, order, id)): Path<(String, String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::CancelOrders).await?;
    let agreed = typed.get("answer") == "approve";
    let done = async {
        let request = desk.request_key(&typed, &format!("answer {id}"));
        let id = id.parse().map_err(|_| Failure::NotFound)?;
        let ask = AnswerRequest { shop: desk.shop.id, id, actor: desk.actor(), request };
        if agreed {
            approve(&market, ask).await.map(drop)
        } else {
            refuse(&market, ask, typed.get("why")).await.map(drop)
        }
    };
    let done = done.await;
    let said = if agreed { Msg::SaidSellerDidCancel } else { Msg::SaidCareRefused };
    after(&market, desk, &order, typed, done, said).await
}

pub(super) async fn report(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let done = async {
        let ask = ReportShortage {
            shop: desk.shop.id,
            order: order.parse().map_err(|_| Failure::NotFound)?,
            line: typed.get("line").parse().map_err(|_| Failure::NotFound)?,
            missing_count: typed.get("missing_count").trim().parse().unwrap_or(0),
            cause: ShortageCause::parse(typed.get("cause")).unwrap_or(ShortageCause::Counted),
            actor: desk.actor(),
            request: desk.request_key(&typed, &format!("shortage {order}")),
        };
        report_shortage(&market, ask).await.map(drop)
    };
    let done = done.await;
    after(&market, desk, &order, typed, done, Msg::SaidCareReported).await
}

pub(super) async fn step(
    State(market): State<Market>,
    Path((shop, order, id)): Path<(String, String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ConfirmOrders).await?;
    let (done, said) = match typed.get("step") {
        "offer" => (offer(&market, &desk, &id, &typed).await, Msg::SaidCareOffered),
        "withdraw" => {
            let done = async {
                let ask = step_of(&desk, &id, &typed)?;
                withdraw_shortage(&market, ask).await.map(drop)
            };
            (done.await, Msg::SaidCareFoundAgain)
        }
        _ => {
            let done = async {
                let ask = step_of(&desk, &id, &typed)?;
                give_up_shortage(&market, ask).await.map(drop)
            };
            (done.await, Msg::SaidCareGivenUp)
        }
    };
    after(&market, desk, &order, typed, done, said).await
}

fn step_of(desk: &Desk, id: &str, typed: &Typed) -> Result<StepShortage, Failure> {
    Ok(StepShortage {
        shop: desk.shop.id,
        shortage: id.parse().map_err(|_| Failure::NotFound)?,
        actor: desk.actor(),
        request: desk.request_key(typed, &format!("{} {id}", typed.get("step"))),
    })
}

/// The substitute is named by the shop's own code.
async fn offer(market: &Market, desk: &Desk, id: &str, typed: &Typed) -> Result<(), Failure> {
    let (shop, code) = (desk.shop.id, typed.get("code").trim().to_owned());
    let read = async move |tx: &mut Tx| -> Result<Option<SkuId>, Failure> {
        Ok(catalog::load_sku_by_code(tx, shop, &code).await?.map(|sku| sku.id))
    };
    let found = market.store.read(read).await?;
    let unknown = || Failure::invalid("code", "unknown_sku", "the shop has no such SKU");
    let ask = step_of(desk, id, typed)?;
    let offer = OfferSubstitute {
        shop,
        shortage: ask.shortage,
        sku: found.ok_or_else(unknown)?,
        waived: !typed.get("waived").is_empty(),
        actor: ask.actor,
        request: ask.request,
    };
    offer_substitute(market, offer).await.map(drop)
}

pub(super) async fn take_off(
    State(market): State<Market>,
    Path((shop, order, line)): Path<(String, String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::CancelOrders).await?;
    let done = async {
        let ask = CancelLine {
            ask: ask(&desk, &order, &typed, &format!("line {line}"))?,
            line: line.parse().map_err(|_| Failure::NotFound)?,
            count: typed.get("missing_count").trim().parse().unwrap_or(0),
        };
        cancel_line(&market, ask).await.map(drop)
    };
    let done = done.await;
    after(&market, desk, &order, typed, done, Msg::SaidCareTakenOff).await
}
