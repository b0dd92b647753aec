//! Carries events from the outbox to where else they are needed: today, the buyers' notices.
//!
//! The event is in the shop's home, the notice in the buyer's: two acts. A crash between them repeats the first,
//! and the notice has the event's own id, so that it is there once.

use rules::ids::{NoticeId, OrderId, ShopId};
use store::events::EventSeen;
use store::people::NoticeRow;
use store::{Tx, events, orders, people};

use crate::failure::Failure;
use crate::market::Market;

const BATCH: i64 = 256;

/// Carries all pending events; answers how many notices were made.
pub async fn carry(market: &Market) -> Result<u64, Failure> {
    let mut made = 0;
    loop {
        let pending = market
            .store
            .read(async move |tx: &mut Tx| Ok::<_, Failure>(events::pending(tx, BATCH).await?))
            .await?;
        if pending.is_empty() {
            return Ok(made);
        }
        for event in pending {
            made += u64::from(carry_one(market, event).await?);
        }
    }
}

async fn carry_one(market: &Market, event: EventSeen) -> Result<bool, Failure> {
    let now = market.now();
    let (shop, order) = (ShopId::new(event.home_id), OrderId::new(event.subject_id));
    let found = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(orders::load(tx, shop, order).await?))
        .await?;
    let buyer = match (event.subject.as_str(), found) {
        ("order", Some(found)) => Some(found.order.buyer),
        _ => None,
    };
    let (id, home_id) = (event.id, event.home_id);
    if let Some(buyer) = buyer {
        market
            .store
            .write(async move |tx: &mut Tx| {
                let notice = NoticeRow {
                    id: NoticeId::new(event.id.number()),
                    person: buyer,
                    home: ShopId::new(event.home_id),
                    kind: event.kind.clone(),
                    subject: event.subject.clone(),
                    subject_id: event.subject_id,
                    body: event.body.clone(),
                    read_at: None,
                    created_at: now,
                };
                Ok::<_, Failure>(people::insert_notice(tx, &notice).await?)
            })
            .await?;
    }
    market
        .store
        .write(async move |tx: &mut Tx| Ok::<_, Failure>(events::relayed(tx, home_id, id).await?))
        .await?;
    Ok(buyer.is_some())
}
