//! A gateway's memory: which payments it was asked for, how they stand, and what went back.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How a payment stands at the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    Waiting,
    Paid,
    Closed,
}

/// How a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundStand {
    Waiting,
    Done,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refunded {
    pub amount: i64,
    pub stand: RefundStand,
}

/// A payment, in the gateway's own units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trade {
    /// 1, 2, 3 …: part of the gateway's own names.
    pub number: usize,
    pub amount: i64,
    pub currency: String,
    pub stand: Stand,
    pub notify_at: String,
    pub return_to: String,
    pub refunds: BTreeMap<String, Refunded>,
}

#[derive(Debug, Default)]
struct Papers {
    trades: BTreeMap<String, Trade>,
    /// Requests with a wrong signature, or none.
    forged: usize,
    /// Answers nothing useful while set.
    silent: bool,
    /// Refunds are taken, and done later.
    slow_refunds: bool,
}

/// Cheap to clone: every clone is the same desk.
#[derive(Clone, Debug, Default)]
pub struct Desk(Arc<Mutex<Papers>>);

impl Desk {
    fn papers(&self) -> MutexGuard<'_, Papers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn trade(&self, reference: &str) -> Option<Trade> {
        self.papers().trades.get(reference).cloned()
    }

    /// The references of all payments it was asked for, in their order.
    pub fn references(&self) -> Vec<String> {
        let papers = self.papers();
        let mut all: Vec<(usize, String)> =
            papers.trades.iter().map(|(name, trade)| (trade.number, name.clone())).collect();
        all.sort();
        all.into_iter().map(|(_, name)| name).collect()
    }

    /// The payment asked for last.
    pub fn latest(&self) -> Option<String> {
        self.references().pop()
    }

    /// The buyer pays what was asked for. Answers whether the gateway takes it.
    pub fn is_paid(&self, reference: &str) -> bool {
        self.changes(reference, |trade| {
            let open = trade.stand == Stand::Waiting;
            if open {
                trade.stand = Stand::Paid;
            }
            open
        })
        .unwrap_or(false)
    }

    /// The gateway errs: another amount is taken.
    pub fn takes_another_amount(&self, reference: &str, amount: i64) {
        self.changes(reference, |trade| {
            trade.stand = Stand::Paid;
            trade.amount = amount;
        });
    }

    /// From now on it answers nothing useful, or does so again.
    pub fn falls_silent(&self, silent: bool) {
        self.papers().silent = silent;
    }

    pub fn is_silent(&self) -> bool {
        self.papers().silent
    }

    /// From now on refunds take their time, or do not.
    pub fn takes_its_time_with_refunds(&self, slow: bool) {
        self.papers().slow_refunds = slow;
    }

    /// Everything which waits to go back goes.
    pub fn finishes_refunds(&self) {
        for trade in self.papers().trades.values_mut() {
            for refund in trade.refunds.values_mut() {
                refund.stand = RefundStand::Done;
            }
        }
    }

    /// What has gone back of a payment.
    pub fn refunded(&self, reference: &str) -> i64 {
        self.trade(reference)
            .map_or(0, |trade| trade.refunds.values().map(|refund| refund.amount).sum())
    }

    pub fn forged_requests(&self) -> usize {
        self.papers().forged
    }

    pub(super) fn saw_forgery(&self) {
        self.papers().forged += 1;
    }

    /// Opens a payment; the same one again when it is asked again.
    pub(super) fn opens(&self, reference: &str, trade: Trade) -> Trade {
        let mut papers = self.papers();
        let number = papers.trades.len() + 1;
        papers.trades.entry(reference.to_owned()).or_insert(Trade { number, ..trade }).clone()
    }

    pub(super) fn changes<T>(
        &self,
        reference: &str,
        change: impl FnOnce(&mut Trade) -> T,
    ) -> Option<T> {
        self.papers().trades.get_mut(reference).map(change)
    }

    /// The reference of the payment with this number.
    pub(super) fn by_number(&self, number: usize) -> Option<String> {
        let papers = self.papers();
        papers.trades.iter().find(|(_, trade)| trade.number == number).map(|(name, _)| name.clone())
    }

    /// Sends back, once a name. `None` when it was not paid, or more than was paid would go.
    pub(super) fn refunds(&self, reference: &str, refund: &str, amount: i64) -> Option<Refunded> {
        let mut papers = self.papers();
        let stand = if papers.slow_refunds { RefundStand::Waiting } else { RefundStand::Done };
        let trade = papers.trades.get_mut(reference)?;
        if let Some(known) = trade.refunds.get(refund) {
            return Some(known.clone());
        }
        let gone: i64 = trade.refunds.values().map(|refund| refund.amount).sum();
        if trade.stand != Stand::Paid || gone + amount > trade.amount {
            return None;
        }
        let refunded = Refunded { amount, stand };
        trade.refunds.insert(refund.to_owned(), refunded.clone());
        Some(refunded)
    }
}
