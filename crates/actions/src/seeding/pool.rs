//! Rows by the day to which they belong, with ids of that day, and what each day did to the books.

use std::collections::{BTreeMap, HashMap};

use rules::ids::{EPOCH_MS, OrderId, ShopId};
use rules::ledger::{Account, Transfer, TransferCode};
use rules::money::Currency;
use rules::time::Timestamp;
use store::bulk::{Rows, WholeTransfer};

use super::day;
use crate::failure::Failure;
use crate::id_maker::{IdBlock, IdRun};

/// Transfers of one kind on one day: between which accounts, under which code.
pub(super) type MovedKey = (Account, Account, &'static str);

/// What a day did to one shop's books in one currency: sums and counts.
pub(super) type DaySums = BTreeMap<MovedKey, (TransferCode, i64, i64)>;

pub(super) struct Pool {
    process: u16,
    days: BTreeMap<Timestamp, Day>,
    /// By shop and currency, then by day.
    pub books: BTreeMap<(ShopId, &'static str), BTreeMap<Timestamp, DaySums>>,
}

/// One day which is not written yet.
#[derive(Default)]
struct Day {
    rows: Rows,
    /// Milliseconds since the epoch of ids → the next free counter.
    next: HashMap<i64, i64>,
}

/// Counters of one millisecond.
const COUNTERS: i64 = 4_096;

impl Pool {
    pub fn new(process: u16) -> Self {
        Self { process, days: BTreeMap::new(), books: BTreeMap::new() }
    }

    /// Ids of a moment, larger than those which this moment had before.
    pub fn ids(&mut self, at: Timestamp, count: i64) -> IdRun {
        let process = self.process;
        let next = &mut self.days.entry(day(at)).or_default().next;
        let mut ms = at.ms() - EPOCH_MS;
        loop {
            let counter = next.entry(ms).or_insert(0);
            if *counter + count <= COUNTERS {
                let first = *counter;
                *counter += count;
                return IdBlock::of_past(ms, first, count, process).start();
            }
            ms += 1;
        }
    }

    /// Where the rows of a moment are gathered.
    pub fn rows(&mut self, at: Timestamp) -> &mut Rows {
        &mut self.days.entry(day(at)).or_default().rows
    }

    /// Posts transfers of an order: as rows, and into the sums of the day.
    pub fn post(
        &mut self,
        (shop, order, currency): (ShopId, OrderId, Currency),
        step: i64,
        transfers: &[Transfer],
        at: Timestamp,
    ) -> Result<(), Failure> {
        if transfers.is_empty() {
            return Ok(());
        }
        let mut ids = self.ids(at, transfers.len() as i64);
        for (leg, transfer) in transfers.iter().enumerate() {
            let row = WholeTransfer {
                id: ids.take(),
                home: shop,
                currency,
                transfer: *transfer,
                order,
                step,
                leg: leg as i64,
                at,
            };
            self.rows(at).transfers.push(row);
            let of_shop = self.books.entry((shop, currency.code())).or_default();
            let key = (transfer.debit, transfer.credit, transfer.code.code());
            let sum = of_shop.entry(day(at)).or_default().entry(key);
            let sum = sum.or_insert((transfer.code, 0, 0));
            sum.1 = sum.1.checked_add(transfer.amount_minor).ok_or_else(too_large)?;
            sum.2 += 1;
        }
        Ok(())
    }

    /// All which belongs to the days before this one: nothing more comes to it.
    pub fn take_before(&mut self, until: Timestamp) -> Rows {
        let later = self.days.split_off(&until);
        let before = std::mem::replace(&mut self.days, later);
        let mut all = Rows::default();
        for day in before.into_values() {
            all.append(day.rows);
        }
        all
    }
}

fn too_large() -> Failure {
    Failure::Broken("a day's sum is beyond 64 bits".to_owned())
}
