//! Market life: people who buy, ship, forget and change their minds, through the same acts as everybody else.
//!
//! The demo plays some weeks of it; the simulation plays it with faults and checks the invariants as it goes.
//! The same seed plays the same life.

mod abroad;
mod care;
mod carriers;
pub mod cast;
mod days;
mod money;
mod packing;
mod raise;

pub use money::of_finance;

use std::collections::BTreeSet;

use actions::chance::Chance;
use actions::deadlines::SweepSettings;
use actions::{Failure, Market};
use rules::checkout::address::Address;
use rules::ids::{PersonId, ShopId, SkuId};
use rules::money::Currency;

/// A market with people in it.
pub struct Life {
    pub market: Market,
    pub chance: Chance,
    pub shops: Vec<LifeShop>,
    pub buyers: Vec<LifeBuyer>,
    pub operator: PersonId,
    /// Two people of the house's finance: what one proposes the other one agrees to.
    pub finance: [PersonId; 2],
    pub sweep: SweepSettings,
    pub counts: Counts,
    /// Shops which scan each piece they pack.
    pub scanning: BTreeSet<ShopId>,
    /// Whether people are sometimes silent, and carriers and providers sometimes wrong.
    pub busy: u64,
}

pub struct LifeShop {
    pub id: ShopId,
    pub owner: PersonId,
    pub market: String,
    /// Markets beside its own which it delivers to.
    pub abroad: Vec<String>,
    pub currency: Currency,
    pub goods: Vec<Goods>,
    /// In percent: how likely the shop works its queue off in a working hour.
    pub diligence: u64,
}

impl LifeShop {
    /// Whether buyers of a market can buy here.
    pub fn reaches(&self, market: &str) -> bool {
        self.market == market || self.abroad.iter().any(|code| code == market)
    }
}

/// One SKU somebody may want.
#[derive(Clone, Copy)]
pub struct Goods {
    pub sku: SkuId,
    pub product: rules::ids::ProductId,
}

pub struct LifeBuyer {
    pub person: PersonId,
    pub name: String,
    pub market: String,
    pub address: Address,
}

/// What was done, for the last line of the demo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub checkouts: u64,
    pub sold_out: u64,
    pub shipped: u64,
    pub deadlines: u64,
}

impl Life {
    /// A deadline sweep at the life's own pace.
    pub async fn sweep(&mut self) -> Result<(), Failure> {
        let report = actions::deadlines::sweep(&self.market, self.sweep).await?;
        self.counts.deadlines += report.total();
        Ok(())
    }
}
