//! One product of a file, as the market speaks of it, and what the market remembers of it.

use std::collections::BTreeMap;

use rules::catalog::categories::{Categories, Category};
use rules::catalog::listing::{ListedPicture, ListedSku, Listing, PictureRef, Wording};
use rules::catalog::nature::Nature;
use rules::catalog::shopify_csv::{ImportedProduct, ImportedStatus, ImportedVariant};
use rules::ids::ShopId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::shops::Shop;

use super::folder::Folder;
use super::{ImportFault, NOT_YET};
use crate::catalog::{ListingAsk, SkuAsk};
use crate::pictures::{Come, FetchPictures, WantedPicture, hex, is_address};

/// One product of the file.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub product: ImportedProduct,
    category: &'static str,
    /// Digest of what the entry says of the page, the files of its pictures included.
    page: String,
    /// The paths which lead to a picture, with the name of what lies there now.
    files: BTreeMap<String, String>,
}

/// What `products.source_hash` keeps: the digest of the page, and the counts the file said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Remembered {
    pub page: String,
    /// By the code of the SKU.
    pub counts: BTreeMap<String, i64>,
}

impl Remembered {
    /// Of a product which was made by hand nothing is remembered.
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    pub fn write(&self) -> String {
        serde_json::to_string(self).expect("a text and numbers can be written as JSON")
    }
}

impl Entry {
    pub fn new(
        product: ImportedProduct,
        shop: &Shop,
        folder: &mut Folder,
        faults: &mut Vec<ImportFault>,
    ) -> Self {
        let known = Categories::shipped();
        let of_file = known.find_in_path(&product.category);
        let category = of_file.or_else(|| known.get(&shop.category));
        let category: &'static str = category.map_or("", |category: &Category| &category.code);
        let mut entry = Self { product, category, page: String::new(), files: BTreeMap::new() };
        let sources: Vec<(u64, String)> =
            entry.sources().map(|(line, source)| (line, source.to_owned())).collect();
        for (line, source) in sources {
            let name = folder.name_of(&entry.product.handle, line, &source, faults);
            entry.files.extend(name.map(|name| (source, name)));
        }
        entry.page = entry.digest();
        entry
    }

    /// Where a product stands in the file and how many there are does not make its page another one.
    fn digest(&self) -> String {
        let mut page = self.product.clone();
        page.line = 0;
        for variant in &mut page.variants {
            (variant.line, variant.stock) = (0, 0);
        }
        let all = (page, self.category, &self.files);
        let text = serde_json::to_vec(&all).expect("a product of a file can be written as JSON");
        hex(&Sha256::digest(text))
    }

    /// The name under which a picture is kept; none for a path which leads to nothing.
    pub fn source_name<'a>(&'a self, source: &'a str) -> Option<&'a str> {
        if is_address(source) { Some(source) } else { self.files.get(source).map(String::as_str) }
    }

    pub fn remembered(&self) -> Remembered {
        let counts =
            self.product.variants.iter().map(|variant| (variant.sku.clone(), variant.stock));
        Remembered { page: self.page.clone(), counts: counts.collect() }
    }

    pub fn is_listed(&self) -> bool {
        self.product.published && self.product.status == ImportedStatus::Active
    }

    /// The pictures with the line which names them, the page's first.
    pub fn sources(&self) -> impl Iterator<Item = (u64, &str)> {
        let line = self.product.line;
        let of_page = self.product.pictures.iter().map(move |one| (line, one.address.as_str()));
        let own = |variant: &'_ ImportedVariant| variant.line;
        let of_skus = self.product.variants.iter().filter_map(move |variant| {
            variant.picture.as_deref().map(|source| (own(variant), source))
        });
        of_page.chain(of_skus)
    }

    pub fn wanted(&self, shop: ShopId, replaces: Vec<ListedPicture>) -> FetchPictures {
        let name = |source: &str| self.source_name(source).map(str::to_owned);
        let wanted = self.product.pictures.iter().filter_map(|one| {
            Some(WantedPicture { source: name(&one.address)?, alt: wording(&one.alt, None) })
        });
        let own = self.product.variants.iter();
        let own = own.filter_map(|one| Some((one.sku.clone(), name(one.picture.as_deref()?)?)));
        FetchPictures {
            shop,
            product: NOT_YET,
            pictures: wanted.collect(),
            skus: own.collect(),
            replaces,
            fetch: Vec::new(),
        }
    }

    /// The page the entry describes. What a file cannot say (the other language, tariff number, origin, bundles) stays.
    pub fn listing(
        &self,
        before: Option<&Listing>,
        come: &Come,
        wanted: &FetchPictures,
    ) -> ListingAsk {
        let product = &self.product;
        let mut nature = Nature::from_tags(product.tags.iter().map(String::as_str));
        nature.durable |= Categories::shipped().get(self.category).is_some_and(|own| own.durable);
        let some_missing = !come.is_complete(wanted);
        let pictures = match before {
            // Until all have come the page keeps those it has: a page which loses pictures for a minute looks broken.
            Some(before) if some_missing && !before.pictures.is_empty() => before.pictures.clone(),
            Some(_) | None => come.pictures(wanted),
        };
        let there = |code: &str| {
            before.and_then(|listing| listing.skus.iter().find(|sku| sku.code == code))
        };
        let skus = product.variants.iter().map(|variant| {
            let own = variant.picture.as_deref().and_then(|source| self.source_name(source));
            sku(variant, there(&variant.sku), own.and_then(|name| come.get(name)))
        });
        ListingAsk {
            title: wording(&product.title, before.map(|listing| &listing.title)),
            description: wording(&product.description, before.map(|listing| &listing.description)),
            category: self.category.to_owned(),
            options: product.options.clone(),
            nature,
            hs_code: before.map(|listing| listing.hs_code.clone()).unwrap_or_default(),
            origin: before.map(|listing| listing.origin.clone()).unwrap_or_default(),
            pictures,
            skus: skus.collect(),
        }
    }
}

fn sku(variant: &ImportedVariant, there: Option<&ListedSku>, own: Option<PictureRef>) -> SkuAsk {
    SkuAsk {
        sku: there.map(|sku| sku.sku),
        code: variant.sku.clone(),
        values: variant.values.clone(),
        price: variant.price,
        compare_at: variant.compare_at,
        weight_grams: variant.grams,
        barcode: variant.barcode.clone(),
        picture: own.or_else(|| there.and_then(|sku| sku.picture.clone())),
        parts: there.map(|sku| sku.parts.clone()).unwrap_or_default(),
    }
}

/// A file has one language; which one, its characters tell. The other language's text stays as it was.
fn wording(text: &str, before: Option<&Wording>) -> Wording {
    let mut wording = before.cloned().unwrap_or_default();
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let is_kana = |c: char| ('\u{3040}'..='\u{30ff}').contains(&c);
    if text.chars().any(is_han) && !text.chars().any(is_kana) {
        wording.zh = text.to_owned();
    } else {
        wording.en = text.to_owned();
    }
    wording
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_to_its_language_and_leaves_the_other() {
        let before = Wording::new("Mug", "杯");
        assert_eq!(wording("搪瓷杯", Some(&before)), Wording::new("Mug", "搪瓷杯"));
        assert_eq!(wording("Enamel mug", Some(&before)), Wording::new("Enamel mug", "杯"));
        assert_eq!(wording("ほうろうの杯", None).zh, "");
    }

    #[test]
    fn what_is_remembered_reads_back_and_nonsense_is_nothing() {
        let remembered = Remembered { page: "ab".to_owned(), counts: [("A".to_owned(), 3)].into() };
        assert_eq!(Remembered::read(&remembered.write()), remembered);
        assert_eq!(Remembered::read(""), Remembered::default());
    }
}
