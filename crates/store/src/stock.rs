//! Stock: what lies in the warehouse, what of it is promised to orders, and the batches it came in.
//!
//! Rows are always changed in the order of their ids, so that two orders never wait for each other in a circle.

use std::collections::BTreeMap;

use rules::ids::{ShopId, SkuId, StockBatchId, WarehouseId};
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

/// Nothing was reserved, because of this SKU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoldOut {
    pub sku: SkuId,
    pub asked: i64,
    /// What could still be had when it was looked at.
    pub left: i64,
}

/// One SKU's stock. What can be sold is `on_hand - reserved`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stock {
    pub sku: SkuId,
    pub warehouse: WarehouseId,
    pub on_hand: i64,
    pub reserved: i64,
}

impl Stock {
    pub const fn left(&self) -> i64 {
        self.on_hand - self.reserved
    }
}

impl FromRow for Stock {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            sku: row.get(0)?,
            warehouse: row.get(1)?,
            on_hand: row.get(2)?,
            reserved: row.get(3)?,
        })
    }
}

/// A delivery of one SKU from a supplier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub id: StockBatchId,
    pub sku: SkuId,
    pub code: String,
    pub supplier: String,
    pub received_count: i64,
    pub remaining_count: i64,
    pub received_at: Timestamp,
}

impl FromRow for Batch {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            sku: row.get(1)?,
            code: row.get(2)?,
            supplier: row.get(3)?,
            received_count: row.get(4)?,
            remaining_count: row.get(5)?,
            received_at: row.get(6)?,
        })
    }
}

/// Pieces which left the warehouse, and the batch they came from.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Taken {
    pub sku: SkuId,
    /// None for pieces which were only ever counted, never received as a batch.
    pub batch: Option<StockBatchId>,
    pub batch_code: String,
    pub supplier: String,
    pub count: i64,
}

/// The stock of these SKUs, by id. A SKU without a row is left out.
pub async fn load(
    tx: &mut Tx,
    shop: ShopId,
    skus: impl IntoIterator<Item = SkuId>,
) -> Result<BTreeMap<SkuId, Stock>, DbError> {
    let ids: Vec<i64> = skus.into_iter().map(|sku| sku.number()).collect();
    let one =
        "select id, warehouse_id, on_hand, reserved from stock where shop_id = $1 and id = $2";
    let rows: Vec<Stock> = tx.many_by_id(one, shop.number(), &ids).await?;
    Ok(rows.into_iter().map(|stock| (stock.sku, stock)).collect())
}

/// The row of a new SKU, empty.
pub async fn insert(
    tx: &mut Tx,
    shop: ShopId,
    sku: SkuId,
    warehouse: WarehouseId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.put(
        "insert into stock (id, shop_id, warehouse_id, on_hand, reserved, created_at) values ($1, $2, $3, 0, 0, $4)",
        p![sku, shop, warehouse, now],
    )
    .await
}

/// Promises pieces to an order: all of them, or none and the first SKU which is short.
///
/// Everything is looked at before the first write, so that a refusal leaves nothing to undo. A row which another order
/// changed in between is [`DbError::Again`]: the whole act runs anew and looks again.
pub async fn reserve(
    tx: &mut Tx,
    shop: ShopId,
    needs: &BTreeMap<SkuId, i64>,
) -> Result<Result<(), SoldOut>, DbError> {
    if let Some(short) = shortage(tx, shop, needs, &BTreeMap::new()).await? {
        return Ok(Err(short));
    }
    reserve_looked_at(tx, shop, needs).await?;
    Ok(Ok(()))
}

/// The first SKU of which not enough is left, if there is one. Writes nothing. `known` says what is left of those SKUs
/// which the act has read already.
pub async fn shortage(
    tx: &mut Tx,
    shop: ShopId,
    needs: &BTreeMap<SkuId, i64>,
    known: &BTreeMap<SkuId, i64>,
) -> Result<Option<SoldOut>, DbError> {
    let unknown: Vec<SkuId> =
        needs.keys().copied().filter(|sku| !known.contains_key(sku)).collect();
    let stock = load(tx, shop, unknown).await?;
    for (sku, asked) in needs {
        let read = || stock.get(sku).map_or(0, Stock::left);
        let left = known.get(sku).copied().unwrap_or_else(read);
        if *asked < 1 {
            return Err(DbError::Broken(format!("{asked} pieces of {sku} cannot be reserved")));
        }
        if left < *asked {
            return Ok(Some(SoldOut { sku: *sku, asked: *asked, left }));
        }
    }
    Ok(None)
}

/// As [`reserve`], for an act which has looked at the stock of all its shops already (see [`shortage`]).
pub async fn reserve_looked_at(
    tx: &mut Tx,
    shop: ShopId,
    needs: &BTreeMap<SkuId, i64>,
) -> Result<(), DbError> {
    for (sku, asked) in needs {
        let changed = tx
            .run(
                "update stock
                    set reserved = reserved + $1
                  where shop_id = $2
                    and id = $3
                    and on_hand - reserved >= $1",
                p![*asked, shop, *sku],
            )
            .await?;
        if changed == 0 {
            return Err(DbError::Again);
        }
    }
    Ok(())
}

/// Gives back what [`reserve`] promised: the order was not paid, or was cancelled before it was packed.
pub async fn release(
    tx: &mut Tx,
    shop: ShopId,
    needs: &BTreeMap<SkuId, i64>,
) -> Result<(), DbError> {
    for (sku, count) in needs {
        let changed = tx
            .run(
                "update stock
                    set reserved = reserved - $1
                  where shop_id = $2
                    and id = $3
                    and reserved >= $1",
                p![*count, shop, *sku],
            )
            .await?;
        if changed == 0 {
            return Err(DbError::Broken(format!("{count} pieces of {sku} were not reserved")));
        }
    }
    Ok(())
}

/// The reserved pieces leave the warehouse; answers the batches they came from, the oldest first.
pub async fn take_out(
    tx: &mut Tx,
    shop: ShopId,
    needs: &BTreeMap<SkuId, i64>,
) -> Result<Vec<Taken>, DbError> {
    let mut taken = Vec::new();
    for (sku, count) in needs {
        let changed = tx
            .run(
                "update stock
                    set on_hand = on_hand - $1,
                        reserved = reserved - $1
                  where shop_id = $2
                    and id = $3
                    and reserved >= $1",
                p![*count, shop, *sku],
            )
            .await?;
        if changed == 0 {
            return Err(DbError::Broken(format!("{count} pieces of {sku} were not reserved")));
        }
        taken.extend(take_from_batches(tx, shop, *sku, *count).await?);
    }
    Ok(taken)
}

/// Pieces which left the warehouse come back to it: a parcel which was never handed over, or returned as new.
pub async fn put_back(tx: &mut Tx, shop: ShopId, taken: &[Taken]) -> Result<(), DbError> {
    let mut counts: BTreeMap<SkuId, i64> = BTreeMap::new();
    for piece in taken {
        *counts.entry(piece.sku).or_insert(0) += piece.count;
    }
    for (sku, count) in counts {
        tx.put(
            "update stock set on_hand = on_hand + $1 where shop_id = $2 and id = $3",
            p![count, shop, sku],
        )
        .await?;
    }
    let mut batches: Vec<_> =
        taken.iter().filter_map(|t| t.batch.map(|id| (id, t.count))).collect();
    batches.sort_unstable();
    for (batch, count) in batches {
        tx.put(
            "update stock_batches set remaining_count = remaining_count + $1 where shop_id = $2 and id = $3",
            p![count, shop, batch],
        )
        .await?;
    }
    Ok(())
}

/// Why a count cannot be the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountRefused {
    NoSuchSku,
    /// Fewer than are promised to orders.
    BelowReserved {
        reserved: i64,
    },
}

/// The warehouse was counted: `count` pieces of the SKU lie there, the reserved ones included. Answers the old count.
///
/// When fewer lie there than the batches say, the oldest batches are short.
pub async fn set_count(
    tx: &mut Tx,
    shop: ShopId,
    sku: SkuId,
    count: i64,
) -> Result<Result<i64, CountRefused>, DbError> {
    let Some(stock) = load(tx, shop, [sku]).await?.remove(&sku) else {
        return Ok(Err(CountRefused::NoSuchSku));
    };
    if count < stock.reserved {
        return Ok(Err(CountRefused::BelowReserved { reserved: stock.reserved }));
    }
    if count == stock.on_hand {
        return Ok(Ok(count));
    }
    // Compared with what was read: an order in between must not be counted away.
    let changed = tx
        .run(
            "update stock
                set on_hand = $1
              where shop_id = $2
                and id = $3
                and on_hand = $4
                and reserved <= $1",
            p![count, shop, sku, stock.on_hand],
        )
        .await?;
    if changed == 0 {
        return Err(DbError::Again);
    }
    let in_batches: i64 = tx
        .one(
            "select cast(coalesce(sum(remaining_count), 0) as bigint)
               from stock_batches
              where shop_id = $1
                and sku_id = $2
                and remaining_count > 0",
            p![shop, sku],
        )
        .await?;
    if in_batches > count {
        take_from_batches(tx, shop, sku, in_batches - count).await?;
    }
    Ok(Ok(stock.on_hand))
}

/// A delivery arrived: what is left of it (all of it, when it has just come) is added to the stock. False when the SKU
/// has no stock row.
pub async fn receive(tx: &mut Tx, shop: ShopId, batch: &Batch) -> Result<bool, DbError> {
    let changed = tx
        .run(
            "update stock set on_hand = on_hand + $1 where shop_id = $2 and id = $3",
            p![batch.remaining_count, shop, batch.sku],
        )
        .await?;
    if changed == 0 {
        return Ok(false);
    }
    tx.put(
        "insert into stock_batches (id, shop_id, sku_id, batch_code, supplier, received_count, remaining_count, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        p![
            batch.id,
            shop,
            batch.sku,
            &batch.code,
            &batch.supplier,
            batch.received_count,
            batch.remaining_count,
            batch.received_at
        ],
    )
    .await?;
    Ok(true)
}

/// The newest batches of a SKU, used up or not.
pub async fn list_batches(
    tx: &mut Tx,
    shop: ShopId,
    sku: SkuId,
    limit: i64,
) -> Result<Vec<Batch>, DbError> {
    tx.many(
        "select id, sku_id, batch_code, supplier, received_count, remaining_count, created_at
           from stock_batches
          where shop_id = $1
            and sku_id = $2
          order by id desc
          limit $3",
        p![shop, sku, limit],
    )
    .await
}

/// Takes `count` pieces out of the open batches, the oldest first. What no batch holds comes from the mere count.
async fn take_from_batches(
    tx: &mut Tx,
    shop: ShopId,
    sku: SkuId,
    count: i64,
) -> Result<Vec<Taken>, DbError> {
    let mut taken = Vec::new();
    let mut wanted = count;
    while wanted > 0 {
        let batch: Option<(StockBatchId, String, String, i64)> = tx
            .maybe(
                "select id, batch_code, supplier, remaining_count
                   from stock_batches
                  where shop_id = $1
                    and sku_id = $2
                    and remaining_count > 0
                  order by id
                  limit 1",
                p![shop, sku],
            )
            .await?;
        let Some((id, batch_code, supplier, remaining)) = batch else { break };
        let some = remaining.min(wanted);
        let changed = tx
            .run(
                "update stock_batches
                    set remaining_count = remaining_count - $1
                  where shop_id = $2
                    and id = $3
                    and remaining_count >= $1",
                p![some, shop, id],
            )
            .await?;
        if changed == 0 {
            return Err(DbError::Again);
        }
        taken.push(Taken { sku, batch: Some(id), batch_code, supplier, count: some });
        wanted -= some;
    }
    if wanted > 0 {
        let (batch_code, supplier) = (String::new(), String::new());
        taken.push(Taken { sku, batch: None, batch_code, supplier, count: wanted });
    }
    Ok(taken)
}
