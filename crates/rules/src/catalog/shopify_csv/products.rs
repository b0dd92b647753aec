//! From rows to whole products, with everything that is wrong in them.

use std::collections::BTreeMap;

use super::cells;
use super::columns::Column;
use super::problem::{RowError, RowProblem};
use super::rows::{Row, Table};
use super::{Import, ImportedPicture, ImportedProduct, ImportedStatus, ImportedVariant, Limits};
use crate::catalog::html_text::plain_text;
use crate::catalog::options::{self, LONGEST_NAME, MOST_OPTIONS, MOST_VARIANTS, ProductOption};
use crate::money::Currency;

/// What the exporter writes for a product without options.
const NO_OPTION: (&str, &str) = ("Title", "Default Title");

/// Groups the rows by handle, in the order in which handles first appear, and reads each group.
pub fn collect(table: Table, currency: Currency, limits: &Limits) -> Import {
    let mut import = Import { rows: table.rows.len() as u64, ..Import::default() };
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups: Vec<(String, Vec<&Row>)> = Vec::new();
    for row in &table.rows {
        match handle_of(row, &table, limits) {
            Ok(handle) => {
                let place = *places.entry(handle.clone()).or_insert(groups.len());
                if place == groups.len() {
                    groups.push((handle, Vec::new()));
                }
                groups[place].1.push(row);
            }
            Err(error) => import.errors.push(error),
        }
    }
    let mut skus = BTreeMap::new();
    for (handle, rows) in groups {
        let mut reading = Reading { table: &table, handle, currency, limits, errors: Vec::new() };
        let product = reading.product(&rows);
        reading.check_skus(&product, &mut skus);
        if reading.errors.is_empty() {
            import.products.push(product);
        } else {
            import.errors.append(&mut reading.errors);
        }
    }
    import.errors.sort_by_key(|error| error.line);
    import
}

/// Without a column for handles each titled row is a product, named after its title.
fn handle_of(row: &Row, table: &Table, limits: &Limits) -> Result<String, RowError> {
    let own = table.has_column(Column::Handle);
    let column = if own { Column::Handle } else { Column::Title };
    cells::handle(row.text(column), limits.title_characters).map_err(|problem| {
        let unreadable = row.unreadable.first();
        let (line, column) =
            unreadable.map_or((row.line, column), |(column, line)| (*line, *column));
        let problem = if unreadable.is_some() { RowProblem::NotUtf8 } else { problem };
        RowError { line, column: table.header(column), handle: String::new(), problem }
    })
}

/// One product while it is read.
struct Reading<'a> {
    table: &'a Table,
    handle: String,
    currency: Currency,
    limits: &'a Limits,
    errors: Vec<RowError>,
}

impl Reading<'_> {
    fn product(&mut self, rows: &[&Row]) -> ImportedProduct {
        let first = rows[0];
        self.check_rows(rows);
        let option_names = self.option_names(first);
        let variants = self.variants(rows, &option_names);
        let options = options_of(&option_names, &variants);
        let pictures = self.pictures(rows);
        let product = ImportedProduct {
            handle: self.handle.clone(),
            title: self.title(first),
            description: self.description(first),
            supplier: self.line_of(first, Column::Vendor),
            category: self.category(first),
            tags: self.read(first, Column::Tags, Vec::new(), cells::tags),
            published: self.read(first, Column::Published, true, |text, _| cells::yes_or_no(text)),
            status: self
                .read(first, Column::Status, ImportedStatus::Active, |text, _| cells::status(text)),
            options,
            variants,
            pictures,
            line: first.line,
        };
        if self.errors.is_empty() {
            self.check_options(&product);
        }
        product
    }

    /// What concerns the group as a whole.
    fn check_rows(&mut self, rows: &[&Row]) {
        for row in rows {
            for (column, line) in &row.unreadable {
                self.wrong(*line, Some(*column), RowProblem::NotUtf8);
            }
            if self.table.unclosed == Some(row.line) {
                self.wrong(row.line, None, RowProblem::UnclosedQuote);
            }
        }
        let gift = self.read(rows[0], Column::GiftCard, false, |text, _| cells::yes_or_no(text));
        if gift {
            self.wrong(rows[0].line, Some(Column::GiftCard), RowProblem::GiftCard);
        }
    }

    fn title(&mut self, row: &Row) -> String {
        let title = self.line_of(row, Column::Title);
        let told = row.unreadable.iter().any(|(column, _)| *column == Column::Title);
        if title.is_empty() && !told && !row.has(Column::Title) {
            self.wrong(row.line, Some(Column::Title), RowProblem::MissingTitle);
        }
        title
    }

    fn description(&mut self, row: &Row) -> String {
        self.read(row, Column::Body, String::new(), |html, limits| {
            cells::within(plain_text(html), limits.description_characters)
        })
    }

    fn category(&mut self, row: &Row) -> String {
        let category = self.line_of(row, Column::Category);
        if category.is_empty() { self.line_of(row, Column::Type) } else { category }
    }

    /// The names stand on the first row only; the placeholder for "no options" is none.
    fn option_names(&mut self, first: &Row) -> Vec<String> {
        let plain = first.text(Column::OptionName(0)).eq_ignore_ascii_case(NO_OPTION.0)
            && first.text(Column::OptionValue(0)).eq_ignore_ascii_case(NO_OPTION.1);
        if plain {
            return Vec::new();
        }
        let mut names = Vec::new();
        for place in 0..MOST_OPTIONS as u8 {
            let column = Column::OptionName(place);
            let name =
                self.read(first, column, String::new(), |t, _| cells::one_line(t, LONGEST_NAME));
            if !name.is_empty() {
                names.push(name);
            } else if first.has(Column::OptionValue(place)) && !first.has(column) {
                let default =
                    first.text(Column::OptionValue(place)).eq_ignore_ascii_case(NO_OPTION.1);
                if !default {
                    self.wrong(first.line, Some(column), RowProblem::MissingOptionName);
                }
            }
        }
        names
    }

    fn variants(&mut self, rows: &[&Row], names: &[String]) -> Vec<ImportedVariant> {
        let of_variants = |(place, row): &(usize, &&Row)| *place == 0 || is_variant(row);
        let count = rows.iter().enumerate().filter(of_variants).count();
        if count > MOST_VARIANTS {
            self.wrong(rows[0].line, None, RowProblem::TooManyVariants { count });
        }
        let read = rows.iter().enumerate().filter(of_variants).take(MOST_VARIANTS);
        read.map(|(_, row)| self.variant(row, names)).collect()
    }

    fn variant(&mut self, row: &Row, names: &[String]) -> ImportedVariant {
        let currency = self.currency;
        let values = self.values(row, names);
        let zero = crate::money::Money::zero(currency);
        if !row.has(Column::Price) && !row.unreadable.iter().any(|(c, _)| *c == Column::Price) {
            self.wrong(row.line, Some(Column::Price), RowProblem::MissingPrice);
        }
        let price = self.read(row, Column::Price, zero, |text, _| cells::price(text, currency));
        let compare =
            self.read(row, Column::CompareAt, zero, |text, _| cells::amount(text, currency));
        let cost = self.read(row, Column::Cost, zero, |text, _| cells::amount(text, currency));
        let sku = self.read(row, Column::Sku, String::new(), |text, _| cells::code(text));
        let picture =
            self.read(row, Column::VariantPicture, String::new(), |t, _| cells::picture(t));
        ImportedVariant {
            sku: if sku.is_empty() { self.made_sku(&values) } else { sku },
            values,
            price,
            compare_at: (compare.minor > price.minor).then_some(compare),
            cost: (!cost.is_zero()).then_some(cost),
            stock: self.read(row, Column::Stock, 0, |text, _| cells::stock(text)),
            grams: self.read(row, Column::Grams, 0, |text, _| cells::grams(text)),
            sides_mm: self.sides_mm(row),
            barcode: self.read(row, Column::Barcode, String::new(), |text, _| cells::code(text)),
            picture: Some(picture).filter(|address| !address.is_empty()),
            line: row.line,
        }
    }

    /// All three sides or none: two of them say nothing of a parcel. Zeros are none.
    fn sides_mm(&mut self, row: &Row) -> Option<[i64; 3]> {
        let columns = [0, 1, 2].map(Column::Side);
        let before = self.errors.len();
        let sides = columns.map(|column| self.read(row, column, 0, |text, _| cells::side_mm(text)));
        let wrong = self.errors.len() > before;
        if wrong || sides == [0; 3] {
            return None;
        }
        let names = ["Length (mm)", "Width (mm)", "Height (mm)"];
        for ((column, name), side) in columns.into_iter().zip(names).zip(sides) {
            if side == 0 {
                let name = name.to_owned();
                self.wrong(row.line, Some(column), RowProblem::MissingSide { name });
            }
        }
        Some(sides)
    }

    fn values(&mut self, row: &Row, names: &[String]) -> Vec<String> {
        let mut values = Vec::new();
        for (place, name) in (0_u8..).zip(names) {
            let column = Column::OptionValue(place);
            let value =
                self.read(row, column, String::new(), |t, _| cells::one_line(t, LONGEST_NAME));
            if value.is_empty() && !row.has(column) {
                let option = name.clone();
                self.wrong(row.line, Some(column), RowProblem::MissingOptionValue { option });
            }
            values.push(value);
        }
        values
    }

    /// The same file makes the same codes, so a second import finds its variants again.
    fn made_sku(&self, values: &[String]) -> String {
        let mut parts = vec![self.handle.clone()];
        parts.extend(values.iter().filter_map(|value| cells::handle(value, LONGEST_NAME).ok()));
        parts.join("-")
    }

    /// Pictures of all rows, each address once; variants' own pictures come last.
    fn pictures(&mut self, rows: &[&Row]) -> Vec<ImportedPicture> {
        let most = self.limits.pictures;
        let count = rows.iter().filter(|row| row.has(Column::Picture)).count();
        if count > most {
            self.wrong(rows[0].line, Some(Column::Picture), RowProblem::TooMany { count, most });
            return Vec::new();
        }
        let mut pictures: Vec<ImportedPicture> = Vec::new();
        for row in rows.iter().filter(|row| row.has(Column::Picture)) {
            let address = self.read(row, Column::Picture, String::new(), |t, _| cells::picture(t));
            let alt =
                self.read(row, Column::PictureAlt, String::new(), |t, _| cells::one_line(t, 512));
            let next = pictures.iter().map(|p| p.position).max().unwrap_or(0).saturating_add(1);
            let position = self.read(row, Column::PicturePosition, next, |t, _| cells::position(t));
            if !address.is_empty() && !pictures.iter().any(|p| p.address == address) {
                pictures.push(ImportedPicture { address, alt, position });
            }
        }
        pictures.sort_by_key(|picture| picture.position);
        for row in rows.iter().filter(|row| row.has(Column::VariantPicture)).take(MOST_VARIANTS) {
            let address = row.text(Column::VariantPicture);
            let known = pictures.iter().any(|picture| picture.address == address);
            if !known {
                let position = pictures.last().map_or(1, |last| last.position.saturating_add(1));
                let alt = String::new();
                pictures.push(ImportedPicture { address: address.to_owned(), alt, position });
            }
        }
        pictures
    }

    fn check_options(&mut self, product: &ImportedProduct) {
        let chosen: Vec<Vec<String>> = product.variants.iter().map(|v| v.values.clone()).collect();
        if let Err(error) = options::check(&product.options, &chosen) {
            // Two variants alike are best found at the second one.
            let second = product.variants.iter().enumerate().find(|(place, variant)| {
                product.variants[..*place].iter().any(|earlier| earlier.values == variant.values)
            });
            let line = second.map_or(product.line, |(_, variant)| variant.line);
            self.wrong(line, None, RowProblem::Options(error));
        }
    }

    fn check_skus(&mut self, product: &ImportedProduct, skus: &mut BTreeMap<String, u64>) {
        for variant in &product.variants {
            let first_line = *skus.entry(variant.sku.clone()).or_insert(variant.line);
            // Two variants alike make the same code; that is told once, as what it is.
            let told = self.errors.iter().any(|error| error.line == variant.line);
            if first_line != variant.line && !told {
                let problem =
                    RowProblem::RepeatedSku { sku: cells::short(&variant.sku), first_line };
                self.wrong(variant.line, Some(Column::Sku), problem);
            }
        }
    }

    fn line_of(&mut self, row: &Row, column: Column) -> String {
        self.read(row, column, String::new(), |text, limits| {
            cells::one_line(text, limits.title_characters)
        })
    }

    /// What a cell means; `absent` when it is empty, and when it is wrong, which is then noted.
    fn read<T>(
        &mut self,
        row: &Row,
        column: Column,
        absent: T,
        meaning: impl FnOnce(&str, &Limits) -> Result<T, RowProblem>,
    ) -> T {
        let text = row.text(column);
        if text.is_empty() {
            return absent;
        }
        meaning(text, self.limits).unwrap_or_else(|problem| {
            self.wrong(row.line, Some(column), problem);
            absent
        })
    }

    fn wrong(&mut self, line: u64, column: Option<Column>, problem: RowProblem) {
        let column = column.map(|column| self.table.header(column)).unwrap_or_default();
        self.errors.push(RowError { line, column, handle: self.handle.clone(), problem });
    }
}

/// A row after the first describes a variant when it chooses a value or has a price or code of its own.
fn is_variant(row: &Row) -> bool {
    let chooses = (0..MOST_OPTIONS as u8).any(|place| row.has(Column::OptionValue(place)));
    chooses || row.has(Column::Price) || row.has(Column::Sku)
}

/// Each option offers the values which its variants choose, in the order of the file.
fn options_of(names: &[String], variants: &[ImportedVariant]) -> Vec<ProductOption> {
    let mut options: Vec<ProductOption> =
        names.iter().map(|name| ProductOption { name: name.clone(), values: Vec::new() }).collect();
    for variant in variants {
        for (option, value) in options.iter_mut().zip(&variant.values) {
            if !option.values.contains(value) {
                option.values.push(value.clone());
            }
        }
    }
    options
}
