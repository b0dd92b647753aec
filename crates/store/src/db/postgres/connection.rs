//! The server's address, and a connection to it, encrypted where the address asks for it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::super::failure::DbError;
use super::errors::chain;

/// Where the server is and how it is spoken to.
pub(super) struct Address {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Address {
    /// Reads `postgres://user:password@host:port/database?sslmode=…`.
    ///
    /// `sslmode` is `disable`, `prefer`, `require` or `verify-full`; the last two mean the same, because a certificate is
    /// always checked against those the machine trusts. Without it the connection to this very machine is not encrypted,
    /// and any other is `prefer`.
    pub fn parse(address: &str) -> Result<Self, DbError> {
        let understood = address.replace("sslmode=verify-full", "sslmode=require");
        let mut config: Config = understood.parse().map_err(|error: tokio_postgres::Error| {
            // Without the address itself: it holds a password.
            DbError::Unreachable(format!("the address is not understood: {}", chain(&error)))
        })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        if config.get_tcp_user_timeout().is_none() {
            // A server which was unplugged says nothing; without this, acts would wait for it a quarter of an hour.
            config.tcp_user_timeout(Duration::from_secs(30));
        }
        if config.get_application_name().is_none() {
            config.application_name("guildhall");
        }
        if !understood.contains("sslmode=") && config.get_hosts().iter().all(is_here) {
            config.ssl_mode(SslMode::Disable);
        }
        let tls =
            if config.get_ssl_mode() == SslMode::Disable { None } else { Some(encryption()?) };
        Ok(Self { config, tls })
    }

    /// Connects and leaves the connection to a task, which ends when the client is dropped or the server goes.
    pub async fn connect(&self) -> Result<Client, DbError> {
        let failed = |error: tokio_postgres::Error| DbError::Unreachable(chain(&error));
        match &self.tls {
            None => {
                let (client, connection) = self.config.connect(NoTls).await.map_err(failed)?;
                keep_alive(connection);
                Ok(client)
            }
            Some(tls) => {
                let (client, connection) =
                    self.config.connect(tls.clone()).await.map_err(failed)?;
                keep_alive(connection);
                Ok(client)
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the task is the connection: it ends with its client"
)]
fn keep_alive<C>(connection: C)
where
    C: Future<Output = Result<(), tokio_postgres::Error>> + Send + 'static,
{
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(error = chain(&error), "a connection to the database was lost");
        }
    });
}

/// Whether the host is this machine.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        // A socket in the file system; not every platform has them.
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn encryption() -> Result<MakeRustlsConnect, DbError> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (usable, _) = roots.add_parsable_certificates(found.certs);
    if usable == 0 {
        tracing::warn!(
            "this machine trusts no certificates; an encrypted connection to the database will fail"
        );
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| DbError::Broken(format!("encryption cannot be set up: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
