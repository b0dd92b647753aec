//! `guildhall seed`: fills a new database with orders, through bulk statements and by the market's own rules.

use std::process::ExitCode;
use std::time::Instant;

use actions::clock::system_now;
use actions::seeding::Profile;
use anyhow::bail;
use clap::Args;
use serde_json::json;

use crate::seed::{Wanted, seed_database};
use crate::settings::Settings;

#[derive(Debug, Args)]
pub struct Seed {
    /// How many orders.
    #[arg(long)]
    pub orders: u64,
    /// The same seed at the same moment makes the same market.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Over how many days the orders were placed; until now.
    #[arg(long, default_value_t = 150)]
    pub days: i64,
}

impl Seed {
    pub async fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        if !(1..=20_000_000).contains(&self.orders) {
            bail!("--orders is a number from 1 to 20000000");
        }
        if !(10..=400).contains(&self.days) {
            bail!("--days is a number from 10 to 400");
        }
        let began = Instant::now();
        let wanted = Wanted {
            orders: self.orders,
            seed: self.seed,
            days: self.days,
            until: system_now(),
            profile: Profile::Life,
        };
        let orders = self.orders;
        let report = seed_database(settings.database(), &wanted, |so_far| {
            let seconds = began.elapsed().as_secs().max(1);
            eprint!(
                "\rseeded {} of {orders} orders, {} rows, {} orders/s ",
                so_far.orders,
                so_far.rows,
                so_far.orders / seconds
            );
        })
        .await?;
        eprintln!();
        let seconds = began.elapsed().as_secs_f64();
        let a_second = report.orders as f64 / seconds;
        if settings.json {
            let summary = json!({
                "orders": report.orders, "buyers": report.buyers, "rows": report.rows,
                "statements": report.statements, "states": report.states,
                "seconds": (seconds * 100.0).round() / 100.0, "orders_per_s": a_second.round(),
            });
            println!("{summary}");
        } else {
            println!(
                "{} orders of {} buyers, {} statements, {} rows in {seconds:.1} s ({a_second:.0} orders/s)",
                report.orders, report.buyers, report.statements, report.rows
            );
            for (state, count) in &report.states {
                println!("{count:>9} {state}");
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
