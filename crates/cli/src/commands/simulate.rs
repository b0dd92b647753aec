//! `guildhall simulate`: plays market life with faults on an empty database and stops at the first broken invariant.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use serde_json::json;

use crate::settings::Settings;
use crate::simulation::{Played, play};

#[derive(Debug, Args)]
pub struct Simulate {
    /// The same seed plays the same history, byte for byte.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many days of life to play, before the house is left alone until every order has ended.
    #[arg(long, default_value_t = 14)]
    pub days: i64,
}

impl Simulate {
    pub async fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        if !(1..=150).contains(&self.days) {
            bail!("--days is a number from 1 to 150");
        }
        let own = settings.database.is_none().then(|| Scratch::new(self.seed));
        let database = match &own {
            Some(scratch) => scratch.0.display().to_string(),
            None => settings.database().to_owned(),
        };
        let outcome = play(&database, self.seed, self.days).await;
        let (seed, days) = (self.seed, self.days);
        match outcome {
            Ok(Played { orders, steps, history }) if settings.json => println!(
                "{}",
                json!({ "ok": true, "seed": seed, "days": days, "orders": orders, "steps": steps, "history": history })
            ),
            Ok(Played { orders, steps, history }) => println!(
                "seed {seed}, {days} days: {orders} orders in {steps} steps, history {history}"
            ),
            Err(error) if settings.json => {
                println!(
                    "{}",
                    json!({ "ok": false, "seed": seed, "days": days, "broken": format!("{error:#}") })
                );
                return Ok(ExitCode::FAILURE);
            }
            Err(error) => {
                println!("seed {seed}, {days} days, broken: {error:#}");
                return Ok(ExitCode::FAILURE);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A database file which goes when the run is over.
struct Scratch(PathBuf);

impl Scratch {
    fn new(seed: u64) -> Self {
        let name = format!("guildhall-simulation-{}-{seed}.db", std::process::id());
        let scratch = Self(std::env::temp_dir().join(name));
        scratch.remove();
        scratch
    }

    fn remove(&self) {
        for tail in ["", "-wal", "-shm"] {
            // Nothing is lost when it cannot be removed: the name has the process in it.
            let _ = std::fs::remove_file(format!("{}{tail}", self.0.display()));
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.remove();
    }
}
