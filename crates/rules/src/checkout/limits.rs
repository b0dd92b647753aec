//! How much may be in a basket and in an order. What is merely unusual is flagged, not refused: see `orders::flags`.

use crate::policy::OrderPolicy;

/// Why a basket or an order is refused for its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverLimit {
    #[error("a quantity is at least 1")]
    NoQuantity,
    #[error("at most {most} pieces of one thing can be ordered at once")]
    TooManyPieces { most: i64 },
    #[error("an order has at most {most} lines")]
    TooManyOrderLines { most: i64 },
    #[error("a basket has at most {most} lines")]
    TooManyBasketLines { most: i64 },
}

impl OverLimit {
    pub const fn code(self) -> &'static str {
        match self {
            OverLimit::NoQuantity => "no_quantity",
            OverLimit::TooManyPieces { .. } => "too_many_pieces",
            OverLimit::TooManyOrderLines { .. } => "too_many_order_lines",
            OverLimit::TooManyBasketLines { .. } => "too_many_basket_lines",
        }
    }
}

/// The pieces of one line.
pub fn quantity(quantity: i64, policy: &OrderPolicy) -> Result<(), OverLimit> {
    let most = policy.max_quantity_count;
    match quantity {
        ..=0 => Err(OverLimit::NoQuantity),
        _ if quantity > most => Err(OverLimit::TooManyPieces { most }),
        _ => Ok(()),
    }
}

/// The lines of one shop's order.
pub fn order_lines(lines_count: i64, policy: &OrderPolicy) -> Result<(), OverLimit> {
    let most = policy.max_lines_count;
    if lines_count > most { Err(OverLimit::TooManyOrderLines { most }) } else { Ok(()) }
}

/// The lines of a basket, over all shops.
pub fn basket_lines(lines_count: i64, policy: &OrderPolicy) -> Result<(), OverLimit> {
    let most = policy.basket_max_lines_count;
    if lines_count > most { Err(OverLimit::TooManyBasketLines { most }) } else { Ok(()) }
}
