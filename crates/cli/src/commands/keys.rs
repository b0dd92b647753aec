//! `guildhall keys create`

use std::process::ExitCode;

use actions::api_keys::{CliKey, create_for_cli};
use actions::caller::KeyScope;
use actions::carrier_keys::roll_for_cli;
use actions::{Failure, Mode};
use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use rules::ids::ShopId;
use serde_json::json;

use super::open_market;
use crate::settings::Settings;

#[derive(Debug, Args)]
pub struct Keys {
    #[command(subcommand)]
    command: KeysCommand,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Make a key and show it once.
    Create {
        /// What the key opens.
        #[arg(long)]
        scope: Scope,
        /// The e-mail address of the person it acts for; without one a person is made who only has keys.
        #[arg(long)]
        person: Option<String>,
        /// The shop's id, for the scope `shop`.
        #[arg(long)]
        shop: Option<ShopId>,
        /// The carrier's code, for the scope `carrier`. An older key of the carrier opens for some hours more.
        #[arg(long)]
        carrier: Option<String>,
        /// What the key is for: shown in lists.
        #[arg(long, default_value = "command line")]
        name: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Scope {
    Buyer,
    Shop,
    Operator,
    /// A carrier signs its reports with it.
    Carrier,
}

impl Keys {
    pub async fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let KeysCommand::Create { scope, person, shop, carrier, name } = &self.command;
        let scope = match scope {
            Scope::Buyer => KeyScope::Buyer,
            Scope::Shop => KeyScope::Shop,
            Scope::Operator => KeyScope::Operator,
            Scope::Carrier => return for_carrier(settings, carrier.as_deref()).await,
        };
        let market = open_market(settings, Mode::Live).await?;
        let ask = CliKey { scope, person: person.clone(), shop: *shop, name: name.clone() };
        let made = create_for_cli(&market, ask).await;
        actions::house::leave(&market).await?;
        let made = made?;
        if settings.json {
            println!(
                "{}",
                json!({ "id": made.id, "person": made.person, "key": made.text.reveal() })
            );
        } else {
            println!("{}", made.text.reveal());
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn for_carrier(settings: &Settings, carrier: Option<&str>) -> anyhow::Result<ExitCode> {
    let carrier = carrier.context("a key for a carrier needs --carrier with its code")?;
    let market = open_market(settings, Mode::Live).await?;
    let made = roll_for_cli(&market, carrier).await;
    actions::house::leave(&market).await?;
    let made = made.map_err(|failure| anyhow::anyhow!("{carrier}: {}", said(&failure)))?;
    if settings.json {
        let answer = json!({ "id": made.id, "carrier": made.carrier, "key": made.text.reveal(), "old_until": made.old_until });
        println!("{answer}");
    } else {
        println!("{}", made.text.reveal());
    }
    Ok(ExitCode::SUCCESS)
}

fn said(failure: &Failure) -> String {
    match failure {
        Failure::Invalid(faults) => {
            faults.iter().map(|fault| fault.sentence.as_str()).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}
