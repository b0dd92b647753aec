//! The money at payment providers and at the bank, movement by movement: ours against theirs (invariant 7).
//!
//! A movement is named by its kind and by what it belongs to. Both sides are compared by that name; a difference keeps
//! both sums. Time plays one part only: what we booked after the report's end may be missing there.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Account, TransferKind, TransferRow};
use crate::money::Currency;
use crate::time::Timestamp;

/// What moved at the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// A buyer's money came in, for one order.
    Capture,
    /// Money went back to a buyer, of one order.
    Refund,
    /// A shop's money went to its bank.
    Payout,
}

impl MovementKind {
    pub const ALL: [MovementKind; 3] =
        [MovementKind::Capture, MovementKind::Refund, MovementKind::Payout];

    pub const fn code(self) -> &'static str {
        match self {
            MovementKind::Capture => "capture",
            MovementKind::Refund => "refund",
            MovementKind::Payout => "payout",
        }
    }

    pub fn parse(code: &str) -> Option<MovementKind> {
        MovementKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether the house has more there afterwards.
    pub const fn comes_in(self) -> bool {
        match self {
            MovementKind::Capture => true,
            MovementKind::Refund | MovementKind::Payout => false,
        }
    }
}

/// Names a movement on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MovementKey {
    /// The shop.
    pub home_id: i64,
    pub kind: MovementKind,
    /// Of a capture the order's id, of a refund the refund's (an order may have several), of a payout the payout's.
    pub reference: i64,
    pub currency: &'static str,
}

/// Which movement a transfer is part of, and how much of it; `None` for what does not touch the other side, and for
/// adjustments, which are booked to make both sides equal.
pub fn movement_of(row: &TransferRow) -> Option<(MovementKey, i64)> {
    match row.kind {
        TransferKind::Posted | TransferKind::Post { .. } | TransferKind::Reversal { .. } => {}
        TransferKind::Pending | TransferKind::Void { .. } => return None,
    }
    let comes_in = row.debit == Account::ProviderClearing;
    if !comes_in && row.credit != Account::ProviderClearing {
        return None;
    }
    let (kind, reference) = match (row.subject.as_str(), comes_in) {
        ("difference", _) => return None,
        ("payout", _) => (MovementKind::Payout, row.subject_id),
        (_, true) => (MovementKind::Capture, row.subject_id),
        (_, false) => (MovementKind::Refund, row.step),
    };
    let amount = if comes_in == kind.comes_in() { row.amount_minor } else { -row.amount_minor };
    let currency = row.currency.code();
    let key = MovementKey { home_id: row.home_id, kind, reference, currency };
    Some((key, amount))
}

/// Until when, and from when on, each side's reports tell everything. `None`: there is no report yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Horizon {
    /// Captures and refunds: what all providers of the house have reported.
    pub providers: Option<Reach>,
    /// Payouts: what the bank has reported.
    pub bank: Option<Reach>,
}

/// The moments between which a movement of ours has to be in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Horizon {
    pub const fn of(&self, kind: MovementKind) -> Option<Reach> {
        match kind {
            MovementKind::Capture | MovementKind::Refund => self.providers,
            MovementKind::Payout => self.bank,
        }
    }
}

/// What we have of one movement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ours {
    /// Booked before the reports began: nobody tells of it any more.
    before_minor: i64,
    /// Booked while the reports tell everything.
    within_minor: i64,
    /// Booked later, one by one in the order of time: each may or may not be in a report.
    after_minor: Vec<i64>,
}

impl Ours {
    pub fn add(&mut self, reach: Option<Reach>, at: Timestamp, amount_minor: i64) {
        match reach {
            Some(reach) if at < reach.from => self.before_minor += amount_minor,
            Some(reach) if at < reach.until => self.within_minor += amount_minor,
            Some(_) | None => self.after_minor.push(amount_minor),
        }
    }

    /// Everything of ours.
    pub fn total_minor(&self) -> i64 {
        self.before_minor + self.within_minor + self.after_minor.iter().sum::<i64>()
    }

    /// Whether the other side's sum (less what was adjusted) is ours: with or without what was there before the
    /// reports, up to any moment after their end.
    pub fn equals(&self, theirs_minor: i64) -> bool {
        let ends = |start: i64| {
            let mut sum = start;
            sum == theirs_minor
                || self.after_minor.iter().any(|minor| {
                    sum += minor;
                    sum == theirs_minor
                })
        };
        ends(self.within_minor)
            || (self.before_minor != 0 && ends(self.before_minor + self.within_minor))
    }
}

/// What the two sides say of one movement which they do not agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disagreement {
    pub key: MovementKey,
    pub ours_minor: i64,
    /// What the reports say.
    pub theirs_minor: i64,
    /// What people have already booked to make both equal.
    pub adjusted_minor: i64,
}

/// How a difference shows itself, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// The report has it, the books do not.
    MissingHere,
    /// The books have it, the report does not.
    MissingThere,
    Amount,
}

impl DifferenceKind {
    pub const fn of(ours_minor: i64, theirs_minor: i64) -> DifferenceKind {
        match (ours_minor, theirs_minor) {
            (0, _) => DifferenceKind::MissingHere,
            (_, 0) => DifferenceKind::MissingThere,
            (_, _) => DifferenceKind::Amount,
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            DifferenceKind::MissingHere => "missing_here",
            DifferenceKind::MissingThere => "missing_there",
            DifferenceKind::Amount => "amount",
        }
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MovementKey { home_id, kind, reference, currency } = self.key;
        write!(
            f,
            "{} {reference} of home {home_id}: booked {} {currency}, reported {}, adjusted {}",
            kind.code(),
            self.ours_minor,
            self.theirs_minor,
            self.adjusted_minor
        )
    }
}

/// Both sides of many movements.
#[derive(Default)]
pub struct Clearing {
    pub horizon: Horizon,
    ours: BTreeMap<MovementKey, Ours>,
    theirs: BTreeMap<MovementKey, i64>,
    adjusted: BTreeMap<MovementKey, i64>,
}

impl Clearing {
    pub fn new(horizon: Horizon) -> Self {
        Self { horizon, ..Self::default() }
    }

    /// Takes one transfer in; those of one movement must come in the order of time.
    pub fn take(&mut self, row: &TransferRow) {
        if let Some((key, amount)) = movement_of(row) {
            let reach = self.horizon.of(key.kind);
            self.ours.entry(key).or_default().add(reach, row.created_at, amount);
        }
    }

    /// One line of a report.
    pub fn reported(&mut self, key: MovementKey, amount_minor: i64) {
        *self.theirs.entry(key).or_default() += amount_minor;
    }

    /// What people have booked about a movement.
    pub fn adjusted(&mut self, key: MovementKey, amount_minor: i64) {
        *self.adjusted.entry(key).or_default() += amount_minor;
    }

    /// The movement on both sides, if they do not agree. `Err` names the disagreement.
    ///
    /// # Errors
    /// The two sums, where they differ.
    pub fn agree(&self, key: MovementKey) -> Result<(), Disagreement> {
        let none = Ours::default();
        let ours = self.ours.get(&key).unwrap_or(&none);
        let theirs_minor = self.theirs.get(&key).copied().unwrap_or(0);
        let adjusted_minor = self.adjusted.get(&key).copied().unwrap_or(0);
        if ours.equals(theirs_minor - adjusted_minor) {
            return Ok(());
        }
        Err(Disagreement { key, ours_minor: ours.total_minor(), theirs_minor, adjusted_minor })
    }

    /// Every movement on which the sides do not agree.
    pub fn disagreements(&self) -> Vec<Disagreement> {
        let keys: std::collections::BTreeSet<MovementKey> =
            self.ours.keys().chain(self.theirs.keys()).copied().collect();
        keys.into_iter().filter_map(|key| self.agree(key).err()).collect()
    }
}

/// On which account the other side of an adjustment stands: who bears it, or who keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bearer {
    House,
    Shop,
}

impl Bearer {
    pub const ALL: [Bearer; 2] = [Bearer::House, Bearer::Shop];

    pub const fn code(self) -> &'static str {
        match self {
            Bearer::House => "house",
            Bearer::Shop => "shop",
        }
    }

    pub fn parse(code: &str) -> Option<Bearer> {
        Bearer::ALL.into_iter().find(|bearer| bearer.code() == code)
    }

    pub const fn account(self) -> Account {
        match self {
            Bearer::House => Account::Guarantee,
            Bearer::Shop => Account::Available,
        }
    }
}

/// The transfer which makes a difference go away. `None` when nothing differs any more.
pub fn adjustment(disagreement: &Disagreement, bearer: Bearer) -> Option<super::Transfer> {
    let missing = disagreement.theirs_minor - disagreement.adjusted_minor - disagreement.ours_minor;
    let comes_in = if missing > 0 {
        disagreement.key.kind.comes_in()
    } else {
        !disagreement.key.kind.comes_in()
    };
    let code = super::TransferCode::ReconciliationAdjustment;
    let (debit, credit) = if comes_in {
        (Account::ProviderClearing, bearer.account())
    } else {
        (bearer.account(), Account::ProviderClearing)
    };
    (missing != 0).then(|| super::transfer(code, debit, credit, missing.abs()))
}

/// The currency of a key, which was read from a transfer or a report line.
pub fn currency_of(key: &MovementKey) -> Option<Currency> {
    Currency::parse(key.currency).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TransferId;
    use crate::ledger::TransferCode;

    const FROM: Timestamp = Timestamp::from_ms(1_000);
    const UNTIL: Timestamp = Timestamp::from_ms(2_000);
    const REACH: Reach = Reach { from: FROM, until: UNTIL };

    fn key(kind: MovementKind, reference: i64) -> MovementKey {
        MovementKey { home_id: 7, kind, reference, currency: "USD" }
    }

    fn row(debit: Account, credit: Account, reference: i64, minor: i64, at: i64) -> TransferRow {
        TransferRow {
            id: TransferId::new(at),
            home_id: 7,
            debit,
            credit,
            currency: Currency::parse("USD").unwrap(),
            amount_minor: minor,
            code: TransferCode::PaymentCaptured,
            kind: TransferKind::Posted,
            subject: "order".to_owned(),
            subject_id: reference,
            step: 1,
            created_at: Timestamp::from_ms(at),
        }
    }

    fn captured(reference: i64, minor: i64, at: i64) -> TransferRow {
        row(Account::ProviderClearing, Account::Escrow, reference, minor, at)
    }

    /// A refund of order 1, named by its own id.
    fn refunded(reference: i64, minor: i64, at: i64) -> TransferRow {
        let out = row(Account::RefundTransit, Account::ProviderClearing, 1, minor, at);
        TransferRow { step: reference, ..out }
    }

    fn clearing(rows: &[TransferRow]) -> Clearing {
        let mut all = Clearing::new(Horizon { providers: Some(REACH), bank: None });
        for row in rows {
            all.take(row);
        }
        all
    }

    #[test]
    fn what_both_sides_have_agrees() {
        let mut all =
            clearing(&[captured(1, 900, 1_100), captured(1, 100, 1_100), refunded(1, 300, 1_500)]);
        all.reported(key(MovementKind::Capture, 1), 1_000);
        all.reported(key(MovementKind::Refund, 1), 300);
        assert_eq!(all.disagreements(), []);
    }

    #[test]
    fn each_kind_of_difference_is_found() {
        let mut all = clearing(&[captured(1, 900, 1_100), captured(2, 500, 1_100)]);
        all.reported(key(MovementKind::Capture, 2), 450);
        all.reported(key(MovementKind::Refund, 2), 70);
        let kinds: Vec<(i64, DifferenceKind)> = all
            .disagreements()
            .iter()
            .map(|one| (one.key.reference, DifferenceKind::of(one.ours_minor, one.theirs_minor)))
            .collect();
        assert_eq!(
            kinds,
            [
                (1, DifferenceKind::MissingThere),
                (2, DifferenceKind::Amount),
                (2, DifferenceKind::MissingHere),
            ]
        );
    }

    #[test]
    fn two_refunds_of_an_order_do_not_stand_in_for_one_another() {
        let mut all = clearing(&[refunded(81, 300, 1_100), refunded(82, 300, 1_200)]);
        all.reported(key(MovementKind::Refund, 81), 600);
        let found: Vec<(i64, i64, i64)> = (all.disagreements().iter())
            .map(|one| (one.key.reference, one.ours_minor, one.theirs_minor))
            .collect();
        assert_eq!(found, [(81, 300, 600), (82, 300, 0)], "the sums agree, the refunds do not");
        all.reported(key(MovementKind::Refund, 82), 300);
        assert_eq!(all.disagreements().len(), 1, "the first one is still told too large");
    }

    #[test]
    fn midnight_makes_no_difference() {
        // Booked after the report's end: there already or not yet.
        let rows = [captured(1, 900, 1_999), refunded(1, 300, 2_000), refunded(1, 200, 2_001)];
        for told in [0, 300, 500] {
            let mut all = clearing(&rows);
            all.reported(key(MovementKind::Capture, 1), 900);
            all.reported(key(MovementKind::Refund, 1), told);
            assert_eq!(all.disagreements(), [], "{told}");
        }
        let mut all = clearing(&rows);
        all.reported(key(MovementKind::Capture, 1), 900);
        all.reported(key(MovementKind::Refund, 1), 200);
        assert_eq!(all.disagreements().len(), 1, "the later one without the earlier one");
        // Booked before the first report: told in it, or never.
        for told in [0, 900] {
            let mut all = clearing(&[captured(1, 900, 999)]);
            all.reported(key(MovementKind::Capture, 1), told);
            assert_eq!(all.disagreements(), [], "{told}");
        }
    }

    #[test]
    fn without_a_report_nothing_can_differ() {
        let mut all = Clearing::default();
        all.take(&captured(1, 900, 1_100));
        assert_eq!(all.disagreements(), []);
    }

    #[test]
    fn an_adjustment_makes_both_sides_equal() {
        for (kind, ours, theirs) in [
            (MovementKind::Capture, 900, 850),
            (MovementKind::Capture, 0, 850),
            (MovementKind::Refund, 0, 70),
            (MovementKind::Refund, 70, 0),
        ] {
            let rows = match kind {
                MovementKind::Capture => vec![captured(1, ours, 1_100)],
                MovementKind::Refund | MovementKind::Payout => vec![refunded(1, ours, 1_100)],
            };
            let rows: Vec<_> = rows.into_iter().filter(|row| row.amount_minor > 0).collect();
            let mut all = clearing(&rows);
            all.reported(key(kind, 1), theirs);
            let found = all.agree(key(kind, 1)).unwrap_err();
            let transfer = adjustment(&found, Bearer::House).unwrap();
            let into = transfer.debit == Account::ProviderClearing;
            assert_eq!(into, (theirs > ours) == kind.comes_in(), "{kind:?} {ours} {theirs}");
            assert_eq!(transfer.amount_minor, (theirs - ours).abs());
            all.adjusted(key(kind, 1), theirs - ours);
            assert_eq!(all.agree(key(kind, 1)), Ok(()));
        }
    }
}
