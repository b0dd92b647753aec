//! Ids: 64 bits, ordered by time, made by us, shown outside as decimal strings.
//!
//! Layout: 41 bits of milliseconds since 2024-01-01, 10 bits of process number, 12 bits of counter.
//! The maker lives in `actions`, because it needs a clock; this module only knows the shape.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::Timestamp;

/// 2024-01-01T00:00:00Z in milliseconds: the first moment an id can name.
pub const EPOCH_MS: i64 = 1_704_067_200_000;

/// An id of one kind of thing; ids of different kinds do not mix.
pub struct Id<K> {
    number: i64,
    kind: PhantomData<fn() -> K>,
}

/// Why a text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is a whole number between 1 and 9223372036854775807, written in digits")]
pub struct NotAnId;

impl<K> Id<K> {
    pub const fn new(number: i64) -> Self {
        Self { number, kind: PhantomData }
    }

    pub const fn number(self) -> i64 {
        self.number
    }

    /// The smallest id which can be made at this moment: where a period of ids begins.
    pub const fn first_at(at: Timestamp) -> Self {
        let since = at.ms() - EPOCH_MS;
        Self::new(if since < 0 { 0 } else { compose(since, 0, 0) })
    }

    /// The moment (to the millisecond) at which the id was made.
    pub fn made_at(self) -> Timestamp {
        Timestamp::from_ms((self.number >> 22) + EPOCH_MS)
    }
}

/// Puts the three parts of an id together: `ms_since_epoch` < 2^41, `process` < 1024, `counter` < 4096.
pub const fn compose(ms_since_epoch: i64, process: u16, counter: u16) -> i64 {
    (ms_since_epoch << 22) | ((process as i64 & 0x3ff) << 12) | (counter as i64 & 0xfff)
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.number.cmp(&other.number)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}
impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)
    }
}
impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)
    }
}
impl<K> FromStr for Id<K> {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        // Digits only: "+5" and " 5" would be second spellings of one id.
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotAnId);
        }
        match text.parse::<i64>() {
            Ok(number) if number > 0 => Ok(Self::new(number)),
            Ok(_) | Err(_) => Err(NotAnId),
        }
    }
}
impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, K> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The kinds. They are never built: each is only a name for the compiler.
pub mod kind {
    pub enum Person {}
    pub enum Shop {}
    pub enum Warehouse {}
    pub enum Product {}
    pub enum Sku {}
    pub enum StockBatch {}
    pub enum Picture {}
    pub enum Promotion {}
    pub enum Payment {}
    pub enum PaymentAttempt {}
    pub enum Order {}
    pub enum OrderLine {}
    pub enum Parcel {}
    pub enum Refund {}
    pub enum Transfer {}
    pub enum Event {}
    pub enum Job {}
    pub enum ApiKey {}
    pub enum Address {}
    pub enum Notice {}
    pub enum Payout {}
    pub enum CancelRequest {}
    pub enum Shortage {}
    pub enum OrderFlag {}
    pub enum OrderMessage {}
    pub enum BankAccount {}
    pub enum BankFile {}
    pub enum Statement {}
    pub enum ProviderReport {}
    pub enum Difference {}
    pub enum Case {}
    pub enum CaseLine {}
    pub enum CaseOffer {}
    pub enum CaseDecision {}
    pub enum Evidence {}
}

pub type PersonId = Id<kind::Person>;
pub type ShopId = Id<kind::Shop>;
pub type WarehouseId = Id<kind::Warehouse>;
pub type ProductId = Id<kind::Product>;
pub type SkuId = Id<kind::Sku>;
pub type StockBatchId = Id<kind::StockBatch>;
pub type PictureId = Id<kind::Picture>;
pub type PromotionId = Id<kind::Promotion>;
pub type PaymentId = Id<kind::Payment>;
pub type PaymentAttemptId = Id<kind::PaymentAttempt>;
pub type OrderId = Id<kind::Order>;
pub type OrderLineId = Id<kind::OrderLine>;
pub type ParcelId = Id<kind::Parcel>;
pub type RefundId = Id<kind::Refund>;
pub type TransferId = Id<kind::Transfer>;
pub type EventId = Id<kind::Event>;
pub type JobId = Id<kind::Job>;
pub type ApiKeyId = Id<kind::ApiKey>;
pub type AddressId = Id<kind::Address>;
pub type NoticeId = Id<kind::Notice>;
pub type CancelRequestId = Id<kind::CancelRequest>;
pub type ShortageId = Id<kind::Shortage>;
pub type OrderFlagId = Id<kind::OrderFlag>;
pub type OrderMessageId = Id<kind::OrderMessage>;
pub type PayoutId = Id<kind::Payout>;
pub type BankAccountId = Id<kind::BankAccount>;
pub type BankFileId = Id<kind::BankFile>;
pub type StatementId = Id<kind::Statement>;
pub type ProviderReportId = Id<kind::ProviderReport>;
pub type DifferenceId = Id<kind::Difference>;
pub type CaseId = Id<kind::Case>;
pub type CaseLineId = Id<kind::CaseLine>;
pub type CaseOfferId = Id<kind::CaseOffer>;
pub type CaseDecisionId = Id<kind::CaseDecision>;
pub type EvidenceId = Id<kind::Evidence>;

/// The house (平台) itself, where something of the house needs a home: its staff, its promotions.
pub const HOUSE: ShopId = ShopId::new(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_when_it_was_made() {
        let id = OrderId::new(compose(1_000, 7, 3));
        assert_eq!(id.made_at(), Timestamp::from_ms(EPOCH_MS + 1_000));
    }

    #[test]
    fn only_plain_digits_are_an_id() {
        assert_eq!("42".parse::<OrderId>(), Ok(OrderId::new(42)));
        for text in ["", "0", "-1", "+1", " 1", "1.0", "9223372036854775808", "１"] {
            assert_eq!(text.parse::<OrderId>(), Err(NotAnId), "{text:?}");
        }
    }
}
