//! What lies in which parcel, which serial numbers were sent with which order, and which parcels share a box.

use rules::ids::{Id, OrderId, OrderLineId, ParcelId, PictureId, ShopId, SkuId};
use rules::shipping::packing::PackingMode;
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, P, Row, Tx};
use crate::id_lists::IdList;
use crate::p;

/// How a parcel was packed; its id is the parcel's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packing {
    pub id: ParcelId,
    pub shop: ShopId,
    pub order: OrderId,
    /// The first parcel of those which share a tracking number; its own id where it travels alone.
    pub box_id: ParcelId,
    /// None while the parcel is open.
    pub checked: Option<PackingMode>,
    /// The actor's code, as on events.
    pub packed_by: String,
    pub photo: Option<PictureId>,
    pub packed_at: Option<Timestamp>,
    /// When its goods left stock.
    pub left_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl FromRow for Packing {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let checked: String = row.get(4)?;
        Ok(Self {
            id: row.get(0)?,
            shop: row.get(1)?,
            order: row.get(2)?,
            box_id: row.get(3)?,
            checked: PackingMode::parse(&checked),
            packed_by: row.get(5)?,
            photo: row.get(6)?,
            packed_at: row.get(7)?,
            left_at: row.get(8)?,
            created_at: row.get(9)?,
        })
    }
}

const PACKING: &str =
    "id, shop_id, order_id, box_id, checked, packed_by, photo_id, packed_at, left_at, created_at";

pub async fn insert(tx: &mut Tx, packing: &Packing) -> Result<(), DbError> {
    let sql = format!(
        "insert into packings ({PACKING}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    tx.put(
        &sql,
        p![
            packing.id,
            packing.shop,
            packing.order,
            packing.box_id,
            packing.checked.map_or("", PackingMode::code),
            &packing.packed_by,
            packing.photo,
            packing.packed_at,
            packing.left_at,
            packing.created_at
        ],
    )
    .await
}

/// The whole row but its ids.
pub async fn record(tx: &mut Tx, packing: &Packing) -> Result<(), DbError> {
    tx.put(
        "update packings set box_id = $1, checked = $2, packed_by = $3, photo_id = $4, packed_at = $5, left_at = $6
          where shop_id = $7 and id = $8",
        p![
            packing.box_id,
            packing.checked.map_or("", PackingMode::code),
            &packing.packed_by,
            packing.photo,
            packing.packed_at,
            packing.left_at,
            packing.shop,
            packing.id
        ],
    )
    .await
}

pub async fn load(tx: &mut Tx, shop: ShopId, parcel: ParcelId) -> Result<Option<Packing>, DbError> {
    let sql = format!("select {PACKING} from packings where shop_id = $1 and id = $2");
    tx.maybe(&sql, p![shop, parcel]).await
}

/// Of several orders, parcel by parcel.
pub async fn of_orders(
    tx: &mut Tx,
    shop: ShopId,
    orders: impl IntoIterator<Item = OrderId>,
) -> Result<Vec<Packing>, DbError> {
    let ids = IdList::of(orders);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select {PACKING} from packings where shop_id = $1 and order_id in ({}) order by id",
        ids.places(2)
    );
    tx.many(&sql, &ids.after(shop)).await
}

/// The parcels which travel in a box.
pub async fn of_box(tx: &mut Tx, shop: ShopId, box_id: ParcelId) -> Result<Vec<Packing>, DbError> {
    let sql =
        format!("select {PACKING} from packings where shop_id = $1 and box_id = $2 order by id");
    tx.many(&sql, p![shop, box_id]).await
}

/// What a parcel weighs, packed.
pub async fn weigh(
    tx: &mut Tx,
    shop: ShopId,
    parcel: ParcelId,
    weight_grams: i64,
) -> Result<(), DbError> {
    tx.put(
        "update parcels set weight_grams = $1 where shop_id = $2 and id = $3",
        p![weight_grams, shop, parcel],
    )
    .await
}

/// Pieces of one SKU for one line in one parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackedItem {
    pub parcel: ParcelId,
    pub order: OrderId,
    pub line: OrderLineId,
    pub sku: SkuId,
    pub count: i64,
}

impl FromRow for PackedItem {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            parcel: row.get(0)?,
            order: row.get(1)?,
            line: row.get(2)?,
            sku: row.get(3)?,
            count: row.get(4)?,
        })
    }
}

/// The kind of a packed item's id.
pub enum PackedItemKind {}

/// Puts pieces into a parcel, beside those which are in it.
pub async fn put_in(
    tx: &mut Tx,
    shop: ShopId,
    id: Id<PackedItemKind>,
    item: &PackedItem,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.put(
        "insert into packed_items (id, shop_id, parcel_id, order_id, line_id, sku_id, packed_count, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (parcel_id, line_id, sku_id, shop_id)
         do update set packed_count = packed_items.packed_count + excluded.packed_count",
        p![id, shop, item.parcel, item.order, item.line, item.sku, item.count, now],
    )
    .await
}

/// What is in all parcels of these orders.
pub async fn items_of(
    tx: &mut Tx,
    shop: ShopId,
    orders: impl IntoIterator<Item = OrderId>,
) -> Result<Vec<PackedItem>, DbError> {
    let ids = IdList::of(orders);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select parcel_id, order_id, line_id, sku_id, packed_count
           from packed_items
          where shop_id = $1
            and order_id in ({})
          order by id",
        ids.places(2)
    );
    tx.many(&sql, &ids.after(shop)).await
}

/// Takes everything out of a parcel again; its serial numbers are in stock as before.
pub async fn empty(tx: &mut Tx, shop: ShopId, parcel: ParcelId) -> Result<(), DbError> {
    tx.put(
        "update serials set parcel_id = null, order_id = null, line_id = null, packed_at = null
          where shop_id = $1 and parcel_id = $2",
        p![shop, parcel],
    )
    .await?;
    tx.put("delete from packed_items where shop_id = $1 and parcel_id = $2", p![shop, parcel]).await
}

/// A piece known by its serial number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serial {
    pub sku: SkuId,
    pub serial: String,
    pub parcel: Option<ParcelId>,
    /// With which order it was packed; none while it is in stock.
    pub order: Option<OrderId>,
    pub line: Option<OrderLineId>,
    pub packed_at: Option<Timestamp>,
}

impl FromRow for Serial {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            sku: row.get(0)?,
            serial: row.get(1)?,
            parcel: row.get(2)?,
            order: row.get(3)?,
            line: row.get(4)?,
            packed_at: row.get(5)?,
        })
    }
}

const SERIAL: &str = "sku_id, serial, parcel_id, order_id, line_id, packed_at";

/// The kind of a serial number's id.
pub enum SerialKind {}

pub async fn serial(tx: &mut Tx, shop: ShopId, serial: &str) -> Result<Option<Serial>, DbError> {
    let sql = format!("select {SERIAL} from serials where shop_id = $1 and serial = $2");
    tx.maybe(&sql, p![shop, serial]).await
}

/// Writes a serial number down, in stock or with the order it leaves with.
pub async fn put_serial(
    tx: &mut Tx,
    shop: ShopId,
    id: Id<SerialKind>,
    serial: &Serial,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.put(
        "insert into serials (id, shop_id, sku_id, serial, parcel_id, order_id, line_id, packed_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (serial, shop_id)
         do update set parcel_id = excluded.parcel_id, order_id = excluded.order_id, line_id = excluded.line_id, packed_at = excluded.packed_at",
        p![
            id,
            shop,
            serial.sku,
            &serial.serial,
            serial.parcel,
            serial.order,
            serial.line,
            serial.packed_at,
            now
        ],
    )
    .await
}

/// The serial numbers which were packed with these orders.
pub async fn serials_of(
    tx: &mut Tx,
    shop: ShopId,
    orders: impl IntoIterator<Item = OrderId>,
) -> Result<Vec<Serial>, DbError> {
    let ids = IdList::of(orders);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select {SERIAL} from serials where shop_id = $1 and order_id in ({}) order by id",
        ids.places(2)
    );
    tx.many(&sql, &ids.after(shop)).await
}

/// The serial numbers of a SKU, the newest first.
pub async fn serials_of_sku(
    tx: &mut Tx,
    shop: ShopId,
    sku: SkuId,
    limit: i64,
) -> Result<Vec<Serial>, DbError> {
    let sql = format!(
        "select {SERIAL} from serials where shop_id = $1 and sku_id = $2 order by id desc limit $3"
    );
    tx.many(&sql, p![shop, sku, limit]).await
}

/// A SKU as a packer needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Good {
    pub sku: SkuId,
    pub product: rules::ids::ProductId,
    pub code: String,
    pub barcode: String,
    /// JSON, as on order lines.
    pub options: String,
    pub title_en: String,
    pub title_zh: String,
    pub picture: String,
    /// JSON of the goods' nature.
    pub nature: String,
    pub weight_grams: i64,
    /// Where it lies; none for a bundle, which lies nowhere itself.
    pub warehouse: Option<rules::ids::WarehouseId>,
    pub shelf: String,
    pub serials: bool,
}

impl FromRow for Good {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            sku: row.get(0)?,
            product: row.get(1)?,
            code: row.get(2)?,
            barcode: row.get(3)?,
            options: row.get(4)?,
            title_en: row.get(5)?,
            title_zh: row.get(6)?,
            picture: row.get(7)?,
            nature: row.get(8)?,
            weight_grams: row.get(9)?,
            warehouse: row.get(10)?,
            shelf: row.get(11)?,
            serials: row.get::<i64>(12)? != 0,
        })
    }
}

const GOOD: &str = "select s.id, s.product_id, s.code, s.barcode, s.options, p.title_en, p.title_zh, p.picture, p.nature, s.weight_grams,
       t.warehouse_id, coalesce(t.shelf, ''), coalesce(t.serials, 0)
  from skus s
  join products p on p.id = s.product_id and p.shop_id = s.shop_id
  left join stock t on t.id = s.id and t.shop_id = s.shop_id";

/// SKUs by id, the retired ones too: an order may still hold one.
pub async fn goods(
    tx: &mut Tx,
    shop: ShopId,
    skus: impl IntoIterator<Item = SkuId>,
) -> Result<Vec<Good>, DbError> {
    let ids = IdList::of(skus);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("{GOOD} where s.shop_id = $1 and s.id in ({})", ids.places(2));
    tx.many(&sql, &ids.after(shop)).await
}

/// The SKU which a scanner means by this text: its code in either case, or its barcode.
pub async fn good_by_code(tx: &mut Tx, shop: ShopId, text: &str) -> Result<Option<Good>, DbError> {
    for text in [text.to_owned(), text.to_uppercase()] {
        let sql = format!("{GOOD} where s.shop_id = $1 and s.code = $2");
        let found: Option<Good> = tx.maybe(&sql, p![shop, &text]).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    if text.is_empty() {
        return Ok(None);
    }
    let sql = format!(
        "{GOOD} where s.shop_id = $1 and s.barcode = $2 and s.barcode <> '' order by s.state, s.id limit 1"
    );
    tx.maybe(&sql, p![shop, text]).await
}

/// Where a SKU lies, and whether its serial numbers are written down.
pub async fn set_place(
    tx: &mut Tx,
    shop: ShopId,
    sku: SkuId,
    shelf: &str,
    serials: bool,
) -> Result<bool, DbError> {
    let changed = tx
        .run(
            "update stock set shelf = $1, serials = $2 where shop_id = $3 and id = $4",
            p![shelf, i64::from(serials), shop, sku],
        )
        .await?;
    Ok(changed == 1)
}

/// How the shop packs; the house's word for it when the shop is not there.
pub async fn mode(tx: &mut Tx, shop: ShopId) -> Result<PackingMode, DbError> {
    let code: Option<String> =
        tx.maybe("select packing from shops where id = $1", p![shop]).await?;
    Ok(code.and_then(|code| PackingMode::parse(&code)).unwrap_or(PackingMode::List))
}

pub async fn set_mode(tx: &mut Tx, shop: ShopId, mode: PackingMode) -> Result<bool, DbError> {
    let changed =
        tx.run("update shops set packing = $1 where id = $2", p![mode.code(), shop]).await?;
    Ok(changed == 1)
}

/// Orders of a shop in these states to one buyer, the oldest first: those which might travel together.
pub async fn orders_of_buyer(
    tx: &mut Tx,
    shop: ShopId,
    buyer: rules::ids::PersonId,
    states: &[&str],
    limit: i64,
) -> Result<Vec<OrderId>, DbError> {
    let places: Vec<String> = (4..).take(states.len()).map(|at| format!("${at}")).collect();
    let sql = format!(
        "select id from orders where shop_id = $1 and buyer_id = $2 and state in ({}) order by id limit $3",
        places.join(", ")
    );
    let mut values: Vec<P<'_>> = vec![P::from(shop), P::from(buyer), P::from(limit)];
    values.extend(states.iter().map(|state| P::from(*state)));
    tx.many(&sql, &values).await
}
