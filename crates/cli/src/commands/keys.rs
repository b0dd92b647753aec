//! `guildhall keys create`

use std::process::ExitCode;

use actions::Mode;
use actions::api_keys::{CliKey, create_for_cli};
use actions::caller::KeyScope;
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
}

impl Keys {
    pub async fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let KeysCommand::Create { scope, person, shop, name } = &self.command;
        let scope = match scope {
            Scope::Buyer => KeyScope::Buyer,
            Scope::Shop => KeyScope::Shop,
            Scope::Operator => KeyScope::Operator,
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
