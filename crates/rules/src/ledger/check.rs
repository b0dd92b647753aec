//! What must be true of the ledger at any moment. `guildhall ledger check` and the simulation run all of it.

use std::collections::BTreeMap;
use std::fmt;

use super::clearing::Disagreement;
use super::{Account, AccountKind, Balance, TransferKind, TransferRow, effect};
use crate::ids::{OrderId, StatementId, TransferId};
use crate::money::Currency;

/// One account: home, family, currency.
pub type AccountKey = (i64, Account, &'static str);

/// What an order says about its own money, to be compared with its transfers.
#[derive(Clone, Debug)]
pub struct OrderMoney {
    pub order: OrderId,
    pub home_id: i64,
    pub currency: Currency,
    /// What the buyer has paid; 0 before capture.
    pub paid_minor: i64,
    /// What of it has gone back to the buyer, asked for or confirmed.
    pub back_minor: i64,
    /// What the order says stands in its escrow; 0 when it has ended.
    pub escrow_minor: i64,
    /// Whether the order still holds its money in escrow (paid, neither settled nor cancelled).
    pub in_escrow: bool,
    /// What of it belongs to authorities and to the house by what the order says.
    pub shared_out: SharedOut,
}

/// What an order says that authorities and the house have of it, refunds after settlement taken off; minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SharedOut {
    pub tax_minor: i64,
    pub duty_minor: i64,
    /// What the house added to its own promotions.
    pub house_discount_minor: i64,
    /// 0 before settlement, as `fee_minor` is.
    pub commission_minor: i64,
    pub fee_minor: i64,
}

impl SharedOut {
    const fn by_account(&self) -> [(Account, i64); 5] {
        [
            (Account::TaxPayable, self.tax_minor),
            (Account::DutyPayable, self.duty_minor),
            (Account::Promotion, -self.house_discount_minor),
            (Account::Commission, self.commission_minor),
            (Account::Fees, self.fee_minor),
        ]
    }
}

/// What is kept of a home's reserve, part by part summed: home, currency, minor units.
pub type ReserveParts = BTreeMap<(i64, &'static str), i64>;

/// Something wrong, in words which name the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    BalanceDiffers {
        home_id: i64,
        account: Account,
        currency: &'static str,
        kept: Balance,
        summed: Balance,
    },
    SidesDiffer {
        home_id: i64,
        currency: &'static str,
        debits: i128,
        credits: i128,
    },
    BelowZero {
        home_id: i64,
        account: Account,
        currency: &'static str,
        spendable: i64,
    },
    PendingUnknown {
        transfer: TransferId,
        of: TransferId,
    },
    EscrowDiffers {
        home_id: i64,
        currency: &'static str,
        kept: i64,
        orders: i64,
    },
    OrderDoesNotAddUp {
        order: OrderId,
        paid: i64,
        accounted: i64,
    },
    RefundedTooMuch {
        order: OrderId,
        paid: i64,
        refunded: i64,
    },
    RefundsDiffer {
        order: OrderId,
        said: i64,
        refunded: i64,
    },
    OrderEscrowDiffers {
        order: OrderId,
        said: i64,
        escrow: i64,
    },
    EscrowLeft {
        order: OrderId,
        escrow: i64,
    },
    /// An authority or the house has another part of an order than the order says.
    SharedOutDiffers {
        order: OrderId,
        account: Account,
        said: i64,
        found: i64,
    },
    /// The parts of the reserve, each with its release, are not what stands in reserve.
    ReserveDiffers {
        home_id: i64,
        currency: &'static str,
        kept: i64,
        parts: i64,
    },
    /// A shop owes something while it has money available: a debt is paid first.
    OwesBesideMoney {
        home_id: i64,
        currency: &'static str,
        debt: i64,
        available: i64,
    },
    /// Invariant 7: a provider's or the bank's report says something else than the books.
    ReportDiffers(Disagreement),
    /// What is frozen of a statement is not what its transfers did.
    StatementDiffers {
        home_id: i64,
        statement: StatementId,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::BalanceDiffers { home_id, account, currency, kept, summed } => write!(
                f,
                "balance of {} {currency} in home {home_id} is kept as {kept:?}, its transfers sum to {summed:?}",
                account.code()
            ),
            Fault::SidesDiffer { home_id, currency, debits, credits } => {
                write!(f, "home {home_id} {currency}: debits {debits}, credits {credits}")
            }
            Fault::BelowZero { home_id, account, currency, spendable } => {
                write!(f, "{} {currency} in home {home_id} stands at {spendable}", account.code())
            }
            Fault::PendingUnknown { transfer, of } => {
                write!(f, "transfer {transfer} resolves {of}, which is not a pending transfer")
            }
            Fault::EscrowDiffers { home_id, currency, kept, orders } => {
                write!(f, "escrow {currency} of home {home_id} is {kept}, its orders hold {orders}")
            }
            Fault::OrderDoesNotAddUp { order, paid, accounted } => {
                write!(f, "order {order}: {paid} was paid, {accounted} is accounted for")
            }
            Fault::RefundedTooMuch { order, paid, refunded } => {
                write!(f, "order {order}: {refunded} refunded of {paid} paid")
            }
            Fault::RefundsDiffer { order, said, refunded } => {
                write!(f, "order {order} says {said} went back, its transfers {refunded}")
            }
            Fault::OrderEscrowDiffers { order, said, escrow } => {
                write!(f, "order {order} says {said} is in its escrow, its transfers {escrow}")
            }
            Fault::EscrowLeft { order, escrow } => {
                write!(f, "order {order} has ended, {escrow} is still in its escrow")
            }
            Fault::SharedOutDiffers { order, account, said, found } => {
                write!(
                    f,
                    "order {order} says that {} has {said} of it, its transfers {found}",
                    account.code()
                )
            }
            Fault::ReserveDiffers { home_id, currency, kept, parts } => {
                write!(
                    f,
                    "reserve {currency} of home {home_id} is {kept}, its parts sum to {parts}"
                )
            }
            Fault::OwesBesideMoney { home_id, currency, debt, available } => write!(
                f,
                "home {home_id} owes {debt} {currency} and has {available} available: a debt is paid first"
            ),
            Fault::ReportDiffers(disagreement) => write!(f, "reports differ: {disagreement}"),
            Fault::StatementDiffers { home_id, statement } => {
                write!(f, "statement {statement} of home {home_id} is not what its transfers did")
            }
        }
    }
}

/// Sums transfers into balances; a resolver of an unknown pending transfer is a fault.
#[derive(Default)]
pub struct Sums {
    pub balances: BTreeMap<AccountKey, Balance>,
    /// Net of one order's postings per account, credits positive.
    pub by_order: BTreeMap<(OrderId, Account), i64>,
    pending: BTreeMap<TransferId, i64>,
    pub faults: Vec<Fault>,
}

impl Sums {
    /// Takes one transfer in; transfers must come in the order of their ids.
    pub fn take(&mut self, row: &TransferRow) {
        let pending_minor = match row.kind {
            TransferKind::Posted | TransferKind::Reversal { .. } => 0,
            TransferKind::Pending => {
                self.pending.insert(row.id, row.amount_minor);
                0
            }
            TransferKind::Post { of } | TransferKind::Void { of } => {
                let found = self.pending.remove(&of);
                if found.is_none() {
                    self.faults.push(Fault::PendingUnknown { transfer: row.id, of });
                }
                found.unwrap_or(0)
            }
        };
        let (debit, credit) = effect(row.kind, row.amount_minor, pending_minor);
        let key = |account| (row.home_id, account, row.currency.code());
        self.balances.entry(key(row.debit)).or_default().add(debit);
        self.balances.entry(key(row.credit)).or_default().add(credit);
        if let Some(order) = row.order() {
            *self.by_order.entry((order, row.debit)).or_default() -= debit.debits_posted;
            *self.by_order.entry((order, row.credit)).or_default() += credit.credits_posted;
        }
    }

    fn of_order(&self, order: OrderId, account: Account) -> i64 {
        self.by_order.get(&(order, account)).copied().unwrap_or(0)
    }
}

/// Invariants 1 to 5 of the ledger, over all transfers, the kept balances, the parts of the reserves and what the orders
/// say; and that a debt is paid before anything else.
pub fn check(
    sums: &Sums,
    kept: &BTreeMap<AccountKey, Balance>,
    orders: &[OrderMoney],
    reserve_parts: &ReserveParts,
) -> Vec<Fault> {
    let mut faults = sums.faults.clone();
    balances_equal_transfers(sums, kept, &mut faults);
    sides_are_equal(kept, &mut faults);
    nothing_below_zero(kept, &mut faults);
    escrow_equals_orders(sums, kept, orders, &mut faults);
    reserve_equals_parts(kept, reserve_parts, &mut faults);
    debt_is_paid_first(kept, &mut faults);
    for order in orders {
        order_adds_up(sums, order, &mut faults);
    }
    faults
}

/// Invariants 1 and 2 of one home: its balances are the sums of its transfers, both sides are equal, and nothing is
/// below zero which may not be.
pub fn check_home(sums: &Sums, kept: &BTreeMap<AccountKey, Balance>) -> Vec<Fault> {
    let mut faults = sums.faults.clone();
    balances_equal_transfers(sums, kept, &mut faults);
    sides_are_equal(kept, &mut faults);
    nothing_below_zero(kept, &mut faults);
    faults
}

fn balances_equal_transfers(
    sums: &Sums,
    kept: &BTreeMap<AccountKey, Balance>,
    faults: &mut Vec<Fault>,
) {
    let none = Balance::default();
    let keys: std::collections::BTreeSet<_> = sums.balances.keys().chain(kept.keys()).collect();
    for key in keys {
        let kept = kept.get(key).unwrap_or(&none);
        let summed = sums.balances.get(key).unwrap_or(&none);
        if kept != summed {
            let (home_id, account, currency) = *key;
            faults.push(Fault::BalanceDiffers {
                home_id,
                account,
                currency,
                kept: *kept,
                summed: *summed,
            });
        }
    }
}

fn sides_are_equal(kept: &BTreeMap<AccountKey, Balance>, faults: &mut Vec<Fault>) {
    let mut sides: BTreeMap<(i64, &'static str), (i128, i128)> = BTreeMap::new();
    for ((home_id, _, currency), balance) in kept {
        let side = sides.entry((*home_id, *currency)).or_default();
        side.0 += i128::from(balance.debits_posted);
        side.1 += i128::from(balance.credits_posted);
    }
    for ((home_id, currency), (debits, credits)) in sides {
        if debits != credits {
            faults.push(Fault::SidesDiffer { home_id, currency, debits, credits });
        }
    }
}

fn nothing_below_zero(kept: &BTreeMap<AccountKey, Balance>, faults: &mut Vec<Fault>) {
    for ((home_id, account, currency), balance) in kept {
        let spendable = balance.spendable(*account);
        if spendable < 0 && !account.may_go_below_zero() {
            let (home_id, account) = (*home_id, *account);
            faults.push(Fault::BelowZero { home_id, account, currency, spendable });
        }
    }
}

/// Invariant 3: a shop's escrow is what its open orders hold, order by order.
fn escrow_equals_orders(
    sums: &Sums,
    kept: &BTreeMap<AccountKey, Balance>,
    orders: &[OrderMoney],
    faults: &mut Vec<Fault>,
) {
    let mut held: BTreeMap<(i64, &'static str), i64> = BTreeMap::new();
    for order in orders.iter().filter(|order| order.in_escrow) {
        let key = (order.home_id, order.currency.code());
        *held.entry(key).or_default() += sums.of_order(order.order, Account::Escrow);
    }
    for ((home_id, account, currency), balance) in kept {
        if *account != Account::Escrow {
            continue;
        }
        let kept = balance.posted(Account::Escrow);
        let orders = held.get(&(*home_id, *currency)).copied().unwrap_or(0);
        if kept != orders {
            faults.push(Fault::EscrowDiffers { home_id: *home_id, currency, kept, orders });
        }
    }
}

fn reserve_equals_parts(
    kept: &BTreeMap<AccountKey, Balance>,
    reserve_parts: &ReserveParts,
    faults: &mut Vec<Fault>,
) {
    let mut parts = reserve_parts.clone();
    let reserves = kept.iter().filter(|((_, account, _), _)| *account == Account::Reserve);
    for ((home_id, account, currency), balance) in reserves {
        let (home_id, currency) = (*home_id, *currency);
        let kept = balance.posted(*account);
        let parts = parts.remove(&(home_id, currency)).unwrap_or(0);
        if kept != parts {
            faults.push(Fault::ReserveDiffers { home_id, currency, kept, parts });
        }
    }
    // Parts of a reserve which never had anything.
    let strays = parts.into_iter().filter(|(_, parts)| *parts != 0);
    faults.extend(strays.map(|((home_id, currency), parts)| Fault::ReserveDiffers {
        home_id,
        currency,
        kept: 0,
        parts,
    }));
}

fn debt_is_paid_first(kept: &BTreeMap<AccountKey, Balance>, faults: &mut Vec<Fault>) {
    for ((home_id, account, currency), balance) in kept {
        let debt = balance.posted(*account);
        if *account != Account::Debt || debt <= 0 {
            continue;
        }
        let (home_id, currency) = (*home_id, *currency);
        let available = kept.get(&(home_id, Account::Available, currency));
        let available = available.map_or(0, |balance| balance.spendable(Account::Available));
        if available > 0 {
            faults.push(Fault::OwesBesideMoney { home_id, currency, debt, available });
        }
    }
}

/// Invariants 4 and 5: what was paid is somewhere, to the minor unit, and no more than it was given back.
fn order_adds_up(sums: &Sums, order: &OrderMoney, faults: &mut Vec<Fault>) {
    let of = |account| sums.of_order(order.order, account);
    let mut accounted = 0;
    for account in Account::ALL {
        match account.kind() {
            // Where the money came from, or what the house added: the other side of what is accounted for.
            AccountKind::Debit(_) => {}
            AccountKind::Credit(_) => accounted += of(account),
        }
    }
    // Debits are negative in `by_order`: what came in through the provider, what the house added, and what the shop
    // still owes for what its money did not cover. After a refund which its other money covered, an account of the shop
    // may be below zero here: that much came to this order from others.
    let came_in = -(of(Account::ProviderClearing)
        + of(Account::Promotion)
        + of(Account::Guarantee)
        + of(Account::Debt)
        + of(Account::CarrierClaims));
    if came_in != accounted {
        faults.push(Fault::OrderDoesNotAddUp { order: order.order, paid: came_in, accounted });
    }
    // What was paid and has left the provider, and what is on its way there.
    let refunded = order.paid_minor + of(Account::ProviderClearing) + of(Account::RefundTransit);
    if refunded > order.paid_minor || order.back_minor > order.paid_minor {
        faults.push(Fault::RefundedTooMuch {
            order: order.order,
            paid: order.paid_minor,
            refunded: refunded.max(order.back_minor),
        });
    }
    if refunded != order.back_minor {
        let said = order.back_minor;
        faults.push(Fault::RefundsDiffer { order: order.order, said, refunded });
    }
    for (account, said) in order.shared_out.by_account() {
        let found = of(account);
        if found != said {
            faults.push(Fault::SharedOutDiffers { order: order.order, account, said, found });
        }
    }
    let escrow = of(Account::Escrow);
    if !order.in_escrow && escrow != 0 {
        faults.push(Fault::EscrowLeft { order: order.order, escrow });
    }
    if order.in_escrow && escrow != order.escrow_minor {
        let said = order.escrow_minor;
        faults.push(Fault::OrderEscrowDiffers { order: order.order, said, escrow });
    }
}
