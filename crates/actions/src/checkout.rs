//! Checkout: from a basket over several shops to one payment and one order a shop.
//!
//! Everything is placed in one transaction: either each shop's part is reserved and ordered, or nothing is, and the
//! buyer hears which piece is sold out (docs/decisions says why this is worth touching several shards).

mod items;
mod priced;

use std::collections::BTreeMap;

use rules::catalog::bundles::{Wanted, parts_of};
use rules::checkout::address::{self, Address, AddressUse};
use rules::checkout::pricing::OrderPrice;
use rules::ids::{HOUSE, OrderId, PaymentId, PersonId, ShopId, SkuId};
use rules::money::{Currency, Money};
use rules::payments::PaymentState;
use rules::policy::{MarketCode, Policies};
use rules::shipping::rates::{Offer, Ranking};
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::catalog::SkuForSale;
use store::events::EventRow;
use store::orders::{NewLine, NewOrder};
use store::payments::{OrderRef, Payment};
use store::shops::Shop;
use store::{Tx, baskets, events, orders, payments, promotions, stock};

pub(crate) use items::kept_promotions;
pub(crate) use priced::{PartFacts, ShopPart, part_facts, price_part, shop_quote};

use crate::failure::{Failure, FieldFault, Refusal};
use crate::goods::Part;
use crate::id_maker::IdRun;
use crate::market::{Actor, Market};
use crate::requests::{self, Answered, RequestKey};

/// One piece of what a buyer wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineWanted {
    pub shop: ShopId,
    pub sku: SkuId,
    pub quantity: i64,
}

/// What is to be priced, and placed.
#[derive(Clone, Debug)]
pub struct Checkout {
    pub lines: Vec<LineWanted>,
    pub address: Address,
    /// The service chosen for a shop's parcel; without one the best takes it.
    pub services: BTreeMap<ShopId, String>,
}

/// Places a checkout.
#[derive(Clone, Debug)]
pub struct PlaceOrders {
    pub buyer: PersonId,
    pub buyer_name: String,
    pub checkout: Checkout,
    /// What the buyer saw as the total; another one is refused, so that nobody pays a price they were not shown.
    pub expected_total: Option<Money>,
    /// Whether the ordered lines leave the buyer's basket.
    pub from_basket: bool,
    pub request: Option<RequestKey>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    pub payment: PaymentId,
    pub total: Money,
    pub pay_by: Timestamp,
    pub orders: Vec<PlacedOrder>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedOrder {
    pub id: OrderId,
    pub shop: ShopId,
    pub total: Money,
}

/// One shop's part with its price, before it is placed.
#[derive(Clone, Debug)]
pub struct ShopQuote {
    pub shop: Shop,
    /// The market of the address; a shop may deliver to several.
    pub destination: MarketCode,
    /// Where the goods are sent from.
    pub sent_from: MarketCode,
    /// Those which took something off, as they were.
    pub promotions: Vec<promotions::PromotionRow>,
    pub lines: Vec<QuotedLine>,
    pub price: OrderPrice,
    pub offer: Offer,
    /// Every service with its price, and why the others do not go.
    pub ranking: Ranking,
    pub promise_from: Timestamp,
    pub promise_by: Timestamp,
}

#[derive(Clone, Debug)]
pub struct QuotedLine {
    pub sku: SkuForSale,
    pub quantity: i64,
}

/// The whole checkout with its prices.
#[derive(Clone, Debug)]
pub struct Quote {
    pub market: MarketCode,
    pub currency: Currency,
    pub address: Address,
    pub shops: Vec<ShopQuote>,
    pub total: Money,
}

/// Prices a checkout without placing it: the checkout page and the API's quote.
pub async fn quote(market: &Market, checkout: Checkout) -> Result<Quote, Failure> {
    let (_, policies) = market.policies();
    let now = market.now();
    let checkout = checked(checkout, &policies)?;
    market.store.read(async move |tx: &mut Tx| priced(tx, &policies, &checkout, now).await).await
}

/// Places one order a shop under one payment, and reserves the stock until the time to pay is over.
pub async fn place_orders(market: &Market, ask: PlaceOrders) -> Result<Answered<Placed>, Failure> {
    let (policy_version, policies) = market.policies();
    let now = market.now();
    let ask = PlaceOrders { checkout: checked(ask.checkout, &policies)?, ..ask };
    // A shop's part has at least one line: its order, event, charges and promotions fit into those of the lines.
    let charges = policies.charges().charges.len() as i64;
    let block = market.ids.block(4 + (6 + charges) * ask.checkout.lines.len() as i64);
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let quote = priced(tx, &policies, &ask.checkout, now).await?;
            as_expected(&quote, ask.expected_total)?;
            reserve(tx, &quote).await?;
            let mut ids = block.start();
            let placing = Placing { policies: &policies, policy_version, ask: &ask, now };
            let placed = write(tx, &placing, &quote, &mut ids).await?;
            requests::keep(tx, ask.request.as_ref(), &placed, now).await?;
            Ok(Answered::new(placed))
        })
        .await
}

/// Checks what can be checked without the database, and sums lines which name one SKU twice.
fn checked(checkout: Checkout, policies: &Policies) -> Result<Checkout, Failure> {
    let address =
        address::check(&checkout.address, policies, AddressUse::Deliver).map_err(address_faults)?;
    let limits = policies.orders(address.country);
    let mut faults = Vec::new();
    let mut lines: BTreeMap<(ShopId, SkuId), i64> = BTreeMap::new();
    for (place, line) in checkout.lines.iter().enumerate() {
        if line.quantity < 1 || line.quantity > limits.max_quantity_count {
            let says =
                format!("a quantity is a whole number from 1 to {}", limits.max_quantity_count);
            faults.push(FieldFault::new(format!("lines[{place}].quantity"), "out_of_range", says));
            continue;
        }
        *lines.entry((line.shop, line.sku)).or_insert(0) += line.quantity;
    }
    if checkout.lines.is_empty() {
        faults.push(FieldFault::new("lines", "missing", "there is nothing to order"));
    }
    if lines.len() as i64 > limits.max_lines_count {
        let says = format!("a checkout has at most {} lines", limits.max_lines_count);
        faults.push(FieldFault::new("lines", "too_many", says));
    }
    if !faults.is_empty() {
        return Err(Failure::Invalid(faults));
    }
    let lines = lines
        .into_iter()
        .map(|((shop, sku), quantity)| LineWanted { shop, sku, quantity })
        .collect();
    Ok(Checkout { lines, address, services: checkout.services })
}

pub(crate) fn address_faults(faults: Vec<address::AddressFault>) -> Failure {
    let fault = |fault: address::AddressFault| {
        FieldFault::new(
            format!("address.{}", fault.field),
            fault.what.code(),
            fault.what.to_string(),
        )
    };
    Failure::Invalid(faults.into_iter().map(fault).collect())
}

async fn priced(
    tx: &mut Tx,
    policies: &Policies,
    checkout: &Checkout,
    now: Timestamp,
) -> Result<Quote, Failure> {
    let code = checkout.address.country;
    let market = policies.market(code).ok_or(Failure::NotFound)?;
    let mut by_shop: BTreeMap<ShopId, Vec<LineWanted>> = BTreeMap::new();
    for line in &checkout.lines {
        by_shop.entry(line.shop).or_default().push(*line);
    }
    let house = promotions::running(tx, HOUSE, now).await?;
    let mut quotes = Vec::with_capacity(by_shop.len());
    let mut total = Money::zero(market.currency);
    for (shop, lines) in by_shop {
        let chosen = checkout.services.get(&shop).map(String::as_str);
        let asked =
            ShopPart { shop, lines: &lines, address: &checkout.address, chosen, house: &house };
        let quote = shop_quote(tx, policies, market, &asked, now).await?;
        total = total.plus(Money::new(quote.price.total_minor, market.currency))?;
        quotes.push(quote);
    }
    let address = checkout.address.clone();
    Ok(Quote { market: code, currency: market.currency, address, shops: quotes, total })
}

fn as_expected(quote: &Quote, expected: Option<Money>) -> Result<(), Failure> {
    match expected {
        Some(expected) if expected != quote.total => {
            let refusal = Refusal::new("price_changed", "the price has changed since it was shown");
            Err(refusal.fact("shown", expected).fact("now", quote.total).into())
        }
        Some(_) | None => Ok(()),
    }
}

/// Reserves all shops' stock, shop by shop and SKU by SKU in the order of their ids.
async fn reserve(tx: &mut Tx, quote: &Quote) -> Result<(), Failure> {
    // Every shop is looked at before the first one is written, so that a refusal leaves nothing to undo.
    let mut needs = Vec::with_capacity(quote.shops.len());
    for part in &quote.shops {
        let need = parts_of(wanted(part))
            .map_err(|error| Failure::refused(error.code(), error.to_string()))?;
        let known = part.lines.iter().map(|line| (line.sku.sku, line.sku.left)).collect();
        if let Some(short) = stock::shortage(tx, part.shop.id, &need, &known).await? {
            return Err(sold_out(part, short));
        }
        needs.push((part, need));
    }
    for (part, need) in needs {
        stock::reserve_looked_at(tx, part.shop.id, &need).await?;
    }
    Ok(())
}

fn wanted(part: &ShopQuote) -> impl Iterator<Item = Wanted<'_>> {
    part.lines.iter().map(|line| Wanted {
        sku: line.sku.sku,
        quantity: line.quantity,
        parts: &line.sku.parts,
    })
}

fn sold_out(part: &ShopQuote, short: stock::SoldOut) -> Failure {
    let takes = |line: &&QuotedLine| {
        line.sku.sku == short.sku || line.sku.parts.iter().any(|part| part.sku == short.sku)
    };
    let title = part.lines.iter().find(takes).map_or("", |line| {
        if line.sku.title_en.is_empty() { &line.sku.title_zh } else { &line.sku.title_en }
    });
    let refusal =
        Refusal::new("sold_out", "not enough of this is left; nothing was ordered or charged");
    refusal
        .fact("sku", short.sku)
        .fact("title", title)
        .fact("asked", short.asked)
        .fact("left", short.left.max(0))
        .into()
}

/// What every order of a checkout is placed with.
pub(crate) struct Placing<'a> {
    pub policies: &'a Policies,
    pub policy_version: i64,
    pub ask: &'a PlaceOrders,
    pub now: Timestamp,
}

async fn write(
    tx: &mut Tx,
    placing: &Placing<'_>,
    quote: &Quote,
    ids: &mut IdRun,
) -> Result<Placed, Failure> {
    let ask = placing.ask;
    let pay_by = placing.now + placing.policies.orders(quote.market).pay_within();
    let payment_id: PaymentId = ids.take();
    let mut placed = Vec::with_capacity(quote.shops.len());
    let mut happened = Vec::with_capacity(quote.shops.len());
    for part in &quote.shops {
        let order = new_order(placing, quote, part, payment_id, pay_by, ids)?;
        orders::insert(tx, &order, placing.now).await?;
        items::keep(tx, order.id, part, ids, placing.now).await?;
        let total = Money::new(part.price.total_minor, quote.currency);
        happened.push(EventRow {
            id: ids.take(),
            home_id: part.shop.id.number(),
            subject: "order",
            subject_id: order.id.number(),
            kind: "placed",
            actor: Actor::Buyer(ask.buyer).code(),
            body: json!({ "total": total, "until": pay_by }).to_string(),
            relay: false,
            created_at: placing.now,
        });
        placed.push(PlacedOrder { id: order.id, shop: part.shop.id, total });
    }
    let refs = placed.iter().map(|order| OrderRef { shop: order.shop, order: order.id }).collect();
    let payment = Payment {
        id: payment_id,
        buyer: ask.buyer,
        provider: "sandbox".to_owned(),
        method: String::new(),
        state: PaymentState::Requested { pay_by },
        amount: quote.total,
        orders: refs,
        failure: String::new(),
        captured_at: None,
        extra: None,
        declined_count: 0,
        version: 1,
        created_at: placing.now,
    };
    payments::insert(tx, &payment).await?;
    events::insert(tx, &happened).await?;
    if ask.from_basket {
        for line in &ask.checkout.lines {
            baskets::remove(tx, ask.buyer, line.sku).await?;
        }
    }
    Ok(Placed { payment: payment_id, total: quote.total, pay_by, orders: placed })
}

/// The order of one shop's part, as it is placed.
pub(crate) fn new_order(
    placing: &Placing<'_>,
    quote: &Quote,
    part: &ShopQuote,
    payment: PaymentId,
    pay_by: Timestamp,
    ids: &mut IdRun,
) -> Result<NewOrder, Failure> {
    let id = ids.take();
    let mut lines = Vec::with_capacity(part.lines.len());
    for line in &part.lines {
        lines.push(new_line(line, ids)?);
    }
    Ok(NewOrder {
        id,
        shop: part.shop.id,
        buyer: placing.ask.buyer,
        payment,
        market: part.shop.market.clone(),
        price: part.price.clone(),
        // Looked at when the free hour ends: until then the buyer may change everything by leaving.
        flags: "[]".to_owned(),
        carrier: part.offer.carrier.clone(),
        service: part.offer.service.clone(),
        promise_from: part.promise_from,
        promise_by: part.promise_by,
        address: text(&quote.address)?,
        buyer_name: placing.ask.buyer_name.clone(),
        policy_version: placing.policy_version,
        pay_by,
        lines,
    })
}

fn new_line(line: &QuotedLine, ids: &mut IdRun) -> Result<NewLine, Failure> {
    let sku = &line.sku;
    let parts: Vec<Part> = if sku.parts.is_empty() {
        vec![Part { sku: sku.sku, quantity: line.quantity }]
    } else {
        sku.parts
            .iter()
            .map(|part| Part { sku: part.sku, quantity: part.count * line.quantity })
            .collect()
    };
    Ok(NewLine {
        id: ids.take(),
        product: sku.product,
        sku: sku.sku,
        listing_version: sku.listing_version,
        title_en: sku.title_en.clone(),
        title_zh: sku.title_zh.clone(),
        options: text(&sku.options)?,
        sku_code: sku.code.clone(),
        picture: sku.picture.clone(),
        category: sku.category.clone(),
        nature: text(&sku.nature)?,
        parts: text(&parts)?,
        hs_code: sku.hs_code.clone(),
    })
}

fn text(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::Broken(error.to_string()))
}
