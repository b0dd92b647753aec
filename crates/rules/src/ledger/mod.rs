//! The ledger: which accounts there are, and how money may move between them.
//!
//! Money moves only by [`Transfer`]s. A transfer names the account it debits and the account it credits,
//! so an unbalanced posting cannot be written down. "A → B" in the documents is: debit A, credit B.

pub mod check;
pub mod clearing;
pub mod trail;

use serde::{Deserialize, Serialize};

use crate::ids::{OrderId, PersonId, ShopId, TransferId};
use crate::money::Currency;

/// An account family. Each family has one account per home (a shop, or a buyer for `BuyerCredit`) and currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    ProviderClearing,
    Escrow,
    Available,
    Reserve,
    Held,
    Deposit,
    Debt,
    PayoutTransit,
    RefundTransit,
    Commission,
    Fees,
    Penalties,
    Confiscated,
    TaxPayable,
    DutyPayable,
    Promotion,
    Guarantee,
    CarrierClaims,
    CreditClearing,
    BuyerCredit,
}

/// On which side an account normally stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// Assets and expenses: debits add to the balance.
    Debit(DebitKind),
    /// Liabilities and income: credits add to the balance.
    Credit(CreditKind),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DebitKind {
    Asset,
    Expense,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditKind {
    Liability,
    Income,
}

impl Account {
    /// Every family, in the order in which a trial balance lists them.
    pub const ALL: [Account; 20] = [
        Account::ProviderClearing,
        Account::Escrow,
        Account::Available,
        Account::Reserve,
        Account::Held,
        Account::Deposit,
        Account::Debt,
        Account::PayoutTransit,
        Account::RefundTransit,
        Account::Commission,
        Account::Fees,
        Account::Penalties,
        Account::Confiscated,
        Account::TaxPayable,
        Account::DutyPayable,
        Account::Promotion,
        Account::Guarantee,
        Account::CarrierClaims,
        Account::CreditClearing,
        Account::BuyerCredit,
    ];

    /// The word in the database, the API and the addresses of pages.
    pub const fn code(self) -> &'static str {
        match self {
            Account::ProviderClearing => "provider_clearing",
            Account::Escrow => "escrow",
            Account::Available => "available",
            Account::Reserve => "reserve",
            Account::Held => "held",
            Account::Deposit => "deposit",
            Account::Debt => "debt",
            Account::PayoutTransit => "payout_transit",
            Account::RefundTransit => "refund_transit",
            Account::Commission => "commission",
            Account::Fees => "fees",
            Account::Penalties => "penalties",
            Account::Confiscated => "confiscated",
            Account::TaxPayable => "tax_payable",
            Account::DutyPayable => "duty_payable",
            Account::Promotion => "promotion",
            Account::Guarantee => "guarantee",
            Account::CarrierClaims => "carrier_claims",
            Account::CreditClearing => "credit_clearing",
            Account::BuyerCredit => "buyer_credit",
        }
    }

    pub fn parse(code: &str) -> Option<Account> {
        Account::ALL.into_iter().find(|account| account.code() == code)
    }

    pub const fn kind(self) -> AccountKind {
        match self {
            Account::ProviderClearing | Account::Debt | Account::CarrierClaims => {
                AccountKind::Debit(DebitKind::Asset)
            }
            Account::Promotion | Account::Guarantee => AccountKind::Debit(DebitKind::Expense),
            Account::Commission | Account::Fees | Account::Penalties => {
                AccountKind::Credit(CreditKind::Income)
            }
            Account::Escrow
            | Account::Available
            | Account::Reserve
            | Account::Held
            | Account::Deposit
            | Account::PayoutTransit
            | Account::RefundTransit
            | Account::Confiscated
            | Account::TaxPayable
            | Account::DutyPayable
            | Account::CreditClearing
            | Account::BuyerCredit => AccountKind::Credit(CreditKind::Liability),
        }
    }

    /// Whether the balance may pass zero to the wrong side (money.md's table of accounts).
    pub const fn may_go_below_zero(self) -> bool {
        match self {
            Account::ProviderClearing
            | Account::Promotion
            | Account::Guarantee
            | Account::CreditClearing => true,
            Account::Escrow
            | Account::Available
            | Account::Reserve
            | Account::Held
            | Account::Deposit
            | Account::PayoutTransit
            | Account::RefundTransit
            | Account::Commission
            | Account::Fees
            | Account::Penalties
            | Account::Confiscated
            | Account::TaxPayable
            | Account::DutyPayable
            | Account::CarrierClaims
            // Nobody owes less than nothing: no more is recovered than is owed.
            | Account::Debt
            | Account::BuyerCredit => false,
        }
    }
}

/// Why money moved. One code for one kind of event, so that a statement can be summed by code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferCode {
    PaymentCaptured,
    TaxCollected,
    DutyCollected,
    HouseDiscount,
    Commission,
    ReserveKept,
    SaleProceeds,
    ReserveReleased,
    Refund,
    TaxRefunded,
    DutyRefunded,
    HouseDiscountReturned,
    LatePaymentReturned,
    RefundConfirmed,
    RefundFee,
    /// After settlement: what the house took of the part which goes back.
    CommissionReturned,
    /// After settlement: the shop's own money, from wherever it is, for a part which goes back.
    RefundCovered,
    /// What a shop owes, paid out of the first money which became available.
    DebtRecovered,
    /// The house decided wrongly against the shop, and gives it back what it has lost.
    ShopMadeWhole,
    PayoutSent,
    PayoutConfirmed,
    PayoutFailed,
    /// A difference with a provider's or the bank's report, booked by two people of the house.
    ReconciliationAdjustment,
}

impl TransferCode {
    pub const ALL: [TransferCode; 23] = [
        TransferCode::PaymentCaptured,
        TransferCode::TaxCollected,
        TransferCode::DutyCollected,
        TransferCode::HouseDiscount,
        TransferCode::Commission,
        TransferCode::ReserveKept,
        TransferCode::SaleProceeds,
        TransferCode::ReserveReleased,
        TransferCode::Refund,
        TransferCode::TaxRefunded,
        TransferCode::DutyRefunded,
        TransferCode::HouseDiscountReturned,
        TransferCode::LatePaymentReturned,
        TransferCode::RefundConfirmed,
        TransferCode::RefundFee,
        TransferCode::CommissionReturned,
        TransferCode::RefundCovered,
        TransferCode::DebtRecovered,
        TransferCode::ShopMadeWhole,
        TransferCode::PayoutSent,
        TransferCode::PayoutConfirmed,
        TransferCode::PayoutFailed,
        TransferCode::ReconciliationAdjustment,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            TransferCode::PaymentCaptured => "payment_captured",
            TransferCode::TaxCollected => "tax_collected",
            TransferCode::DutyCollected => "duty_collected",
            TransferCode::HouseDiscount => "house_discount",
            TransferCode::Commission => "commission",
            TransferCode::ReserveKept => "reserve_kept",
            TransferCode::SaleProceeds => "sale_proceeds",
            TransferCode::ReserveReleased => "reserve_released",
            TransferCode::Refund => "refund",
            TransferCode::TaxRefunded => "tax_refunded",
            TransferCode::DutyRefunded => "duty_refunded",
            TransferCode::HouseDiscountReturned => "house_discount_returned",
            TransferCode::LatePaymentReturned => "late_payment_returned",
            TransferCode::RefundConfirmed => "refund_confirmed",
            TransferCode::RefundFee => "refund_fee",
            TransferCode::CommissionReturned => "commission_returned",
            TransferCode::RefundCovered => "refund_covered",
            TransferCode::DebtRecovered => "debt_recovered",
            TransferCode::ShopMadeWhole => "shop_made_whole",
            TransferCode::PayoutSent => "payout_sent",
            TransferCode::PayoutConfirmed => "payout_confirmed",
            TransferCode::PayoutFailed => "payout_failed",
            TransferCode::ReconciliationAdjustment => "reconciliation_adjustment",
        }
    }

    pub fn parse(code: &str) -> Option<TransferCode> {
        TransferCode::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// Whose accounts a transfer moves money between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Home {
    Shop(ShopId),
    Buyer(PersonId),
}

impl Home {
    pub const fn id(self) -> i64 {
        match self {
            Home::Shop(shop) => shop.number(),
            Home::Buyer(buyer) => buyer.number(),
        }
    }
}

/// How a transfer stands to its balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferKind {
    /// Counts at once.
    Posted,
    /// Set aside: counts against what may be spent, not yet as spent.
    Pending,
    /// Turns (part of) a pending transfer into a posted one; the rest is released.
    Post { of: TransferId },
    /// Releases a pending transfer whole.
    Void { of: TransferId },
    /// Undoes a posted transfer; debit and credit are swapped.
    Reversal { of: TransferId },
}

impl TransferKind {
    pub const fn code(self) -> &'static str {
        match self {
            TransferKind::Posted => "posted",
            TransferKind::Pending => "pending",
            TransferKind::Post { .. } => "post",
            TransferKind::Void { .. } => "void",
            TransferKind::Reversal { .. } => "reversal",
        }
    }

    pub const fn of(self) -> Option<TransferId> {
        match self {
            TransferKind::Posted | TransferKind::Pending => None,
            TransferKind::Post { of }
            | TransferKind::Void { of }
            | TransferKind::Reversal { of } => Some(of),
        }
    }
}

/// One movement of money inside one home, decided by a rule. `amount_minor` is never negative; zero moves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    pub debit: Account,
    pub credit: Account,
    pub amount_minor: i64,
    pub code: TransferCode,
}

/// "debit → credit", as the documents write it.
pub const fn transfer(
    code: TransferCode,
    debit: Account,
    credit: Account,
    amount_minor: i64,
) -> Transfer {
    Transfer { debit, credit, amount_minor, code }
}

/// What an account has seen: four sums, none of which ever falls except the pending ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    pub debits_posted: i64,
    pub debits_pending: i64,
    pub credits_posted: i64,
    pub credits_pending: i64,
}

impl Balance {
    /// What stands on the account on its normal side, posted movements only.
    pub fn posted(&self, account: Account) -> i64 {
        match account.kind() {
            AccountKind::Debit(_) => self.debits_posted - self.credits_posted,
            AccountKind::Credit(_) => self.credits_posted - self.debits_posted,
        }
    }

    /// What may still be spent: posted, less what pending movements would take away.
    pub fn spendable(&self, account: Account) -> i64 {
        match account.kind() {
            AccountKind::Debit(_) => {
                self.debits_posted - self.credits_posted - self.credits_pending
            }
            AccountKind::Credit(_) => {
                self.credits_posted - self.debits_posted - self.debits_pending
            }
        }
    }

    pub fn add(&mut self, delta: Balance) {
        self.debits_posted += delta.debits_posted;
        self.debits_pending += delta.debits_pending;
        self.credits_posted += delta.credits_posted;
        self.credits_pending += delta.credits_pending;
    }
}

/// What one transfer does to the debited and to the credited account, in this order.
///
/// `pending_minor` is the whole amount of the pending transfer which a `Post` or `Void` resolves.
pub fn effect(kind: TransferKind, amount_minor: i64, pending_minor: i64) -> (Balance, Balance) {
    let none = Balance::default();
    match kind {
        TransferKind::Posted | TransferKind::Reversal { .. } => (
            Balance { debits_posted: amount_minor, ..none },
            Balance { credits_posted: amount_minor, ..none },
        ),
        TransferKind::Pending => (
            Balance { debits_pending: amount_minor, ..none },
            Balance { credits_pending: amount_minor, ..none },
        ),
        TransferKind::Post { .. } => (
            Balance { debits_posted: amount_minor, debits_pending: -pending_minor, ..none },
            Balance { credits_posted: amount_minor, credits_pending: -pending_minor, ..none },
        ),
        TransferKind::Void { .. } => (
            Balance { debits_pending: -pending_minor, ..none },
            Balance { credits_pending: -pending_minor, ..none },
        ),
    }
}

/// A transfer as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferRow {
    pub id: TransferId,
    pub home_id: i64,
    pub debit: Account,
    pub credit: Account,
    pub currency: Currency,
    pub amount_minor: i64,
    pub code: TransferCode,
    pub kind: TransferKind,
    pub subject: String,
    pub subject_id: i64,
    /// Which step of the subject moved it: an order's version, or the id of the refund or payment it is about.
    pub step: i64,
    pub created_at: crate::time::Timestamp,
}

impl TransferRow {
    pub fn order(&self) -> Option<OrderId> {
        (self.subject == "order").then(|| OrderId::new(self.subject_id))
    }
}
