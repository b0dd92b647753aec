//! A listing: the page of a product as it is shown. Each edit makes a new version, and orders point to theirs.

mod check;
mod picture;

pub use check::{
    LONGEST_CODE, LONGEST_DESCRIPTION, LONGEST_TITLE, ListingFault, MOST_GRAMS, MOST_PICTURES,
    MOST_PRICE_MINOR, check_listing,
};
pub use picture::{NotAPicture, PictureRef, drawn_colour};

use serde::{Deserialize, Serialize};

use super::bundles::BundlePart;
use super::nature::Nature;
use super::options::{ChosenOption, ProductOption};
use crate::ids::SkuId;
use crate::money::Currency;

/// A text in the languages of the house. Empty where nobody has written it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wording {
    pub en: String,
    pub zh: String,
}

impl Wording {
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    pub fn is_empty(&self) -> bool {
        self.en.is_empty() && self.zh.is_empty()
    }

    /// The text in `en` or `zh`, or else in the other one: a title which cannot be read is better than none.
    pub fn shown(&self, language: &str) -> &str {
        match (language == "zh", self.zh.is_empty(), self.en.is_empty()) {
            (true, false, _) | (false, _, true) => &self.zh,
            (true, true, _) | (false, _, false) => &self.en,
        }
    }
}

/// A picture with what it shows in words, for those who do not see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedPicture {
    pub picture: PictureRef,
    #[serde(default)]
    pub alt: Wording,
}

/// One SKU as offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedSku {
    pub sku: SkuId,
    /// The shop's own code, unique in the shop.
    pub code: String,
    /// One value of each of the listing's options, in their order.
    pub values: Vec<String>,
    pub price_minor: i64,
    /// The price before a reduction, always above the price.
    pub compare_at_minor: Option<i64>,
    pub weight_grams: i64,
    #[serde(default)]
    pub barcode: String,
    /// Its own picture; without one it is shown with the product's first.
    pub picture: Option<PictureRef>,
    /// Not empty when the SKU is a bundle of others.
    #[serde(default)]
    pub parts: Vec<BundlePart>,
}

/// The body of a listing version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    pub title: Wording,
    #[serde(default)]
    pub description: Wording,
    /// A code of `policies/categories.toml`.
    pub category: String,
    pub options: Vec<ProductOption>,
    pub nature: Nature,
    /// The tariff number of the Harmonized System, 6 to 10 digits, or empty.
    #[serde(default)]
    pub hs_code: String,
    /// The country where the goods were made, ISO 3166-1, or empty.
    #[serde(default)]
    pub origin: String,
    pub pictures: Vec<ListedPicture>,
    /// Of all prices: the shop's.
    pub currency: Currency,
    pub skus: Vec<ListedSku>,
}

impl Listing {
    /// What a SKU chose of each option.
    pub fn chosen(&self, sku: &ListedSku) -> Vec<ChosenOption> {
        let pairs = self.options.iter().zip(&sku.values);
        pairs
            .map(|(o, value)| ChosenOption { name: o.name.clone(), value: value.clone() })
            .collect()
    }

    /// The picture which stands for the product in lists; one of our own drawings when it has none.
    pub fn first_picture(&self) -> PictureRef {
        let first = self.pictures.first().map(|listed| listed.picture.clone());
        first.unwrap_or_else(|| PictureRef::drawn_for(&self.category, &[]))
    }

    /// The picture of one SKU.
    pub fn picture_of(&self, sku: &ListedSku) -> PictureRef {
        match (&sku.picture, self.pictures.is_empty()) {
            (Some(own), _) => own.clone(),
            (None, false) => self.first_picture(),
            (None, true) => PictureRef::drawn_for(&self.category, &sku.values),
        }
    }

    /// "from": the lowest price.
    pub fn price_from_minor(&self) -> i64 {
        self.skus.iter().map(|sku| sku.price_minor).min().unwrap_or(0)
    }

    /// All that a buyer may search for: titles, values, codes, and the descriptions.
    ///
    /// The titles are in it three times: a word of the title says more about a product than one of its description.
    pub fn searched_text(&self) -> String {
        let mut parts = [self.title.zh.as_str(), self.title.en.as_str()].repeat(3);
        for option in &self.options {
            parts.extend(option.values.iter().map(String::as_str));
        }
        parts.extend(self.skus.iter().flat_map(|sku| [sku.code.as_str(), sku.barcode.as_str()]));
        parts.extend([self.description.zh.as_str(), self.description.en.as_str()]);
        parts.join("\n")
    }
}
