//! `guildhall serve`: the server, and the loop which passes deadlines.

use std::process::ExitCode;
use std::time::Duration;

use actions::deadlines::{self, SweepSettings};
use actions::{Failure, Market, Mode, Providers, house, people, requests};
use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;
use tokio::sync::watch;
use web::WebSettings;

use super::open_market;
use crate::settings::Settings;

#[derive(Debug, Args)]
pub struct Serve {
    /// A new database becomes a sandbox: built-in payments and carriers, and a clock which can be moved.
    #[arg(long)]
    pub sandbox: bool,
    /// The address people reach the market under, as https://market.example; it makes cookies secure.
    #[arg(long, env = "GUILDHALL_PUBLIC_ADDRESS")]
    pub public_address: Option<String>,
    /// Requests a minute from one address, or with one key; 0 switches the limit off. This machine itself is not limited,
    /// so a proxy on it has to send X-Forwarded-For.
    #[arg(long, env = "GUILDHALL_REQUESTS_A_MINUTE", default_value_t = WebSettings::default().requests_a_minute)]
    pub requests_a_minute: u32,
}

impl Serve {
    pub async fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let mode = if self.sandbox { Mode::Sandbox } else { Mode::Live };
        let market = open_market(settings, mode).await?;
        market.take_providers(payment_providers(self.public_address.as_deref())?);
        let listener = listen(settings).await?;
        let address = format!("http://{}", listener.local_addr()?);
        let shown = self.public_address.clone().unwrap_or(address);
        println!("serving {} on {shown}", settings.database_shown());
        if let Some(secret) = actions::sign_in_links::set_up_link(&market).await? {
            println!("set up this house once at {shown}/set-up/{}", secret.reveal());
        }
        let web_settings = WebSettings {
            public_address: self.public_address.clone(),
            requests_a_minute: self.requests_a_minute,
            ..WebSettings::default()
        };
        until_stopped(market, listener, web_settings, stop_signal()).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The payment providers, from the environment (docs/how-to/take_payments.md).
pub fn payment_providers(public_address: Option<&str>) -> anyhow::Result<Providers> {
    #[expect(clippy::disallowed_methods, reason = "the command line is where settings are read")]
    let lookup = |name: &str| std::env::var(name).ok();
    let providers = gateways::settings::read(&lookup, public_address)?;
    Ok(providers)
}

pub async fn listen(settings: &Settings) -> anyhow::Result<TcpListener> {
    let address = &settings.listen;
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

/// Ends at Ctrl-C or at a polite request to stop.
pub async fn stop_signal() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::warn!(%error, "cannot listen for SIGTERM");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}

/// Serves until `stop` ends, then lets requests and the sweep finish.
pub async fn until_stopped(
    market: Market,
    listener: TcpListener,
    settings: WebSettings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let (stopping, stopped) = watch::channel(false);
    #[expect(
        clippy::disallowed_methods,
        reason = "the sweep runs beside the server; it is waited for below"
    )]
    let sweeper = tokio::spawn(sweep_until(market.clone(), stopped.clone()));
    let stop = async move {
        stop.await;
        stopping.send(true).ok();
    };
    let served = web::serve(listener, market.clone(), settings, stop).await;
    sweeper.await.context("the sweep of deadlines ended badly")?;
    house::leave(&market).await?;
    served.context("the server ended badly")
}

/// One step of forgetting sessions, links and answers to repeated requests; how many rows went.
async fn forget(market: &Market) -> Result<u64, Failure> {
    Ok(people::forget_expired(market).await? + requests::forget_old(market).await?)
}

/// Sweeps twice a second: other processes write deadlines too. Each hour it forgets what has run out.
async fn sweep_until(market: Market, mut stopped: watch::Receiver<bool>) {
    let mut kept_at = market.now();
    let mut forgot_at = kept_at;
    while !*stopped.borrow() {
        if let Err(failure) = deadlines::sweep(&market, SweepSettings::default()).await {
            tracing::warn!(%failure, "the sweep of deadlines failed");
        }
        if market.now().since(kept_at).ms() > 60_000 {
            kept_at = market.now();
            if let Err(failure) = house::keep_house(&market).await {
                tracing::error!(%failure, "the house could not be kept");
            }
        }
        if market.now().since(forgot_at).ms() > 3_600_000 {
            match forget(&market).await {
                // There may be more: the next turn goes on.
                Ok(1..) => {}
                Ok(0) => forgot_at = market.now(),
                Err(failure) => {
                    forgot_at = market.now();
                    tracing::warn!(%failure, "what has run out could not be forgotten");
                }
            }
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(500)) => {}
            _ = stopped.changed() => {}
        }
    }
}
