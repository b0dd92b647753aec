//! Many rows at once, of histories which were made up: what `guildhall seed` writes.
//!
//! The rows are those which the single acts would have left behind. Nothing is read and nothing compared here: whoever
//! makes them up sees to it that they fit. Tables are written one after the other, each in the order of its ids, so that
//! the rows lie on the disk as they would have come.

use std::collections::BTreeMap;

use rules::checkout::border::DutyLine;
use rules::ids::{
    AddressId, Id, OrderId, OrderLineId, ParcelId, PersonId, ProductId, ShopId, SkuId, TransferId,
};
use rules::ledger::{Account, Balance, Transfer, TransferKind, effect};
use rules::money::Currency;
use rules::time::Timestamp;

use crate::checks::FlagRow;
use crate::db::{DbError, P, Tx};
use crate::events::EventRow;
use crate::ledger::{self, Occasion, ReservePart};
use crate::order_items::OrderPromotion;
use crate::orders::{self, WholeOrder};
use crate::packing::{PackedItem, PackedItemKind, Packing};
use crate::parcels::{PARCEL, Parcel, ParcelEvent};
use crate::payments::{Payment, Refund};
use crate::people::{AddressRow, NoticeRow, PersonRow};
use crate::statements::Statement;
use crate::stock::Batch;
use crate::{catalog, events, jobs, order_items, payments, people, statements, stock};

/// Rows whose values are held in memory at once.
const AT_ONCE: usize = 500;

/// A buyer with the name they sign in with and their one address.
#[derive(Clone, Debug)]
pub struct WholePerson {
    pub person: PersonRow,
    pub login_name: String,
    pub address: AddressRow,
}

/// A transfer with its place in its occasion.
#[derive(Clone, Copy, Debug)]
pub struct WholeTransfer {
    pub id: TransferId,
    pub home: ShopId,
    pub currency: Currency,
    pub transfer: Transfer,
    pub order: OrderId,
    pub step: i64,
    pub leg: i64,
    pub at: Timestamp,
}

/// What lies in a parcel since when.
#[derive(Clone, Copy, Debug)]
pub struct WholeItem {
    pub id: Id<PackedItemKind>,
    pub shop: ShopId,
    pub item: PackedItem,
    pub at: Timestamp,
}

/// Rows of any tables, to be written together.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pub people: Vec<WholePerson>,
    pub orders: Vec<WholeOrder>,
    pub charges: Vec<(i64, ShopId, OrderId, DutyLine, Timestamp)>,
    pub promotions: Vec<(i64, ShopId, OrderId, OrderPromotion, Timestamp)>,
    pub flags: Vec<(ShopId, FlagRow)>,
    pub payments: Vec<Payment>,
    pub parcels: Vec<Parcel>,
    pub packings: Vec<Packing>,
    pub items: Vec<WholeItem>,
    pub parcel_events: Vec<(ShopId, ParcelEvent, Timestamp)>,
    pub events: Vec<EventRow>,
    pub notices: Vec<NoticeRow>,
    pub transfers: Vec<WholeTransfer>,
    pub refunds: Vec<Refund>,
    /// With the moment at which each was kept; one without `release_at` was released.
    pub reserve_parts: Vec<(ReservePart, Timestamp)>,
    pub jobs: Vec<(jobs::NewJob, Timestamp)>,
    pub statements: Vec<Statement>,
    pub batches: Vec<(ShopId, Batch)>,
    /// Pieces which are promised to orders: reserved, without having been asked for.
    pub promised: Vec<(ShopId, SkuId, i64)>,
    pub sold: Vec<(ShopId, ProductId, i64)>,
}

impl Rows {
    /// How many rows these are, lines of orders and lists of buyers not counted.
    pub fn count(&self) -> usize {
        self.people.len() * 3
            + self.orders.len()
            + self.promotions.len()
            + self.flags.len()
            + self.payments.len()
            + self.parcels.len()
            + self.packings.len()
            + self.items.len()
            + self.parcel_events.len()
            + self.events.len()
            + self.notices.len()
            + self.transfers.len()
            + self.refunds.len()
            + self.reserve_parts.len()
            + self.jobs.len()
            + self.statements.len()
            + self.batches.len()
    }

    /// Takes other rows in.
    pub fn append(&mut self, mut other: Rows) {
        self.people.append(&mut other.people);
        self.orders.append(&mut other.orders);
        self.charges.append(&mut other.charges);
        self.promotions.append(&mut other.promotions);
        self.flags.append(&mut other.flags);
        self.payments.append(&mut other.payments);
        self.parcels.append(&mut other.parcels);
        self.packings.append(&mut other.packings);
        self.items.append(&mut other.items);
        self.parcel_events.append(&mut other.parcel_events);
        self.events.append(&mut other.events);
        self.notices.append(&mut other.notices);
        self.transfers.append(&mut other.transfers);
        self.refunds.append(&mut other.refunds);
        self.reserve_parts.append(&mut other.reserve_parts);
        self.jobs.append(&mut other.jobs);
        self.statements.append(&mut other.statements);
        self.batches.append(&mut other.batches);
        self.promised.append(&mut other.promised);
        self.sold.append(&mut other.sold);
    }

    /// Brings each table into the order of its ids.
    pub fn sort(&mut self) {
        self.people.sort_by_key(|row| row.person.id);
        self.orders.sort_by_key(|row| row.placed.id);
        self.charges.sort_by_key(|row| row.0);
        self.promotions.sort_by_key(|row| row.0);
        self.flags.sort_by_key(|row| row.1.id);
        self.payments.sort_by_key(|row| row.id);
        self.parcels.sort_by_key(|row| row.id);
        self.packings.sort_by_key(|row| row.id);
        self.items.sort_by_key(|row| row.id);
        self.parcel_events.sort_by_key(|row| row.1.id);
        self.events.sort_by_key(|row| row.id);
        self.notices.sort_by_key(|row| row.id);
        self.transfers.sort_by_key(|row| row.id);
        self.refunds.sort_by_key(|row| row.id);
        self.reserve_parts.sort_by_key(|row| row.0.id);
        self.jobs.sort_by_key(|row| row.0.id);
        self.statements.sort_by_key(|row| row.id);
        self.batches.sort_by_key(|row| row.1.id);
    }
}

/// Writes all of it. The balances are moved by the sum of the transfers.
pub async fn write(tx: &mut Tx, rows: &Rows) -> Result<(), DbError> {
    write_people(tx, &rows.people).await?;
    for part in rows.orders.chunks(AT_ONCE) {
        orders::insert_whole(tx, part).await?;
    }
    for (id, shop, order, line, at) in &rows.charges {
        order_items::insert_charge(tx, *id, *shop, *order, line, *at).await?;
    }
    for (id, shop, order, row, at) in &rows.promotions {
        order_items::insert_promotion(tx, *id, *shop, *order, row, *at).await?;
    }
    insert(tx, FLAGS, 12, &rows.flags, flag_values).await?;
    for payment in &rows.payments {
        payments::insert_whole(tx, payment).await?;
    }
    let head = format!("insert into parcels ({PARCEL}) values");
    insert(tx, &head, 16, &rows.parcels, parcel_values).await?;
    for packing in &rows.packings {
        crate::packing::insert(tx, packing).await?;
    }
    insert(tx, ITEMS, 8, &rows.items, item_values).await?;
    insert(tx, PARCEL_EVENTS, 8, &rows.parcel_events, parcel_event_values).await?;
    for part in rows.events.chunks(AT_ONCE) {
        events::insert(tx, part).await?;
    }
    for notice in &rows.notices {
        people::insert_notice(tx, notice).await?;
    }
    write_money(tx, rows).await?;
    for (job, at) in &rows.jobs {
        jobs::insert(tx, job, *at).await?;
    }
    for statement in &rows.statements {
        statements::insert(tx, statement).await?;
    }
    write_stock(tx, rows).await
}

/// `for<'a>` and a plain function: what is borrowed here is borrowed across an await.
type Fill<T> = for<'a> fn(&'a T, &mut Vec<P<'a>>);

async fn insert<T>(
    tx: &mut Tx,
    head: &str,
    width: usize,
    rows: &[T],
    fill: Fill<T>,
) -> Result<(), DbError> {
    for part in rows.chunks(AT_ONCE) {
        let mut values = Vec::with_capacity(part.len() * width);
        for row in part {
            fill(row, &mut values);
        }
        tx.rows(head, width, "", &values).await?;
    }
    Ok(())
}

async fn write_people(tx: &mut Tx, rows: &[WholePerson]) -> Result<(), DbError> {
    insert(tx, PEOPLE, 7, rows, person_values).await?;
    insert(tx, LOGIN_NAMES, 3, rows, login_values).await?;
    insert(tx, ADDRESSES, 5, rows, address_values).await
}

async fn write_money(tx: &mut Tx, rows: &Rows) -> Result<(), DbError> {
    insert(tx, ledger::TRANSFER_HEAD, 14, &rows.transfers, transfer_values).await?;
    let mut deltas: BTreeMap<(ShopId, Account, &'static str), (Balance, WholeTransfer)> =
        BTreeMap::new();
    for row in &rows.transfers {
        let (debit, credit) = effect(TransferKind::Posted, row.transfer.amount_minor, 0);
        for (account, change) in [(row.transfer.debit, debit), (row.transfer.credit, credit)] {
            let key = (row.home, account, row.currency.code());
            deltas.entry(key).or_insert((Balance::default(), *row)).0.add(change);
        }
    }
    for ((home, account, _), (delta, row)) in deltas {
        let occasion = Occasion {
            home_id: home.number(),
            currency: row.currency,
            subject: "order",
            subject_id: row.order.number(),
            step: row.step,
            now: row.at,
        };
        ledger::add_to_balance(tx, &occasion, account, delta).await?;
    }
    insert(tx, REFUNDS, 11, &rows.refunds, refund_values).await?;
    insert(tx, RESERVE_PARTS, 10, &rows.reserve_parts, reserve_values).await
}

async fn write_stock(tx: &mut Tx, rows: &Rows) -> Result<(), DbError> {
    for (shop, batch) in &rows.batches {
        if !stock::receive(tx, *shop, batch).await? {
            return Err(DbError::Broken(format!("SKU {} has no stock row", batch.sku)));
        }
    }
    for (shop, sku, count) in &rows.promised {
        let need = BTreeMap::from([(*sku, *count)]);
        stock::reserve_looked_at(tx, *shop, &need).await?;
    }
    for (shop, product, pieces) in &rows.sold {
        catalog::add_sold(tx, *shop, *product, *pieces).await?;
    }
    Ok(())
}

const PEOPLE: &str =
    "insert into people (id, name, email, password_hash, language, version, created_at) values";

fn person_values<'a>(row: &'a WholePerson, values: &mut Vec<P<'a>>) {
    let person = &row.person;
    values.extend([
        P::from(person.id),
        P::from(&person.name),
        P::from(&person.email),
        P::from(&person.password_hash),
        P::from(&person.language),
        person.version.into(),
        person.created_at.into(),
    ]);
}

const LOGIN_NAMES: &str = "insert into login_names (name, person_id, created_at) values";

fn login_values<'a>(row: &'a WholePerson, values: &mut Vec<P<'a>>) {
    let (id, at): (PersonId, Timestamp) = (row.person.id, row.person.created_at);
    values.extend([P::from(&row.login_name), id.into(), at.into()]);
}

const ADDRESSES: &str = "insert into addresses (id, buyer_id, body, is_default, created_at) values";

fn address_values<'a>(row: &'a WholePerson, values: &mut Vec<P<'a>>) {
    let id: AddressId = row.address.id;
    values.extend([
        P::from(id),
        row.person.id.into(),
        P::from(&row.address.body),
        row.address.is_default.into(),
        row.address.created_at.into(),
    ]);
}

const FLAGS: &str = "insert into order_flags (id, shop_id, order_id, kind, facts, state, resolution, why, resolved_by, resolved_at, version, created_at) values";

fn flag_values<'a>((shop, row): &'a (ShopId, FlagRow), values: &mut Vec<P<'a>>) {
    values.extend([
        P::from(row.id),
        (*shop).into(),
        row.order.into(),
        P::from(&row.kind),
        P::from(&row.facts),
        if row.open { "open" } else { "resolved" }.into(),
        P::from(&row.resolution),
        P::from(&row.why),
        P::from(&row.resolved_by),
        row.resolved_at.into(),
        if row.open { 1 } else { 2 }.into(),
        row.created_at.into(),
    ]);
}

fn parcel_values<'a>(row: &'a Parcel, values: &mut Vec<P<'a>>) {
    values.extend([
        P::from(row.id),
        row.shop.into(),
        row.order.into(),
        row.state.code().into(),
        P::from(&row.carrier),
        P::from(&row.service),
        P::from(&row.tracking_number),
        row.weight_grams.into(),
        row.progress_at.into(),
        row.version.into(),
        row.created_at.into(),
        row.handed_over_at.into(),
        row.recognised_at.into(),
        row.news_at.into(),
        row.tracking_changes.into(),
        P::from(&row.override_reason),
    ]);
}

const ITEMS: &str = "insert into packed_items (id, shop_id, parcel_id, order_id, line_id, sku_id, packed_count, created_at) values";

fn item_values<'a>(row: &'a WholeItem, values: &mut Vec<P<'a>>) {
    let (parcel, line): (ParcelId, OrderLineId) = (row.item.parcel, row.item.line);
    values.extend([
        P::from(row.id),
        row.shop.into(),
        parcel.into(),
        row.item.order.into(),
        line.into(),
        row.item.sku.into(),
        row.item.count.into(),
        row.at.into(),
    ]);
}

const PARCEL_EVENTS: &str = "insert into parcel_events (id, shop_id, parcel_id, carrier_ref, kind, place, happened_at, created_at) values";

fn parcel_event_values<'a>(
    (shop, row, at): &'a (ShopId, ParcelEvent, Timestamp),
    values: &mut Vec<P<'a>>,
) {
    values.extend([
        P::from(row.id),
        (*shop).into(),
        row.parcel.into(),
        P::from(&row.carrier_ref),
        P::from(&row.kind),
        P::from(&row.place),
        row.happened_at.into(),
        (*at).into(),
    ]);
}

fn transfer_values<'a>(row: &'a WholeTransfer, values: &mut Vec<P<'a>>) {
    values.extend([
        P::from(row.id),
        row.home.into(),
        row.transfer.debit.code().into(),
        row.transfer.credit.code().into(),
        row.currency.code().into(),
        row.transfer.amount_minor.into(),
        row.transfer.code.code().into(),
        TransferKind::Posted.code().into(),
        P::Null,
        "order".into(),
        row.order.into(),
        row.step.into(),
        row.leg.into(),
        row.at.into(),
    ]);
}

const REFUNDS: &str = "insert into refunds (id, shop_id, order_id, payment_id, state, currency, amount_minor, reason, confirmed_at, version, created_at) values";

fn refund_values<'a>(row: &'a Refund, values: &mut Vec<P<'a>>) {
    values.extend([
        P::from(row.id),
        row.shop.into(),
        row.order.into(),
        row.payment.into(),
        if row.confirmed_at.is_some() { "confirmed" } else { "requested" }.into(),
        row.amount.currency.code().into(),
        row.amount.minor.into(),
        P::from(&row.reason),
        row.confirmed_at.into(),
        row.version.into(),
        row.created_at.into(),
    ]);
}

const RESERVE_PARTS: &str = "insert into reserve_parts (id, home_id, order_id, currency, amount_minor, state, due_at, claimed_until, version, created_at) values";

fn reserve_values<'a>((row, at): &'a (ReservePart, Timestamp), values: &mut Vec<P<'a>>) {
    values.extend([
        P::from(row.id),
        row.home_id.into(),
        row.order.into(),
        row.currency.code().into(),
        row.amount_minor.into(),
        if row.release_at.is_some() { "kept" } else { "released" }.into(),
        row.release_at.into(),
        0.into(),
        row.version.into(),
        (*at).into(),
    ]);
}
