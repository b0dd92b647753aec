//! A house on a database of its own, with the demo's cast, served on a free port.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use actions::chance::Chance;
use actions::checkout::{Checkout, LineWanted, PlaceOrders, Placed, place_orders};
use actions::clock::Clock;
use actions::deadlines::sweep;
use actions::house::{Opening, open};
use actions::payments::{Pay, PaymentAnswer, pay};
use actions::sandbox_provider::Instrument;
use actions::sign_in_links::demo_link;
use actions::testing::{BEGIN, book_in};
use actions::{Failure, Market, Mode};
use anyhow::Context;
use cli::life::{Life, LifeBuyer, LifeShop};
use rules::ids::PersonId;
use rules::time::Span;
use store::orders::OrderRow;
use store::{Tx, lists};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use web::WebSettings;

/// The folder of one house's database; gone with the house.
struct Folder(PathBuf);

impl Folder {
    fn make() -> anyhow::Result<Folder> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("guildhall-story-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).with_context(|| format!("cannot make {path:?}"))?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder which stays behind in the temporary files harms nobody.
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// A market with people in it, open for visitors. Its clock stands still until the story moves it.
pub struct House {
    pub life: Life,
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    /// Dropped with the house, which stops its server.
    _stop: oneshot::Sender<()>,
    // After the server, so that nobody writes there any more.
    _folder: Folder,
}

impl House {
    /// Opens an empty sandbox on a Monday morning, raises the demo's cast in it and serves it.
    pub async fn raise() -> anyhow::Result<House> {
        Self::raise_in("USD").await
    }

    /// As [`House::raise`], with another currency of two minor digits in the market of the United States.
    pub async fn raise_in(currency: &str) -> anyhow::Result<House> {
        let folder = Folder::make()?;
        let opening = Opening {
            database: folder.0.join("house.db").to_string_lossy().into_owned(),
            mode: Mode::Sandbox,
            clock: Some(Clock::manual(BEGIN)),
            chance: Chance::seeded(1),
        };
        let market = open(opening).await?;
        if currency != "USD" {
            market.take_policy_book(book_in(currency)?);
        }
        let life = Life::raise(market.clone(), Chance::seeded(1), 0).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel::<()>();
        let settings = WebSettings { requests_a_minute: 0, ..WebSettings::default() };
        let served = async move {
            let stopped = async move { drop(stopped.await) };
            if let Err(error) = web::serve(listener, market, settings, stopped).await {
                eprintln!("the story's server ended badly: {error}");
            }
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "the house is served beside its story; it stops when the house is dropped"
        )]
        tokio::spawn(served);
        Ok(House { life, address, _stop: stop, _folder: folder })
    }

    pub fn market(&self) -> &Market {
        &self.life.market
    }

    /// The first buyer of the United States: Robin Reader.
    pub fn buyer(&self) -> &LifeBuyer {
        &self.life.buyers[0]
    }

    /// The shop at a place in the cast: 0 is Bay Sound, 1 Prairie Home, both of the United States.
    pub fn shop(&self, place: usize) -> &LifeShop {
        &self.life.shops[place]
    }

    pub fn operator(&self) -> PersonId {
        self.life.operator
    }

    /// The whole address of a link which signs the person in once and leads to `to`, a path.
    pub async fn sign_in_link(&self, person: PersonId, to: &str) -> anyhow::Result<String> {
        let secret = demo_link(self.market(), person, to).await?;
        Ok(format!("{}/sign-in/link/{}", self.address, secret.reveal()))
    }

    /// Moves the clock hour by hour and passes what falls due on the way, as a running server would.
    pub async fn hours_pass(&self, hours: i64) -> anyhow::Result<()> {
        for _ in 0..hours {
            self.market().clock.move_forward(Span::from_hours(1));
            sweep(self.market(), self.life.sweep).await?;
        }
        Ok(())
    }

    pub async fn days_pass(&self, days: i64) -> anyhow::Result<()> {
        self.hours_pass(days * 24).await
    }

    /// A buyer places goods by (shop, place among its goods, quantity), to their own address.
    pub async fn places(
        &self,
        buyer: &LifeBuyer,
        lines: &[(usize, usize, i64)],
    ) -> anyhow::Result<Placed> {
        let lines = lines.iter().map(|(shop, place, quantity)| {
            let shop = self.shop(*shop);
            LineWanted { shop: shop.id, sku: shop.goods[*place].sku, quantity: *quantity }
        });
        let ask = PlaceOrders {
            buyer: buyer.person,
            buyer_name: buyer.name.clone(),
            checkout: Checkout {
                lines: lines.collect(),
                address: buyer.address.clone(),
                services: BTreeMap::new(),
            },
            expected_total: None,
            from_basket: false,
            request: None,
        };
        Ok(place_orders(self.market(), ask).await?.answer)
    }

    pub async fn pays(
        &self,
        buyer: &LifeBuyer,
        placed: &Placed,
        instrument: Instrument,
    ) -> anyhow::Result<PaymentAnswer> {
        let ask = Pay { buyer: buyer.person, payment: placed.payment, instrument, request: None };
        Ok(pay(self.market(), ask).await?.answer)
    }

    /// The newest orders of a buyer, newest first.
    pub async fn orders_of(&self, buyer: &LifeBuyer) -> anyhow::Result<Vec<OrderRow>> {
        let person = buyer.person;
        let read = async move |tx: &mut Tx| {
            Ok::<_, Failure>(lists::orders::of_buyer(tx, person, i64::MAX, 50).await?)
        };
        Ok(self.market().store.read(read).await?)
    }
}
