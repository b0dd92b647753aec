//! The market a bench runs on: shops with plenty of stock, buyers with keys, and a server in this process.

use std::path::PathBuf;

use actions::api_keys::{CliKey, create_for_cli};
use actions::caller::KeyScope;
use actions::catalog::{
    CreateProduct, NewShop, NewWarehouse, add_warehouse, create_product, create_shop,
    product_for_edit, set_stock,
};
use actions::chance::Chance;
use actions::house::{self, Opening};
use actions::{Actor, Market, Mode};
use anyhow::Context;
use rules::catalog::listing::Wording;
use rules::ids::{PersonId, ShopId, SkuId};
use rules::money::Currency;
use rules::policy::{MarketCode, Tier};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use web::WebSettings;

use crate::life::cast::Cast;
use crate::settings::Settings;

pub struct Stand {
    pub market: Market,
    pub shops: Vec<(ShopId, Vec<SkuId>)>,
    pub keys: Vec<(PersonId, String)>,
    pub host: String,
    served: Served,
    folder: Option<PathBuf>,
}

/// A market served in this process on a port of its own, without a limit of requests.
pub struct Served {
    pub host: String,
    stop: oneshot::Sender<()>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Served {
    pub async fn begin(market: &Market) -> anyhow::Result<Served> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let host = listener.local_addr()?.to_string();
        let (stop, stopped) = oneshot::channel::<()>();
        let settings = WebSettings { requests_a_minute: 0, ..WebSettings::default() };
        let service = web::serve(listener, market.clone(), settings, async move {
            stopped.await.ok();
        });
        #[expect(
            clippy::disallowed_methods,
            reason = "the server runs beside its load; `end` waits for it"
        )]
        let server = tokio::spawn(service);
        Ok(Served { host, stop, server })
    }

    /// Lets what has begun finish.
    pub async fn end(self) -> anyhow::Result<()> {
        self.stop.send(()).ok();
        Ok(self.server.await??)
    }
}

/// Enough that no bench sells out by itself.
const PLENTY: i64 = 1_000_000_000;

impl Stand {
    /// On the database which the settings name, which must be empty; without one on a new file in the working folder.
    pub async fn build(settings: &Settings, shops: usize, buyers: usize) -> anyhow::Result<Stand> {
        let (database, folder) = own_database(settings)?;
        let opening =
            Opening { database, mode: Mode::Sandbox, clock: None, chance: Chance::System };
        let market = house::open(opening).await.context("cannot open the bench's database")?;
        let operator = PersonId::new(2);
        let mut stand_shops = Vec::new();
        for place in 0..shops {
            stand_shops.push(raise(&market, operator, place).await?);
        }
        let mut keys = Vec::new();
        for place in 0..buyers {
            let ask = CliKey {
                scope: KeyScope::Buyer,
                person: None,
                shop: None,
                name: format!("bench buyer {place}"),
            };
            let made = create_for_cli(&market, ask).await?;
            keys.push((made.person, made.text.reveal().to_owned()));
        }
        let served = Served::begin(&market).await?;
        let host = served.host.clone();
        Ok(Stand { market, shops: stand_shops, keys, host, served, folder })
    }

    /// Two lines of one shop, as the body of `POST /checkouts`.
    pub fn checkout(&self, turn: usize) -> Value {
        let (shop, skus) = &self.shops[turn % self.shops.len()];
        let first = skus[(turn / self.shops.len()) % skus.len()];
        let second = skus[(turn / self.shops.len() + 1) % skus.len()];
        json!({
            "lines": [
                { "shop": shop, "sku": first, "quantity": 1 },
                { "shop": shop, "sku": second, "quantity": 2 },
            ],
            "address": address(),
        })
    }

    /// Stops the server and removes what the bench made.
    pub async fn close(self) -> anyhow::Result<()> {
        self.served.end().await?;
        house::leave(&self.market).await?;
        if let Some(folder) = &self.folder {
            std::fs::remove_dir_all(folder)?;
        }
        Ok(())
    }
}

/// The database which the settings name; without one a new file, and the folder which is removed with it.
pub(super) fn own_database(settings: &Settings) -> anyhow::Result<(String, Option<PathBuf>)> {
    if let Some(database) = &settings.database {
        return Ok((database.clone(), None));
    }
    let folder = PathBuf::from(format!("guildhall-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    Ok((folder.join("bench.db").to_string_lossy().into_owned(), Some(folder)))
}

pub fn address() -> Value {
    json!({ "name": "Robin Reader", "phone": "+1 415 555 0100", "line1": "1 Market Street", "line2": "",
        "city": "San Francisco", "region": "CA", "postcode": "94105", "country": "US" })
}

async fn raise(
    market: &Market,
    operator: PersonId,
    place: usize,
) -> anyhow::Result<(ShopId, Vec<SkuId>)> {
    let cast = Cast::read()?;
    let model = cast
        .shop
        .iter()
        .find(|shop| shop.market == "US")
        .context("the cast has an American shop")?;
    let ask = NewShop {
        name: format!("Bench shop {place}"),
        market: MarketCode::parse("US")?,
        category: model.category.clone(),
        about: Wording::new("", ""),
        logo: None,
        tier: Tier::Standard,
        owner: None,
    };
    let actor = Actor::House(operator);
    let shop = create_shop(market, actor, ask).await?;
    let warehouse = NewWarehouse { name: "Main".to_owned(), address: model.address()? };
    add_warehouse(market, actor, shop.id, warehouse).await?;
    let currency = Currency::parse(&shop.currency)?;
    let mut skus = Vec::new();
    for product in &model.product {
        let listing = product.listing(place + 1, currency)?;
        let ask = CreateProduct { handle: None, listing, warehouse: None, listed: true };
        let made = create_product(market, actor, shop.id, ask).await?;
        for sku in product_for_edit(market, shop.id, made.id).await?.skus {
            set_stock(market, actor, shop.id, sku.id, PLENTY).await?;
            skus.push(sku.id);
        }
    }
    Ok((shop.id, skus))
}
