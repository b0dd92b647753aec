//! Counting what lies in the warehouse, and taking deliveries in.

use rules::ids::{ShopId, SkuId, StockBatchId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::stock::{Batch, CountRefused, Stock};
use store::{Tx, catalog as rows, stock};

use super::{Happened, note};
use crate::failure::{Failure, Refusal};
use crate::market::{Actor, Market};
use crate::requests::{self, Answered, RequestKey};

/// Pieces which one stock may hold. [X] far above any warehouse, far below an overflow.
const MOST_PIECES: i64 = 1_000_000_000;
/// Characters of a batch's code and of a supplier's name. [X]
const LONGEST_NAME: usize = 120;

/// A delivery which has arrived.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiveBatch {
    pub sku: SkuId,
    /// As printed on the goods, so that a recall can name it.
    pub code: String,
    pub supplier: String,
    pub count: i64,
}

/// The warehouse was counted: `count` pieces lie there, those promised to orders included. Answers the stock now.
pub async fn set_stock(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    sku: SkuId,
    count: i64,
) -> Result<Stock, Failure> {
    Ok(set_stock_once(market, actor, shop, sku, count, None).await?.answer)
}

/// As [`set_stock`], for a request which may come again: a late second one does not undo what was counted since.
pub async fn set_stock_once(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    sku: SkuId,
    count: i64,
    request: Option<RequestKey>,
) -> Result<Answered<Stock>, Failure> {
    count_in_range(count, 0)?;
    let (now, event) = (market.now(), market.id());
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<Answered<Stock>, Failure> {
            if requests::kept::<SkuId>(tx, request.as_ref()).await?.is_some() {
                let answer = stock_of(tx, shop, sku).await?;
                return Ok(Answered { answer, replayed: true });
            }
            let product = not_a_bundle(tx, shop, sku).await?;
            let before = match stock::set_count(tx, shop, sku, count).await? {
                Ok(before) => before,
                Err(refused) => return Err(count_refused(refused, count)),
            };
            if before != count {
                let body = json!({ "sku": sku, "before": before, "count": count });
                let subject_id = product.number();
                let (subject, kind) = ("product", "stock_counted");
                note(tx, Happened { id: event, shop, subject, subject_id, kind, actor, body, now })
                    .await?;
            }
            requests::keep(tx, request.as_ref(), &sku, now).await?;
            Ok(Answered::new(stock_of(tx, shop, sku).await?))
        })
        .await
}

/// A delivery arrived; its pieces can be sold at once. Answers the stock now.
pub async fn receive_batch(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    ask: ReceiveBatch,
) -> Result<Stock, Failure> {
    Ok(receive_batch_once(market, actor, shop, ask, None).await?.answer)
}

/// As [`receive_batch`], for a request which may come again: the delivery is taken in once.
pub async fn receive_batch_once(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    ask: ReceiveBatch,
    request: Option<RequestKey>,
) -> Result<Answered<Stock>, Failure> {
    count_in_range(ask.count, 1)?;
    for (field, text) in [("code", &ask.code), ("supplier", &ask.supplier)] {
        let length = text.trim().chars().count();
        if length == 0 || length > LONGEST_NAME || text.chars().any(char::is_control) {
            let says = format!("1 to {LONGEST_NAME} characters in one line");
            return Err(Failure::invalid(field, "bad_name", says));
        }
    }
    let (now, event) = (market.now(), market.id());
    let id: StockBatchId = market.id();
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<Answered<Stock>, Failure> {
            if requests::kept::<SkuId>(tx, request.as_ref()).await?.is_some() {
                let answer = stock_of(tx, shop, ask.sku).await?;
                return Ok(Answered { answer, replayed: true });
            }
            let product = not_a_bundle(tx, shop, ask.sku).await?;
            let batch = Batch {
                id,
                sku: ask.sku,
                code: ask.code.trim().to_owned(),
                supplier: ask.supplier.trim().to_owned(),
                received_count: ask.count,
                remaining_count: ask.count,
                received_at: now,
            };
            if !stock::receive(tx, shop, &batch).await? {
                return Err(Failure::NotFound);
            }
            let body = json!({ "sku": ask.sku, "batch": batch.code, "supplier": batch.supplier, "count": ask.count });
            let subject_id = product.number();
            let (subject, kind) = ("product", "batch_received");
            note(tx, Happened { id: event, shop, subject, subject_id, kind, actor, body, now }).await?;
            requests::keep(tx, request.as_ref(), &ask.sku, now).await?;
            Ok(Answered::new(stock_of(tx, shop, ask.sku).await?))
        })
        .await
}

pub(crate) fn count_in_range(count: i64, least: i64) -> Result<(), Failure> {
    if (least..=MOST_PIECES).contains(&count) {
        return Ok(());
    }
    let says = format!("a count is {least} to {MOST_PIECES}");
    Err(Failure::invalid("count", "out_of_range", says))
}

pub(crate) fn count_refused(refused: CountRefused, count: i64) -> Failure {
    match refused {
        CountRefused::NoSuchSku => Failure::NotFound,
        CountRefused::BelowReserved { reserved } => {
            let says = "fewer than are promised to orders; cancel or offer a substitute first";
            let refusal = Refusal::new("below_reserved", says);
            refusal.fact("count", count).fact("reserved", reserved).into()
        }
    }
}

/// A bundle has no stock of its own; its parts have. Answers the SKU's product.
pub(crate) async fn not_a_bundle(
    tx: &mut Tx,
    shop: ShopId,
    sku: SkuId,
) -> Result<rules::ids::ProductId, Failure> {
    let found = rows::load_sku(tx, shop, sku).await?.ok_or(Failure::NotFound)?;
    if found.parts.is_empty() {
        return Ok(found.product);
    }
    let says = "a bundle has no stock of its own: count its parts";
    Err(Refusal::new("bundle_has_no_stock", says).fact("sku", &found.code).into())
}

async fn stock_of(tx: &mut Tx, shop: ShopId, sku: SkuId) -> Result<Stock, Failure> {
    let mut all = stock::load(tx, shop, [sku]).await?;
    all.remove(&sku).ok_or(Failure::NotFound)
}
