//! `guildhall bench …`: what the market does on this machine, beside what the engine can do with the same rows.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::bench::place_order::{self, Wanted};
use crate::bench::{due, figures, pages, papers, settle};
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
    /// Every view of the lists of orders, page after page. On the database which `--database` names (`guildhall seed`
    /// fills one), or on one made for this run.
    Lists {
        /// Orders of a database which is made for this run.
        #[arg(long, default_value_t = 20_000)]
        orders: u64,
        /// Pages of each view.
        #[arg(long, default_value_t = 40)]
        pages: usize,
    },
    /// Single orders of all ages, as shop, house and buyer see them. On which database: as for `lists`.
    OrderPage {
        #[arg(long, default_value_t = 20_000)]
        orders: u64,
        #[arg(long, default_value_t = 400)]
        pages: usize,
    },
    /// Many packing slips in one file. On which database: as for `lists`.
    Slips {
        #[arg(long, default_value_t = 20_000)]
        orders: u64,
        /// At most as many as the policy lets into one file.
        #[arg(long, default_value_t = 500)]
        slips: i64,
    },
    /// The figures of a shop and of the house, over each of the periods which the pages offer. On which database: as for
    /// `lists`.
    Figures {
        #[arg(long, default_value_t = 20_000)]
        orders: u64,
        /// How often each is opened.
        #[arg(long, default_value_t = 100)]
        pages: usize,
    },
    /// Due deadlines among many which wait, worked off in one sweep. In a database of its own.
    Due {
        #[arg(long, default_value_t = 10_000)]
        due: u64,
        /// Numbers of deadlines which are not due, one run each.
        #[arg(long, value_delimiter = ',', default_value = "0,100000")]
        waiting: Vec<u64>,
    },
    /// Many orders due for settlement at one moment, while clients go on placing orders. In a database of its own.
    Settle {
        #[arg(long, default_value_t = 100_000)]
        orders: u64,
        #[arg(long, default_value_t = 8)]
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
            BenchCommand::Lists { orders, pages } => {
                show_pages(settings, &pages::lists(settings, *orders, *pages).await?);
            }
            BenchCommand::OrderPage { orders, pages } => {
                show_pages(settings, &pages::order_pages(settings, *orders, *pages).await?);
            }
            BenchCommand::Slips { orders, slips } => {
                show_papers(settings, &papers::run(settings, *orders, *slips).await?);
            }
            BenchCommand::Figures { orders, pages } => {
                show_pages(settings, &figures::run(settings, *orders, *pages).await?);
            }
            BenchCommand::Due { due, waiting } => {
                show_swept(settings, &due::run(settings, *due, waiting).await?);
            }
            BenchCommand::Settle { orders, clients } => {
                show_settled(settings, &settle::run(settings, *orders, *clients).await?);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn show_pages(settings: &Settings, lines: &[pages::Line]) {
    for line in lines {
        let json = json!({
            "page": line.what, "opened": line.pages, "p50_ms": line.p50_ms, "p99_ms": line.p99_ms,
            "limit_ms": line.limit_ms, "ratio": line.ratio,
        });
        if settings.json {
            println!("{json}");
        } else {
            println!(
                "{:<28} {:>4} opened  p50 {:>7.2} ms  p99 {:>7.2} ms  by keys {:>6.2} ms  ratio {:.2}",
                line.what, line.pages, line.p50_ms, line.p99_ms, line.limit_ms, line.ratio
            );
        }
    }
}

fn show_papers(settings: &Settings, run: &papers::Papers) {
    let json = json!({
        "slips": run.slips, "seconds": run.seconds, "slips_per_s": run.slips_per_s, "kib": run.kib,
        "memory_grew_mib": run.grew_mib,
    });
    if settings.json {
        println!("{json}");
        return;
    }
    let grew = run.grew_mib.map_or("unknown".to_owned(), |mib| format!("{mib} MiB"));
    println!(
        "{} slips in one file of {} KiB: {:.2} s ({:.0}/s), memory grew by {grew}",
        run.slips, run.kib, run.seconds, run.slips_per_s
    );
}

fn show_settled(settings: &Settings, run: &settle::Settled) {
    let json = json!({
        "orders": run.orders, "seconds": run.seconds, "orders_per_s": run.orders_per_s,
        "limit_per_s": run.limit_per_s, "ratio": run.ratio, "placed_meanwhile": run.placed_meanwhile,
        "placing_before_p50_ms": run.before.0, "placing_before_p99_ms": run.before.1,
        "placing_meanwhile_p50_ms": run.meanwhile.0, "placing_meanwhile_p99_ms": run.meanwhile.1,
    });
    if settings.json {
        println!("{json}");
        return;
    }
    println!(
        "{} orders settled in {:.1} s: {:.0}/s, their transfers in bulk {:.0}/s, ratio {:.2}",
        run.orders, run.seconds, run.orders_per_s, run.limit_per_s, run.ratio
    );
    println!(
        "placing and paying: before p50 {:.2} ms p99 {:.2} ms, meanwhile ({} orders) p50 {:.2} ms p99 {:.2} ms",
        run.before.0, run.before.1, run.placed_meanwhile, run.meanwhile.0, run.meanwhile.1
    );
}

fn show_swept(settings: &Settings, runs: &[due::Swept]) {
    for run in runs {
        let json = json!({
            "due": run.due, "waiting": run.waiting, "seconds": run.seconds, "per_s": run.per_s,
            "limit_per_s": run.limit_per_s, "ratio": run.ratio,
        });
        if settings.json {
            println!("{json}");
        } else {
            println!(
                "{} due among {} waiting: swept in {:.2} s ({:.0}/s), their transfers in bulk {:.0}/s, ratio {:.2}",
                run.due, run.waiting, run.seconds, run.per_s, run.limit_per_s, run.ratio
            );
        }
    }
}
