//! `guildhall demo`: plays some weeks of market life through the real acts, then serves the market.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use actions::chance::Chance;
use actions::clock::{Clock, system_now};
use actions::house::{self, Opening};
use actions::sandbox_reports::ReportFault;
use actions::sign_in_links::demo_link;
use actions::{Failure, Market, Mode};
use anyhow::{Context, bail};
use clap::Args;
use rules::ids::PersonId;
use rules::time::{Span, Timestamp};
use store::{Store, StoreOptions, Tx};
use web::WebSettings;

use super::serve::{listen, stop_signal, until_stopped};
use crate::life::Life;
use crate::settings::Settings;

#[derive(Debug, Args)]
pub struct Demo {
    /// The same seed plays the same weeks.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many days of life to play.
    #[arg(long, default_value_t = 28)]
    pub days: i64,
    /// Begin anew, with an empty database.
    #[arg(long)]
    pub fresh: bool,
}

/// Where a demo lives when no database is named.
pub const DEMO_DATABASE: &str = "guildhall-demo.db";
/// The setting which says that the weeks were played to their end, and who the visitors are.
const PLAYED: &str = "demo_played";

impl Demo {
    pub async fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        if !(1..=400).contains(&self.days) {
            bail!("--days is a number from 1 to 400");
        }
        let address = settings.database_or(DEMO_DATABASE).to_owned();
        let listener = listen(settings).await?;
        // Also before anything is removed: what is no sandbox is an error here.
        let was = played(&address).await?;
        if self.fresh {
            forget(&address)?;
        }
        let visitors = match if self.fresh { Played::No } else { was } {
            Played::Yes(visitors) => visitors,
            Played::HalfWay if !address.contains("://") => {
                forget(&address)?;
                self.play(&address).await?
            }
            Played::HalfWay => bail!("the database has something else in it; name an empty one"),
            Played::No => self.play(&address).await?,
        };
        let opening =
            Opening { database: address, mode: Mode::Sandbox, clock: None, chance: Chance::System };
        let market = house::open(opening).await?;
        let shown = format!("http://{}", listener.local_addr()?);
        println!("open {shown}");
        for (role, person, to) in visitors.doors() {
            let secret = demo_link(&market, person, to).await?;
            println!("sign in as {role} {shown}/sign-in/link/{}", secret.reveal());
        }
        until_stopped(market, listener, WebSettings::default(), stop_signal()).await?;
        Ok(ExitCode::SUCCESS)
    }

    async fn play(&self, address: &str) -> anyhow::Result<Visitors> {
        let began = Instant::now();
        let end = system_now();
        let start = Timestamp::from_ms(end.ms() - Span::from_days(self.days).ms());
        let opening = Opening {
            database: address.to_owned(),
            mode: Mode::Sandbox,
            clock: Some(Clock::manual(start)),
            chance: Chance::seeded(self.seed),
        };
        let market = house::open(opening).await?;
        let mut life = Life::raise(market.clone(), Chance::seeded(self.seed), 20).await?;
        life.some_shops_scan().await?;
        for hour in 0..self.days * 24 - 3 {
            // The last hour played is the middle of a working day: queues are full when the visitor comes in.
            life.hour((hour + 16) % 24).await?;
            // Some days ago a provider's report was wrong, and two people settled it.
            if hour == (self.days - 4).max(1) * 24 {
                life.finance_works(ReportFault::RefundTooMuch).await?;
            }
            if hour % 24 == 23 {
                eprint!("\rplaying {} days of market life: day {}", self.days, hour / 24 + 1);
            }
        }
        life.last_hours().await?;
        let visitors = Visitors {
            buyer: life.buyers.first().map(|buyer| buyer.person).context("nobody buys")?,
            seller: life.shops.first().map(|shop| shop.owner).context("nobody sells")?,
            operator: life.operator,
        };
        visitors.keep(&market).await?;
        house::leave(&market).await?;
        let counts = life.counts;
        eprintln!(
            "\rplayed {} days in {:.1} s: {} checkouts, {} parcels, {} deadlines",
            self.days,
            began.elapsed().as_secs_f64(),
            counts.checkouts,
            counts.shipped,
            counts.deadlines
        );
        Ok(visitors)
    }
}

/// Whom a visitor of the demo may sign in as.
pub(crate) struct Visitors {
    pub buyer: PersonId,
    pub seller: PersonId,
    pub operator: PersonId,
}

impl Visitors {
    fn doors(&self) -> [(&'static str, PersonId, &'static str); 3] {
        [
            ("buyer", self.buyer, "/"),
            ("seller", self.seller, "/seller"),
            ("operator", self.operator, "/operator"),
        ]
    }

    pub(crate) async fn keep(&self, market: &Market) -> anyhow::Result<()> {
        let text = format!("{} {} {}", self.buyer, self.seller, self.operator);
        let now = market.now();
        market
            .store
            .write(async move |tx: &mut Tx| {
                Ok::<_, Failure>(store::house::record_setting(tx, PLAYED, &text, now).await?)
            })
            .await?;
        Ok(())
    }

    fn read(text: &str) -> Option<Visitors> {
        let mut ids = text.split(' ').map(str::parse::<PersonId>);
        let mut next = || ids.next()?.ok();
        Some(Visitors { buyer: next()?, seller: next()?, operator: next()? })
    }
}

enum Played {
    No,
    /// Somebody stopped the first demo while it was playing.
    HalfWay,
    Yes(Visitors),
}

async fn played(address: &str) -> anyhow::Result<Played> {
    if !address.contains("://") && !Path::new(address).exists() {
        return Ok(Played::No);
    }
    let store = Store::open(address, StoreOptions::default()).await?;
    store.migrate().await?;
    let read = async |tx: &mut Tx| {
        let mode = store::house::load_setting(tx, "mode").await?;
        Ok::<_, Failure>((mode, store::house::load_setting(tx, PLAYED).await?))
    };
    Ok(match store.read(read).await? {
        (None, _) => Played::No,
        (Some(_), Some(text)) => Visitors::read(&text).map_or(Played::HalfWay, Played::Yes),
        (Some(mode), None) if mode == "live" => {
            bail!("this database is a live house; a demo needs one of its own")
        }
        (Some(_), None) => Played::HalfWay,
    })
}

/// Removes a demo's file. The caller has looked that it is no live house's.
fn forget(address: &str) -> anyhow::Result<()> {
    if address.contains("://") {
        bail!("--fresh removes a file; make a new PostgreSQL database instead");
    }
    for tail in ["", "-wal", "-shm"] {
        let path = format!("{address}{tail}");
        match std::fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot remove {path}")),
        }
    }
    Ok(())
}
