//! What must be true at every moment, whatever has gone wrong; and what must be true when all is over.

use std::collections::{BTreeMap, BTreeSet};

use actions::chance::Chance;
use actions::deadlines::next_due;
use actions::payments::show_payment;
use actions::{Failure, Market, books};
use anyhow::{Context, bail, ensure};
use rules::ids::{OrderId, ShopId, SkuId};
use rules::ledger::TransferCode;
use rules::orders::{CancelReason, OrderState, OrderStateName, OrderTerms};
use rules::policy::{MarketCode, Tier};
use serde::Deserialize;
use store::orders::OrderRow;
use store::packing::PackedItem;
use store::payments::Refund;
use store::{Tx, events, jobs, lists, orders, packing, payments, stock};

use super::{Bought, Bundle, fold};
use crate::life::Life;

/// More rows than a simulated history has; a list which is this long is an error, not a shorter look.
pub(super) const MOST_ROWS: i64 = 200_000;

pub(super) struct Invariants {
    pub bundle: Bundle,
    /// What has ever come into the warehouses.
    received: BTreeMap<ShopId, BTreeMap<SkuId, i64>>,
    /// What each order takes from stock.
    parts: BTreeMap<OrderId, BTreeMap<SkuId, i64>>,
    /// What of it has left with parcels.
    left: BTreeMap<OrderId, BTreeMap<SkuId, i64>>,
    /// The version at which an order was last looked at closely.
    looked_at: BTreeMap<OrderId, i64>,
    /// Orders of which goods were missing: their lines change beside their version.
    short: BTreeSet<(ShopId, OrderId)>,
}

/// A line's part as the order keeps it.
#[derive(Deserialize)]
struct Part {
    sku: SkuId,
    quantity: i64,
}

impl Invariants {
    pub(super) async fn new(life: &Life, bundle: Bundle) -> anyhow::Result<Self> {
        let mut received = BTreeMap::new();
        for shop in &life.shops {
            let (id, skus) = (shop.id, shop.goods.iter().map(|goods| goods.sku));
            let skus: Vec<SkuId> = skus.collect();
            let read =
                async move |tx: &mut Tx| Ok::<_, Failure>(stock::load(tx, id, skus.clone()).await?);
            let rows = life.market.store.read(read).await?;
            let counts = rows.into_iter().map(|(sku, row)| (sku, row.on_hand));
            received.insert(id, counts.collect::<BTreeMap<_, _>>());
        }
        Ok(Self {
            bundle,
            received,
            parts: BTreeMap::new(),
            left: BTreeMap::new(),
            looked_at: BTreeMap::new(),
            short: BTreeSet::new(),
        })
    }

    pub(super) fn brought_in(&mut self, shop: ShopId, sku: SkuId, count: i64) {
        *self.received.entry(shop).or_default().entry(sku).or_insert(0) += count;
    }

    /// All which lies in the warehouses came as a delivery.
    pub(super) async fn deliveries_came(&mut self, market: &Market) -> anyhow::Result<()> {
        for (shop, skus) in &mut self.received {
            for (sku, count) in skus {
                let (shop, sku) = (*shop, *sku);
                let read = async move |tx: &mut Tx| {
                    Ok::<_, Failure>(stock::list_batches(tx, shop, sku, MOST_ROWS).await?)
                };
                let batches = market.store.read(read).await?;
                *count = batches.iter().map(|batch| batch.received_count).sum();
            }
        }
        Ok(())
    }

    pub(super) fn is_short(&mut self, shop: ShopId, order: OrderId) {
        self.short.insert((shop, order));
    }

    /// One of the last orders of which goods were missing.
    pub(super) fn some_short(&self, chance: &Chance) -> Option<(ShopId, OrderId)> {
        let near: Vec<(ShopId, OrderId)> = self.short.iter().rev().take(8).copied().collect();
        (!near.is_empty()).then(|| *chance.pick(&near))
    }

    /// Looks at everything; answers the orders, newest first.
    pub(super) async fn check(
        &mut self,
        market: &Market,
        checkouts: &[Bought],
    ) -> anyhow::Result<Vec<OrderRow>> {
        let report = books::check(market).await?;
        if let Some(fault) = report.faults.first() {
            bail!("the ledger is not in order: {fault} (and {} more)", report.faults.len() - 1);
        }
        if let Some(wrong) = actions::figures::differences(&market.store).await?.first() {
            bail!("the figures are not what the orders say: {wrong}");
        }
        let read = async move |tx: &mut Tx| {
            let rows = lists::orders::of_house(tx, None, None, i64::MAX, MOST_ROWS).await?;
            Ok::<_, Failure>(rows)
        };
        let rows = market.store.read(read).await?;
        for row in &rows {
            let short = self.short.contains(&(row.shop, row.id));
            if self.looked_at.insert(row.id, row.version) != Some(row.version) || short {
                self.look_at(market, row).await.with_context(|| format!("order {}", row.id))?;
            }
        }
        self.stock(market, &rows).await?;
        self.checkouts(market, &rows, checkouts).await?;
        Ok(rows)
    }

    async fn look_at(&mut self, market: &Market, row: &OrderRow) -> anyhow::Result<()> {
        let ended = matches!(row.state.name(), OrderStateName::Settled | OrderStateName::Cancelled);
        ensure!(
            ended != row.state.due_at().is_some(),
            "it is {} and its deadline is {:?}",
            row.state.name().code(),
            row.state.due_at()
        );
        let (shop, order, now) = (row.shop, row.id, market.now());
        let read = async move |tx: &mut Tx| {
            let events = events::of_subject(tx, shop.number(), order.number()).await?;
            let tier = orders::tier_of_shop(tx, shop, now).await?;
            let rows = packing::of_orders(tx, shop, [order]).await?;
            let items = packing::items_of(tx, shop, [order]).await?;
            let gone = |item: &PackedItem| {
                rows.iter().any(|row| row.id == item.parcel && row.left_at.is_some())
            };
            let mut left = BTreeMap::new();
            for item in items.iter().filter(|item| gone(item)) {
                *left.entry(item.sku).or_insert(0) += item.count;
            }
            Ok::<_, Failure>((events, tier, orders::lines(tx, shop, order).await?, left))
        };
        let (events, tier, lines, left) = market.store.read(read).await?;
        self.left.insert(order, left);
        super::border::adds_up(market, row, &lines).await?;
        let mut parts = BTreeMap::new();
        for line in lines {
            for part in serde_json::from_str::<Vec<Part>>(&line.parts)? {
                *parts.entry(part.sku).or_insert(0) += part.quantity;
            }
        }
        self.parts.insert(order, parts);
        let book = market.policy_book();
        let policies =
            book.version(row.policy_version).context("its policy version is not there")?;
        let code = MarketCode::parse(&row.market)?;
        let tier = Tier::parse(&tier).context("its shop has no tier")?;
        let terms = OrderTerms::of(policies.orders(code), policies.settlement(code).tier(tier));
        fold::check(row, &events, &terms)?;
        once_paid(market, row).await
    }

    /// Never below zero, never more promised than there is, and promised is what open orders hold.
    async fn stock(&self, market: &Market, rows: &[OrderRow]) -> anyhow::Result<()> {
        let mut held: BTreeMap<(ShopId, SkuId), i64> = BTreeMap::new();
        let mut gone: BTreeMap<(ShopId, SkuId), i64> = BTreeMap::new();
        for row in rows {
            use OrderStateName as Name;
            let sums = match row.state.name() {
                Name::Unpaid
                | Name::OnHold
                | Name::AwaitingConfirmation
                | Name::AwaitingShipment => &mut held,
                Name::PartiallyShipped => {
                    let parts = self.parts.get(&row.id).context("an order was not looked at")?;
                    let left = self.left.get(&row.id).context("an order was not looked at")?;
                    for (sku, count) in parts {
                        let went = left.get(sku).copied().unwrap_or(0);
                        *gone.entry((row.shop, *sku)).or_insert(0) += went;
                        *held.entry((row.shop, *sku)).or_insert(0) += count - went;
                    }
                    continue;
                }
                _ if came_back(row.state) => continue,
                _ if row.shipped_at.is_some() => &mut gone,
                _ => continue,
            };
            for (sku, count) in self.parts.get(&row.id).context("an order was not looked at")? {
                *sums.entry((row.shop, *sku)).or_insert(0) += count;
            }
        }
        for (shop, order) in &self.short {
            for (sku, count) in offered(market, *shop, *order).await? {
                *held.entry((*shop, sku)).or_insert(0) += count;
            }
        }
        for (shop, received) in &self.received {
            let (shop, skus): (ShopId, Vec<SkuId>) = (*shop, received.keys().copied().collect());
            let read = async move |tx: &mut Tx| {
                Ok::<_, Failure>(stock::load(tx, shop, skus.clone()).await?)
            };
            let now = market.store.read(read).await?;
            for (sku, received) in received {
                let row = now.get(sku).context("a SKU has no stock row")?;
                let held = held.get(&(shop, *sku)).copied().unwrap_or(0);
                let gone = gone.get(&(shop, *sku)).copied().unwrap_or(0);
                ensure!(
                    0 <= row.reserved && row.reserved <= row.on_hand,
                    "SKU {sku} is oversold: {row:?}"
                );
                ensure!(
                    row.reserved == held,
                    "of SKU {sku} {} pieces are reserved, but open orders hold {held}",
                    row.reserved
                );
                ensure!(
                    row.on_hand == received - gone,
                    "of SKU {sku} {received} pieces came in and {gone} went out, but {} lie there",
                    row.on_hand
                );
            }
        }
        Ok(())
    }

    /// A payment asks for what its unpaid orders cost, and an ended one leaves none of them unpaid.
    async fn checkouts(
        &self,
        market: &Market,
        rows: &[OrderRow],
        checkouts: &[Bought],
    ) -> anyhow::Result<()> {
        let unpaid = |row: &&OrderRow| row.state.name() == OrderStateName::Unpaid;
        let unpaid: BTreeMap<OrderId, i64> =
            rows.iter().filter(unpaid).map(|row| (row.id, row.total_minor)).collect();
        // Older ones have ended: their orders are looked at, and the end looks at all.
        for bought in checkouts.iter().rev().take(40) {
            one_checkout(market, &unpaid, bought).await?;
        }
        Ok(())
    }

    /// After a sweep no deadline is left over, unless a dead process has claimed it.
    pub(super) async fn nothing_is_due(&self, market: &Market) -> anyhow::Result<()> {
        let now = market.now();
        if let Some(due) = next_due(market).await? {
            ensure!(due > now, "after the sweep of {now} something is due since {due}");
        }
        Ok(())
    }

    /// The house was left alone for longer than all deadlines together.
    pub(super) async fn all_has_ended(
        &self,
        market: &Market,
        rows: &[OrderRow],
    ) -> anyhow::Result<()> {
        if let Some(due) = next_due(market).await? {
            bail!("something still waits, for {due}");
        }
        let read = async move |tx: &mut Tx| Ok::<_, Failure>(jobs::given_up(tx, 10).await?);
        if let Some(job) = market.store.read(read).await?.first() {
            bail!("job {} ({}) gave up: {}", job.id, job.kind, job.last_error);
        }
        for row in rows {
            let name = row.state.name();
            ensure!(
                matches!(name, OrderStateName::Settled | OrderStateName::Cancelled),
                "order {} is still {}",
                row.id,
                name.code()
            );
            went_back_whole(market, row).await.with_context(|| format!("order {}", row.id))?;
        }
        Ok(())
    }
}

/// What is reserved for buyers who have not chosen yet.
async fn offered(
    market: &Market,
    shop: ShopId,
    order: OrderId,
) -> anyhow::Result<Vec<(SkuId, i64)>> {
    let read = async move |tx: &mut Tx| {
        Ok::<_, Failure>(store::shortages::of_order(tx, shop, order).await?)
    };
    let mut offered = Vec::new();
    for shortage in market.store.read(read).await? {
        if shortage.state.is_open() && !shortage.substitute.is_empty() {
            let substitute: Offered = serde_json::from_str(&shortage.substitute)?;
            offered.extend(substitute.parts.iter().map(|part| (part.sku, part.quantity)));
        }
    }
    Ok(offered)
}

/// Of a substitute, what it takes from stock.
#[derive(Deserialize)]
struct Offered {
    parts: Vec<Part>,
}

async fn one_checkout(
    market: &Market,
    unpaid: &BTreeMap<OrderId, i64>,
    bought: &Bought,
) -> anyhow::Result<()> {
    let payment = show_payment(market, bought.buyer, bought.payment).await?;
    let open: Vec<i64> = bought.orders.iter().filter_map(|id| unpaid.get(id)).copied().collect();
    let sum: i64 = open.iter().sum();
    let fits = match payment.state.as_str() {
        "requested" => !open.is_empty() && payment.amount.minor == sum,
        _ => open.is_empty(),
    };
    ensure!(
        fits,
        "payment {} is {} over {}, and {} of its orders are unpaid over {sum}",
        bought.payment,
        payment.state,
        payment.amount,
        open.len()
    );
    Ok(())
}

/// One capture an order, and refunds never above it.
async fn once_paid(market: &Market, row: &OrderRow) -> anyhow::Result<()> {
    let moved = books::of_order(market, row.shop.number(), row.id.number()).await?;
    let (shop, order) = (row.shop, row.id);
    let read = async move |tx: &mut Tx| {
        Ok::<_, Failure>(store::shortages::of_order(tx, shop, order).await?)
    };
    let extras = market.store.read(read).await?;
    let extras = extras.iter().filter(|shortage| shortage.payment.is_some()).count();
    let captures = moved.iter().filter(|row| row.code == TransferCode::PaymentCaptured).count();
    ensure!(captures <= 1 + extras, "it was paid {captures} times");
    let late = moved.iter().filter(|row| row.code == TransferCode::LatePaymentReturned).count();
    ensure!(captures + late <= 1 + extras, "it was paid, and paid again too late");
    ensure!(row.paid_at.is_some() || captures == 0, "it has a capture and was never paid");
    Ok(())
}

/// A cancelled order which was paid gave back what was paid, once, and the provider has confirmed it.
async fn went_back_whole(market: &Market, row: &OrderRow) -> anyhow::Result<()> {
    once_paid(market, row).await?;
    let (shop, order) = (row.shop, row.id);
    let read =
        async move |tx: &mut Tx| Ok::<_, Failure>(payments::refunds_of(tx, shop, order).await?);
    let refunds: Vec<Refund> = market.store.read(read).await?;
    let back: i64 = refunds.iter().map(|refund| refund.amount.minor).sum();
    ensure!(
        refunds.iter().all(|refund| refund.confirmed_at.is_some()),
        "a refund was never confirmed: {refunds:?}"
    );
    let cancelled = row.state.name() == OrderStateName::Cancelled;
    // A difference which was paid too late went back beside the order's own money.
    let late = if row.paid_at.is_some() {
        let late = refunds.iter().filter(|refund| refund.reason == "paid_too_late");
        late.map(|refund| refund.amount.minor).sum()
    } else {
        0
    };
    match (cancelled, row.paid_at.is_some()) {
        (true, true) => ensure!(
            back - late == row.total_minor,
            "it was cancelled, it cost {}, and {back} went back: {refunds:?}",
            row.total_minor
        ),
        // Never paid, or too late: then all of it, or nothing, went back.
        (true, false) => ensure!(
            back == 0 || back == row.total_minor,
            "it was never paid, and {back} went back: {refunds:?}"
        ),
        (false, _) => ensure!(
            back - late == row.given.shares.paid_minor,
            "it was settled, says that {:?} went back, and its refunds are {refunds:?}",
            row.given
        ),
    }
    Ok(())
}

/// Handed in at the carrier's and never collected: the goods lie in the warehouse again.
fn came_back(state: OrderState) -> bool {
    matches!(state, OrderState::Cancelled { reason: CancelReason::NeverCollected, .. })
}
