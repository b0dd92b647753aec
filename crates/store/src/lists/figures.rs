//! Figures of the market: orders and GMV by payment time.
//!
//! There is no index on the time of payment: these walk the orders placed within the window, which the order ids bound
//! because they begin with the time of placement. The cost is that of the window, so callers keep it short; the
//! statement is for the house's pages and never in the way of a sale.

use rules::ids::{EPOCH_MS, OrderId, compose};
use rules::time::{Span, Timestamp};

use crate::db::{DbError, Tx};
use crate::p;

/// An order may wait this long for its payment: the most `pay_by_minutes` allows is seven days.
const LONGEST_WAIT: Span = Span::from_days(8);
/// The longest window which is read at once.
pub const MOST_DAYS: i64 = 92;

/// Paid orders of one market and currency in one slice of time. GMV is what was paid, with cancelled and refunded orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    pub market: String,
    pub currency: String,
    /// Which slice, from 0.
    pub slice: i64,
    pub orders: i64,
    pub pieces: i64,
    pub gmv_minor: i64,
}

/// Orders and GMV by market in `slices` slices of `length` each, the first beginning at `from`. A slice without a
/// paid order is not in the answer. A window of more than [`MOST_DAYS`] days is cut to its beginning.
pub async fn paid_in_slices(
    tx: &mut Tx,
    from: Timestamp,
    length: Span,
    slices: i64,
) -> Result<Vec<Paid>, DbError> {
    let until = from + Span::from_ms(length.ms() * slices).min(Span::from_days(MOST_DAYS));
    let placed_after = first_id_at(Timestamp::from_ms(from.ms() - LONGEST_WAIT.ms()));
    let rows: Vec<(String, String, i64, i64, i64, i64)> = tx
        .many(
            "select market, currency, slice, count(*), cast(sum(pieces_count) as bigint), cast(sum(total_minor) as bigint)
               from (select market, currency, (paid_at - $1) / $2 as slice, pieces_count, total_minor
                       from orders
                      where id >= $3
                        and paid_at >= $1
                        and paid_at < $4) as paid
              group by market, currency, slice
              order by market, currency, slice",
            p![from, length.ms(), placed_after, until],
        )
        .await?;
    let paid = |(market, currency, slice, orders, pieces, gmv_minor)| Paid {
        market,
        currency,
        slice,
        orders,
        pieces,
        gmv_minor,
    };
    Ok(rows.into_iter().map(paid).collect())
}

/// The smallest id which can have been made at this moment.
fn first_id_at(at: Timestamp) -> OrderId {
    OrderId::new(compose((at.ms() - EPOCH_MS).max(0), 0, 0))
}
