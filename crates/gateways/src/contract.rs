//! The one contract of all payment providers: what the market asks, and what it is told.
//!
//! Amounts are the market's own (minor units of ISO 4217); each provider's module writes them as its gateway wants them.
//! `reference` is our name of the thing (an attempt, a refund): it is the idempotency key, so asking twice is asking once.

use rules::money::{Currency, Money};
use rules::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A provider of real payments. The sandbox's own is in `actions::sandbox_provider`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderName {
    /// Cards and wallets on Stripe's hosted page.
    Stripe,
    /// 支付宝, by a code which the buyer scans.
    Alipay,
    /// 微信支付, by a code which the buyer scans.
    WechatPay,
}

impl ProviderName {
    pub const ALL: [ProviderName; 3] =
        [ProviderName::Stripe, ProviderName::Alipay, ProviderName::WechatPay];

    pub const fn code(self) -> &'static str {
        match self {
            ProviderName::Stripe => "stripe",
            ProviderName::Alipay => "alipay",
            ProviderName::WechatPay => "wechat_pay",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// Whether it takes payments in this currency. Stripe takes whatever the account behind it was opened for.
    pub fn takes(self, currency: Currency) -> bool {
        match self {
            ProviderName::Stripe => true,
            ProviderName::Alipay | ProviderName::WechatPay => currency.code() == "CNY",
        }
    }
}

/// What a call needs of the outside world: the time, and 16 bytes of chance for a nonce.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub now: Timestamp,
    pub chance: [u8; 16],
}

impl Moment {
    /// Seconds since 1970.
    pub(crate) fn seconds(self) -> i64 {
        self.now.ms().div_euclid(1_000)
    }

    /// 32 characters, `0-9A-F`.
    pub(crate) fn nonce(self) -> String {
        self.chance.iter().map(|byte| format!("{byte:02X}")).collect()
    }
}

/// A payment the buyer shall be asked for.
#[derive(Clone, Debug)]
pub struct PaymentAsk {
    /// Ours, at most 32 characters of `0-9a-z-`.
    pub reference: String,
    pub amount: Money,
    /// What the buyer reads at the provider; at most 120 characters.
    pub description: String,
    /// The page to which a hosted page sends the buyer back.
    pub return_to: String,
    /// Where the provider sends its notices.
    pub notify_at: String,
    /// When the attempt was made: what is derived from it is the same whenever the same attempt is asked again.
    pub asked_at: Timestamp,
    pub pay_by: Timestamp,
}

/// What the buyer has to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NextStep {
    /// Go to the provider's page.
    Redirect { url: String },
    /// Scan this content, shown as a QR code.
    Code { content: String },
}

/// A payment has been opened at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The provider's own name of it; empty where it gives none before the buyer acts.
    pub provider_ref: String,
    pub next: NextStep,
}

/// What is known of a payment at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentNews {
    /// The buyer has not finished.
    Waiting,
    Captured {
        amount: Money,
        /// The provider's name of the captured money: what refunds refer to.
        provider_ref: String,
    },
    /// A try failed; the buyer may try again at the provider.
    Declined { reason: String },
    /// It ended without money, and cannot be paid any more.
    Closed,
    /// The provider does not know it. With some, that is so until the buyer has scanned the code.
    Unknown,
}

/// Which payment is meant: ours and theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRef {
    pub reference: String,
    /// As of [`Opened`] or, once captured, of [`PaymentNews::Captured`].
    pub provider_ref: String,
}

/// Money which shall go back to the buyer.
#[derive(Clone, Debug)]
pub struct RefundAsk {
    /// Ours, at most 32 characters of `0-9a-z-`.
    pub reference: String,
    pub payment: PaymentRef,
    pub amount: Money,
    /// All that was captured with this payment.
    pub captured: Money,
    pub reason: String,
    pub notify_at: String,
}

/// What is known of a refund at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundNews {
    /// The money is on its way to the buyer.
    Confirmed,
    /// Taken, not done.
    Waiting,
    Failed {
        reason: String,
    },
    /// The provider has never heard of it.
    Unknown,
}

/// What a provider's verified notice says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    Payment {
        reference: String,
        news: PaymentNews,
    },
    Refund {
        reference: String,
        news: RefundNews,
    },
    /// Genuine, and of no concern to the market.
    Other,
}

/// Why a call or a notice led to nothing. No text in it contains a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// No answer, or one without meaning. It may have happened or not: ask.
    #[error("the provider could not be reached: {0}")]
    Unreachable(String),
    /// The provider said no.
    #[error("the provider refused with {code}: {message}")]
    Refused { code: String, message: String },
    /// Not signed by the provider, or not today.
    #[error("not from the provider: {0}")]
    Forged(ForgedReason),
    #[error("the provider's words cannot be read: {0}")]
    Unreadable(String),
    #[error("the amount cannot be told to the provider: {0}")]
    Amount(String),
}

/// What is wrong with a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForgedReason {
    #[error("the signature is missing")]
    Missing,
    #[error("the signature does not fit")]
    Wrong,
    #[error("it was signed with a key we do not know")]
    UnknownKey,
    #[error("it was signed too long ago, or in the future")]
    OutOfTime,
    #[error("it is meant for somebody else")]
    OtherMerchant,
    #[error("it was sealed with another key")]
    Sealed,
}

impl From<ForgedReason> for GatewayError {
    fn from(reason: ForgedReason) -> Self {
        GatewayError::Forged(reason)
    }
}

impl GatewayError {
    pub(crate) fn unreadable(what: impl std::fmt::Display) -> Self {
        GatewayError::Unreadable(what.to_string())
    }

    pub(crate) fn refused(code: impl Into<String>, message: impl Into<String>) -> Self {
        GatewayError::Refused { code: code.into(), message: message.into() }
    }
}
