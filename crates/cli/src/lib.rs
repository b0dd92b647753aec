//! How the market is run. The library half of the binary `guildhall`, so that story tests can start it in process.

pub mod bench;
pub mod commands;
pub mod life;
pub mod seed;
pub mod settings;
pub mod simulation;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{
    bench as bench_command, demo, doctor, import, keys, ledger, migrate, policy,
    seed as seed_command, serve, simulate,
};
use crate::settings::Settings;

/// An open marketplace platform with due process: many shops, buyers, one operator.
#[derive(Debug, Parser)]
#[command(name = "guildhall", version, about, max_term_width = 100)]
pub struct Guildhall {
    #[command(flatten)]
    pub settings: Settings,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Play some weeks of market life in a sandbox, print a sign-in link for each role, and serve it.
    Demo(demo::Demo),
    /// Serve the market: consoles, storefront and API. The first start prints a one-time set-up link.
    Serve(serve::Serve),
    /// Bring the database up to this program's schema. `serve` does the same when it starts.
    Migrate,
    /// Look at settings, database, policy and disk, and say what is wrong.
    Doctor,
    /// The ledger: `ledger check` proves that every balance equals its transfers.
    Ledger(ledger::Ledger),
    /// API keys for programs: made once, shown once.
    Keys(keys::Keys),
    /// Measure the market as a whole on this machine.
    Bench(bench_command::Bench),
    /// Bring products in from a file which sellers already have.
    Import(import::Import),
    /// Policies: check files, publish a version.
    Policy(policy::Policy),
    /// Fill a new database with orders in every state, for measuring and trying out.
    Seed(seed_command::Seed),
    /// Play market life with crashes, lost answers and late news, and check the invariants as it goes.
    Simulate(simulate::Simulate),
}

/// Runs one command line. The exit code is 0 for done, 1 for "something is wrong", 2 for a wrong command line.
pub async fn run(guildhall: Guildhall) -> ExitCode {
    let settings = guildhall.settings;
    if let Some(font) = &settings.paper_font {
        if !font.is_file() {
            settings.say_error(&anyhow::anyhow!("there is no font file {}", font.display()));
            return ExitCode::FAILURE;
        }
        web::papers::use_font(Some(font.clone()));
    }
    let outcome = match guildhall.command {
        Command::Demo(demo) => demo.run(&settings).await,
        Command::Serve(serve) => serve.run(&settings).await,
        Command::Migrate => migrate::run(&settings).await,
        Command::Doctor => doctor::run(&settings).await,
        Command::Ledger(ledger) => ledger.run(&settings).await,
        Command::Keys(keys) => keys.run(&settings).await,
        Command::Bench(bench) => bench.run(&settings).await,
        Command::Import(import) => import.run(&settings).await,
        Command::Policy(policy) => policy.run(&settings).await,
        Command::Seed(seed) => seed.run(&settings).await,
        Command::Simulate(simulate) => simulate.run(&settings).await,
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            settings.say_error(&error);
            ExitCode::FAILURE
        }
    }
}
