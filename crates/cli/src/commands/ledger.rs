//! `guildhall ledger check`

use std::process::ExitCode;

use actions::Mode;
use actions::books;
use clap::{Args, Subcommand};
use serde_json::json;

use super::open_market;
use crate::settings::Settings;

#[derive(Debug, Args)]
pub struct Ledger {
    #[command(subcommand)]
    command: LedgerCommand,
}

#[derive(Debug, Subcommand)]
enum LedgerCommand {
    /// Proves the invariants of the ledger, or lists what is wrong and exits with 1.
    Check,
}

impl Ledger {
    pub async fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        match self.command {
            LedgerCommand::Check => check(settings).await,
        }
    }
}

async fn check(settings: &Settings) -> anyhow::Result<ExitCode> {
    let market = open_market(settings, Mode::Live).await?;
    let report = books::check(&market).await?;
    actions::house::leave(&market).await?;
    let sentences: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    if settings.json {
        println!(
            "{}",
            json!({ "ok": sentences.is_empty(), "faults": sentences, "transfers": report.transfers,
                    "balances": report.balances, "orders": report.orders })
        );
    } else {
        for sentence in &sentences {
            println!("wrong: {sentence}");
        }
        let verdict = if sentences.is_empty() {
            "the ledger is in order"
        } else {
            "the ledger is NOT in order"
        };
        println!(
            "{verdict}: {} transfers, {} balances, {} orders",
            report.transfers, report.balances, report.orders
        );
    }
    Ok(if sentences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
