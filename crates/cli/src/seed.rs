//! A new database with the cast's shops in it, and as many orders as wanted.

use std::path::Path;

use actions::chance::Chance;
use actions::clock::Clock;
use actions::house::{self, Opening};
use actions::seeding::{BuyerModel, Profile, SeedProgress, SeedReport, SeedShop, Seeding, seed};
use actions::{Market, Mode};
use anyhow::{Context, bail};
use rules::time::{Span, Timestamp};
use store::{Store, StoreOptions};

use crate::commands::demo::Visitors;
use crate::life::{Life, LifeShop};

/// What is to be made.
pub struct Wanted {
    pub orders: u64,
    pub seed: u64,
    pub days: i64,
    /// Where the histories stop.
    pub until: Timestamp,
    pub profile: Profile,
}

/// Pages of the file which are kept in memory while it is filled.
const CACHE_KIB: u32 = 768 * 1024;

/// Fills the database at an address, which must be new. A SQLite file is on the disk when this is over, and not before.
pub async fn seed_database(
    address: &str,
    wanted: &Wanted,
    progress: impl Fn(SeedProgress),
) -> anyhow::Result<SeedReport> {
    let options = StoreOptions {
        // Whoever is interrupted begins anew: there is nothing yet which could be lost.
        survives_power_cuts: false,
        writer_cache_kib: CACHE_KIB,
        ..StoreOptions::default()
    };
    let store = Store::open(address, options).await.context("cannot open the database")?;
    store.migrate().await.context("cannot bring the database up to date")?;
    if house::kept_mode(&store).await?.is_some() {
        bail!("there is a house in this database already; seed fills a new one");
    }
    let start = wanted.until - Span::from_days(wanted.days);
    let opening = Opening {
        database: address.to_owned(),
        mode: Mode::Sandbox,
        clock: Some(Clock::manual(start)),
        chance: Chance::seeded(wanted.seed),
    };
    let market = house::open_store(store, opening).await?;
    let report = seed_market(&market, wanted, progress).await?;
    house::leave(&market).await?;
    drop(market);
    if !address.contains("://") {
        on_the_disk(Path::new(address))?;
    }
    Ok(report)
}

/// As [`seed_database`], in a market which is open, empty, and whose clock stands where the first shop opens.
pub async fn seed_market(
    market: &Market,
    wanted: &Wanted,
    progress: impl Fn(SeedProgress),
) -> anyhow::Result<SeedReport> {
    let life = Life::raise(market.clone(), Chance::seeded(wanted.seed), 1).await?;
    fill(&life, wanted, progress).await
}

/// Fills the market of a life in which nobody has bought anything yet.
pub async fn fill(
    life: &Life,
    wanted: &Wanted,
    progress: impl Fn(SeedProgress),
) -> anyhow::Result<SeedReport> {
    let market = &life.market;
    let models = life.buyers.iter();
    let models = models
        .map(|buyer| BuyerModel { name: buyer.name.clone(), address: buyer.address.clone() })
        .collect();
    let ask = Seeding {
        orders: wanted.orders,
        from: market.now() + Span::from_minutes(10),
        until: wanted.until,
        shops: life.shops.iter().map(sells).collect(),
        models,
        chance: Chance::seeded(wanted.seed.wrapping_add(1)),
        profile: wanted.profile,
    };
    let report = seed(market, ask, progress).await?;
    for shop in &life.shops {
        actions::figures::recount(market, shop.id)
            .await
            .context("the figures cannot be counted")?;
    }
    let visitors = Visitors {
        buyer: report.first_buyer.context("nobody buys")?,
        seller: life.shops.first().map(|shop| shop.owner).context("nobody sells")?,
        operator: life.operator,
    };
    visitors.keep(market).await?;
    Ok(report)
}

fn sells(shop: &LifeShop) -> SeedShop {
    let skus = shop.goods.iter().map(|goods| goods.sku).collect();
    SeedShop { shop: shop.id, owner: shop.owner, skus }
}

/// While it was filled nobody waited for the disk.
fn on_the_disk(path: &Path) -> anyhow::Result<()> {
    for tail in ["", "-wal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(tail);
        match std::fs::File::open(&name) {
            Ok(file) => file.sync_all().context("the disk did not take the database")?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).context("cannot open the database's file"),
        }
    }
    Ok(())
}
