//! A parcel is closed, emptied again, or looked at by a camera.

use rules::ids::{OrderId, ParcelId, PictureId, ShopId};
use rules::policy::MarketCode;
use rules::shipping::packing::{Closed, PackingMode, close};
use rules::shipping::parcels::ParcelState;
use serde_json::json;
use store::packing::Packing;
use store::parcels::Parcel;
use store::{Tx, events, packing, parcels};

use super::table::{MOST_GRAMS, Table, may_be_packed};
use crate::failure::Failure;
use crate::market::{Actor, Market};
use crate::orders::{IDS_A_COMMAND, OrderAsk, Setting, happened, load};
use crate::pictures::upload_picture;
use crate::requests::{self, Answered};

/// The parcel on the table is full.
#[derive(Clone, Debug)]
pub struct EndParcel {
    pub ask: OrderAsk,
    /// Nothing: the sum of what is in it.
    pub weight_grams: Option<i64>,
    /// The rest of the order comes in another parcel.
    pub split: bool,
}

/// Closes the open parcel.
///
/// # Errors
/// Refuses a parcel which is empty or lacks something; see `rules::shipping::packing::close`.
pub async fn end_parcel(market: &Market, ask: EndParcel) -> Result<Answered<ParcelId>, Failure> {
    if ask.weight_grams.is_some_and(|grams| !(1..=MOST_GRAMS).contains(&grams)) {
        return Err(weight_out_of_range());
    }
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let request = ask.ask.request.as_ref();
            if let Some(answered) = requests::kept(tx, request).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let loaded = load(tx, &ask.ask).await?;
            may_be_packed(&loaded.order, "pack")?;
            let setting = Setting::of(&here, &loaded, ask.ask.actor, now);
            let market_code = MarketCode::parse(&loaded.market)
                .map_err(|error| Failure::Broken(error.to_string()))?;
            let table = Table::of(tx, loaded.order.shop, loaded.order.id).await?;
            let open = table.open();
            let wanted = table.wanted(open.map(|parcel| parcel.id))?;
            let closed = close(&wanted, ask.split, setting.policies.packing(market_code))?;
            let parcel = open.ok_or(Failure::NotFound)?;
            let weight_grams = ask.weight_grams.unwrap_or_else(|| table.weight(parcel.id));
            parcels::record(tx, parcel, &Parcel { state: ParcelState::Packed, ..parcel.clone() })
                .await?;
            packing::weigh(tx, parcel.shop, parcel.id, weight_grams).await?;
            let row = packing::load(tx, parcel.shop, parcel.id).await?.ok_or(Failure::NotFound)?;
            let row = Packing {
                checked: Some(PackingMode::Scan),
                packed_by: ask.ask.actor.code(),
                packed_at: Some(now),
                ..row
            };
            packing::record(tx, &row).await?;
            let pieces: Vec<_> = wanted.iter().filter(|line| line.here > 0).collect();
            let contents: Vec<_> =
                pieces.iter().map(|line| json!({ "sku": line.code, "count": line.here })).collect();
            let body = json!({
                "parcel": parcel.id, "weight_grams": weight_grams, "checked": PackingMode::Scan.code(),
                "contents": contents, "part": closed == Closed::Part,
            });
            let event = happened(&mut ids, &loaded.order, "packed", ask.ask.actor, body, now);
            events::insert(tx, &[event]).await?;
            requests::keep(tx, request, &parcel.id, now).await?;
            Ok(Answered::new(parcel.id))
        })
        .await
}

pub(super) fn weight_out_of_range() -> Failure {
    Failure::invalid("weight_grams", "out_of_range", "a parcel weighs 1 to 1000000 grams")
}

/// Everything comes out of a parcel which has no label yet: wrongly packed, or the order was changed.
pub async fn empty_parcel(market: &Market, ask: OrderAsk, parcel: ParcelId) -> Result<(), Failure> {
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    market
        .store
        .write(async move |tx: &mut Tx| {
            let loaded = load(tx, &ask).await?;
            let before = parcels::load(tx, ask.shop, parcel).await?.ok_or(Failure::NotFound)?;
            let row = packing::load(tx, ask.shop, parcel).await?.ok_or(Failure::NotFound)?;
            if before.order != ask.order {
                return Err(Failure::NotFound);
            }
            if !matches!(before.state, ParcelState::Open | ParcelState::Packed) {
                return Err(Failure::refused(
                    "parcel_has_label",
                    "the parcel has its label already",
                ));
            }
            let open = Table::of(tx, ask.shop, ask.order).await?.open().is_some();
            if before.state == ParcelState::Packed && open {
                let says = "another parcel of this order is open; close it first";
                return Err(Failure::refused("other_parcel_open", says));
            }
            packing::empty(tx, ask.shop, parcel).await?;
            let opened = Parcel { state: ParcelState::Open, ..before.clone() };
            parcels::record(tx, &before, &opened).await?;
            let emptied = Packing { checked: None, packed_at: None, box_id: parcel, ..row };
            packing::record(tx, &emptied).await?;
            let body = json!({ "parcel": parcel });
            let mut ids = block.start();
            let event = happened(&mut ids, &loaded.order, "unpacked", ask.actor, body, now);
            Ok(events::insert(tx, &[event]).await?)
        })
        .await
}

/// Keeps a picture of the open parcel: what lay in it, for the day on which somebody says otherwise.
pub async fn keep_photo(
    market: &Market,
    actor: Actor,
    (shop, order, parcel): (ShopId, OrderId, ParcelId),
    bytes: Vec<u8>,
) -> Result<PictureId, Failure> {
    let photo = upload_picture(market, shop, bytes).await?;
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let ask = OrderAsk { shop, order, actor, expected: None, request: None };
    market
        .store
        .write(async move |tx: &mut Tx| {
            let loaded = load(tx, &ask).await?;
            let row = packing::load(tx, shop, parcel).await?.ok_or(Failure::NotFound)?;
            if row.order != order {
                return Err(Failure::NotFound);
            }
            if row.left_at.is_some() {
                let says = "the parcel has left; a picture would prove nothing";
                return Err(Failure::refused("parcel_has_left", says));
            }
            packing::record(tx, &Packing { photo: Some(photo), ..row }).await?;
            let body = json!({ "parcel": parcel, "picture": photo });
            let mut ids = block.start();
            let event = happened(&mut ids, &loaded.order, "parcel_photographed", actor, body, now);
            events::insert(tx, &[event]).await?;
            Ok(photo)
        })
        .await
}
