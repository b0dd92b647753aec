//! `guildhall policy check DIR` and `guildhall policy publish DIR --from TIME`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use actions::{Failure, Mode, house};
use anyhow::Context;
use clap::{Args, Subcommand};
use rules::ids::PersonId;
use rules::policy::{Policies, SHIPPED};
use rules::time::Timestamp;

use super::open_market;
use crate::settings::Settings;

#[derive(Debug, Args)]
pub struct Policy {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
enum PolicyCommand {
    /// Read a folder of policy files and say, with file and line, what is wrong.
    Check { folder: PathBuf },
    /// Publish a folder of policy files as a new version, in force from a moment on.
    Publish {
        folder: PathBuf,
        /// As in 2026-12-01T00:00:00Z; without it the version is in force at once.
        #[arg(long)]
        from: Option<String>,
        /// Why: shown beside the version.
        #[arg(long, default_value = "")]
        note: String,
    },
}

impl Policy {
    pub async fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        match &self.command {
            PolicyCommand::Check { folder } => check(folder),
            PolicyCommand::Publish { folder, from, note } => {
                publish(settings, folder, from.as_deref(), note).await
            }
        }
    }
}

fn read(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for (name, shipped) in SHIPPED {
        let path = folder.join(name);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => shipped.to_owned(),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
        };
        files.insert(name.to_owned(), text);
    }
    Ok(files)
}

fn check(folder: &Path) -> anyhow::Result<ExitCode> {
    let files = read(folder)?;
    let texts: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    match Policies::load(&texts) {
        Ok(_) => {
            println!("the policy in {} can be published", folder.display());
            Ok(ExitCode::SUCCESS)
        }
        Err(errors) => {
            for error in &errors {
                println!("{error}");
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn publish(
    settings: &Settings,
    folder: &Path,
    from: Option<&str>,
    note: &str,
) -> anyhow::Result<ExitCode> {
    let files = read(folder)?;
    let market = open_market(settings, Mode::Live).await?;
    let from = match from {
        Some(text) => Timestamp::parse(text)?,
        None => market.now(),
    };
    let published =
        house::publish_policy(&market, PersonId::new(0), files, from, note.to_owned()).await;
    house::leave(&market).await?;
    match published {
        Ok(number) => {
            println!("policy version {number} is in force from {from}");
            Ok(ExitCode::SUCCESS)
        }
        Err(Failure::Invalid(faults)) => {
            for fault in &faults {
                println!("{}", fault.sentence);
            }
            Ok(ExitCode::FAILURE)
        }
        Err(failure) => Err(failure.into()),
    }
}
