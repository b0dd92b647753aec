//! Where goods lie, which have serial numbers, and how a shop packs.

use rules::ids::{ShopId, SkuId};
use rules::shipping::packing::PackingMode;
use store::packing::{Good, Serial};
use store::{Tx, packing};

use crate::failure::Failure;
use crate::market::Market;

/// Characters of a shelf's name and of a serial number. [X]
const LONGEST: usize = 90;
/// Serial numbers of one delivery taken in at once. [X]
const MOST_SERIALS: usize = 1_000;
/// Serial numbers of a SKU which are shown. [X]
const SHOWN: i64 = 50;

/// How the shop packs.
pub async fn packing_mode(market: &Market, shop: ShopId) -> Result<PackingMode, Failure> {
    let read = async move |tx: &mut Tx| -> Result<PackingMode, Failure> {
        Ok(packing::mode(tx, shop).await?)
    };
    market.store.read(read).await
}

/// From now on the shop scans each piece, or packs by list.
pub async fn set_packing_mode(
    market: &Market,
    shop: ShopId,
    mode: PackingMode,
) -> Result<(), Failure> {
    market
        .store
        .write(async move |tx: &mut Tx| {
            if packing::set_mode(tx, shop, mode).await? { Ok(()) } else { Err(Failure::NotFound) }
        })
        .await
}

/// Where a SKU lies, whether its serial numbers are written down, and the newest of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceOfSku {
    pub good: Good,
    pub serials: Vec<Serial>,
}

pub async fn place_of_sku(
    market: &Market,
    shop: ShopId,
    sku: SkuId,
) -> Result<PlaceOfSku, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let good = packing::goods(tx, shop, [sku]).await?.into_iter().next();
            let serials = packing::serials_of_sku(tx, shop, sku, SHOWN).await?;
            Ok(PlaceOfSku { good: good.ok_or(Failure::NotFound)?, serials })
        })
        .await
}

pub async fn set_place(
    market: &Market,
    shop: ShopId,
    sku: SkuId,
    shelf: String,
    serials: bool,
) -> Result<(), Failure> {
    let shelf = shelf.trim().to_owned();
    if shelf.chars().count() > LONGEST || shelf.chars().any(char::is_control) {
        let says = format!("at most {LONGEST} characters in one line");
        return Err(Failure::invalid("shelf", "bad_name", says));
    }
    market
        .store
        .write(async move |tx: &mut Tx| {
            let there = packing::set_place(tx, shop, sku, &shelf, serials).await?;
            if there { Ok(()) } else { Err(Failure::NotFound) }
        })
        .await
}

/// Serial numbers of pieces which came in, one a line: a scan of one then names the SKU as well. Known ones stay as
/// they are; answers how many were new.
pub async fn receive_serials(
    market: &Market,
    shop: ShopId,
    sku: SkuId,
    text: &str,
) -> Result<usize, Failure> {
    let mut serials: Vec<String> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    serials.sort_unstable();
    serials.dedup();
    let wrong =
        |serial: &String| serial.chars().count() > LONGEST || serial.chars().any(char::is_control);
    if serials.is_empty() || serials.len() > MOST_SERIALS || serials.iter().any(wrong) {
        let says = format!("1 to {MOST_SERIALS} serial numbers, one a line");
        return Err(Failure::invalid("serial_numbers", "bad_serials", says));
    }
    let (now, block) = (market.now(), market.ids.block(serials.len() as i64));
    market
        .store
        .write(async move |tx: &mut Tx| {
            if packing::goods(tx, shop, [sku]).await?.is_empty() {
                return Err(Failure::NotFound);
            }
            let mut ids = block.start();
            let mut new = 0;
            for serial in &serials {
                if packing::serial(tx, shop, serial).await?.is_some() {
                    continue;
                }
                let row = Serial {
                    sku,
                    serial: serial.clone(),
                    parcel: None,
                    order: None,
                    line: None,
                    packed_at: None,
                };
                packing::put_serial(tx, shop, ids.take(), &row, now).await?;
                new += 1;
            }
            Ok(new)
        })
        .await
}
