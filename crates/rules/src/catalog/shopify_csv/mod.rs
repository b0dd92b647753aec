//! Shopify's product CSV, the file which most sellers can already export.
//!
//! One row a variant, rows of one product share a handle, rows with only a picture add a picture. Both sets
//! of header names are read, the older (`Handle`, `Variant SKU`) and the newer (`URL handle`, `SKU`). A product
//! with anything wrong in it is left out whole and every reason is named with its line; the others are done.
//! Nothing is evaluated: what looks like a spreadsheet formula stays the text it is.

mod cells;
mod columns;
mod problem;
mod products;
mod rows;

pub use cells::LONGEST_SIDE_MM;
pub use columns::Column;
pub use problem::{RowError, RowProblem};

use serde::{Deserialize, Serialize};

use crate::catalog::options::ProductOption;
use crate::money::{Currency, Money};

/// Where reading stops. A file over `bytes` or `rows` is refused whole, because its last product may be cut.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub bytes: usize,
    pub rows: u64,
    pub title_characters: usize,
    pub description_characters: usize,
    pub tags: usize,
    pub pictures: usize,
}

impl Default for Limits {
    /// 15 MB and 250 pictures are the exporter's own limits.
    fn default() -> Self {
        Self {
            bytes: 15_000_000,
            rows: 50_000,
            title_characters: 255,
            description_characters: 50_000,
            tags: 250,
            pictures: 250,
        }
    }
}

/// What a file holds: whole products, and what was wrong with the rest, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    pub products: Vec<ImportedProduct>,
    pub errors: Vec<RowError>,
    /// Rows with anything in them, the header aside.
    pub rows: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedProduct {
    /// Names the product in this shop: a second import of the same handle is the same product.
    pub handle: String,
    pub title: String,
    /// Plain text, an empty line between paragraphs.
    pub description: String,
    /// The `Vendor` column.
    pub supplier: String,
    /// The seller's own words: `Product Category`, or else `Type`.
    pub category: String,
    pub tags: Vec<String>,
    pub published: bool,
    pub status: ImportedStatus,
    pub options: Vec<ProductOption>,
    pub variants: Vec<ImportedVariant>,
    /// In the order of their positions.
    pub pictures: Vec<ImportedPicture>,
    /// The line of its first row, from 1.
    pub line: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportedStatus {
    Active,
    Draft,
    Archived,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedVariant {
    /// One value of each of the product's options, in their order.
    pub values: Vec<String>,
    /// The seller's code; made from the handle and the values where the file has none.
    pub sku: String,
    pub price: Money,
    /// Only where it is above the price: anything else is no reduction.
    pub compare_at: Option<Money>,
    pub cost: Option<Money>,
    /// Pieces. A negative count (oversold where it came from) is none.
    pub stock: i64,
    pub grams: i64,
    /// Length, width and height in millimetres, where the file has our own columns for them. Absent in what was
    /// written down of older imports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sides_mm: Option<[i64; 3]>,
    pub barcode: String,
    /// The address of the variant's own picture.
    pub picture: Option<String>,
    pub line: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedPicture {
    /// `https://…`, `http://…`, or a path inside the folder of the file.
    pub address: String,
    pub alt: String,
    pub position: u32,
}

/// Reads a whole file. Prices are in `currency`, the shop's: the file names none.
pub fn read(bytes: &[u8], currency: Currency, limits: &Limits) -> Import {
    match rows::read(bytes, limits) {
        Ok(table) => products::collect(table, currency, limits),
        Err(error) => Import { errors: vec![error], ..Import::default() },
    }
}
