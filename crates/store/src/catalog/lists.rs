//! Products as lists show them: newest first, page by page.

use rules::ids::{ProductId, ShopId};

use super::LISTED;
use crate::db::{DbError, FromRow, Row, Tx};
use crate::id_lists::IdList;
use crate::p;

/// One product in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductCard {
    pub id: ProductId,
    pub shop: ShopId,
    pub handle: String,
    pub category: String,
    pub title_en: String,
    pub title_zh: String,
    pub picture: String,
    pub price_from_minor: i64,
    pub currency: String,
    pub state: String,
    pub sold_count: i64,
}

const CARD: &str = "id, shop_id, handle, category, title_en, title_zh, picture, price_from_minor, currency, state, sold_count";

impl FromRow for ProductCard {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            shop: row.get(1)?,
            handle: row.get(2)?,
            category: row.get(3)?,
            title_en: row.get(4)?,
            title_zh: row.get(5)?,
            picture: row.get(6)?,
            price_from_minor: row.get(7)?,
            currency: row.get(8)?,
            state: row.get(9)?,
            sold_count: row.get(10)?,
        })
    }
}

/// The listed products of a market, newest first. `before` is the last id of the page before, or `i64::MAX`.
pub async fn list_newest(
    tx: &mut Tx,
    market: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<ProductCard>, DbError> {
    let sql = format!(
        "select {CARD} from products where market = $1 and state = $2 and id < $3 order by id desc limit $4"
    );
    tx.many(&sql, p![market, LISTED, before, limit]).await
}

/// The listed products of one category of a market, newest first.
pub async fn list_by_category(
    tx: &mut Tx,
    market: &str,
    category: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<ProductCard>, DbError> {
    let sql = format!(
        "select {CARD} from products
          where market = $1 and category = $2 and state = $3 and id < $4
          order by id desc limit $5"
    );
    tx.many(&sql, p![market, category, LISTED, before, limit]).await
}

/// The products of one shop, newest first; `state` narrows them.
pub async fn list_of_shop(
    tx: &mut Tx,
    shop: ShopId,
    state: Option<&str>,
    before: i64,
    limit: i64,
) -> Result<Vec<ProductCard>, DbError> {
    let sql = format!(
        "select {CARD} from products
          where shop_id = $1
            and id < $2
            and (cast($3 as text) is null or state = $3)
          order by id desc
          limit $4"
    );
    tx.many(&sql, p![shop, before, state, limit]).await
}

/// Cards of products of one shop by id, in no order.
pub async fn load_cards(
    tx: &mut Tx,
    shop: ShopId,
    products: impl IntoIterator<Item = ProductId>,
) -> Result<Vec<ProductCard>, DbError> {
    let ids = IdList::of(products);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql =
        format!("select {CARD} from products where shop_id = $1 and id in ({})", ids.places(2));
    tx.many(&sql, &ids.after(shop)).await
}
