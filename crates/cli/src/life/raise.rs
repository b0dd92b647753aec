//! Builds the house: its operator, the shops with their owners and goods, and the buyers.

use std::collections::{BTreeMap, BTreeSet};

use actions::catalog::{
    CreateProduct, NewPromotion, NewShop, NewWarehouse, ReceiveBatch, add_warehouse,
    create_product, create_promotion, create_shop, product_for_edit, receive_batch, set_deliveries,
};
use actions::chance::Chance;
use actions::deadlines::SweepSettings;
use actions::people::{NewPerson, add_address, appoint, register};
use actions::{Actor, Market};
use rules::catalog::listing::Wording;
use rules::ids::{HOUSE, PersonId, ShopId};
use rules::money::{Currency, Money};
use rules::people::Role;
use rules::policy::{MarketCode, Tier};
use rules::time::Span;

use super::cast::{Cast, CastProduct, CastShop, buyer_address, buyers};
use super::{Counts, Goods, Life, LifeBuyer, LifeShop, abroad, money};

const MARKETS: [&str; 6] = ["US", "GB", "ID", "DE", "JP", "NL"];

impl Life {
    /// Raises the whole cast in an empty house. `busy` is about how many checkouts a day there will be.
    pub async fn raise(market: Market, chance: Chance, busy: u64) -> anyhow::Result<Life> {
        let operator = person(&market, "Morgan Lee", "morgan@guildhall.example").await?;
        appoint(&market, operator, HOUSE, Role::Admin).await?;
        let mut shops = Vec::new();
        for (place, cast) in Cast::read()?.shop.iter().enumerate() {
            shops.push(raise_shop(&market, operator, place, cast).await?);
        }
        let mut people = Vec::new();
        for code in MARKETS {
            for (name, parts) in buyers(code) {
                let email =
                    format!("{}@example.com", name.to_lowercase().replace([' ', '\''], "."));
                let buyer = person(&market, name, &email).await?;
                let address = buyer_address(code, name, *parts)?;
                add_address(&market, buyer, &address, true).await?;
                people.push(LifeBuyer {
                    person: buyer,
                    name: (*name).to_owned(),
                    market: code.to_owned(),
                    address,
                });
            }
        }
        welcome_discounts(&market, operator, &shops).await?;
        abroad::shared_promotions(&market, operator, &shops).await?;
        for (place, shop) in shops.iter().enumerate() {
            money::bring_account_in(&market, shop, place).await?;
        }
        let ida = person(&market, "Ida Holm", "ida@guildhall.example").await?;
        let tomas = person(&market, "Tomas Weber", "tomas@guildhall.example").await?;
        for one in [ida, tomas] {
            appoint(&market, one, HOUSE, Role::HouseFinance).await?;
        }
        let life = Life {
            market,
            chance,
            shops,
            buyers: people,
            operator,
            finance: [ida, tomas],
            sweep: SweepSettings::default(),
            counts: Counts::default(),
            scanning: BTreeSet::new(),
            busy,
        };
        life.goods_are_measured().await?;
        Ok(life)
    }
}

async fn person(market: &Market, name: &str, email: &str) -> anyhow::Result<PersonId> {
    let ask =
        NewPerson { name: name.to_owned(), email: email.to_owned(), language: "en".to_owned() };
    Ok(register(market, ask).await?)
}

async fn raise_shop(
    market: &Market,
    operator: PersonId,
    place: usize,
    cast: &CastShop,
) -> anyhow::Result<LifeShop> {
    let owner = person(market, &cast.owner, &cast.email).await?;
    let code = MarketCode::parse(&cast.market)?;
    let tier = Tier::parse(&cast.tier)
        .ok_or_else(|| anyhow::anyhow!("no tier is called {}", cast.tier))?;
    let ask = NewShop {
        name: cast.name.clone(),
        market: code,
        category: cast.category.clone(),
        about: Wording::new(&*cast.about_en, &*cast.about_zh),
        logo: None,
        tier,
        owner: Some(owner),
    };
    let shop = create_shop(market, Actor::House(operator), ask).await?;
    let actor = Actor::Staff { person: owner, shop: shop.id };
    let warehouse = NewWarehouse { name: cast.address.city.clone(), address: cast.address()? };
    add_warehouse(market, actor, shop.id, warehouse).await?;
    let currency = Currency::parse(&shop.currency)?;
    let mut goods = Vec::new();
    for product in &cast.product {
        goods.extend(raise_product(market, actor, shop.id, place, product, currency).await?);
    }
    // Each market has one shop which is slower than the others: late orders must be seen somewhere.
    let diligence = match tier {
        Tier::New => 8,
        Tier::Standard => 45,
        Tier::Accelerated => 80,
    };
    if !cast.abroad.is_empty() {
        set_deliveries(market, actor, shop.id, cast.abroad.clone()).await?;
    }
    let abroad = cast.abroad.clone();
    let place = cast.market.clone();
    Ok(LifeShop { id: shop.id, owner, market: place, abroad, currency, goods, diligence })
}

async fn raise_product(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    place: usize,
    cast: &CastProduct,
    currency: Currency,
) -> anyhow::Result<Vec<Goods>> {
    let listing = cast.listing(place + 1, currency)?;
    let ask = CreateProduct { handle: None, listing, warehouse: None, listed: true };
    let product = create_product(market, actor, shop, ask).await?;
    let skus = product_for_edit(market, shop, product.id).await?.skus;
    let each = (cast.stock / skus.len().max(1) as i64).max(3);
    let mut goods = Vec::new();
    for sku in skus {
        let batch = ReceiveBatch {
            sku: sku.id,
            code: format!("B-{}", market.now().ms() / 86_400_000),
            supplier: format!("{} works", cast.origin),
            count: each,
        };
        receive_batch(market, actor, shop, batch).await?;
        goods.push(Goods { sku: sku.id, product: product.id });
    }
    Ok(goods)
}

/// One discount of the house in each market, and one of every second shop: both kinds are to be seen.
async fn welcome_discounts(
    market: &Market,
    operator: PersonId,
    shops: &[LifeShop],
) -> anyhow::Result<()> {
    let (starts_at, ends_at) = (market.now(), market.now() + Span::from_days(120));
    let mut of_market: BTreeMap<&str, Currency> = BTreeMap::new();
    for (place, shop) in shops.iter().enumerate() {
        of_market.insert(&shop.market, shop.currency);
        if place % 2 == 0 {
            let ask = NewPromotion {
                market: None,
                title: Wording::new("Opening weeks", "开业优惠"),
                percent_bp: 1_000,
                minimum: typical(shop.currency)?,
                maximum: None,
                starts_at,
                ends_at,
            };
            let actor = Actor::Staff { person: shop.owner, shop: shop.id };
            create_promotion(market, actor, shop.id, ask).await?;
        }
    }
    for (code, currency) in of_market {
        let ask = NewPromotion {
            market: Some(MarketCode::parse(code)?),
            title: Wording::new("A gift of the house", "平台补贴"),
            percent_bp: 500,
            minimum: typical(currency)?,
            maximum: Some(typical(currency)?),
            starts_at,
            ends_at,
        };
        create_promotion(market, Actor::House(operator), HOUSE, ask).await?;
    }
    Ok(())
}

/// About what two things cost.
fn typical(currency: Currency) -> anyhow::Result<Money> {
    let amount = match currency.code() {
        "IDR" => "400000",
        "JPY" => "6000",
        _ => "60",
    };
    Ok(Money::parse(amount, currency)?)
}
