//! Carries events from the outbox to where else they are needed: today, the buyers' notices.
//!
//! The event is in the shop's home, the notice in the buyer's: two acts. A crash between them repeats the first,
//! and the notice has the event's own id, so that it is there once.

use rules::ids::{CaseId, NoticeId, OrderId, PersonId, ShopId};
use store::events::EventSeen;
use store::people::NoticeRow;
use store::{Tx, after_sales, events, orders, people};

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
    let buyer = buyer_of(market, &event).await?;
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

/// Whom an event concerns: the buyer of the order or of the case.
async fn buyer_of(market: &Market, event: &EventSeen) -> Result<Option<PersonId>, Failure> {
    let (shop, id, subject) = (ShopId::new(event.home_id), event.subject_id, event.subject.clone());
    market
        .store
        .read(async move |tx: &mut Tx| {
            Ok::<_, Failure>(match subject.as_str() {
                "order" => {
                    let found = orders::load(tx, shop, OrderId::new(id)).await?;
                    found.map(|found| found.order.buyer)
                }
                "case" => {
                    let found = after_sales::load(tx, shop, CaseId::new(id)).await?;
                    found.map(|found| found.buyer)
                }
                _ => None,
            })
        })
        .await
}
