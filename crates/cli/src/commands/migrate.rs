//! `guildhall migrate`

use std::process::ExitCode;

use anyhow::Context;
use serde_json::json;
use store::{Store, StoreOptions};

use crate::settings::Settings;

pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = Store::open(settings.database(), StoreOptions::default())
        .await
        .with_context(|| format!("cannot open the database {}", settings.database_shown()))?;
    let report = store.migrate().await?;
    if settings.json {
        println!("{}", json!({ "applied": report.applied }));
    } else if report.applied.is_empty() {
        println!("nothing to do: {} is up to date", settings.database_shown());
    } else {
        for name in &report.applied {
            println!("applied {name}");
        }
    }
    Ok(ExitCode::SUCCESS)
}
