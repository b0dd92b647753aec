//! How a product's page looks outside. What is read can be edited and sent back as it is.

use actions::Failure;
use actions::catalog::{ListedCard, ListingAsk, SkuAsk};
use rules::catalog::bundles::BundlePart;
use rules::catalog::listing::{ListedPicture, ListedSku, Listing, PictureRef};
use rules::catalog::nature::Nature;
use rules::catalog::options::ProductOption;
use rules::ids::{ProductId, ShopId, SkuId};
use rules::money::Money;
use serde::{Deserialize, Serialize};
use store::catalog::ProductCard;
use utoipa::ToSchema;

use super::shapes::{IdText, MoneyJson, Wording, money, money_of};

/// A product in a list.
#[derive(Serialize, ToSchema)]
pub struct ProductCardJson {
    #[schema(value_type = IdText)]
    id: ProductId,
    #[schema(value_type = IdText)]
    shop: ShopId,
    /// Told in lists over several shops.
    #[serde(skip_serializing_if = "Option::is_none")]
    shop_name: Option<String>,
    handle: String,
    category: String,
    title: Wording,
    picture: String,
    /// The lowest price of its SKUs.
    #[schema(value_type = MoneyJson)]
    price_from: Money,
    /// `listed` or `unlisted`.
    state: String,
    sold_count: i64,
}

impl ProductCardJson {
    pub fn of_shop(card: ProductCard) -> Result<Self, Failure> {
        Ok(Self {
            id: card.id,
            shop: card.shop,
            shop_name: None,
            handle: card.handle,
            category: card.category,
            title: Wording { en: card.title_en, zh: card.title_zh },
            picture: card.picture,
            price_from: money_of(card.price_from_minor, &card.currency)?,
            state: card.state,
            sold_count: card.sold_count,
        })
    }

    pub fn of_market(listed: ListedCard) -> Result<Self, Failure> {
        Ok(Self { shop_name: Some(listed.shop_name), ..Self::of_shop(listed.card)? })
    }
}

/// A product's page. What is left out when it is sent is gone.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Listing)]
pub struct ListingJson {
    title: Wording,
    #[serde(default)]
    description: Wording,
    /// A code of `/categories`.
    category: String,
    #[serde(default)]
    options: Vec<OptionJson>,
    #[serde(default)]
    nature: NatureJson,
    /// The tariff number of the Harmonized System, 6 to 10 digits, or empty.
    #[serde(default)]
    hs_code: String,
    /// The country where the goods were made, ISO 3166-1, or empty.
    #[serde(default)]
    origin: String,
    #[serde(default)]
    pictures: Vec<PictureJson>,
    skus: Vec<SkuJson>,
}

/// An option of a product, such as its colour, with its values.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProductOption)]
pub struct OptionJson {
    name: String,
    values: Vec<String>,
}

/// What a packer and a carrier must know of the goods.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = Nature)]
pub struct NatureJson {
    fragile: bool,
    liquid: bool,
    battery: bool,
    oversize: bool,
    /// Meant for long use.
    durable: bool,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ListedPicture)]
pub struct PictureJson {
    /// `drawn:kind/colour/shot` or `file:` and the picture's number.
    #[schema(value_type = String)]
    picture: PictureRef,
    /// What it shows, in words.
    #[serde(default)]
    alt: Wording,
}

/// A SKU of a product.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Sku)]
pub struct SkuJson {
    /// Which SKU is meant. When it is left out, the one with the same code is, or else a new one is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<IdText>)]
    sku: Option<SkuId>,
    /// The shop's own code, unique in the shop.
    code: String,
    /// One value of each option, in their order.
    #[serde(default)]
    values: Vec<String>,
    #[schema(value_type = MoneyJson)]
    price: Money,
    /// The price before a reduction, always above the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoneyJson>)]
    compare_at: Option<Money>,
    #[serde(default)]
    weight_grams: i64,
    #[serde(default)]
    barcode: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    picture: Option<PictureRef>,
    /// Not empty when the SKU is a bundle of others.
    #[serde(default)]
    parts: Vec<PartJson>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BundlePart)]
pub struct PartJson {
    #[schema(value_type = IdText)]
    sku: SkuId,
    count: i64,
}

impl From<Listing> for ListingJson {
    fn from(listing: Listing) -> Self {
        let currency = listing.currency;
        let sku = |sku: ListedSku| SkuJson {
            sku: Some(sku.sku),
            code: sku.code,
            values: sku.values,
            price: money(sku.price_minor, currency),
            compare_at: sku.compare_at_minor.map(|minor| money(minor, currency)),
            weight_grams: sku.weight_grams,
            barcode: sku.barcode,
            picture: sku.picture,
            parts: sku
                .parts
                .into_iter()
                .map(|part| PartJson { sku: part.sku, count: part.count })
                .collect(),
        };
        let picture =
            |one: ListedPicture| PictureJson { picture: one.picture, alt: one.alt.into() };
        let option = |one: ProductOption| OptionJson { name: one.name, values: one.values };
        Self {
            title: listing.title.into(),
            description: listing.description.into(),
            category: listing.category,
            options: listing.options.into_iter().map(option).collect(),
            nature: listing.nature.into(),
            hs_code: listing.hs_code,
            origin: listing.origin,
            pictures: listing.pictures.into_iter().map(picture).collect(),
            skus: listing.skus.into_iter().map(sku).collect(),
        }
    }
}

impl From<ListingJson> for ListingAsk {
    fn from(listing: ListingJson) -> Self {
        let picture =
            |one: PictureJson| ListedPicture { picture: one.picture, alt: one.alt.into() };
        let option = |one: OptionJson| ProductOption { name: one.name, values: one.values };
        Self {
            title: listing.title.into(),
            description: listing.description.into(),
            category: listing.category,
            options: listing.options.into_iter().map(option).collect(),
            nature: listing.nature.into(),
            hs_code: listing.hs_code,
            origin: listing.origin,
            pictures: listing.pictures.into_iter().map(picture).collect(),
            skus: listing.skus.into_iter().map(SkuAsk::from).collect(),
        }
    }
}

impl From<SkuJson> for SkuAsk {
    fn from(sku: SkuJson) -> Self {
        let part = |part: PartJson| BundlePart { sku: part.sku, count: part.count };
        Self {
            sku: sku.sku,
            code: sku.code,
            values: sku.values,
            price: sku.price,
            compare_at: sku.compare_at,
            weight_grams: sku.weight_grams,
            barcode: sku.barcode,
            picture: sku.picture,
            parts: sku.parts.into_iter().map(part).collect(),
        }
    }
}

impl From<Nature> for NatureJson {
    fn from(nature: Nature) -> Self {
        let Nature { fragile, liquid, battery, oversize, durable } = nature;
        Self { fragile, liquid, battery, oversize, durable }
    }
}

impl From<NatureJson> for Nature {
    fn from(nature: NatureJson) -> Self {
        let NatureJson { fragile, liquid, battery, oversize, durable } = nature;
        Self { fragile, liquid, battery, oversize, durable }
    }
}
