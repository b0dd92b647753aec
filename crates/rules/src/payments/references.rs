//! The names under which payment providers know our attempts and refunds.
//!
//! A name leads back to its row by itself: it holds the row's id and its home's, so a notice needs no search over all homes.
//! At most 32 characters of `0-9a-z-`, which every provider takes.

use std::fmt;
use std::str::FromStr;

use crate::ids::{Id, PaymentAttemptId, PersonId, RefundId, ShopId};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A buyer's attempt to pay.
    Attempt { buyer: PersonId, attempt: PaymentAttemptId },
    /// An order's refund.
    Refund { shop: ShopId, refund: RefundId },
    /// The whole of an attempt going back, which paid for nothing.
    Return { buyer: PersonId, attempt: PaymentAttemptId },
}

/// Why a text is not one of our names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no reference of this market")]
pub struct NotAReference;

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, id, home) = match self {
            Reference::Attempt { buyer, attempt } => ("p", attempt.number(), buyer.number()),
            Reference::Refund { shop, refund } => ("r", refund.number(), shop.number()),
            Reference::Return { buyer, attempt } => ("b", attempt.number(), buyer.number()),
        };
        write!(f, "{sign}-{}-{}", Base36(id), Base36(home))
    }
}

impl FromStr for Reference {
    type Err = NotAReference;

    fn from_str(text: &str) -> Result<Self, NotAReference> {
        let mut parts = text.split('-');
        let (Some(sign), Some(id), Some(home), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotAReference);
        };
        let (id, home) = (read(id)?, read(home)?);
        match sign {
            "p" => Ok(Reference::Attempt { buyer: Id::new(home), attempt: Id::new(id) }),
            "r" => Ok(Reference::Refund { shop: Id::new(home), refund: Id::new(id) }),
            "b" => Ok(Reference::Return { buyer: Id::new(home), attempt: Id::new(id) }),
            _ => Err(NotAReference),
        }
    }
}

struct Base36(i64);

impl fmt::Display for Base36 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.unsigned_abs();
        let mut digits = Vec::with_capacity(13);
        loop {
            digits.push(char::from_digit((rest % 36) as u32, 36).unwrap_or('0'));
            rest /= 36;
            if rest == 0 {
                break;
            }
        }
        digits.iter().rev().try_for_each(|digit| write!(f, "{digit}"))
    }
}

/// One way of writing each number: small letters, no zero in front.
fn read(text: &str) -> Result<i64, NotAReference> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
    if text.is_empty() || text.starts_with('0') || !plain {
        return Err(NotAReference);
    }
    i64::from_str_radix(text, 36).map_err(|_| NotAReference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_reads_back_and_is_short_enough_for_every_provider() {
        for number in [1, 35, 36, 10_000_000_000, i64::MAX] {
            let all = [
                Reference::Attempt { buyer: Id::new(i64::MAX), attempt: Id::new(number) },
                Reference::Refund { shop: Id::new(number), refund: Id::new(7) },
                Reference::Return { buyer: Id::new(number), attempt: Id::new(i64::MAX) },
            ];
            for reference in all {
                let text = reference.to_string();
                assert!((6..=32).contains(&text.len()) || number < 36, "{text}");
                assert_eq!(text.parse(), Ok(reference), "{text}");
            }
        }
    }

    #[test]
    fn what_we_have_not_written_is_no_reference() {
        for text in [
            "",
            "p",
            "p-1",
            "p-1-",
            "x-1-1",
            "p-01-1",
            "p-A-1",
            "p--1-1",
            "p-1-1-1",
            "p-1y2p0ij32e8e8-1",
        ] {
            assert_eq!(text.parse::<Reference>(), Err(NotAReference), "{text}");
        }
    }
}
