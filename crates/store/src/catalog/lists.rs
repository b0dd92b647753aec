//! Products as lists show them: newest first, page by page.

use rules::ids::{ProductId, ShopId};

use super::LISTED;
use crate::db::{DbError, FromRow, P, Row, Tx};
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

/// Whose goods a storefront shows: those of a market's own shops, and of shops abroad which deliver to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    pub market: String,
    /// Shops of other markets.
    pub abroad: Vec<ShopId>,
}

impl Reach {
    /// The goods of a market's own shops alone.
    pub fn own(market: &str) -> Reach {
        Reach { market: market.to_owned(), abroad: Vec::new() }
    }

    /// The condition on `products`, whose first parameter is the market; the shops' places begin at `at`.
    pub(crate) fn condition(&self, at: usize) -> String {
        if self.abroad.is_empty() {
            return "market = $1".to_owned();
        }
        let places: Vec<String> =
            (at..at + self.abroad.len()).map(|place| format!("${place}")).collect();
        format!("(market = $1 or shop_id in ({}))", places.join(", "))
    }
}

/// The listed products of a market, newest first. `before` is the last id of the page before, or `i64::MAX`.
pub async fn list_newest(
    tx: &mut Tx,
    reach: &Reach,
    before: i64,
    limit: i64,
) -> Result<Vec<ProductCard>, DbError> {
    let sql = format!(
        "select {CARD} from products where {} and state = $2 and id < $3 order by id desc limit $4",
        reach.condition(5)
    );
    let mut params: Vec<P<'_>> = p![&reach.market, LISTED, before, limit].to_vec();
    params.extend(reach.abroad.iter().map(|shop| P::from(*shop)));
    tx.many(&sql, &params).await
}

/// The listed products of one category of a market, newest first.
pub async fn list_by_category(
    tx: &mut Tx,
    reach: &Reach,
    category: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<ProductCard>, DbError> {
    let sql = format!(
        "select {CARD} from products
          where {} and category = $2 and state = $3 and id < $4
          order by id desc limit $5",
        reach.condition(6)
    );
    let mut params: Vec<P<'_>> = p![&reach.market, category, LISTED, before, limit].to_vec();
    params.extend(reach.abroad.iter().map(|shop| P::from(*shop)));
    tx.many(&sql, &params).await
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
