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
    /// The header which says who asks.
    who: (&'static str, String),
}

/// Status and body.
pub type Answer = (u16, Bytes);

impl Client {
    /// Connects to `host` (ADDR:PORT) and speaks with an API key.
    pub async fn connect(host: &str, key: &str) -> anyhow::Result<Client> {
        Self::connect_as(host, ("authorization", format!("Bearer {key}"))).await
    }

    /// As somebody who has signed in with a browser, and reads English.
    pub async fn signed_in(host: &str, session: &str) -> anyhow::Result<Client> {
        Self::connect_as(host, ("cookie", format!("session={session}; language=en"))).await
    }

    async fn connect_as(host: &str, who: (&'static str, String)) -> anyhow::Result<Client> {
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
        Ok(Client { sender, host: host.to_owned(), who })
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
            .header(self.who.0, &self.who.1)
            .header("content-type", "application/json")
            .header("idempotency-key", idempotency_key)
            .body(Full::new(Bytes::from(body)))?;
        // The answer before may have been read to its end before the connection knew.
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await?.to_bytes();
        if status >= 500 {
            bail!("{path} answered {status}: {}", String::from_utf8_lossy(&body));
        }
        Ok((status, body))
    }

    /// A page or another answer.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        let request = Request::builder()
            .uri(path)
            .header("host", &self.host)
            .header(self.who.0, &self.who.1)
            .body(Full::new(Bytes::new()))?;
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await?.to_bytes();
        Ok((status, body))
    }
}
