//! A shortage: pieces of an ordered line which are not there. The shop offers something else or the money; the buyer
//! chooses, and silence, on either side, means the money. Nothing is ever put in silently.

use serde::{Deserialize, Serialize};

use super::refunds::{LineLeft, Shares, of_units};
use crate::checkout::pricing::LinePrice;
use crate::time::{Span, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShortageState {
    /// The shop has until then to offer something else; silence refunds.
    Found {
        offer_by: Timestamp,
    },
    /// The buyer has until then to choose; silence refunds.
    Offered {
        answer_by: Timestamp,
    },
    /// The buyer takes the dearer substitute and has until then to pay the difference; silence refunds.
    AwaitingPayment {
        pay_by: Timestamp,
    },
    /// The substitute is to be packed.
    Accepted,
    Refunded,
    /// The missing pieces were found after all.
    Withdrawn,
    /// The order ended for another reason first.
    Moot,
}

/// Why pieces are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShortageCause {
    /// The count of the warehouse was wrong.
    Counted,
    Damaged,
    /// The pieces were promised to somebody else meanwhile.
    Reserved,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShortageCommand {
    Offer,
    /// The buyer takes the substitute; `to_pay` when it costs more and the shop does not waive that.
    Accept {
        to_pay: bool,
    },
    Paid,
    /// The buyer would rather have the money.
    Refuse,
    /// The shop has nothing to offer.
    GiveUp,
    Withdraw,
    OrderEnded,
    PassDeadline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShortageRefusal {
    #[error("the deadline is {due}")]
    NotDueYet { due: Timestamp },
    #[error("this is not possible while the shortage is {}", state.code())]
    NotNow { state: ShortageState },
}

/// The lengths of time which govern a shortage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortageTerms {
    pub offer_within: Span,
    pub answer_within: Span,
}

impl ShortageRefusal {
    pub const fn code(self) -> &'static str {
        match self {
            ShortageRefusal::NotDueYet { .. } => "not_due_yet",
            ShortageRefusal::NotNow { .. } => "shortage_not_now",
        }
    }
}

impl ShortageCause {
    pub const ALL: [ShortageCause; 3] =
        [ShortageCause::Counted, ShortageCause::Damaged, ShortageCause::Reserved];

    pub const fn code(self) -> &'static str {
        match self {
            ShortageCause::Counted => "counted",
            ShortageCause::Damaged => "damaged",
            ShortageCause::Reserved => "reserved",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl ShortageCommand {
    pub const ALL: [ShortageCommand; 9] = [
        ShortageCommand::Offer,
        ShortageCommand::Accept { to_pay: false },
        ShortageCommand::Accept { to_pay: true },
        ShortageCommand::Paid,
        ShortageCommand::Refuse,
        ShortageCommand::GiveUp,
        ShortageCommand::Withdraw,
        ShortageCommand::OrderEnded,
        ShortageCommand::PassDeadline,
    ];
}

impl ShortageState {
    pub const fn code(self) -> &'static str {
        match self {
            ShortageState::Found { .. } => "found",
            ShortageState::Offered { .. } => "offered",
            ShortageState::AwaitingPayment { .. } => "awaiting_payment",
            ShortageState::Accepted => "accepted",
            ShortageState::Refunded => "refunded",
            ShortageState::Withdrawn => "withdrawn",
            ShortageState::Moot => "moot",
        }
    }

    pub const fn due_at(self) -> Option<Timestamp> {
        match self {
            ShortageState::Found { offer_by } => Some(offer_by),
            ShortageState::Offered { answer_by } => Some(answer_by),
            ShortageState::AwaitingPayment { pay_by } => Some(pay_by),
            ShortageState::Accepted
            | ShortageState::Refunded
            | ShortageState::Withdrawn
            | ShortageState::Moot => None,
        }
    }

    pub const fn is_open(self) -> bool {
        self.due_at().is_some()
    }

    /// Reads the columns `state` and `due_at`.
    pub fn read(code: &str, due_at: Option<Timestamp>) -> Option<Self> {
        match (code, due_at) {
            ("found", Some(offer_by)) => Some(ShortageState::Found { offer_by }),
            ("offered", Some(answer_by)) => Some(ShortageState::Offered { answer_by }),
            ("awaiting_payment", Some(pay_by)) => Some(ShortageState::AwaitingPayment { pay_by }),
            ("accepted", None) => Some(ShortageState::Accepted),
            ("refunded", None) => Some(ShortageState::Refunded),
            ("withdrawn", None) => Some(ShortageState::Withdrawn),
            ("moot", None) => Some(ShortageState::Moot),
            _ => None,
        }
    }
}

pub fn decide(
    state: ShortageState,
    command: ShortageCommand,
    terms: &ShortageTerms,
    now: Timestamp,
) -> Result<ShortageState, ShortageRefusal> {
    use ShortageCommand::{
        Accept, GiveUp, Offer, OrderEnded, Paid, PassDeadline, Refuse, Withdraw,
    };
    use ShortageState::{Accepted, AwaitingPayment, Found, Moot, Offered, Refunded, Withdrawn};
    let Some(due) = state.due_at() else {
        return Err(ShortageRefusal::NotNow { state });
    };
    match (command, state) {
        (Offer, Found { .. }) => Ok(Offered { answer_by: now + terms.answer_within }),
        (Accept { to_pay: false }, Offered { .. }) => Ok(Accepted),
        (Accept { to_pay: true }, Offered { answer_by }) => {
            Ok(AwaitingPayment { pay_by: answer_by })
        }
        (Paid, AwaitingPayment { .. }) => Ok(Accepted),
        (Refuse, Offered { .. } | AwaitingPayment { .. }) => Ok(Refunded),
        (GiveUp, Found { .. } | Offered { .. }) => Ok(Refunded),
        (Withdraw, Found { .. } | Offered { .. }) => Ok(Withdrawn),
        (OrderEnded, Found { .. } | Offered { .. } | AwaitingPayment { .. }) => Ok(Moot),
        (PassDeadline, Found { .. } | Offered { .. } | AwaitingPayment { .. }) if now < due => {
            Err(ShortageRefusal::NotDueYet { due })
        }
        (PassDeadline, Found { .. } | Offered { .. } | AwaitingPayment { .. }) => Ok(Refunded),
        (
            Offer | Accept { .. } | Paid | Refuse | GiveUp | Withdraw,
            Found { .. } | Offered { .. } | AwaitingPayment { .. },
        )
        | (
            Offer | Accept { .. } | Paid | Refuse | GiveUp | Withdraw | OrderEnded | PassDeadline,
            Accepted | Refunded | Withdrawn | Moot,
        ) => Err(ShortageRefusal::NotNow { state }),
    }
}

/// What a substitute costs more (positive) or less (negative) than `k` units of the line, in minor units with tax.
///
/// What the buyer paid for the goods follows the ratio of the two prices, so a discount on the first holds for the other.
pub fn difference(left: &LineLeft, k: i64, unit_minor: i64, substitute_minor: i64) -> i64 {
    let part = of_units(left, k);
    let goods = part.paid_minor - part.shipping_minor - part.duty_minor;
    if unit_minor == 0 {
        return substitute_minor.saturating_mul(k);
    }
    let wide =
        i128::from(goods) * i128::from(substitute_minor - unit_minor) / i128::from(unit_minor);
    i64::try_from(wide).unwrap_or(i64::MAX)
}

/// The frozen price of `k` units of a line which is divided, and what stays with the first. Shares add up to the whole.
pub fn divided(
    price: &LinePrice,
    part: Shares,
    k: i64,
    tax_included: bool,
) -> (LinePrice, LinePrice) {
    let added_tax = if tax_included { 0 } else { part.tax_minor };
    let shop_discount_minor = i64::try_from(
        i128::from(price.shop_discount_minor) * i128::from(k) / i128::from(price.quantity),
    )
    .unwrap_or(0);
    let goods_minor = part.paid_minor - part.shipping_minor - added_tax - part.duty_minor
        + part.house_discount_minor
        + shop_discount_minor;
    let divided = LinePrice {
        unit_minor: price.unit_minor,
        quantity: k,
        goods_minor,
        shop_discount_minor,
        house_discount_minor: part.house_discount_minor,
        shipping_minor: part.shipping_minor,
        tax_minor: part.tax_minor,
        commission_minor: part.commission_minor,
        duty_minor: part.duty_minor,
    };
    let rest = LinePrice {
        unit_minor: price.unit_minor,
        quantity: price.quantity - k,
        goods_minor: price.goods_minor - goods_minor,
        shop_discount_minor: price.shop_discount_minor - shop_discount_minor,
        house_discount_minor: price.house_discount_minor - part.house_discount_minor,
        shipping_minor: price.shipping_minor - part.shipping_minor,
        tax_minor: price.tax_minor - part.tax_minor,
        commission_minor: price.commission_minor - part.commission_minor,
        duty_minor: price.duty_minor - part.duty_minor,
    };
    (divided, rest)
}

/// The price of a line for which the buyer has paid `more`.
pub fn dearer(price: &LinePrice, more: Shares, tax_included: bool) -> LinePrice {
    let added_tax = if tax_included { 0 } else { more.tax_minor };
    LinePrice {
        goods_minor: price.goods_minor + more.paid_minor - added_tax,
        tax_minor: price.tax_minor + more.tax_minor,
        commission_minor: price.commission_minor + more.commission_minor,
        ..price.clone()
    }
}

/// The pieces of stock which `k` of the `units` of a line take: (taken, left), in the order given.
///
/// A line's pieces are a whole number for each unit, so nothing is rounded.
pub fn pieces_of(quantity: i64, units: i64, k: i64) -> (i64, i64) {
    let taken = quantity / units.max(1) * k;
    (taken, quantity - taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUE: Timestamp = Timestamp::from_ms(1_000);

    fn terms() -> ShortageTerms {
        ShortageTerms { offer_within: Span::from_days(1), answer_within: Span::from_hours(6) }
    }

    #[test]
    fn silence_refunds_in_every_waiting_state() {
        let waiting = [
            ShortageState::Found { offer_by: DUE },
            ShortageState::Offered { answer_by: DUE },
            ShortageState::AwaitingPayment { pay_by: DUE },
        ];
        for state in waiting {
            let pass = ShortageCommand::PassDeadline;
            let early = decide(state, pass, &terms(), Timestamp::from_ms(999));
            assert_eq!(early, Err(ShortageRefusal::NotDueYet { due: DUE }));
            assert_eq!(decide(state, pass, &terms(), DUE), Ok(ShortageState::Refunded));
            assert_eq!(ShortageState::read(state.code(), state.due_at()), Some(state));
        }
    }

    #[test]
    fn nothing_is_put_in_without_the_buyers_word() {
        let found = ShortageState::Found { offer_by: DUE };
        for command in ShortageCommand::ALL {
            assert_ne!(decide(found, command, &terms(), DUE), Ok(ShortageState::Accepted));
        }
        let offered = decide(found, ShortageCommand::Offer, &terms(), DUE).unwrap();
        let accept = |to_pay| decide(offered, ShortageCommand::Accept { to_pay }, &terms(), DUE);
        assert_eq!(accept(false), Ok(ShortageState::Accepted));
        let paying = accept(true).unwrap();
        assert_eq!(paying.due_at(), offered.due_at(), "paying has no longer than answering");
        assert_eq!(
            decide(paying, ShortageCommand::Paid, &terms(), DUE),
            Ok(ShortageState::Accepted)
        );
    }

    #[test]
    fn an_ended_shortage_stays_ended() {
        let ended = [
            ShortageState::Accepted,
            ShortageState::Refunded,
            ShortageState::Withdrawn,
            ShortageState::Moot,
        ];
        for state in ended {
            for command in ShortageCommand::ALL {
                let refused = decide(state, command, &terms(), DUE);
                assert_eq!(refused, Err(ShortageRefusal::NotNow { state }));
            }
        }
    }

    #[test]
    fn a_divided_line_is_the_whole_line() {
        let price = LinePrice {
            unit_minor: 333,
            quantity: 7,
            goods_minor: 2_331,
            shop_discount_minor: 100,
            house_discount_minor: 31,
            shipping_minor: 53,
            tax_minor: 171,
            commission_minor: 99,
            duty_minor: 17,
        };
        for included in [true, false] {
            let left = LineLeft { units: 7, shares: Shares::of_line(&price, included) };
            let part = of_units(&left, 3);
            let (three, four) = divided(&price, part, 3, included);
            assert_eq!(Shares::of_line(&three, included), part);
            let both = Shares::of_line(&three, included).plus(Shares::of_line(&four, included));
            assert_eq!(both, left.shares);
            assert_eq!(three.goods_minor + four.goods_minor, price.goods_minor);
            assert_eq!((three.quantity, four.quantity), (3, 4));
        }
    }

    #[test]
    fn a_discount_on_the_first_holds_for_the_substitute() {
        let shares = Shares { paid_minor: 900, ..Shares::NOTHING };
        let left = LineLeft { units: 1, shares };
        assert_eq!(difference(&left, 1, 1_000, 1_200), 180);
        assert_eq!(difference(&left, 1, 1_000, 800), -180);
        assert_eq!(difference(&left, 1, 0, 250), 250, "what cost nothing has no ratio");
    }
}
