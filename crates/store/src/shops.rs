//! Shops and their warehouses.

use rules::ids::{ShopId, WarehouseId};
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::id_lists::IdList;
use crate::p;

/// `shops.state` of a shop which sells.
pub const OPEN: &str = "open";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shop {
    pub id: ShopId,
    pub name: String,
    /// The market's code, `GB`.
    pub market: String,
    pub currency: String,
    /// The main category of what it sells.
    pub category: String,
    /// The zone of its working days, a name of the IANA time zone database.
    pub zone: String,
    pub about_en: String,
    pub about_zh: String,
    /// A picture's reference, or empty.
    pub logo: String,
    /// A tier of `policies/settlement.toml`.
    pub tier: String,
    /// The tier which begins at `next_tier_at`; empty when none was decided.
    pub next_tier: String,
    pub next_tier_at: Option<Timestamp>,
    pub state: String,
    pub version: i64,
    pub created_at: Timestamp,
}

const SHOP: &str = "id, name, market, currency, category, zone, about_en, about_zh, logo, tier, state, version, created_at, next_tier, next_tier_at";

impl Shop {
    /// The tier in force at a moment.
    pub fn tier_at(&self, now: Timestamp) -> &str {
        let begun = self.next_tier_at.is_some_and(|at| at <= now) && !self.next_tier.is_empty();
        if begun { &self.next_tier } else { &self.tier }
    }

    /// The tier which was decided and has not begun, with its moment.
    pub fn coming_tier(&self, now: Timestamp) -> Option<(&str, Timestamp)> {
        let at = self.next_tier_at.filter(|at| *at > now)?;
        (!self.next_tier.is_empty()).then_some((self.next_tier.as_str(), at))
    }
}

impl FromRow for Shop {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            market: row.get(2)?,
            currency: row.get(3)?,
            category: row.get(4)?,
            zone: row.get(5)?,
            about_en: row.get(6)?,
            about_zh: row.get(7)?,
            logo: row.get(8)?,
            tier: row.get(9)?,
            state: row.get(10)?,
            version: row.get(11)?,
            created_at: row.get(12)?,
            next_tier: row.get(13)?,
            next_tier_at: row.get(14)?,
        })
    }
}

/// Where goods are sent from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warehouse {
    pub id: WarehouseId,
    pub shop: ShopId,
    pub name: String,
    /// JSON, as the addresses of buyers.
    pub address: String,
    /// ISO 3166-1, two letters.
    pub country: String,
    pub postcode: String,
    pub created_at: Timestamp,
}

const WAREHOUSE: &str = "id, shop_id, name, address, country, postcode, created_at";

impl FromRow for Warehouse {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            shop: row.get(1)?,
            name: row.get(2)?,
            address: row.get(3)?,
            country: row.get(4)?,
            postcode: row.get(5)?,
            created_at: row.get(6)?,
        })
    }
}

pub async fn load(tx: &mut Tx, shop: ShopId) -> Result<Option<Shop>, DbError> {
    tx.maybe(&format!("select {SHOP} from shops where id = $1"), p![shop]).await
}

/// Several shops by id, in no order.
pub async fn load_many(
    tx: &mut Tx,
    shops: impl IntoIterator<Item = ShopId>,
) -> Result<Vec<Shop>, DbError> {
    let ids = IdList::of(shops);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("select {SHOP} from shops where id in ({})", ids.places(1));
    tx.many(&sql, &ids.alone()).await
}

/// The shops of a market, or of all markets, newest first; `before` is the last id of the page before, or `i64::MAX`.
pub async fn list(
    tx: &mut Tx,
    market: Option<&str>,
    before: i64,
    limit: i64,
) -> Result<Vec<Shop>, DbError> {
    match market {
        Some(market) => {
            let sql = format!(
                "select {SHOP} from shops where market = $1 and id < $2 order by id desc limit $3"
            );
            tx.many(&sql, p![market, before, limit]).await
        }
        None => {
            let sql = format!("select {SHOP} from shops where id < $1 order by id desc limit $2");
            tx.many(&sql, p![before, limit]).await
        }
    }
}

pub async fn insert(tx: &mut Tx, shop: &Shop) -> Result<(), DbError> {
    let sql = format!(
        "insert into shops ({SHOP}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    );
    tx.put(
        &sql,
        p![
            shop.id,
            &shop.name,
            &shop.market,
            &shop.currency,
            &shop.category,
            &shop.zone,
            &shop.about_en,
            &shop.about_zh,
            &shop.logo,
            &shop.tier,
            &shop.state,
            shop.version,
            shop.created_at,
            &shop.next_tier,
            shop.next_tier_at
        ],
    )
    .await
}

/// Writes a shop whose `version` is one above the row's; false when the row is not at that version any more.
///
/// Market and currency stay: orders and prices are in them.
pub async fn update(tx: &mut Tx, shop: &Shop) -> Result<bool, DbError> {
    let changed = tx
        .run(
            "update shops
                set name = $1,
                    category = $2,
                    zone = $3,
                    about_en = $4,
                    about_zh = $5,
                    logo = $6,
                    tier = $7,
                    state = $8,
                    version = $9,
                    next_tier = $10,
                    next_tier_at = $11
              where id = $12
                and version = $13",
            p![
                &shop.name,
                &shop.category,
                &shop.zone,
                &shop.about_en,
                &shop.about_zh,
                &shop.logo,
                &shop.tier,
                &shop.state,
                shop.version,
                &shop.next_tier,
                shop.next_tier_at,
                shop.id,
                shop.version - 1
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Which markets a shop delivers to beside its own, by code.
pub async fn list_deliveries(tx: &mut Tx, shop: ShopId) -> Result<Vec<String>, DbError> {
    tx.many("select market from shop_deliveries where shop_id = $1 order by market", p![shop]).await
}

/// Whether a shop of another market delivers to this one.
pub async fn delivers_to(tx: &mut Tx, shop: ShopId, market: &str) -> Result<bool, DbError> {
    let found: i64 = tx
        .one(
            "select count(*) from shop_deliveries where market = $1 and shop_id = $2",
            p![market, shop],
        )
        .await?;
    Ok(found > 0)
}

/// Makes these the markets which a shop delivers to beside its own.
pub async fn put_deliveries(
    tx: &mut Tx,
    shop: ShopId,
    markets: &[String],
    now: Timestamp,
) -> Result<(), DbError> {
    tx.put("delete from shop_deliveries where shop_id = $1", p![shop]).await?;
    for market in markets {
        tx.put(
            "insert into shop_deliveries (market, shop_id, created_at) values ($1, $2, $3)",
            p![market, shop, now],
        )
        .await?;
    }
    Ok(())
}

/// Shops of other markets which deliver to this one, at most `limit`, the longest there first.
pub async fn delivering_to(tx: &mut Tx, market: &str, limit: i64) -> Result<Vec<ShopId>, DbError> {
    tx.many(
        "select shop_id from shop_deliveries where market = $1 order by shop_id limit $2",
        p![market, limit],
    )
    .await
}

pub async fn insert_warehouse(tx: &mut Tx, warehouse: &Warehouse) -> Result<(), DbError> {
    tx.put(
        "insert into warehouses (id, shop_id, name, address, country, postcode, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        p![
            warehouse.id,
            warehouse.shop,
            &warehouse.name,
            &warehouse.address,
            &warehouse.country,
            &warehouse.postcode,
            warehouse.created_at
        ],
    )
    .await
}

/// The warehouses of a shop, the first one first.
pub async fn list_warehouses(tx: &mut Tx, shop: ShopId) -> Result<Vec<Warehouse>, DbError> {
    let sql = format!("select {WAREHOUSE} from warehouses where shop_id = $1 order by id");
    tx.many(&sql, p![shop]).await
}

pub async fn load_warehouse(
    tx: &mut Tx,
    shop: ShopId,
    warehouse: WarehouseId,
) -> Result<Option<Warehouse>, DbError> {
    let sql = format!("select {WAREHOUSE} from warehouses where shop_id = $1 and id = $2");
    tx.maybe(&sql, p![shop, warehouse]).await
}
