//! The rolling reserve: each part is released by its own deadline, as far as nothing was taken of it before.

use rules::ledger::{Account, TransferCode, transfer};
use rules::time::Timestamp;
use store::ledger::Occasion;
use store::{Tx, ledger};

use crate::debts;
use crate::failure::{Failure, Refusal};
use crate::market::Market;

/// Releases one part whose time has come.
pub async fn pass_deadline(market: &Market, home_id: i64, part: i64) -> Result<(), Failure> {
    let (now, block) = (market.now(), market.ids.block(2));
    market
        .store
        .write(async move |tx: &mut Tx| {
            let part = ledger::reserve_part(tx, home_id, part).await?.ok_or(Failure::NotFound)?;
            due(part.release_at, now)?;
            ledger::release_reserve_part(tx, &part).await?;
            let occasion = Occasion {
                home_id,
                currency: part.currency,
                subject: "order",
                subject_id: part.order.number(),
                // A part has an id of its own: as a step it cannot meet an order's version.
                step: part.id.number(),
                now,
            };
            let out = transfer(
                TransferCode::ReserveReleased,
                Account::Reserve,
                Account::Available,
                part.left_minor(),
            );
            debts::post(tx, &mut block.start(), &occasion, vec![out]).await
        })
        .await
}

fn due(release_at: Option<Timestamp>, now: Timestamp) -> Result<(), Failure> {
    match release_at {
        Some(at) if at <= now => Ok(()),
        Some(at) => {
            Err(Refusal::new("not_due_yet", "the deadline has not passed").fact("due", at).into())
        }
        None => Err(Failure::refused("already_released", "this part of the reserve is released")),
    }
}
