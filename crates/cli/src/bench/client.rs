//! A keep-alive HTTP client for the bench: one connection, one request at a time.

use anyhow::{Context, bail};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    key: String,
}

/// Status and body.
pub type Answer = (u16, Bytes);

impl Client {
    /// Connects to `host` (ADDR:PORT) and speaks with an API key.
    pub async fn connect(host: &str, key: &str) -> anyhow::Result<Client> {
        let stream =
            TcpStream::connect(host).await.with_context(|| format!("cannot reach {host}"))?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        #[expect(
            clippy::disallowed_methods,
            reason = "a connection is driven beside its requests; it ends with them"
        )]
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a bench connection ended");
            }
        });
        Ok(Client { sender, host: host.to_owned(), key: key.to_owned() })
    }

    pub async fn post(
        &mut self,
        path: &str,
        idempotency_key: &str,
        body: String,
    ) -> anyhow::Result<Answer> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("host", &self.host)
            .header("authorization", format!("Bearer {}", self.key))
            .header("content-type", "application/json")
            .header("idempotency-key", idempotency_key)
            .body(Full::new(Bytes::from(body)))?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await?.to_bytes();
        if status >= 500 {
            bail!("{path} answered {status}: {}", String::from_utf8_lossy(&body));
        }
        Ok((status, body))
    }
}
