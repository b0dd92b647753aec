//! Who bears a refund, and from where its money comes.
//!
//! Until an order settles, a refund which the shop bears comes out of the order's escrow. Afterwards the shop's money is
//! elsewhere: what the shop bears is drawn from its accounts one after the other, each as far as it goes, into the
//! order's escrow, and leaves from there as before. So a refund moves the same sums whenever it is given.

use serde::{Deserialize, Serialize};

use super::money::given_back;
use super::refunds::Shares;
use super::{Order, OrderCommand, OrderRefusal, OrderState};
use crate::ledger::{Account, Transfer, TransferCode, transfer};

/// Who bears a refund.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Liable {
    /// The shop, less the commission, the tax and the house's share of discounts, which go back too.
    #[default]
    Shop,
    /// The carrier owes the house what the buyer gets; the shop keeps its proceeds.
    Carrier,
    /// The house pays the buyer out of its guarantee; the shop keeps its proceeds.
    House,
}

impl Liable {
    pub const ALL: [Liable; 3] = [Liable::Shop, Liable::Carrier, Liable::House];

    pub const fn code(self) -> &'static str {
        match self {
            Liable::Shop => "shop",
            Liable::Carrier => "carrier",
            Liable::House => "house",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// What a refund after settlement may be paid from: what may be spent of each account now, in the order in which they
/// are used; minor units of the order's currency, none negative. Before settlement nobody looks at it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purse {
    /// Of this order alone.
    pub escrow_minor: i64,
    pub available_minor: i64,
    /// Of the whole shop; which of its parts are used is [`crate::settlement::reserves::taken`].
    pub reserve_minor: i64,
    /// Of this order alone.
    pub held_minor: i64,
    pub deposit_minor: i64,
}

impl Purse {
    pub const EMPTY: Purse = Purse {
        escrow_minor: 0,
        available_minor: 0,
        reserve_minor: 0,
        held_minor: 0,
        deposit_minor: 0,
    };

    /// In the order in which the accounts are used, the order's own escrow left out: that is where the money goes.
    const fn accounts(self) -> [(Account, i64); 4] {
        [
            (Account::Available, self.available_minor),
            (Account::Reserve, self.reserve_minor),
            (Account::Held, self.held_minor),
            (Account::Deposit, self.deposit_minor),
        ]
    }
}

/// A refund as it is decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// What goes back, by its frozen shares: see [`super::refunds`].
    pub part: Shares,
    /// What the house keeps for its work. Taken at settlement, and at once when the order has settled; only the shop
    /// pays it.
    pub fee_minor: i64,
    pub liable: Liable,
    pub purse: Purse,
}

impl Refund {
    /// A refund which the shop bears of an order which has not settled.
    pub const fn before_settlement(part: Shares, fee_minor: i64) -> Refund {
        Refund { part, fee_minor, liable: Liable::Shop, purse: Purse::EMPTY }
    }

    /// The fee which is really due.
    pub(super) const fn fee_due_minor(&self) -> i64 {
        match self.liable {
            Liable::Shop => self.fee_minor,
            Liable::Carrier | Liable::House => 0,
        }
    }
}

/// The transfers of a refund, exact to the minor unit: whatever was given back before in whichever way, the order's
/// frozen shares are given back once and never more.
///
/// # Errors
/// When more is asked than is left, or while nothing can go back in the order's state. A carrier or the house pays only
/// for what has been delivered: a parcel on its way is found or lost first.
pub fn refunded(
    order: &Order,
    refund: &Refund,
    command: OrderCommand,
) -> Result<Vec<Transfer>, OrderRefusal> {
    let settled = may_go_back(order, refund.liable, command)?;
    let (part, left) = (refund.part, order.left());
    if !part.fits_in(left.shares()) {
        let (asked, left) = (part.paid_minor, left.total_minor);
        return Err(OrderRefusal::MoreThanIsLeft { asked, left });
    }
    Ok(match refund.liable {
        Liable::Shop if settled => after_settlement(part, refund.fee_minor, refund.purse),
        Liable::Shop => given_back(part),
        Liable::Carrier => borne_by(Account::CarrierClaims, part),
        Liable::House => borne_by(Account::Guarantee, part),
    })
}

/// Whether the order has settled, where a refund is possible at all.
fn may_go_back(order: &Order, liable: Liable, command: OrderCommand) -> Result<bool, OrderRefusal> {
    let refusal = OrderRefusal::NotInThisState { command, state: order.state.name() };
    match order.state {
        OrderState::Settled => Ok(true),
        OrderState::Delivered { .. } | OrderState::Completed { .. } => Ok(false),
        OrderState::OnHold { .. }
        | OrderState::AwaitingConfirmation { .. }
        | OrderState::AwaitingShipment { .. }
        | OrderState::PartiallyShipped { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. } => match liable {
            Liable::Shop => Ok(false),
            Liable::Carrier | Liable::House => Err(refusal),
        },
        OrderState::Unpaid { .. } | OrderState::Cancelled { .. } => Err(refusal),
    }
}

/// Somebody else pays what the buyer gets, tax and all. Nothing else moves.
fn borne_by(account: Account, part: Shares) -> Vec<Transfer> {
    let out = transfer(TransferCode::Refund, account, Account::RefundTransit, part.paid_minor);
    if part.paid_minor > 0 { vec![out] } else { Vec::new() }
}

/// First everything which the refund needs is in the order's escrow again, then it goes back as before settlement.
fn after_settlement(part: Shares, fee_minor: i64, purse: Purse) -> Vec<Transfer> {
    let escrow = Account::Escrow;
    let mut transfers = Vec::new();
    let mut put = |code, debit, credit, minor: i64| {
        if minor > 0 {
            transfers.push(transfer(code, debit, credit, minor));
        }
    };
    put(TransferCode::CommissionReturned, Account::Commission, escrow, part.commission_minor);
    let needed = part.escrow_minor() - part.commission_minor + fee_minor;
    let mut missing = (needed - purse.escrow_minor).max(0);
    for (account, has) in purse.accounts() {
        let some = missing.min(has.max(0));
        put(TransferCode::RefundCovered, account, escrow, some);
        missing -= some;
    }
    put(TransferCode::RefundCovered, Account::Debt, escrow, missing);
    put(TransferCode::RefundFee, escrow, Account::Fees, fee_minor);
    transfers.extend(given_back(part));
    transfers
}
