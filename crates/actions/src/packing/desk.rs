//! What the packing page of one order shows, read in one snapshot.

use rules::catalog::nature::{Care, Nature};
use rules::checkout::address::Address;
use rules::ids::{OrderId, ShopId};
use rules::orders::OrderStateName;
use rules::shipping::packing::{PackingMode, Wanted, same_place};
use store::orders::{OrderRow, show};
use store::packing::{Good, PackedItem, Packing, Serial};
use store::parcels::Parcel;
use store::{Tx, packing};

use super::table::{Table, state_may_be_packed};
use crate::failure::Failure;
use crate::market::Market;

/// Orders to the same door which are looked for. [X]
const NEIGHBOURS: i64 = 40;

/// A line's need of one SKU, with the goods it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedGood {
    pub wanted: Wanted,
    pub title_en: String,
    pub title_zh: String,
    pub picture: String,
    pub good: Option<Good>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedParcel {
    pub parcel: Parcel,
    pub packing: Option<Packing>,
    pub items: Vec<PackedItem>,
    pub serials: Vec<Serial>,
    /// Of what is in it, by the SKUs' weights.
    pub goods_grams: i64,
    /// Orders which share its box, this one left out.
    pub with: Vec<OrderId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackingDesk {
    pub order: OrderRow,
    pub mode: PackingMode,
    pub wanted: Vec<WantedGood>,
    /// The open one among them.
    pub parcels: Vec<PackedParcel>,
    /// What has to be minded in packing.
    pub cares: Vec<Care>,
    /// Other orders of this shop to the same recipient and address which have not left.
    pub neighbours: Vec<OrderId>,
}

impl PackingDesk {
    /// The parcel which is being packed.
    pub fn open(&self) -> Option<&PackedParcel> {
        use rules::shipping::parcels::ParcelState;
        self.parcels.iter().find(|packed| packed.parcel.state == ParcelState::Open)
    }

    /// Pieces which are in no parcel.
    pub fn missing(&self) -> i64 {
        self.wanted.iter().map(|good| good.wanted.missing()).sum()
    }
}

/// Not found when the order is not this shop's.
pub async fn packing_desk(
    market: &Market,
    shop: ShopId,
    order: OrderId,
) -> Result<PackingDesk, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let row = show(tx, shop, order).await?.ok_or(Failure::NotFound)?;
            let table = Table::of(tx, shop, order).await?;
            let wanted = table.wanted(table.open().map(|parcel| parcel.id))?;
            let mut nature = Nature::default();
            for line in &table.lines {
                let own: Nature = serde_json::from_str(&line.nature).unwrap_or_default();
                nature = nature.together(own);
            }
            let mut parcels = Vec::new();
            for parcel in &table.parcels {
                parcels.push(packed(tx, &table, parcel).await?);
            }
            Ok(PackingDesk {
                mode: packing::mode(tx, shop).await?,
                wanted: wanted.into_iter().map(|wanted| with_good(&table, wanted)).collect(),
                parcels,
                cares: nature.cares(),
                neighbours: neighbours(tx, &row).await?,
                order: row,
            })
        })
        .await
}

/// An order's slip was scanned: its table, if it can be packed now.
///
/// # Errors
/// Refuses an order which still has to be confirmed, which was cancelled, or of which everything has left.
pub async fn to_the_table(
    market: &Market,
    shop: ShopId,
    order: OrderId,
) -> Result<PackingDesk, Failure> {
    let table = packing_desk(market, shop, order).await?;
    state_may_be_packed(table.order.state, "pack")?;
    Ok(table)
}

fn with_good(table: &Table, wanted: Wanted) -> WantedGood {
    let good = table.goods.get(&wanted.sku).cloned();
    let line = table.lines.iter().find(|line| line.id == wanted.line && line.sku == wanted.sku);
    let titles = match (line, &good) {
        (Some(line), _) => (line.title_en.clone(), line.title_zh.clone(), line.picture.clone()),
        (None, Some(good)) => (good.title_en.clone(), good.title_zh.clone(), good.picture.clone()),
        (None, None) => Default::default(),
    };
    let (title_en, title_zh, picture) = titles;
    WantedGood { wanted, title_en, title_zh, picture, good }
}

async fn packed(tx: &mut Tx, table: &Table, parcel: &Parcel) -> Result<PackedParcel, Failure> {
    let row = table.packings.iter().find(|row| row.id == parcel.id).cloned();
    let with = match &row {
        Some(row) => packing::of_box(tx, parcel.shop, row.box_id).await?,
        None => Vec::new(),
    };
    let mine = |serial: &&Serial| serial.parcel == Some(parcel.id);
    Ok(PackedParcel {
        items: table.items.iter().filter(|item| item.parcel == parcel.id).copied().collect(),
        serials: table.serials.iter().filter(mine).cloned().collect(),
        goods_grams: table.weight(parcel.id),
        with: with.iter().map(|row| row.order).filter(|order| *order != parcel.order).collect(),
        packing: row,
        parcel: parcel.clone(),
    })
}

async fn neighbours(tx: &mut Tx, order: &OrderRow) -> Result<Vec<OrderId>, Failure> {
    let states = [OrderStateName::AwaitingShipment.code()];
    let place = |row: &OrderRow| {
        serde_json::from_str::<Address>(&row.address).ok().map(|address| same_place(&address))
    };
    let home = place(order);
    let mut found = Vec::new();
    let all = packing::orders_of_buyer(tx, order.shop, order.buyer, &states, NEIGHBOURS).await?;
    for id in all.into_iter().filter(|id| *id != order.id) {
        if let Some(other) = show(tx, order.shop, id).await?
            && place(&other) == home
        {
            found.push(id);
        }
    }
    Ok(found)
}
