//! Who comes when, and what they place: checkouts over one shop or two.

use std::collections::BTreeMap;

use rules::ids::PaymentId;
use rules::money::{Currency, Money};
use rules::payments::PaymentState;
use rules::policy::Policies;
use rules::time::{Span, Timestamp};
use store::payments::{OrderRef, Payment};
use store::promotions::PromotionRow;

use super::buyers::Buyer;
use super::goods::{ShopGoods, World};
use super::play::{Placed, Play};
use super::pool::Pool;
use super::{Profile, SeedReport, Seeding, day};
use crate::chance::Chance;
use crate::checkout::{
    Checkout, PartFacts, PlaceOrders, Placing, Quote, QuotedLine, ShopPart, ShopQuote,
    kept_promotions, new_order, price_part,
};
use crate::failure::Failure;

/// The orders in the order in which they are placed.
pub(super) struct Visits {
    chance: Chance,
    profile: Profile,
    from: Timestamp,
    until: Timestamp,
    orders: u64,
    placed: u64,
}

/// The last days, in which more is ordered than in the days before: every state is to be seen in a small market too.
const BUSY: Span = Span::from_days(4);
const BUSY_LEAST: u64 = 400;
/// Visitors of each hour of the day, against each other.
const HOURS: [i64; 24] = [2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 7, 6, 6, 6, 6, 7, 8, 9, 9, 8, 6, 4];
/// How long the ways of parcels take which are received at once.
const UNDER_WAY: (Span, Span) = (Span::from_days(5), Span::from_days(2));

impl Visits {
    pub fn new(ask: &Seeding) -> Visits {
        Visits {
            chance: ask.chance.clone(),
            profile: ask.profile,
            from: ask.from + Span::from_hours(1),
            until: ask.until,
            orders: ask.orders,
            placed: 0,
        }
    }

    /// The day of the next order, if there is one.
    pub fn next_day(&self) -> Option<Timestamp> {
        (self.placed < self.orders).then(|| day(self.moment(self.placed)))
    }

    /// Plays all which is placed on a day, to its end.
    pub fn play(
        &mut self,
        of: Timestamp,
        world: &mut World,
        pool: &mut Pool,
        report: &mut SeedReport,
    ) -> Result<(), Failure> {
        while self.placed < self.orders {
            let at = self.moment(self.placed);
            if day(at) != of {
                break;
            }
            self.placed += self.visit(at, world, pool, report)?;
        }
        Ok(())
    }

    /// When the order with this number is placed; never before those with smaller ones' day.
    fn moment(&self, number: u64) -> Timestamp {
        let (number, orders) = (number as i64, self.orders as i64);
        if self.profile != Profile::Life {
            let (first, last) = (self.until - UNDER_WAY.0, self.until - UNDER_WAY.1);
            return between(first, last, number, orders);
        }
        let busy_from = (self.until - BUSY).max(self.from);
        let busy = (orders / 20).max((BUSY_LEAST as i64).min(orders / 2));
        let at = if number < orders - busy {
            between(self.from, busy_from, number, orders - busy)
        } else {
            between(busy_from, self.until, number - (orders - busy), busy)
        };
        if day(at) == day(self.until) { at } else { by_hour(at) }
    }

    fn visit(
        &self,
        at: Timestamp,
        world: &mut World,
        pool: &mut Pool,
        report: &mut SeedReport,
    ) -> Result<u64, Failure> {
        let World { policies, policy_version, shops, house, buyers, stock, until, .. } = world;
        let buyer = self.chance.pick(buyers);
        let near: Vec<&ShopGoods> =
            shops.iter().filter(|shop| shop.facts.home == buyer.market).collect();
        let chosen = self.choose_shops(&near)?;
        let mut quotes = Vec::with_capacity(chosen.len());
        for shop in &chosen {
            quotes.push(self.quote(policies, shop, buyer, house, at)?);
        }
        let placed = self.place(policies, *policy_version, quotes, buyer, pool, at)?;
        for (order, shop) in placed.into_iter().zip(&chosen) {
            let play = Play {
                shop,
                policies,
                buyer,
                stock: &mut *stock,
                pool: &mut *pool,
                chance: &self.chance,
                profile: self.profile,
                until: *until,
            };
            report.take(play.run(order)?);
        }
        Ok(chosen.len() as u64)
    }

    /// Some shops sell more than others, and some buyers buy in two.
    fn choose_shops<'a>(&self, near: &[&'a ShopGoods]) -> Result<Vec<&'a ShopGoods>, Failure> {
        if near.is_empty() {
            return Err(Failure::Broken("a buyer's market has no shop".to_owned()));
        }
        let some =
            || self.chance.below(near.len() as u64).min(self.chance.below(near.len() as u64));
        let first = some();
        let mut chosen = vec![near[first as usize]];
        let second = some();
        let two = second != first && self.placed + 2 <= self.orders && self.chance.percent(6);
        if two {
            chosen.push(near[second as usize]);
        }
        // As checkouts have them: by shop.
        chosen.sort_by_key(|shop| shop.ask.shop);
        Ok(chosen)
    }

    /// Goods which can be sent there, with their price of the moment.
    fn quote(
        &self,
        policies: &Policies,
        shop: &ShopGoods,
        buyer: &Buyer,
        house: &[PromotionRow],
        at: Timestamp,
    ) -> Result<ShopQuote, Failure> {
        let market = policies.market(buyer.market).ok_or(Failure::NotFound)?;
        let mut tries = 0;
        loop {
            let facts = PartFacts { lines: self.choose_goods(shop), ..shop.facts.without_lines() };
            let part = ShopPart {
                shop: shop.ask.shop,
                lines: &[],
                address: &buyer.address,
                chosen: None,
                house,
            };
            match price_part(policies, market, facts, &part, at) {
                Err(Failure::Refused(_)) if tries < 20 => tries += 1,
                quoted => return quoted,
            }
        }
    }

    fn choose_goods(&self, shop: &ShopGoods) -> Vec<QuotedLine> {
        let all = &shop.facts.lines;
        let wanted = match self.chance.below(100) {
            0..65 => 1,
            65..91 => 2,
            _ => 3,
        };
        let mut lines: BTreeMap<rules::ids::SkuId, QuotedLine> = BTreeMap::new();
        for _ in 0..wanted {
            let line = self.chance.pick(all);
            let quantity = match self.chance.below(1_000) {
                0..820 => 1,
                820..930 => 2,
                930..975 => 3,
                // Out of the ordinary: the shop has to look.
                _ => 12 + self.chance.below(8) as i64,
            };
            lines.insert(line.sku.sku, QuotedLine { quantity, ..line.clone() });
        }
        lines.into_values().collect()
    }

    /// Writes the payment; answers the orders as they are placed.
    fn place(
        &self,
        policies: &Policies,
        policy_version: i64,
        quotes: Vec<ShopQuote>,
        buyer: &Buyer,
        pool: &mut Pool,
        at: Timestamp,
    ) -> Result<Vec<Placed>, Failure> {
        let market = policies.market(buyer.market).ok_or(Failure::NotFound)?;
        let mut total = Money::zero(market.currency);
        let mut lines = 0;
        for part in &quotes {
            total = total.plus(Money::new(part.price.total_minor, market.currency))?;
            lines += part.lines.len() as i64 + part.price.duty.len() as i64;
        }
        let address = buyer.address.clone();
        let ask = PlaceOrders {
            buyer: buyer.person,
            buyer_name: buyer.name.clone(),
            checkout: Checkout { lines: Vec::new(), address, services: BTreeMap::new() },
            expected_total: None,
            from_basket: false,
            request: None,
        };
        let placing = Placing { policies, policy_version, ask: &ask, now: at };
        let pay_by = at + policies.orders(market.code).pay_within();
        let mut ids = pool.ids(at, 2 + quotes.len() as i64 + lines);
        let payment_id: PaymentId = ids.take();
        let quote = Quote {
            market: market.code,
            currency: market.currency,
            address: ask.checkout.address.clone(),
            shops: Vec::new(),
            total,
        };
        let (paid_at, declined) = self.pays(at);
        let mut placed = Vec::with_capacity(quotes.len());
        for part in quotes {
            let order = new_order(&placing, &quote, &part, payment_id, pay_by, &mut ids)?;
            placed.push(Placed {
                promotions: kept_promotions(&part),
                duty: part.price.duty.clone(),
                grams: part.lines.iter().map(|line| line.sku.weight_grams).collect(),
                order,
                at,
                paid_at,
                declined,
            });
        }
        let asked = Payment {
            amount: total,
            orders: placed
                .iter()
                .map(|one| OrderRef { shop: one.order.shop, order: one.order.id })
                .collect(),
            ..requested(payment_id, buyer, market.currency, pay_by, at)
        };
        pool.rows(at).payments.push(ended(asked, pay_by, (paid_at, declined), self.until));
        Ok(placed)
    }

    /// When the money comes, if it does, and after how many declined tries.
    fn pays(&self, at: Timestamp) -> (Option<Timestamp>, i64) {
        let declined = match self.chance.below(100) {
            0..3 => 1,
            3 => 4,
            _ => 0,
        };
        let paid_at = (self.profile != Profile::Life || !self.chance.percent(3))
            .then(|| at + Span::from_minutes(1 + self.chance.below(25) as i64));
        (paid_at, declined)
    }
}

/// A payment as its checkout leaves it, over nothing yet.
fn requested(
    id: PaymentId,
    buyer: &Buyer,
    currency: Currency,
    pay_by: Timestamp,
    at: Timestamp,
) -> Payment {
    Payment {
        id,
        buyer: buyer.person,
        provider: "sandbox".to_owned(),
        method: "card_ok".to_owned(),
        state: PaymentState::Requested { pay_by },
        amount: Money::zero(currency),
        orders: Vec::new(),
        failure: String::new(),
        captured_at: None,
        extra: None,
        declined_count: 0,
        version: 1,
        created_at: at,
    }
}

/// The payment as it is at the end.
fn ended(
    payment: Payment,
    pay_by: Timestamp,
    (paid_at, declined): (Option<Timestamp>, i64),
    until: Timestamp,
) -> Payment {
    match paid_at {
        Some(at) if at <= until => Payment {
            state: PaymentState::Captured,
            captured_at: Some(at),
            declined_count: declined,
            version: payment.version + 1 + declined,
            ..payment
        },
        None if pay_by <= until => Payment {
            state: PaymentState::Expired,
            method: String::new(),
            version: payment.version + 1,
            ..payment
        },
        Some(_) | None => Payment { method: String::new(), ..payment },
    }
}

/// The `number`th of `of` moments, evenly spread.
fn between(first: Timestamp, last: Timestamp, number: i64, of: i64) -> Timestamp {
    let length = (last.ms() - first.ms()).max(0);
    first + Span::from_ms((i128::from(length) * i128::from(number) / i128::from(of.max(1))) as i64)
}

/// The same day, where as many visitors have come as there would have been at an even pace.
fn by_hour(at: Timestamp) -> Timestamp {
    let begin = day(at);
    let all: i64 = HOURS.iter().sum();
    let hour_ms = Span::from_hours(1).ms();
    // In parts of an hour's visitors.
    let mut left = (at.ms() - begin.ms()) * all / 24;
    for (hour, weight) in HOURS.iter().enumerate() {
        if left < weight * hour_ms {
            return begin + Span::from_ms(hour as i64 * hour_ms + left / weight);
        }
        left -= weight * hour_ms;
    }
    at
}
