//! `guildhall import products FILE.csv --shop ID`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use actions::import::{ImportOptions, import_products};
use actions::{Actor, Mode};
use anyhow::Context;
use clap::{Args, Subcommand};
use rules::ids::{PersonId, ShopId};
use serde_json::json;

use super::open_market;
use crate::settings::Settings;

#[derive(Debug, Args)]
pub struct Import {
    #[command(subcommand)]
    command: ImportCommand,
}

#[derive(Debug, Subcommand)]
enum ImportCommand {
    /// Read Shopify's product CSV into a shop. Good rows are done, bad ones are named; a second run changes nothing.
    Products {
        file: PathBuf,
        /// The shop's id.
        #[arg(long)]
        shop: ShopId,
    },
}

impl Import {
    pub async fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let ImportCommand::Products { file, shop } = &self.command;
        let csv = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let folder = file
            .parent()
            .map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
        let options = ImportOptions { folder: folder.map(Path::to_path_buf) };
        let market = open_market(settings, Mode::Live).await?;
        let actor = Actor::House(PersonId::new(0));
        let report = import_products(&market, actor, *shop, &csv, &options).await;
        actions::house::leave(&market).await?;
        let report = report?;
        if settings.json {
            let failed: Vec<_> = report
                .failed
                .iter()
                .map(|fault| json!({ "line": fault.line, "column": fault.column, "code": fault.code, "detail": fault.sentence }))
                .collect();
            println!(
                "{}",
                json!({ "rows": report.rows, "created": report.created, "updated": report.updated,
                        "unchanged": report.unchanged, "failed": failed })
            );
        } else {
            for fault in report.failed.iter().chain(&report.pictures_failed) {
                println!(
                    "line {} {} {}: {}",
                    fault.line, fault.handle, fault.column, fault.sentence
                );
            }
            println!(
                "{} rows: {} products created, {} changed, {} as they were, {} rows left out",
                report.rows,
                report.created,
                report.updated,
                report.unchanged,
                report.failed.len()
            );
        }
        Ok(if report.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
