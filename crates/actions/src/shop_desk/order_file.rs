//! Everything the shop sees of one order, read in one snapshot.

use std::collections::BTreeMap;

use rules::catalog::nature::Nature;
use rules::checkout::address::Address;
use rules::checkout::border::DutyLine;
use rules::ids::{OrderId, PersonId, ShopId, SkuId};
use rules::ledger::TransferRow;
use rules::orders::OrderState;
use rules::policy::{MarketCode, Policies, ShippingPolicy, Tier};
use rules::settlement::terms::reserve_share;
use rules::shipping::distance;
use rules::shipping::packing::PackingMode;
use rules::shipping::rates::{ParcelFacts, Ranking, Size, rank};
use rules::time::{Span, Timestamp};
use store::catalog::{self, SkuForSale};
use store::events::{self, EventSeen};
use store::lists::seller;
use store::order_items::{self, OrderPromotion};
use store::order_notes::{self, NoteRow};
use store::orders::{self, LineRow, OrderRow};
use store::packing::{self, PackedItem, Packing, Serial};
use store::parcels::{self, Parcel, ParcelEvent};
use store::shops::{self, Shop};
use store::{Tx, ledger, payments};

use crate::checks::{Care, care_of};
use crate::failure::Failure;
use crate::market::Market;
use crate::order_notes::MOST_SHOWN;

/// What the shop gets of an order, and when. Minor units of the order's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proceeds {
    /// What stands in escrow from payment to settlement.
    pub escrow_minor: i64,
    pub commission_minor: i64,
    /// What the house keeps for refunds after shipment.
    pub fee_minor: i64,
    /// Kept back at settlement for the days of `reserve_days`.
    pub reserve_minor: i64,
    /// Free for the shop at settlement.
    pub available_minor: i64,
    pub settle_after_days: i64,
    pub reserve_days: i64,
    /// Days after delivery until the order completes by itself.
    pub complete_after_days: i64,
    /// Known from completion on.
    pub settle_at: Option<Timestamp>,
}

/// What lies in an order's parcels.
#[derive(Clone, Debug, Default)]
pub struct Packed {
    pub rows: Vec<Packing>,
    pub items: Vec<PackedItem>,
    pub serials: Vec<Serial>,
}

#[derive(Clone, Debug)]
pub struct OrderFile {
    pub shop: Shop,
    pub order: OrderRow,
    pub lines: Vec<LineRow>,
    pub events: Vec<EventSeen>,
    /// Of everybody who acted.
    pub names: BTreeMap<PersonId, String>,
    pub parcels: Vec<(Parcel, Vec<ParcelEvent>)>,
    /// How the shop packs.
    pub packing: PackingMode,
    /// What lies in which parcel, with the serial numbers which were written down.
    pub packed: Packed,
    pub transfers: Vec<TransferRow>,
    pub refunds: Vec<payments::Refund>,
    /// Charges at the border.
    pub charges: Vec<DutyLine>,
    /// What took something off the goods, and who pays for it.
    pub promotions: Vec<OrderPromotion>,
    pub proceeds: Proceeds,
    /// What the staff wrote to each other, the newest first.
    pub notes: Vec<NoteRow>,
    /// Flags, questions, requests and shortages.
    pub care: Care,
    /// Whether the shop may take single lines off.
    pub cancel_by_line: bool,
    /// Of all goods by their SKUs, in grams: what a packer would weigh, without the box.
    pub weight_grams: i64,
    pub nature: Nature,
    /// Services for this parcel under the order's own policy.
    pub ranking: Ranking,
    pub shipping: ShippingPolicy,
    /// How often carrier and number may be changed, and for how long after the hand-over.
    pub tracking_change: (i64, Span),
}

/// Not found when the order is not this shop's.
pub async fn order_file(
    market: &Market,
    shop: ShopId,
    order: OrderId,
) -> Result<OrderFile, Failure> {
    let book = market.policy_book();
    let now = market.now();
    market
        .store
        .read(async move |tx: &mut Tx| {
            let row = orders::show(tx, shop, order).await?.ok_or(Failure::NotFound)?;
            let in_force = book.in_force(now).1;
            let policies = book.version(row.policy_version).unwrap_or(in_force).clone();
            read(tx, row, &policies, now).await
        })
        .await
}

async fn read(
    tx: &mut Tx,
    order: OrderRow,
    policies: &Policies,
    now: Timestamp,
) -> Result<OrderFile, Failure> {
    let (id, home) = (order.shop, order.shop.number());
    let shop = shops::load(tx, id).await?.ok_or(Failure::NotFound)?;
    let code = market_code(&order.market)?;
    let lines = orders::lines(tx, id, order.id).await?;
    let seen = events::of_subject(tx, home, order.id.number()).await?;
    let notes = order_notes::of_order(tx, id, order.id, MOST_SHOWN).await?;
    let people = seen.iter().map(|event| event.actor.as_str());
    let people = people.chain(notes.iter().map(|note| note.author.as_str()));
    let people: Vec<PersonId> = people.filter_map(person_of).collect();
    let names = seller::names_of(tx, people).await?;
    let mut packed = Vec::new();
    for parcel in parcels::of_order(tx, id, order.id).await? {
        let scans = parcels::events_of(tx, id, parcel.id).await?;
        packed.push((parcel, scans));
    }
    let ids: Vec<SkuId> = lines.iter().map(|line| line.sku).collect();
    let skus = catalog::load_for_sale(tx, id, &ids).await?;
    let (weight_grams, nature) = weigh(&lines, &skus)?;
    let packed_grams = packed.iter().map(|(parcel, _)| parcel.weight_grams).sum::<i64>();
    let facts = ParcelFacts {
        // Once packed, the scales know better.
        weight_grams: if packed_grams > 0 { packed_grams } else { weight_grams },
        handed_over_at: now,
        ..facts_of(tx, &order, code, (&lines, &skus), nature).await?
    };
    let shipping = policies.shipping(code).clone();
    Ok(OrderFile {
        care: care_of(tx, id, order.id).await?,
        cancel_by_line: policies.orders(code).cancel_by_line,
        proceeds: proceeds(&order, policies, &shop, now)?,
        events: seen,
        notes,
        names: names.into_iter().collect(),
        parcels: packed,
        packing: packing::mode(tx, id).await?,
        packed: Packed {
            rows: packing::of_orders(tx, id, [order.id]).await?,
            items: packing::items_of(tx, id, [order.id]).await?,
            serials: packing::serials_of(tx, id, [order.id]).await?,
        },
        transfers: ledger::of_subject(tx, home, order.id.number()).await?,
        refunds: payments::refunds_of(tx, id, order.id).await?,
        charges: order_items::charges(tx, id, order.id).await?,
        promotions: order_items::promotions(tx, id, order.id).await?,
        ranking: rank(policies, code, &facts),
        shipping,
        tracking_change: policies.orders(code).tracking_change(),
        weight_grams,
        nature,
        lines,
        shop,
        order,
    })
}

fn market_code(text: &str) -> Result<MarketCode, Failure> {
    MarketCode::parse(text).map_err(|error| Failure::Broken(error.to_string()))
}

/// Where the parcel goes: it need not be the shop's own market.
fn address_of(order: &OrderRow) -> Result<Address, Failure> {
    serde_json::from_str(&order.address).map_err(|error| Failure::Broken(error.to_string()))
}

/// "staff:123", "buyer:123", "house:123"; clock, carrier and provider are no people.
pub(crate) fn person_of(actor: &str) -> Option<PersonId> {
    actor.split_once(':').and_then(|(_, id)| id.parse().ok())
}

/// Of the goods as they are sold now: an order keeps its prices, not its weights.
pub(crate) fn weigh(lines: &[LineRow], skus: &[SkuForSale]) -> Result<(i64, Nature), Failure> {
    let by_id: BTreeMap<SkuId, &SkuForSale> = skus.iter().map(|sku| (sku.sku, sku)).collect();
    let mut weight = 0_i64;
    // Together is durable only if all are, so the sum begins with a durable nothing.
    let mut nature = Nature { durable: true, ..Nature::default() };
    for line in lines {
        let own: Nature = serde_json::from_str(&line.nature)
            .map_err(|error| Failure::Broken(error.to_string()))?;
        nature = nature.together(own);
        let grams = by_id.get(&line.sku).map_or(0, |sku| sku.weight_grams);
        weight = weight.saturating_add(grams.saturating_mul(line.to_pack_count()));
    }
    Ok((weight.max(1), nature))
}

/// What carriers ask about an order's parcel, with the goods' own weight and nature.
pub(crate) async fn facts_of(
    tx: &mut Tx,
    order: &OrderRow,
    home: MarketCode,
    (lines, skus): (&[LineRow], &[SkuForSale]),
    nature: Nature,
) -> Result<ParcelFacts, Failure> {
    let (weight_grams, _) = weigh(lines, skus)?;
    let mut size = Size::default();
    for line in lines {
        if let Some(sku) = skus.iter().find(|sku| sku.sku == line.sku) {
            size = size.together(Size::of(sku.sides_mm, line.price.quantity));
        }
    }
    let warehouse = match skus.first() {
        Some(sku) => shops::load_warehouse(tx, order.shop, sku.warehouse).await?,
        None => None,
    };
    let (from, from_postcode) = match warehouse {
        Some(warehouse) => (market_code(&warehouse.country)?, warehouse.postcode),
        None => (home, String::new()),
    };
    let address = address_of(order)?;
    let (to, postcode) = (address.country, address.postcode);
    Ok(ParcelFacts {
        from,
        to,
        weight_grams,
        size,
        goods_minor: order.goods_minor - order.shop_discount_minor,
        nature,
        distance_km: distance::between((from, &from_postcode), (to, &postcode)),
        handed_over_at: order.created_at,
    })
}

fn proceeds(
    order: &OrderRow,
    policies: &Policies,
    shop: &Shop,
    now: Timestamp,
) -> Result<Proceeds, Failure> {
    let code = market_code(&order.market)?;
    let tier = Tier::parse(shop.tier_at(now))
        .ok_or_else(|| Failure::Broken(format!("the tier {} is unknown", shop.tier)))?;
    let tier = policies.settlement(code).tier(tier);
    let left = order.left();
    let fee_minor = left.fee_minor.min(left.escrow_minor() - left.commission_minor);
    let share = left.escrow_minor() - left.commission_minor - fee_minor;
    let reserve_minor = reserve_share(share, tier.reserve_bp);
    let settle_at = match order.state {
        OrderState::Completed { settle_at } => Some(settle_at),
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => None,
    };
    Ok(Proceeds {
        escrow_minor: left.escrow_minor(),
        commission_minor: left.commission_minor,
        fee_minor,
        reserve_minor,
        available_minor: share - reserve_minor,
        settle_after_days: tier.settle_after_days,
        reserve_days: tier.reserve_days,
        complete_after_days: policies.orders(code).auto_complete_days,
        settle_at,
    })
}
