//! The columns we read, under both of the names they have had.

/// A column of the file. What is not listed here is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    Handle,
    Title,
    Body,
    Vendor,
    Category,
    Type,
    Tags,
    Published,
    Status,
    GiftCard,
    OptionName(u8),
    OptionValue(u8),
    Sku,
    Grams,
    Stock,
    Price,
    CompareAt,
    Cost,
    Barcode,
    Picture,
    PicturePosition,
    PictureAlt,
    VariantPicture,
    /// Length, width and height by 0, 1, 2: our own, which no exporter writes.
    Side(u8),
}

/// Headers in lower case, the newer name first.
const NAMES: &[(&str, Column)] = &[
    ("url handle", Column::Handle),
    ("handle", Column::Handle),
    ("title", Column::Title),
    ("description", Column::Body),
    ("body (html)", Column::Body),
    ("body html", Column::Body),
    ("vendor", Column::Vendor),
    ("product category", Column::Category),
    ("standard product type", Column::Category),
    ("type", Column::Type),
    ("custom product type", Column::Type),
    ("tags", Column::Tags),
    ("published on online store", Column::Published),
    ("published", Column::Published),
    ("status", Column::Status),
    ("gift card", Column::GiftCard),
    ("option1 name", Column::OptionName(0)),
    ("option2 name", Column::OptionName(1)),
    ("option3 name", Column::OptionName(2)),
    ("option1 value", Column::OptionValue(0)),
    ("option2 value", Column::OptionValue(1)),
    ("option3 value", Column::OptionValue(2)),
    ("sku", Column::Sku),
    ("variant sku", Column::Sku),
    ("weight value (grams)", Column::Grams),
    ("variant grams", Column::Grams),
    ("inventory quantity", Column::Stock),
    ("variant inventory qty", Column::Stock),
    ("variant inventory quantity", Column::Stock),
    ("price", Column::Price),
    ("variant price", Column::Price),
    ("compare-at price", Column::CompareAt),
    ("variant compare at price", Column::CompareAt),
    ("variant compare-at price", Column::CompareAt),
    ("cost per item", Column::Cost),
    ("barcode", Column::Barcode),
    ("variant barcode", Column::Barcode),
    ("product image url", Column::Picture),
    ("image src", Column::Picture),
    ("image position", Column::PicturePosition),
    ("image alt text", Column::PictureAlt),
    ("variant image url", Column::VariantPicture),
    ("variant image", Column::VariantPicture),
    ("length (mm)", Column::Side(0)),
    ("width (mm)", Column::Side(1)),
    ("height (mm)", Column::Side(2)),
];

impl Column {
    /// The column under a header, whatever its case and the spaces around it.
    pub fn of_header(header: &str) -> Option<Column> {
        let words: Vec<&str> = header.split_whitespace().collect();
        let plain = words.join(" ").to_lowercase();
        NAMES.iter().find(|(name, _)| *name == plain).map(|(_, column)| *column)
    }
}
