//! One scan at the packing table.

use rules::ids::ParcelId;
use rules::shipping::packing::{Scanned, Took, Wanted, take};
use rules::shipping::parcels::ParcelState;
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::orders::OrderForDecision;
use store::packing::{PackedItem, Packing, Serial};
use store::parcels::Parcel;
use store::{Tx, packing, parcels};

use super::table::{Table, may_be_packed, new_parcel, option_words};
use crate::failure::Failure;
use crate::id_maker::IdRun;
use crate::market::Market;
use crate::orders::{IDS_A_COMMAND, OrderAsk, load};
use crate::requests::{self, Answered};

/// Characters of a code or serial number. [X] GS1's longest element string is 90.
const LONGEST: usize = 90;

/// What came from the scanner or the keyboard, for one order.
#[derive(Clone, Debug)]
pub struct Scan {
    pub ask: OrderAsk,
    pub text: String,
}

/// What the scan put into the parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanAnswer {
    pub parcel: ParcelId,
    pub code: String,
    pub options: String,
    /// Empty where no serial number was taken down.
    pub serial: String,
    /// Whether the next scan has to be the serial number of this piece.
    pub serial_next: bool,
    /// Pieces which the order still needs.
    pub missing: i64,
}

/// Puts a piece into the order's open parcel; the first scan opens one.
///
/// # Errors
/// Refuses what the order does not need, with what it does.
pub async fn scan(market: &Market, ask: Scan) -> Result<Answered<ScanAnswer>, Failure> {
    let text = ask.text.trim().to_owned();
    if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        let says = format!("1 to {LONGEST} characters in one line");
        return Err(Failure::invalid("scan", "bad_scan", says));
    }
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
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
            let table = Table::of(tx, loaded.order.shop, loaded.order.id).await?;
            let wanted = table.wanted(table.open().map(|parcel| parcel.id))?;
            let scanned = meaning_of(tx, &loaded, &text).await?;
            let took = take(&wanted, scanned)?;
            let parcel = open_parcel(tx, &mut ids, &loaded, &table, now).await?;
            put_in(tx, &mut ids, &loaded, &parcel, &took, now).await?;
            let answer = answer_of(&wanted, parcel.id, took);
            requests::keep(tx, request, &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

/// A serial number is looked for first: one which looks like a SKU's code would never be found otherwise.
async fn meaning_of(
    tx: &mut Tx,
    loaded: &OrderForDecision,
    text: &str,
) -> Result<Scanned, Failure> {
    let shop = loaded.order.shop;
    if let Some(known) = packing::serial(tx, shop, text).await? {
        let good = packing::goods(tx, shop, [known.sku]).await?.into_iter().next();
        let good = good.ok_or_else(|| Failure::Broken(format!("no SKU of serial {text}")))?;
        return Ok(Scanned::Serial {
            serial: known.serial,
            sku: good.sku,
            product: good.product,
            options: option_words(&good.options),
            code: good.code,
            sent_with: known.order,
        });
    }
    Ok(match packing::good_by_code(tx, shop, text).await? {
        Some(good) => Scanned::Sku {
            sku: good.sku,
            product: good.product,
            options: option_words(&good.options),
            code: good.code,
        },
        None => Scanned::Unknown { text: text.to_owned() },
    })
}

/// The parcel on the table. Each scan writes its row, so that two packers at one order do not pack the same piece.
async fn open_parcel(
    tx: &mut Tx,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    table: &Table,
    now: Timestamp,
) -> Result<Parcel, Failure> {
    if let Some(parcel) = table.open() {
        parcels::record(tx, parcel, parcel).await?;
        return Ok(parcel.clone());
    }
    let order = &loaded.order;
    let parcel = new_parcel(ids.take(), order, ParcelState::Open, 0, now);
    parcels::insert(tx, &parcel).await?;
    let packing = Packing {
        id: parcel.id,
        shop: order.shop,
        order: order.id,
        box_id: parcel.id,
        checked: None,
        packed_by: String::new(),
        photo: None,
        packed_at: None,
        left_at: None,
        created_at: now,
    };
    packing::insert(tx, &packing).await?;
    Ok(parcel)
}

async fn put_in(
    tx: &mut Tx,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
    parcel: &Parcel,
    took: &Took,
    now: Timestamp,
) -> Result<(), Failure> {
    let (shop, order) = (loaded.order.shop, loaded.order.id);
    let (line, sku, serial, piece) = match took {
        Took::Piece { line, sku, .. } => (*line, *sku, None, true),
        Took::Unit { line, sku, serial } => (*line, *sku, Some(serial), true),
        Took::SerialOf { line, sku, serial } => (*line, *sku, Some(serial), false),
    };
    if piece {
        let item = PackedItem { parcel: parcel.id, order, line, sku, count: 1 };
        packing::put_in(tx, shop, ids.take(), &item, now).await?;
    }
    if let Some(serial) = serial {
        let row = Serial {
            sku,
            serial: serial.clone(),
            parcel: Some(parcel.id),
            order: Some(order),
            line: Some(line),
            packed_at: Some(now),
        };
        packing::put_serial(tx, shop, ids.take(), &row, now).await?;
    }
    Ok(())
}

fn answer_of(wanted: &[Wanted], parcel: ParcelId, took: Took) -> ScanAnswer {
    let before: i64 = wanted.iter().map(Wanted::missing).sum();
    let (line, sku, serial, serial_next, missing) = match took {
        Took::Piece { line, sku, serial_next } => {
            (line, sku, String::new(), serial_next, before - 1)
        }
        Took::Unit { line, sku, serial } => (line, sku, serial, false, before - 1),
        Took::SerialOf { line, sku, serial } => (line, sku, serial, false, before),
    };
    let piece = wanted.iter().find(|wanted| wanted.line == line && wanted.sku == sku);
    let (code, options) =
        piece.map(|piece| (piece.code.clone(), piece.options.clone())).unwrap_or_default();
    ScanAnswer { parcel, code, options, serial, serial_next, missing }
}
