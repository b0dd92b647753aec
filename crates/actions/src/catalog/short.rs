//! A count which is below what is promised: the newest orders are short, and their buyers are asked.

use rules::ids::{ShopId, ShortageId, SkuId};
use rules::orders::shortages::{ShortageCause, pieces_of};
use serde_json::json;
use store::{Tx, orders, stock};

use super::{Happened, note};
use crate::failure::Failure;
use crate::market::{Actor, Market};
use crate::orders::{IDS_A_COMMAND, Setting};
use crate::requests::{self, Answered, RequestKey};
use crate::shortages::{find, read_parts};

/// Orders which one count may leave short. [X] more than that is a closing, not a count.
const MOST_ORDERS: usize = 40;

/// The warehouse was counted, and fewer lie there than are promised: who ordered last is short first. Answers the
/// shortages, none where the count is enough.
pub async fn count_short(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    sku: SkuId,
    count: i64,
    request: Option<RequestKey>,
) -> Result<Answered<Vec<ShortageId>>, Failure> {
    super::stock::count_in_range(count, 0)?;
    let (now, event) = (market.now(), market.id());
    let block = market.ids.block(IDS_A_COMMAND * MOST_ORDERS as i64);
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, request.as_ref()).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let product = super::stock::not_a_bundle(tx, shop, sku).await?;
            let before =
                stock::load(tx, shop, [sku]).await?.remove(&sku).ok_or(Failure::NotFound)?;
            let mut missing = before.reserved - count;
            let mut found = Vec::new();
            for (order, line) in orders::short_of(tx, shop, sku).await? {
                if missing <= 0 || found.len() == MOST_ORDERS {
                    break;
                }
                let loaded = orders::load(tx, shop, order).await?.ok_or(Failure::NotFound)?;
                let setting = Setting::of(&here, &loaded, actor, now);
                let all = orders::lines(tx, shop, order).await?;
                let Some(row) = all.into_iter().find(|row| row.id == line) else { continue };
                let units = row.to_pack_count();
                let parts = read_parts(&row.parts)?;
                let of_sku = parts.iter().filter(|part| part.sku == sku);
                let pieces: i64 = of_sku.map(|part| part.quantity).sum();
                let (each, _) = pieces_of(pieces, units, 1);
                if each == 0 {
                    continue;
                }
                let short = ((missing + each - 1) / each).min(units);
                let what = (line, short, ShortageCause::Counted);
                found.push(find(tx, &setting, &mut ids, &loaded, what).await?.id);
                missing -= short * each;
            }
            match stock::set_count(tx, shop, sku, count).await? {
                Ok(_) => {}
                Err(refused) => return Err(super::stock::count_refused(refused, count)),
            }
            let body = json!({ "sku": sku, "before": before.on_hand, "count": count });
            let (subject, subject_id, kind) = ("product", product.number(), "stock_counted");
            let happened =
                Happened { id: event, shop, subject, subject_id, kind, actor, body, now };
            note(tx, happened).await?;
            requests::keep(tx, request.as_ref(), &found, now).await?;
            Ok(Answered::new(found))
        })
        .await
}
