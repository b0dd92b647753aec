//! The settings of a deployment. They never change what the market decides: that is policy.

use clap::Args;
use serde_json::json;

/// Settings every command shares. A flag wins over its variable, a variable over the default.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// A file path, or a postgres:// address [default: guildhall.db, for the demo guildhall-demo.db].
    #[arg(long, global = true, env = "GUILDHALL_DATABASE")]
    pub database: Option<String>,
    /// Where to serve, as ADDR:PORT. Port 0 takes a free one.
    #[arg(long, global = true, env = "GUILDHALL_LISTEN", default_value = "127.0.0.1:7070")]
    pub listen: String,
    /// Machine-readable output.
    #[arg(long, global = true)]
    pub json: bool,
    /// A file with the root of the carriers' keys: 32 bytes in base64url without padding. Left out: kept in the database.
    #[arg(long, global = true, env = "GUILDHALL_CARRIER_ROOT_FILE")]
    pub carrier_root_file: Option<std::path::PathBuf>,
    /// A font file (TTF, OTF, TTC) with the letters of all papers. Left out: known places are looked at.
    #[arg(long, global = true, env = "GUILDHALL_PAPER_FONT")]
    pub paper_font: Option<std::path::PathBuf>,
    /// What is logged to standard error: error, warn, info, debug, or a filter such as `web=debug`.
    #[arg(long, global = true, env = "GUILDHALL_LOG", default_value = "warn")]
    pub log: String,
}

impl Settings {
    pub fn say_error(&self, error: &anyhow::Error) {
        if self.json {
            println!("{}", json!({ "error": error.to_string() }));
        } else {
            eprintln!("guildhall: {error:#}");
        }
    }

    /// The database's address.
    pub fn database(&self) -> &str {
        self.database_or("guildhall.db")
    }

    pub fn database_or<'a>(&'a self, default: &'a str) -> &'a str {
        self.database.as_deref().unwrap_or(default)
    }

    /// The database's address without its password, for messages.
    pub fn database_shown(&self) -> String {
        let Some((scheme, rest)) = self.database().split_once("://") else {
            return self.database().to_owned();
        };
        match rest.rsplit_once('@') {
            Some((who, host)) => {
                let user = who.split(':').next().unwrap_or_default();
                format!("{scheme}://{user}:…@{host}")
            }
            None => self.database().to_owned(),
        }
    }
}
