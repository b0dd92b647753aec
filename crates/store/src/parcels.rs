//! Parcels and what their carriers report.

use rules::ids::{Id, OrderId, ParcelId, ShopId};
use rules::shipping::parcels::{ParcelState, Way};
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    pub id: ParcelId,
    pub shop: ShopId,
    pub order: OrderId,
    pub state: ParcelState,
    pub carrier: String,
    pub service: String,
    pub tracking_number: String,
    pub weight_grams: i64,
    /// The last news of the carrier, or when it was packed.
    pub progress_at: Timestamp,
    pub version: i64,
    pub created_at: Timestamp,
    /// When the shop named carrier and number.
    pub handed_over_at: Option<Timestamp>,
    /// When the carrier first showed that it knows the number.
    pub recognised_at: Option<Timestamp>,
    /// When the news happened which put the parcel where it is.
    pub news_at: Timestamp,
    /// How often carrier or number were changed after the hand-over.
    pub tracking_changes: i64,
    /// Why the shop took another service than the promised one: a code, and words after a colon. Empty: it did not.
    pub override_reason: String,
}

impl Parcel {
    /// The parcel's way as the rules know it.
    pub const fn way(&self) -> Way {
        Way { state: self.state, news_at: self.news_at, recognised_at: self.recognised_at }
    }
}

impl FromRow for Parcel {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let code: String = row.get(3)?;
        let state = ParcelState::parse(&code)
            .ok_or_else(|| DbError::Broken(format!("parcel state {code}")))?;
        Ok(Self {
            id: row.get(0)?,
            shop: row.get(1)?,
            order: row.get(2)?,
            state,
            carrier: row.get(4)?,
            service: row.get(5)?,
            tracking_number: row.get(6)?,
            weight_grams: row.get(7)?,
            progress_at: row.get(8)?,
            version: row.get(9)?,
            created_at: row.get(10)?,
            handed_over_at: row.get(11)?,
            recognised_at: row.get(12)?,
            news_at: row.get(13)?,
            tracking_changes: row.get(14)?,
            override_reason: row.get(15)?,
        })
    }
}

pub(crate) const PARCEL: &str = "id, shop_id, order_id, state, carrier, service, tracking_number, weight_grams, progress_at, version, created_at, \
    handed_over_at, recognised_at, news_at, tracking_changes, override_reason";

pub async fn insert(tx: &mut Tx, parcel: &Parcel) -> Result<(), DbError> {
    tx.put(
        "insert into parcels (id, shop_id, order_id, state, carrier, service, tracking_number, weight_grams, progress_at, version, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10)",
        p![
            parcel.id,
            parcel.shop,
            parcel.order,
            parcel.state.code(),
            &parcel.carrier,
            &parcel.service,
            &parcel.tracking_number,
            parcel.weight_grams,
            parcel.progress_at,
            parcel.created_at
        ],
    )
    .await
}

pub async fn load(tx: &mut Tx, shop: ShopId, id: ParcelId) -> Result<Option<Parcel>, DbError> {
    tx.maybe(&format!("select {PARCEL} from parcels where shop_id = $1 and id = $2"), p![shop, id])
        .await
}

pub async fn of_order(tx: &mut Tx, shop: ShopId, order: OrderId) -> Result<Vec<Parcel>, DbError> {
    tx.many(
        &format!("select {PARCEL} from parcels where shop_id = $1 and order_id = $2 order by id"),
        p![shop, order],
    )
    .await
}

/// The parcels of a shop, in one state or in any, the newest first.
pub async fn of_shop(
    tx: &mut Tx,
    shop: ShopId,
    state: Option<ParcelState>,
    before: i64,
    limit: i64,
) -> Result<Vec<Parcel>, DbError> {
    match state {
        Some(state) => {
            tx.many(
                &format!("select {PARCEL} from parcels where shop_id = $1 and id < $2 and state = $3 order by id desc limit $4"),
                p![shop, before, state.code(), limit],
            )
            .await
        }
        None => {
            tx.many(
                &format!("select {PARCEL} from parcels where shop_id = $1 and id < $2 order by id desc limit $3"),
                p![shop, before, limit],
            )
            .await
        }
    }
}

/// Whole row by version.
pub async fn record(tx: &mut Tx, before: &Parcel, after: &Parcel) -> Result<(), DbError> {
    let changed = tx
        .run(
            "update parcels
                set state = $1, carrier = $2, service = $3, tracking_number = $4, progress_at = $5, handed_over_at = $6,
                    recognised_at = $7, news_at = $8, tracking_changes = $9, override_reason = $10, version = version + 1
              where shop_id = $11 and id = $12 and version = $13",
            p![
                after.state.code(),
                &after.carrier,
                &after.service,
                &after.tracking_number,
                after.progress_at,
                after.handed_over_at,
                after.recognised_at,
                after.news_at,
                after.tracking_changes,
                &after.override_reason,
                before.shop,
                before.id,
                before.version
            ],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}

/// The parcels under a number of a carrier, oldest first: one, or several orders which travel together.
pub async fn under_number(
    tx: &mut Tx,
    carrier: &str,
    tracking_number: &str,
) -> Result<Vec<Parcel>, DbError> {
    tx.many(
        &format!(
            "select {PARCEL} from parcels where tracking_number = $1 and carrier = $2 order by id"
        ),
        p![tracking_number, carrier],
    )
    .await
}

/// One scan or message of a carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelEvent {
    pub id: Id<ParcelEventKind>,
    pub parcel: ParcelId,
    pub carrier_ref: String,
    pub kind: String,
    pub place: String,
    pub happened_at: Timestamp,
}

/// The kind of a parcel event's id.
pub enum ParcelEventKind {}

impl FromRow for ParcelEvent {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            parcel: row.get(1)?,
            carrier_ref: row.get(2)?,
            kind: row.get(3)?,
            place: row.get(4)?,
            happened_at: row.get(5)?,
        })
    }
}

/// Whether this news of the carrier has been taken in before.
pub async fn seen(
    tx: &mut Tx,
    shop: ShopId,
    parcel: ParcelId,
    carrier_ref: &str,
) -> Result<bool, DbError> {
    let found: Option<i64> = tx
        .maybe(
            "select id from parcel_events where shop_id = $1 and parcel_id = $2 and carrier_ref = $3",
            p![shop, parcel, carrier_ref],
        )
        .await?;
    Ok(found.is_some())
}

pub async fn insert_event(
    tx: &mut Tx,
    shop: ShopId,
    event: &ParcelEvent,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.put(
        "insert into parcel_events (id, shop_id, parcel_id, carrier_ref, kind, place, happened_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        p![event.id, shop, event.parcel, &event.carrier_ref, &event.kind, &event.place, event.happened_at, now],
    )
    .await
}

pub async fn events_of(
    tx: &mut Tx,
    shop: ShopId,
    parcel: ParcelId,
) -> Result<Vec<ParcelEvent>, DbError> {
    tx.many(
        "select id, parcel_id, carrier_ref, kind, place, happened_at
           from parcel_events
          where shop_id = $1
            and parcel_id = $2
          order by happened_at, id",
        p![shop, parcel],
    )
    .await
}
