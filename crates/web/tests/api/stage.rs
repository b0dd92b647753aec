//! A market behind its HTTP surface. Every answer is compared with the document, whatever the test looks at.

use std::cell::Cell;

use actions::api_keys::{CliKey, create_for_cli};
use actions::caller::KeyScope;
use actions::people::{NewPerson, register};
use actions::testing::Stage;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use rules::ids::{PersonId, ShopId};
use serde_json::{Value, json};
use store::Store;
use tower::ServiceExt;
use web::{WebSettings, router};

use crate::document::Contract;

/// The market, its router, and keys for everybody who takes part.
pub struct Counter {
    pub stage: Stage,
    router: Router,
    contract: Contract,
    next_key: Cell<u32>,
    pub buyer: String,
    pub other_buyer: String,
    /// Of the stage's first shop.
    pub shop: String,
    /// Of its second one.
    pub other_shop: String,
    pub operator: String,
}

/// A request in the making.
pub struct Ask<'a> {
    counter: &'a Counter,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub json: Value,
}

impl Counter {
    pub async fn on(store: Store) -> Counter {
        let stage = Stage::on(store).await.expect("the stage stands");
        let market = stage.market.clone();
        let buyer = key(&stage, KeyScope::Buyer, Some("ada@example.com"), None).await;
        let other_buyer = key(&stage, KeyScope::Buyer, Some("eve@example.com"), None).await;
        let shop = key(&stage, KeyScope::Shop, None, Some(stage.first)).await;
        let other_shop = key(&stage, KeyScope::Shop, None, Some(stage.second)).await;
        let operator = key(&stage, KeyScope::Operator, None, None).await;
        let router = router(market, WebSettings::default());
        let contract = Contract::read();
        let next_key = Cell::new(0);
        Counter {
            stage,
            router,
            contract,
            next_key,
            buyer,
            other_buyer,
            shop,
            other_shop,
            operator,
        }
    }

    pub fn get(&self, key: &str, path: &str) -> Ask<'_> {
        self.ask(Method::GET, key, path)
    }

    /// A write with a body and a new Idempotency-Key.
    pub fn post(&self, key: &str, path: &str, body: &Value) -> Ask<'_> {
        self.next_key.set(self.next_key.get() + 1);
        let ask = self.ask(Method::POST, key, path).json(body);
        ask.header("idempotency-key", &format!("test-{}", self.next_key.get()))
    }

    pub fn put(&self, key: &str, path: &str, body: &Value) -> Ask<'_> {
        Ask { method: Method::PUT, ..self.post(key, path, body) }
    }

    pub fn delete(&self, key: &str, path: &str) -> Ask<'_> {
        self.ask(Method::DELETE, key, path)
    }

    /// `key` may be empty: nobody.
    pub fn ask(&self, method: Method, key: &str, path: &str) -> Ask<'_> {
        let ask = Ask {
            counter: self,
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        if key.is_empty() { ask } else { ask.header("authorization", &format!("Bearer {key}")) }
    }

    /// A checkout of these SKUs, one shop each.
    pub fn checkout(&self, lines: &[(ShopId, rules::ids::SkuId, i64)]) -> Value {
        let lines: Vec<Value> = lines
            .iter()
            .map(|(shop, sku, quantity)| json!({ "shop": shop, "sku": sku, "quantity": quantity }))
            .collect();
        json!({ "lines": lines, "address": actions::testing::address() })
    }

    /// The buyer places and pays black earbuds; answers the order's id.
    pub async fn bought(&self) -> String {
        let stage = &self.stage;
        let wanted = self.checkout(&[(stage.first, stage.earbuds_black, 1)]);
        let placed = self.post(&self.buyer, "/checkouts", &wanted).expect(201).await;
        let payment = placed["payment"].as_str().expect("an id");
        let path = format!("/payments/{payment}/attempts");
        self.post(&self.buyer, &path, &json!({ "instrument": "card_ok" })).expect(200).await;
        placed["orders"][0]["id"].as_str().expect("an id").to_owned()
    }
}

pub async fn key(
    stage: &Stage,
    scope: KeyScope,
    email: Option<&str>,
    shop: Option<ShopId>,
) -> String {
    if let Some(email) = email {
        person(stage, email).await;
    }
    let ask = CliKey { scope, person: email.map(str::to_owned), shop, name: "test".to_owned() };
    let made = create_for_cli(&stage.market, ask).await.expect("a key can be made");
    made.text.reveal().to_owned()
}

pub async fn person(stage: &Stage, email: &str) -> PersonId {
    let person = NewPerson {
        name: "Ada Buyer".to_owned(),
        email: email.to_owned(),
        language: "en".to_owned(),
    };
    register(&stage.market, person).await.expect("a person can be registered")
}

impl Ask<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(there, _)| there != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(there, _)| there != name);
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.bytes("application/json", body.to_string().into_bytes())
    }

    pub fn bytes(mut self, kind: &str, body: Vec<u8>) -> Self {
        self.body = body;
        self.header(header::CONTENT_TYPE.as_str(), kind)
    }

    pub async fn send(self) -> Reply {
        let mut request =
            Request::builder().method(&self.method).uri(format!("/api/v1{}", self.path));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(self.body)).expect("a request");
        let response = self.counter.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 16 << 20).await.expect("a body");
        let json = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                panic!(
                    "{} {}: {error}: {}",
                    self.method,
                    self.path,
                    String::from_utf8_lossy(&bytes)
                )
            })
        };
        let reply = Reply { status: parts.status, headers: parts.headers, json };
        self.counter.contract.holds(&self.method, &self.path, &reply);
        reply
    }

    /// Sends, and wants this status; answers the body.
    pub async fn expect(self, status: u16) -> Value {
        let what = format!("{} {}", self.method, self.path);
        let reply = self.send().await;
        assert_eq!(reply.status.as_u16(), status, "{what}: {}", reply.json);
        reply.json
    }

    /// Sends, and wants a problem with this status and code; answers it.
    pub async fn refused(self, status: u16, code: &str) -> Value {
        let what = format!("{} {}", self.method, self.path);
        let reply = self.send().await;
        assert_eq!(
            (reply.status.as_u16(), reply.json["code"].as_str()),
            (status, Some(code)),
            "{what}: {}",
            reply.json
        );
        reply.json
    }
}
