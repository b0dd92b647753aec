//! Shapes which many answers share: ids, times, money, pages. Only the document needs names for them.

use actions::Failure;
use rules::catalog::listing;
use rules::money::{Currency, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An id: a whole number in decimal digits, as a text, because not every program holds 64-bit numbers exactly.
#[derive(ToSchema)]
#[schema(value_type = String, pattern = "^[1-9][0-9]{0,18}$", example = "311040000004096")]
pub struct IdText(#[expect(dead_code, reason = "this type is only a name in the document")] String);

/// A moment, RFC 3339 in UTC.
#[derive(ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-22T08:30:00Z")]
pub struct TimeText(
    #[expect(dead_code, reason = "this type is only a name in the document")] String,
);

/// An amount of one currency.
#[derive(ToSchema)]
#[schema(as = Money)]
#[expect(dead_code, reason = "this type is only a name in the document")]
pub struct MoneyJson {
    /// Decimal digits with exactly the currency's minor digits in answers: "12.34" USD, "1234" JPY, "1.234" KWD.
    #[schema(pattern = r"^-?[0-9]+(\.[0-9]+)?$", example = "12.34")]
    amount: String,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$", example = "USD")]
    currency: String,
}

/// A text in the languages of the house. One of them may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Wording {
    pub en: String,
    pub zh: String,
}

impl From<listing::Wording> for Wording {
    fn from(wording: listing::Wording) -> Self {
        Self { en: wording.en, zh: wording.zh }
    }
}

impl From<Wording> for listing::Wording {
    fn from(wording: Wording) -> Self {
        Self { en: wording.en, zh: wording.zh }
    }
}

/// A part of a list.
#[derive(Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the next part; null at the end of the list.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of rows which were read one further than `limit`, so that the end of the list is known.
    pub fn cut<R>(
        mut rows: Vec<R>,
        limit: i64,
        key: impl Fn(&R) -> i64,
        item: impl FnMut(R) -> Result<T, Failure>,
    ) -> Result<Self, Failure> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let next = if rows.len() > limit {
            rows.truncate(limit);
            rows.last().map(|row| key(row).to_string())
        } else {
            None
        };
        Ok(Self { items: rows.into_iter().map(item).collect::<Result<_, _>>()?, next })
    }
}

/// Money of the columns of a row.
pub const fn money(minor: i64, currency: Currency) -> Money {
    Money::new(minor, currency)
}

/// Money whose currency is a text of a row. A code which the program does not know is our fault.
pub fn money_of(minor: i64, currency: &str) -> Result<Money, Failure> {
    let currency = Currency::parse(currency).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok(Money::new(minor, currency))
}

/// JSON as a row keeps it. That it cannot be read is our fault, whoever asks.
pub fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::Broken(error.to_string()))
}
