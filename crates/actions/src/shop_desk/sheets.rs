//! A dispatch sheet is worked off: each row is an act of its own, so that a bad one does not stop the others, and a row
//! which was done before is left as it is.

use rules::ids::{OrderId, ShopId};
use rules::orders::OrderStateName;
use rules::policy::{MarketCode, ShippingPolicy};
use rules::shipping::dispatch_sheet::SheetRow;
use rules::shipping::overrides::{OverrideReason, ServiceOverride};
use store::orders::OrderRow;
use store::parcels::Parcel;
use store::{Tx, orders, parcels};

use super::bulk::weight_of;
use crate::failure::{Failure, Refusal};
use crate::market::{Actor, Market};
use crate::orders::{OrderAsk, PackOrder, ShipOrder, confirm_order, pack_order, ship_order};

/// What is done with each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAct {
    Confirm,
    Pack,
    Ship,
}

impl BulkAct {
    pub const ALL: [BulkAct; 3] = [BulkAct::Confirm, BulkAct::Pack, BulkAct::Ship];

    pub const fn code(self) -> &'static str {
        match self {
            BulkAct::Confirm => "confirm",
            BulkAct::Pack => "pack",
            BulkAct::Ship => "ship",
        }
    }

    pub fn parse(code: &str) -> Option<BulkAct> {
        BulkAct::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// What became of a row which was not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// It was so already: nothing was changed.
    Already,
}

impl Outcome {
    pub const fn code(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Already => "already",
        }
    }
}

/// A row, and what became of it.
pub type Worked = (SheetRow, Result<Outcome, Failure>);

/// Does the rows in their order. The same rows again change nothing.
pub async fn work_off(
    market: &Market,
    (shop, actor): (ShopId, Actor),
    act: BulkAct,
    rows: Vec<SheetRow>,
) -> Vec<Worked> {
    let mut worked = Vec::with_capacity(rows.len());
    for row in rows {
        let ask = OrderAsk { shop, order: row.order, actor, expected: None, request: None };
        let outcome = one(market, ask, act, &row).await;
        worked.push((row, outcome));
    }
    worked
}

async fn one(
    market: &Market,
    ask: OrderAsk,
    act: BulkAct,
    row: &SheetRow,
) -> Result<Outcome, Failure> {
    let (order, all) = look(market, ask.shop, ask.order).await?;
    let state = order.state.name();
    match act {
        BulkAct::Confirm if confirmed(state) => Ok(Outcome::Already),
        BulkAct::Confirm => confirm_order(market, ask).await.map(|_| Outcome::Done),
        BulkAct::Pack if has_left(state) || packed(&all) => Ok(Outcome::Already),
        BulkAct::Pack => pack(market, ask).await.map(|()| Outcome::Done),
        BulkAct::Ship if has_left(state) => shipped_before(&all, row),
        BulkAct::Ship => {
            let ship = shipment(market, ask.clone(), &order, row)?;
            if state == OrderStateName::AwaitingShipment && all.is_empty() {
                pack(market, ask).await?;
            }
            ship_order(market, ship).await.map(|_| Outcome::Done)
        }
    }
}

async fn look(
    market: &Market,
    shop: ShopId,
    order: OrderId,
) -> Result<(OrderRow, Vec<Parcel>), Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let row = orders::show(tx, shop, order).await?.ok_or(Failure::NotFound)?;
            Ok((row, parcels::of_order(tx, shop, order).await?))
        })
        .await
}

async fn pack(market: &Market, ask: OrderAsk) -> Result<(), Failure> {
    let weight_grams = weight_of(market, ask.shop, ask.order).await?;
    pack_order(market, PackOrder { ask, weight_grams }).await.map(drop)
}

/// Whether a shop's confirmation lies behind it.
fn confirmed(state: OrderStateName) -> bool {
    state == OrderStateName::AwaitingShipment
        || state == OrderStateName::PartiallyShipped
        || has_left(state)
}

fn has_left(state: OrderStateName) -> bool {
    use OrderStateName as S;
    matches!(state, S::AwaitingCollection | S::InTransit | S::Delivered | S::Completed | S::Settled)
}

fn packed(all: &[Parcel]) -> bool {
    !all.is_empty() && all.iter().all(|parcel| parcel.state.ready())
}

fn shipped_before(all: &[Parcel], row: &SheetRow) -> Result<Outcome, Failure> {
    let plain = |number: &str| -> String {
        let kept = number.chars().filter(|c| c.is_ascii_alphanumeric());
        kept.collect::<String>().to_ascii_uppercase()
    };
    let wanted = plain(&row.tracking_number);
    if wanted.is_empty() || all.iter().any(|parcel| plain(&parcel.tracking_number) == wanted) {
        return Ok(Outcome::Already);
    }
    let number = all.first().map(|parcel| parcel.tracking_number.clone()).unwrap_or_default();
    let says = "the order was shipped under another number; change the number on its page";
    Err(Refusal::new("shipped_under_another_number", says).fact("number", number).into())
}

/// How a row wants its order shipped.
fn shipment(
    market: &Market,
    ask: OrderAsk,
    order: &OrderRow,
    row: &SheetRow,
) -> Result<ShipOrder, Failure> {
    let code =
        MarketCode::parse(&order.market).map_err(|error| Failure::Broken(error.to_string()))?;
    let book = market.policy_book();
    let policies = book.version(order.policy_version);
    let current = book.in_force(market.now()).1;
    let service = service_of(policies.unwrap_or(current).shipping(code), order, row)?;
    let instead = (!row.reason.is_empty()).then(|| match OverrideReason::parse(&row.reason) {
        Some(reason) => ServiceOverride { reason, note: String::new() },
        None => ServiceOverride { reason: OverrideReason::Other, note: row.reason.clone() },
    });
    Ok(ShipOrder { ask, service, tracking_number: row.tracking_number.clone(), instead })
}

/// The service's code; empty for the promised one. A carrier alone means its service where it has one in this market.
fn service_of(
    policy: &ShippingPolicy,
    order: &OrderRow,
    row: &SheetRow,
) -> Result<String, Failure> {
    let named = |text: &str, names: [&str; 3]| {
        names.iter().any(|name| name.to_lowercase() == text.trim().to_lowercase())
    };
    let carrier = match row.carrier.as_str() {
        "" => None,
        text => {
            let known = policy
                .carriers
                .values()
                .find(|carrier| named(text, [&carrier.code, &carrier.name_en, &carrier.name_zh]));
            let says = "the market has no such carrier";
            Some(known.ok_or_else(|| Failure::invalid("carrier", "unknown_carrier", says))?)
        }
    };
    let fits = |of: &str| carrier.is_none_or(|carrier| carrier.code == of);
    if row.service.is_empty() {
        let promised = policy.service(&order.service);
        if promised.is_none_or(|service| fits(&service.carrier)) {
            return Ok(String::new());
        }
        let mut its = policy.services.values().filter(|service| fits(&service.carrier));
        return match (its.next(), its.next()) {
            (Some(only), None) => Ok(only.code.clone()),
            (Some(_), Some(_)) => {
                let says = "the carrier has several services here: name one";
                Err(Failure::invalid("service", "which_service", says))
            }
            (None, _) => {
                let says = "the carrier has no service in this market";
                Err(Failure::invalid("carrier", "unknown_carrier", says))
            }
        };
    }
    let service = policy
        .services
        .values()
        .find(|service| named(&row.service, [&service.code, &service.name_en, &service.name_zh]));
    let says = "the market has no such service";
    let service = service.ok_or_else(|| Failure::invalid("service", "unknown_service", says))?;
    if !fits(&service.carrier) {
        let says = "the service is another carrier's";
        return Err(Failure::invalid("service", "service_of_another_carrier", says));
    }
    Ok(service.code.clone())
}
