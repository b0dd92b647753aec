//! HTTP to the gateways: one client, a time limit on every call, a limit on every answer.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Request};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};

use crate::contract::GatewayError;

/// From the first byte sent to the last one read. [X] The gateways answer within two seconds; a buyer waits for this one.
pub const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Bytes of an answer which are read. [X] The largest real ones have about 20 KB.
const LARGEST_ANSWER: usize = 1024 * 1024;

/// The connections to the gateways. Cheap to clone: every clone shares them.
#[derive(Clone, Debug)]
pub struct Wire {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    longest_wait: Duration,
}

/// What a gateway answered.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn text(&self) -> Result<&str, GatewayError> {
        std::str::from_utf8(&self.body).map_err(GatewayError::unreadable)
    }
}

impl Wire {
    /// Trusts the certificates which this machine trusts.
    pub fn open(longest_wait: Duration) -> Self {
        let mut roots = RootCertStore::empty();
        // What cannot be read is left out; without any the gateways' certificates are refused, which says enough.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring speaks TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        // Plain HTTP is for simulators on this machine; `settings` refuses it for any other address.
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .build();
        Self { client: Client::builder(TokioExecutor::new()).build(connector), longest_wait }
    }

    /// Sends, and reads the whole answer.
    ///
    /// # Errors
    /// [`GatewayError::Unreachable`] when there is no whole answer in time. The request may have arrived all the same.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Result<Reply, GatewayError> {
        let answer = async {
            let response = self.client.request(request).await.map_err(unreachable)?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, LARGEST_ANSWER).collect().await;
            let body = body.map_err(|error| GatewayError::Unreachable(error.to_string()))?;
            let body = body.to_bytes();
            Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body })
        };
        match tokio::time::timeout(self.longest_wait, answer).await {
            Ok(reply) => reply,
            Err(_) => Err(GatewayError::Unreachable(format!(
                "no answer within {} seconds",
                self.longest_wait.as_secs_f32()
            ))),
        }
    }
}

/// With what lies beneath: the client's own sentence is only "client error (Connect)".
fn unreachable(error: hyper_util::client::legacy::Error) -> GatewayError {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        said = format!("{said}: {inner}");
        cause = inner.source();
    }
    GatewayError::Unreachable(said)
}

/// A request; fails when a setting or a reference cannot stand in a header or an address.
pub(crate) fn request(
    method: &str,
    uri: &str,
    headers: &[(&str, &str)],
    body: String,
) -> Result<Request<Full<Bytes>>, GatewayError> {
    let mut builder = Request::builder().method(method).uri(uri).header("user-agent", "guildhall");
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| GatewayError::Unreadable(format!("the request to {uri}: {error}")))
}

/// A header's text; `None` when it is missing or no text.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
