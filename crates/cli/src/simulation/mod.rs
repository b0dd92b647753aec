//! The simulation: market life with everything that goes wrong around it, and the invariants checked all along.
//!
//! One seed is one history: who buys, what breaks, where the program is killed. A broken invariant is named with its
//! seed and step, and the same seed shows it again.

mod acts;
mod border;
mod care;
mod carriers;
mod faults;
mod fold;
mod history;
mod invariants;
mod mix;
mod money;

use std::collections::BTreeMap;

use actions::chance::Chance;
use actions::checkout::{PlaceOrders, Placed};
use actions::clock::Clock;
use actions::deadlines::{SweepSettings, sweep};
use actions::house::{self, Opening};
use actions::payments::{Pay, PaymentAnswer};
use actions::{Failure, Market, Mode};
use anyhow::{Context, bail};
use rules::ids::{OrderId, PaymentId, PersonId, SkuId};
use rules::money::Money;
use rules::time::{Span, Timestamp};
use store::orders::OrderRow;
use store::{Store, StoreOptions};

use crate::life::{Life, LifeShop};
use invariants::Invariants;
use mix::{Deed, Mix};

/// When every simulated history begins: 2026-06-01T00:00:00Z. Fixed, so that a seed is enough to tell a history.
const BEGIN: Timestamp = Timestamp::from_ms(1_780_272_000_000);
/// Steps between two looks at all invariants; moving the clock looks at them too.
const STEPS_A_CHECK: u64 = 4;
/// How long the house is left alone at the end, until every order must have ended: longer than all deadlines together.
const QUIET_DAYS: i64 = 400;
/// Days at the end on which nothing becomes available any more and everything reaches its bank.
const LAST_DAYS: i64 = 28;

/// What a run was, when nothing broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    pub orders: usize,
    pub steps: u64,
    /// SHA-256 of all orders, events and transfers, ids included, in hexadecimal.
    pub history: String,
}

/// Plays `days` of life with faults, then waits until everything has ended.
///
/// # Errors
/// The step and the invariant which broke there, in words.
pub async fn play(database: &str, seed: u64, days: i64) -> anyhow::Result<Played> {
    let mut simulation = Simulation::begin(database, seed).await?;
    let ended = simulation.live(days).await;
    let (step, doing) = (simulation.step, simulation.doing);
    ended.with_context(|| format!("step {step} ({doing})"))?;
    let history = history::of(&simulation.life.market, &simulation.life.shops).await?;
    Ok(Played { orders: simulation.orders.len(), steps: simulation.step, history })
}

/// Looks at a market which somebody else has filled with orders, by the same invariants.
///
/// # Errors
/// The invariant which does not hold, in words.
pub async fn look_over(life: &Life) -> anyhow::Result<Vec<OrderRow>> {
    let shop = life.shops.first().context("there is no shop")?;
    let sku = shop.goods.first().context("there is nothing to sell")?.sku;
    let mut invariants = Invariants::new(life, Bundle { shop: 0, sku }).await?;
    invariants.deliveries_came(&life.market).await?;
    let rows = invariants.check(&life.market, &[]).await?;
    invariants.nothing_is_due(&life.market).await?;
    Ok(rows)
}

struct Simulation {
    database: String,
    clock: Clock,
    life: Life,
    mix: Mix,
    step: u64,
    /// The act of this step, for whoever reads what broke.
    doing: &'static str,
    /// The orders as they were at the last check, newest first: people act on what they saw some time ago.
    orders: Vec<OrderRow>,
    checkouts: Vec<Bought>,
    /// Captures which a provider was asked for, and may tell of whenever and as often as it likes.
    asked: Vec<Asked>,
    placed_before: Vec<(PlaceOrders, Placed)>,
    paid_before: Vec<(Pay, PaymentAnswer)>,
    keys: u64,
    /// Differences which reports taken in until now still have to open, by source.
    report_faults: BTreeMap<&'static str, u64>,
    /// A process has died with claimed rows: until then, some due rows belong to nobody.
    claimed_until: Timestamp,
    invariants: Invariants,
}

#[derive(Clone, Debug)]
struct Bought {
    buyer: PersonId,
    payment: PaymentId,
    orders: Vec<OrderId>,
}

#[derive(Clone, Copy, Debug)]
struct Asked {
    buyer: PersonId,
    payment: PaymentId,
    amount: Money,
}

impl Simulation {
    async fn begin(database: &str, seed: u64) -> anyhow::Result<Simulation> {
        let clock = Clock::manual(BEGIN);
        let chance = Chance::seeded(seed);
        let market = open(database, &clock, &chance).await?;
        let mut life = Life::raise(market, chance, 0).await?;
        life.sweep = SweepSettings { at_once: 1, ..SweepSettings::default() };
        let bundle = acts::list_a_bundle(&life).await?;
        let invariants = Invariants::new(&life, bundle).await?;
        Ok(Simulation {
            database: database.to_owned(),
            clock,
            mix: Mix::of(&life.chance),
            life,
            step: 0,
            doing: "begin",
            orders: Vec::new(),
            checkouts: Vec::new(),
            asked: Vec::new(),
            placed_before: Vec::new(),
            paid_before: Vec::new(),
            keys: 0,
            report_faults: BTreeMap::new(),
            claimed_until: BEGIN,
            invariants,
        })
    }

    async fn live(&mut self, days: i64) -> anyhow::Result<()> {
        let end = BEGIN + Span::from_days(days);
        while self.life.market.now() < end {
            self.step += 1;
            // Nobody does two things in one millisecond.
            self.clock.move_forward(Span::from_ms(40));
            self.act().await?;
            if self.step.is_multiple_of(STEPS_A_CHECK) {
                self.check().await?;
            }
        }
        self.doing = "waiting for the end";
        let quiet = self.life.market.now() + Span::from_days(QUIET_DAYS);
        let mut pause = Span::from_hours(7);
        while self.life.market.now() < quiet {
            self.step += 1;
            self.shops_give_back_afterwards().await?;
            self.clock.move_forward(pause);
            self.sweep().await?;
            // Some deadlines pass one by one, later ones all at once.
            pause = Span::from_ms((pause.ms() * 5 / 4).min(Span::from_days(40).ms()));
        }
        // What became available last is paid out on a day of its own, if need be at the third try.
        for _ in 0..LAST_DAYS {
            self.step += 1;
            self.clock.move_forward(Span::from_days(1));
            self.sweep().await?;
        }
        self.check().await?;
        self.invariants.all_has_ended(&self.life.market, &self.orders).await
    }

    /// One act of somebody, or one thing which goes wrong.
    async fn act(&mut self) -> anyhow::Result<()> {
        let deed = self.mix.draw(&self.life.chance);
        self.doing = deed.words();
        match deed {
            Deed::Orders => self.a_buyer_orders().await,
            Deed::Pays => self.a_buyer_pays().await,
            Deed::NoticeAgain => self.the_provider_repeats_itself().await,
            Deed::BuyerCancels => self.a_buyer_cancels().await,
            Deed::ShopWorks => self.a_shop_works().await,
            Deed::CarrierReports => self.a_carrier_reports().await,
            Deed::BuyerHasIt => self.a_buyer_has_it().await,
            Deed::HouseCancels => self.the_house_cancels().await,
            Deed::PriceChanges => Ok(self.life.a_price_changes().await?),
            Deed::StockArrives => self.a_shop_counts().await,
            Deed::RequestAgain => self.an_old_request_is_repeated().await,
            Deed::Dies => self.reopen().await,
            Deed::DiesWithClaims => self.dies_with_claims().await,
            Deed::PolicyChanges => self.a_policy_is_published().await,
            Deed::HouseProposes => self.the_house_proposes().await,
            Deed::DeliveriesChange => self.a_shop_delivers_elsewhere().await,
            Deed::AsksToCancel => self.a_buyer_asks_to_cancel().await,
            Deed::ShopAnswers => self.a_shop_answers().await,
            Deed::GoodsMissing => self.goods_are_missing().await,
            Deed::BuyerChooses => self.a_buyer_chooses().await,
            Deed::ShopGivesBack => self.a_shop_gives_back().await,
            Deed::FinanceWorks => self.finance_works().await,
            Deed::TimePasses => self.some_time_passes().await,
        }
    }

    async fn some_time_passes(&mut self) -> anyhow::Result<()> {
        let chance = &self.life.chance;
        let by = match chance.below(100) {
            0..=64 => Span::from_minutes(1 + chance.below(120) as i64),
            65..=95 => Span::from_hours(1 + chance.below(12) as i64),
            _ => Span::from_hours(24 + chance.below(72) as i64),
        };
        self.clock.move_forward(by);
        // Sometimes nobody is there to pass the deadlines: they pile up until somebody is.
        if !self.life.chance.percent(15) {
            self.sweep().await?;
        }
        self.check().await
    }

    async fn sweep(&mut self) -> anyhow::Result<()> {
        let report = sweep(&self.life.market, self.life.sweep).await?;
        if report.failed > 0 {
            bail!("{} due rows could not be worked off", report.failed);
        }
        if self.life.market.now() > self.claimed_until {
            self.invariants.nothing_is_due(&self.life.market).await?;
        }
        Ok(())
    }

    async fn check(&mut self) -> anyhow::Result<()> {
        self.orders = self.invariants.check(&self.life.market, &self.checkouts).await?;
        Ok(())
    }

    fn shop(&self, order: &OrderRow) -> anyhow::Result<&LifeShop> {
        let mut shops = self.life.shops.iter();
        shops.find(|shop| shop.id == order.shop).context("an order of an unknown shop")
    }
}

/// Opens the database as a process does which knows nothing of the one before.
async fn open(database: &str, clock: &Clock, chance: &Chance) -> Result<Market, Failure> {
    // The simulated deaths are those of processes; power does not fail, and the file goes with the run.
    let options = StoreOptions { survives_power_cuts: false, ..StoreOptions::default() };
    let store = Store::open(database, options).await?;
    store.migrate().await?;
    let opening = Opening {
        database: database.to_owned(),
        mode: Mode::Sandbox,
        clock: Some(clock.clone()),
        chance: chance.clone(),
    };
    house::open_store(store, opening).await
}

/// A refusal is an answer; everything else which is no success is a fault of the market.
fn answered<T>(outcome: Result<T, Failure>) -> anyhow::Result<Option<T>> {
    match outcome {
        Ok(answer) => Ok(Some(answer)),
        Err(Failure::Refused(_)) => Ok(None),
        Err(failure) => bail!("the market failed: {failure} ({failure:?})"),
    }
}

/// A SKU which is sold as others together, and of which shop.
#[derive(Clone, Copy, Debug)]
struct Bundle {
    shop: usize,
    sku: SkuId,
}
