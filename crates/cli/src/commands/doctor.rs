//! `guildhall doctor`: looks at everything a house needs, and says what is wrong and what to do.

use std::process::ExitCode;

use actions::ProviderName;
use rules::policy::Policies;
use serde_json::json;
use store::{SchemaState, Store, StoreOptions};

use super::serve::payment_providers;
use crate::settings::Settings;

struct Finding {
    what: &'static str,
    good: bool,
    says: String,
}

pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut findings = vec![listen(settings), shipped_policy(), payments()];
    findings.extend(database(settings).await);
    let good = findings.iter().all(|finding| finding.good);
    if settings.json {
        let rows: Vec<_> = findings
            .iter()
            .map(|finding| json!({ "what": finding.what, "good": finding.good, "says": finding.says }))
            .collect();
        println!("{}", json!({ "good": good, "findings": rows }));
    } else {
        for finding in &findings {
            let mark = if finding.good { "good " } else { "WRONG" };
            println!("{mark} {}: {}", finding.what, finding.says);
        }
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn listen(settings: &Settings) -> Finding {
    let good = settings.listen.parse::<std::net::SocketAddr>().is_ok();
    let says = if good {
        settings.listen.clone()
    } else {
        format!("{} is not ADDR:PORT, as in 127.0.0.1:7070", settings.listen)
    };
    Finding { what: "listen address", good, says }
}

fn shipped_policy() -> Finding {
    let files: Vec<(&str, &str)> = rules::policy::SHIPPED.to_vec();
    match Policies::load(&files) {
        Ok(policies) => Finding {
            what: "shipped policy",
            good: true,
            says: format!("{} markets", policies.markets().count()),
        },
        Err(errors) => Finding {
            what: "shipped policy",
            good: false,
            says: errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        },
    }
}

/// The same settings which `serve` reads (docs/how-to/take_payments.md).
fn payments() -> Finding {
    #[expect(clippy::disallowed_methods, reason = "the command line is where settings are read")]
    let address = std::env::var("GUILDHALL_PUBLIC_ADDRESS").ok();
    let (good, says) = match payment_providers(address.as_deref()) {
        Ok(providers) => {
            let names: Vec<&str> = providers.names().map(ProviderName::code).collect();
            let says = if names.is_empty() {
                "none besides the sandbox's".to_owned()
            } else {
                names.join(", ")
            };
            (true, says)
        }
        Err(error) => (false, error.to_string()),
    };
    Finding { what: "payment providers", good, says }
}

async fn database(settings: &Settings) -> Vec<Finding> {
    let is_file = !settings.database().contains("://");
    if is_file && !std::path::Path::new(settings.database()).exists() {
        let says = format!("{} is not there yet; `serve` makes it", settings.database());
        return vec![Finding { what: "database", good: true, says }];
    }
    let store = match Store::open(settings.database(), StoreOptions::default()).await {
        Ok(store) => store,
        Err(error) => {
            let says = format!("{}: {error}", settings.database_shown());
            return vec![Finding { what: "database", good: false, says }];
        }
    };
    let mut findings = vec![Finding {
        what: "database",
        good: true,
        says: format!("{} ({})", settings.database_shown(), store.engine_name()),
    }];
    findings.push(match store.schema_state().await {
        Ok(state) => schema(&state),
        Err(error) => Finding { what: "schema", good: false, says: error.to_string() },
    });
    findings
}

fn schema(state: &SchemaState) -> Finding {
    let (good, says) = match state {
        SchemaState::Current => (true, "up to date".to_owned()),
        SchemaState::Empty => (true, "empty; `serve` or `migrate` builds it".to_owned()),
        SchemaState::Behind(count) => {
            (true, format!("{count} migrations behind; `serve` or `migrate` applies them"))
        }
        SchemaState::Newer(number) => {
            (false, format!("written by a newer program (migration {number}); run that one"))
        }
    };
    Finding { what: "schema", good, says }
}
