//! What can be wrong with a row: a stable code, the facts, and an English sentence which says what to do.

use std::collections::BTreeMap;

use crate::catalog::options::{MOST_VARIANTS, OptionsError};

/// One thing wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// From 1, as an editor counts; 0 when the whole file is meant.
    pub line: u64,
    /// The header as the file spells it; empty when no single column is meant.
    pub column: String,
    /// Empty when it is not known.
    pub handle: String,
    pub problem: RowProblem,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowProblem {
    #[error("the file is empty")]
    Empty,
    #[error("the file has {bytes} bytes, the most is {most}: export fewer products at a time")]
    FileTooLarge { bytes: usize, most: usize },
    #[error("the file has more than {most} rows: export fewer products at a time")]
    TooManyRows { most: u64 },
    #[error("there is no column {name}: this is not a product export")]
    NoColumn { name: &'static str },
    #[error("the text is not UTF-8: save the file as \"CSV UTF-8\"")]
    NotUtf8,
    #[error("a quotation mark is opened here and never closed")]
    UnclosedQuote,
    #[error("the row has no handle, so it belongs to no product")]
    MissingHandle,
    #[error("the first row of a product has its title")]
    MissingTitle,
    #[error("a variant has a price")]
    MissingPrice,
    #[error("{text:?} is not an amount in {currency}: write it as 12.50, without signs")]
    NotAnAmount { text: String, currency: String },
    #[error("{text:?} is not above zero")]
    NotAboveZero { text: String },
    #[error("{text:?} is not a number from 0 to {most}")]
    NotANumber { text: String, most: i64 },
    #[error("{text:?} is neither TRUE nor FALSE")]
    NotYesOrNo { text: String },
    #[error("{text:?} is not a status: active, draft, unlisted or archived")]
    UnknownStatus { text: String },
    #[error("the text has {count} characters, the most is {most}")]
    TooLong { count: usize, most: usize },
    #[error("the product has {count}, the most is {most}")]
    TooMany { count: usize, most: usize },
    #[error("{text:?} is no address of a picture: https://… or a path next to the file")]
    NotAPicture { text: String },
    #[error(
        "a spreadsheet has shortened this number to {text:?}: set the column to text and export again"
    )]
    ShortenedNumber { text: String },
    #[error("the variant has a value here, but the product's first row names no option")]
    MissingOptionName,
    #[error("the variant has no value for {option:?}")]
    MissingOptionValue { option: String },
    #[error(
        "a variant has its length, width and height, each above zero, or none of them: {name:?} is missing"
    )]
    MissingSide { name: String },
    #[error("the SKU {sku:?} is already used in line {first_line}")]
    RepeatedSku { sku: String, first_line: u64 },
    #[error("a product has at most {MOST_VARIANTS} variants, this one has {count}")]
    TooManyVariants { count: usize },
    #[error("gift cards are not goods: they cannot be sold here")]
    GiftCard,
    #[error("{0}")]
    Options(OptionsError),
}

impl RowProblem {
    /// The stable name of the reason, the same in every answer and language file.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty_file",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::NoColumn { .. } => "no_column",
            Self::NotUtf8 => "not_utf8",
            Self::UnclosedQuote => "unclosed_quote",
            Self::MissingHandle => "missing_handle",
            Self::MissingTitle => "missing_title",
            Self::MissingPrice => "missing_price",
            Self::NotAnAmount { .. } => "not_an_amount",
            Self::NotAboveZero { .. } => "not_above_zero",
            Self::NotANumber { .. } => "not_a_number",
            Self::NotYesOrNo { .. } => "not_yes_or_no",
            Self::UnknownStatus { .. } => "unknown_status",
            Self::TooLong { .. } => "too_long",
            Self::TooMany { .. } => "too_many",
            Self::NotAPicture { .. } => "not_a_picture",
            Self::ShortenedNumber { .. } => "shortened_number",
            Self::MissingOptionName => "missing_option_name",
            Self::MissingOptionValue { .. } => "missing_option_value",
            Self::MissingSide { .. } => "missing_side",
            Self::RepeatedSku { .. } => "repeated_sku",
            Self::TooManyVariants { .. } => "too_many_variants",
            Self::GiftCard => "gift_card",
            Self::Options(error) => error.code(),
        }
    }

    /// What a sentence in any language needs besides the code.
    pub fn facts(&self) -> BTreeMap<&'static str, String> {
        let pairs: Vec<(&'static str, String)> = match self {
            Self::Empty
            | Self::NotUtf8
            | Self::UnclosedQuote
            | Self::MissingHandle
            | Self::MissingTitle
            | Self::MissingPrice
            | Self::MissingOptionName
            | Self::GiftCard => vec![],
            Self::FileTooLarge { bytes, most } => {
                vec![("count", bytes.to_string()), ("most", most.to_string())]
            }
            Self::TooManyRows { most } => vec![("most", most.to_string())],
            Self::NoColumn { name } => vec![("name", (*name).to_owned())],
            Self::NotAnAmount { text, currency } => {
                vec![("text", text.clone()), ("currency", currency.clone())]
            }
            Self::NotANumber { text, most } => {
                vec![("text", text.clone()), ("most", most.to_string())]
            }
            Self::NotAboveZero { text }
            | Self::NotYesOrNo { text }
            | Self::UnknownStatus { text }
            | Self::NotAPicture { text }
            | Self::ShortenedNumber { text } => vec![("text", text.clone())],
            Self::TooLong { count, most } | Self::TooMany { count, most } => {
                vec![("count", count.to_string()), ("most", most.to_string())]
            }
            Self::MissingOptionValue { option } => vec![("name", option.clone())],
            Self::MissingSide { name } => vec![("name", name.clone())],
            Self::RepeatedSku { sku, first_line } => {
                vec![("text", sku.clone()), ("line", first_line.to_string())]
            }
            Self::TooManyVariants { count } => {
                vec![("count", count.to_string()), ("most", MOST_VARIANTS.to_string())]
            }
            Self::Options(error) => vec![("text", error.to_string())],
        };
        pairs.into_iter().collect()
    }
}
