//! One command a file.

pub mod bench;
pub mod demo;
pub mod doctor;
pub mod import;
pub mod keys;
pub mod ledger;
pub mod migrate;
pub mod policy;
pub mod seed;
pub mod serve;
pub mod simulate;

use actions::chance::Chance;
use actions::house::{self, Opening};
use actions::{Market, Mode};
use anyhow::Context;
use store::{Store, StoreOptions};

use crate::settings::Settings;

/// Opens the database for a command beside a server: in the mode the database has, or `default` for a new one.
pub async fn open_market(settings: &Settings, default: Mode) -> anyhow::Result<Market> {
    let address = settings.database();
    let store = Store::open(address, StoreOptions::default())
        .await
        .with_context(|| format!("cannot open the database {}", settings.database_shown()))?;
    store.migrate().await.context("cannot bring the database up to date")?;
    let mode = house::kept_mode(&store).await?.unwrap_or(default);
    let opening =
        Opening { database: address.to_owned(), mode, clock: None, chance: Chance::System };
    let market = house::open_store(store, opening).await?;
    take_carrier_root(settings, &market)?;
    Ok(market)
}

/// The root of the carriers' keys from the deployment's own file, where it has one.
pub fn take_carrier_root(settings: &Settings, market: &Market) -> anyhow::Result<()> {
    let Some(path) = &settings.carrier_root_file else { return Ok(()) };
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let root = actions::carrier_keys::read_root(&text)
        .with_context(|| format!("{} has no 32 bytes in base64url", path.display()))?;
    market.take_carrier_root(root);
    Ok(())
}
