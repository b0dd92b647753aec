//! Money: whole minor units of one currency, and shares which always add up.
//!
//! There are no floats and no unchecked arithmetic here. An overflow is [`MoneyError::TooLarge`], never a wrap.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An ISO 4217 currency. Minor digits are respected: JPY 0, USD 2, KWD 3.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

/// An amount of one currency in minor units (cents, yen, fils). May be negative where a difference is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("{0:?} is not an ISO 4217 currency code")]
    UnknownCurrency(String),
    #[error("{text:?} is not an amount in {currency}, which has {digits} minor digits")]
    NotAnAmount { text: String, currency: Currency, digits: u32 },
    #[error("the amount is too large")]
    TooLarge,
    #[error("{left} and {right} are different currencies")]
    OtherCurrency { left: Currency, right: Currency },
}

impl Currency {
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        iso_currency::Currency::from_code(code)
            .map(Self)
            .ok_or_else(|| MoneyError::UnknownCurrency(code.to_owned()))
    }

    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many digits stand after the point: `10^digits` minor units are one major unit.
    pub fn digits(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }

    pub fn symbol(self) -> String {
        self.0.symbol().to_string()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl FromStr for Currency {
    type Err = MoneyError;
    fn from_str(code: &str) -> Result<Self, MoneyError> {
        Self::parse(code)
    }
}
impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&code).map_err(serde::de::Error::custom)
    }
}

impl Money {
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Reads "12.34". Takes a leading minus, refuses more digits than the currency has, signs, spaces and exponents.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let digits = currency.digits();
        let wrong = || MoneyError::NotAnAmount { text: text.to_owned(), currency, digits };
        let (negative, plain) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let fits = fraction.len() <= digits as usize;
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || !fits {
            return Err(wrong());
        }
        if plain.ends_with('.') {
            return Err(wrong());
        }
        // The sign is read with the digits: the most negative amount has no positive twin.
        let sign = if negative { "-" } else { "" };
        let padded = format!("{sign}{whole}{fraction:0<width$}", width = digits as usize);
        let minor: i64 = padded.parse().map_err(|_| MoneyError::TooLarge)?;
        Ok(Self::new(minor, currency))
    }

    /// "12.34", without the currency; as in the API's `amount`.
    pub fn amount(self) -> String {
        let digits = self.currency.digits() as usize;
        let sign = if self.minor < 0 { "-" } else { "" };
        let all = format!("{:0>width$}", self.minor.unsigned_abs(), width = digits + 1);
        let (whole, fraction) = all.split_at(all.len() - digits);
        if digits == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }

    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Self::new(minor, self.currency))
    }

    pub fn minus(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Self::new(minor, self.currency))
    }

    pub fn times(self, quantity: i64) -> Result<Money, MoneyError> {
        let minor = self.minor.checked_mul(quantity).ok_or(MoneyError::TooLarge)?;
        Ok(Self::new(minor, self.currency))
    }

    fn same_currency(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::OtherCurrency { left: self.currency, right: other.currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

#[derive(Serialize, Deserialize)]
struct MoneyJson {
    amount: String,
    currency: Currency,
}
impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        MoneyJson { amount: self.amount(), currency: self.currency }.serialize(serializer)
    }
}
impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = MoneyJson::deserialize(deserializer)?;
        Money::parse(&json.amount, json.currency).map_err(serde::de::Error::custom)
    }
}

/// `minor * bp / 10_000`, rounded half up (away from zero for a negative amount). `bp` are basis points: 500 is 5 %.
pub fn part_bp(minor: i64, bp: i64) -> i64 {
    let product = i128::from(minor) * i128::from(bp);
    let half = if product < 0 { -5_000 } else { 5_000 };
    narrow((product + half) / 10_000)
}

/// The tax inside an amount which already includes it: `minor * bp / (10_000 + bp)`, rounded half up.
pub fn included_bp(minor: i64, bp: i64) -> i64 {
    let whole = 10_000 + i128::from(bp);
    let product = i128::from(minor) * i128::from(bp);
    let half = if product < 0 { -whole / 2 } else { whole / 2 };
    narrow((product + half) / whole)
}

/// Splits `total` in proportion to `weights` so that the parts sum to `total` exactly (largest remainder).
///
/// Each part is rounded down, and the units left over go to the largest remainders, the earlier first
/// among equals. With all weights zero everything goes to the first part. Weights must not be negative.
pub fn shares(total: i64, weights: &[i64]) -> Vec<i64> {
    assert!(weights.iter().all(|w| *w >= 0), "a weight is never negative");
    let Some(last) = weights.len().checked_sub(1) else {
        return Vec::new();
    };
    let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
    if sum == 0 {
        let mut parts = vec![0; last + 1];
        parts[0] = total;
        return parts;
    }
    let sign = if total < 0 { -1 } else { 1 };
    let magnitude = i128::from(total.unsigned_abs());
    let mut parts: Vec<i128> = Vec::with_capacity(weights.len());
    let mut remainders: Vec<(i128, usize)> = Vec::with_capacity(weights.len());
    for (place, weight) in weights.iter().enumerate() {
        let product = magnitude * i128::from(*weight);
        parts.push(product / sum);
        remainders.push((product % sum, place));
    }
    let left = magnitude - parts.iter().sum::<i128>();
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, place) in remainders.into_iter().take(narrow(left) as usize) {
        parts[place] += 1;
    }
    parts.into_iter().map(|part| narrow(part) * sign).collect()
}

/// What units `from..to` of `units` weigh of `total`, so that any grouping of the units sums to `total`.
///
/// The share is the difference of two cumulative floors; refunding units one by one, or several at once,
/// in any order of calls which walks upwards, therefore never drifts.
pub fn share_of_units(total: i64, units: i64, from: i64, to: i64) -> i64 {
    assert!(0 <= from && from <= to && to <= units && units > 0, "units out of range");
    let upto = |k: i64| i128::from(total) * i128::from(k) / i128::from(units);
    narrow(upto(to) - upto(from))
}

/// Back to 64 bits. The callers' results are never larger than their largest input.
fn narrow(wide: i128) -> i64 {
    i64::try_from(wide).expect("a share is never larger than what is shared")
}
