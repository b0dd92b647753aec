//! `guildhall bench place-order`: how many orders a second, beside what the engine can do with the same rows.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::bench::place_order::{self, Wanted};
use crate::settings::Settings;

#[derive(Debug, Args)]
pub struct Bench {
    #[command(subcommand)]
    command: BenchCommand,
}

#[derive(Debug, Subcommand)]
enum BenchCommand {
    /// Places and pays orders over HTTP, durably, from several clients at once.
    PlaceOrder {
        /// Numbers of clients, one run each.
        #[arg(long, value_delimiter = ',', default_value = "1,8,32")]
        clients: Vec<usize>,
        /// Seconds a run.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
    },
    /// Many buyers for few units of one thing: exactly that many orders, and how long it takes.
    FlashSale {
        #[arg(long, default_value_t = 10_000)]
        buyers: usize,
        #[arg(long, default_value_t = 100)]
        units: i64,
        #[arg(long, default_value_t = 128)]
        clients: usize,
    },
}

impl Bench {
    pub async fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        match &self.command {
            BenchCommand::PlaceOrder { clients, seconds } => {
                if clients.contains(&0) || *seconds == 0 {
                    bail!("clients and seconds are at least 1");
                }
                let wanted = Wanted { clients: clients.clone(), seconds: *seconds };
                for line in place_order::run(settings, &wanted).await? {
                    let json = json!({
                        "clients": line.clients, "orders_per_s": line.orders_per_s, "p50_ms": line.p50_ms,
                        "p99_ms": line.p99_ms, "raw_limit_per_s": line.raw_limit_per_s, "ratio": line.ratio,
                    });
                    if settings.json {
                        println!("{json}");
                    } else {
                        println!(
                            "{:>4} clients {:>8.0} orders/s  p50 {:>7.2} ms  p99 {:>7.2} ms  raw limit {:>8.0}/s  ratio {:.2}",
                            line.clients,
                            line.orders_per_s,
                            line.p50_ms,
                            line.p99_ms,
                            line.raw_limit_per_s,
                            line.ratio
                        );
                    }
                }
            }
            BenchCommand::FlashSale { buyers, units, clients } => {
                let sale = place_order::flash_sale(settings, *buyers, *units, *clients).await?;
                let json = json!({ "buyers": buyers, "units": units, "orders": sale.orders,
                    "refused": sale.refused, "seconds": sale.seconds });
                if settings.json {
                    println!("{json}");
                } else {
                    println!(
                        "{} orders of {units} units for {buyers} buyers, {} refused, {:.2} s",
                        sale.orders, sale.refused, sale.seconds
                    );
                }
                if sale.orders as i64 != *units {
                    return Ok(ExitCode::FAILURE);
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
