//! A seeded market, served in this process, and the people who look at it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use actions::chance::Chance;
use actions::clock::system_now;
use actions::house::{self, Opening};
use actions::seeding::Profile;
use actions::sign_in_links::{demo_link, use_link};
use actions::{Failure, Market, Mode};
use anyhow::{Context, ensure};
use rules::ids::{HOUSE, PersonId, ShopId};
use rules::people::Role;
use store::orders::OrderRow;
use store::{Tx, lists, people};

use super::client::Client;
use super::stand::Served;
use crate::seed::{Wanted, seed_database};
use crate::settings::Settings;

pub struct Hall {
    pub market: Market,
    served: Served,
    folder: Option<PathBuf>,
}

/// How many of the newest orders are looked through for the busiest shop.
const NEWEST: i64 = 5_000;

impl Hall {
    /// Serves the seeded database which the settings name; without one, one which is made for this run.
    pub async fn open(settings: &Settings, orders: u64) -> anyhow::Result<Hall> {
        let (database, folder) = match &settings.database {
            Some(database) => (database.clone(), None),
            None => {
                let folder = PathBuf::from(format!("guildhall-bench-{}", std::process::id()));
                std::fs::create_dir_all(&folder)?;
                let path = folder.join("bench.db").to_string_lossy().into_owned();
                let wanted = Wanted {
                    orders,
                    seed: 1,
                    days: 150,
                    until: system_now(),
                    profile: Profile::Life,
                };
                seed_database(&path, &wanted, |_| {}).await?;
                (path, Some(folder))
            }
        };
        let opening =
            Opening { database, mode: Mode::Sandbox, clock: None, chance: Chance::System };
        let market = house::open(opening).await.context("cannot open the seeded database")?;
        Self::over(market, folder).await
    }

    /// Serves a market which is open.
    pub async fn over(market: Market, folder: Option<PathBuf>) -> anyhow::Result<Hall> {
        let served = Served::begin(&market).await?;
        Ok(Hall { market, served, folder })
    }

    /// A browser in which somebody is signed in.
    pub async fn signed_in(&self, person: PersonId) -> anyhow::Result<Client> {
        let link = demo_link(&self.market, person, "/").await?;
        let (session, _) = use_link(&self.market, link.reveal(), "bench").await?;
        Client::signed_in(&self.served.host, session.token.reveal()).await
    }

    /// Somebody who works for a shop, or for the house.
    pub async fn staff_of(&self, home: ShopId) -> anyhow::Result<PersonId> {
        let read = async move |tx: &mut Tx| Ok::<_, Failure>(people::list_members(tx, home).await?);
        let all = self.market.store.read(read).await?;
        let wanted = if home == HOUSE { Role::Admin } else { Role::Owner };
        let found = all.iter().find(|member| member.role == wanted.code()).or(all.first());
        Ok(found.context("nobody works there")?.person)
    }

    /// The newest orders of the house.
    pub async fn newest(&self) -> anyhow::Result<Vec<OrderRow>> {
        let read = async move |tx: &mut Tx| {
            Ok::<_, Failure>(lists::orders::of_house(tx, None, None, i64::MAX, NEWEST).await?)
        };
        let rows = self.market.store.read(read).await?;
        ensure!(
            !rows.is_empty(),
            "there is no order in this database: fill one with guildhall seed"
        );
        Ok(rows)
    }

    pub fn host(&self) -> &str {
        &self.served.host
    }

    /// Stops the server and removes what was made for the run.
    pub async fn close(self) -> anyhow::Result<()> {
        self.served.end().await?;
        house::leave(&self.market).await?;
        if let Some(folder) = &self.folder {
            std::fs::remove_dir_all(folder)?;
        }
        Ok(())
    }
}

/// The shop of most of these orders.
pub fn busiest(orders: &[OrderRow]) -> Option<ShopId> {
    let mut counts: BTreeMap<ShopId, usize> = BTreeMap::new();
    for order in orders {
        *counts.entry(order.shop).or_insert(0) += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(shop, _)| shop)
}
