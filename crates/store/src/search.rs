//! The search index of listed products. Its tokens are made by `rules::catalog::search_tokens`, so that both engines find the same.

use rules::catalog::search_tokens::{QueryToken, tokens_of_text};
use rules::ids::{ProductId, ShopId};
use rules::time::Timestamp;

use crate::catalog::Reach;
use crate::db::{DbError, FromRow, P, Row, Tx};
use crate::p;

/// A product which was found. Shown in the order of `rank`, the best first, then the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub product: ProductId,
    pub shop: ShopId,
    /// Larger is better; comparable only within one search.
    pub rank: i64,
}

impl FromRow for Hit {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { product: row.get(0)?, shop: row.get(1)?, rank: row.get(2)? })
    }
}

/// The last hit of the page before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    pub rank: i64,
    pub product: ProductId,
}

/// Makes a listed product be found by the words of `text`, and no longer by earlier ones.
pub async fn put(
    tx: &mut Tx,
    market: &str,
    shop: ShopId,
    product: ProductId,
    text: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    remove(tx, shop, product).await?;
    let tokens = tokens_of_text(text);
    let index = tx.full_text();
    tx.put(index.put, p![product, shop, market, (index.document)(&tokens), now]).await
}

/// The product is found no more.
pub async fn remove(tx: &mut Tx, shop: ShopId, product: ProductId) -> Result<(), DbError> {
    tx.put(tx.full_text().remove, p![product, shop]).await
}

/// The products within reach which have all tokens, of some categories or, when none is named, of all.
pub async fn find(
    tx: &mut Tx,
    reach: &Reach,
    tokens: &[QueryToken],
    categories: &[String],
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Hit>, DbError> {
    if tokens.is_empty() {
        return Ok(Vec::new());
    }
    let index = tx.full_text();
    let After { rank, product } = after.unwrap_or(FIRST);
    let mut params: Vec<P<'_>> =
        p![(index.query)(tokens), &reach.market, rank, product, limit].to_vec();
    let mut more = String::new();
    if !categories.is_empty() {
        let places: Vec<String> = (6..).take(categories.len()).map(|at| format!("${at}")).collect();
        more = format!("and p.category in ({})", places.join(", "));
        for category in categories {
            params.push(P::from(category));
        }
    }
    let mut abroad = String::new();
    if !reach.abroad.is_empty() {
        let first = params.len() + 1;
        let places: Vec<String> =
            (first..).take(reach.abroad.len()).map(|at| format!("${at}")).collect();
        abroad = format!(" or shop_id in ({})", places.join(", "));
        params.extend(reach.abroad.iter().map(|shop| P::from(*shop)));
    }
    tx.many(&index.find.replace("{more}", &more).replace("{abroad}", &abroad), &params).await
}

/// Before the first page.
const FIRST: After = After { rank: i64::MAX, product: ProductId::new(i64::MAX) };
