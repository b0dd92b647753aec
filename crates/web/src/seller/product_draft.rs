//! A product as it stands in the editor's fields: read from the shelf or from what was typed, and turned into an act's ask.

use std::collections::BTreeMap;

use actions::catalog::ProductForEdit;
use rules::catalog::listing::{ListedPicture, PictureRef, Wording};
use rules::catalog::nature::Nature;
use rules::catalog::options::MOST_OPTIONS;
use rules::money::Money;

use super::desk::Typed;

/// Empty rows under the SKUs, to write new ones into.
const EMPTY_ROWS: usize = 2;
const MOST_ROWS: usize = 102;

/// One row of the table of SKUs, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DraftSku {
    /// Empty for a new one.
    pub id: String,
    pub values: Vec<String>,
    pub code: String,
    pub price: String,
    pub compare_at: String,
    pub weight: String,
    /// Pieces counted; empty when it is not to change.
    pub stock: String,
    pub picture: String,
    /// Carried along unseen.
    pub barcode: String,
    pub parts: String,
}

impl DraftSku {
    pub(super) fn blank(&self) -> bool {
        let typed = [&self.id, &self.code, &self.price, &self.compare_at, &self.stock];
        typed.into_iter().all(|text| text.trim().is_empty())
            && self.values.iter().all(|value| value.trim().is_empty())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Draft {
    pub title: Wording,
    pub description: Wording,
    pub category: String,
    pub option_names: Vec<String>,
    pub nature: Nature,
    pub hs_code: String,
    pub origin: String,
    pub pictures: Vec<ListedPicture>,
    pub skus: Vec<DraftSku>,
}

impl Draft {
    /// An empty editor for a shop which sells in this category.
    pub fn new(category: &str) -> Draft {
        let draft = Draft { category: category.to_owned(), ..Draft::default() };
        Draft { option_names: vec![String::new(); MOST_OPTIONS], ..draft }
            .with_empty_rows(EMPTY_ROWS + 1)
    }

    pub fn of(file: &ProductForEdit) -> Draft {
        let listing = &file.listing;
        let currency = listing.currency;
        let amount = |minor| Money::new(minor, currency).amount();
        let mut names: Vec<String> = listing.options.iter().map(|o| o.name.clone()).collect();
        names.resize(MOST_OPTIONS, String::new());
        let counts: BTreeMap<_, _> = file.stock.iter().map(|s| (s.sku, s.on_hand)).collect();
        let skus = listing.skus.iter().map(|sku| {
            let mut values = sku.values.clone();
            values.resize(MOST_OPTIONS, String::new());
            let stock = counts.get(&sku.sku).filter(|_| sku.parts.is_empty());
            DraftSku {
                id: sku.sku.to_string(),
                values,
                code: sku.code.clone(),
                price: amount(sku.price_minor),
                compare_at: sku.compare_at_minor.map(amount).unwrap_or_default(),
                weight: sku.weight_grams.to_string(),
                stock: stock.map(ToString::to_string).unwrap_or_default(),
                picture: sku.picture.as_ref().map(ToString::to_string).unwrap_or_default(),
                barcode: sku.barcode.clone(),
                parts: if sku.parts.is_empty() {
                    String::new()
                } else {
                    serde_json::to_string(&sku.parts).unwrap_or_default()
                },
            }
        });
        let draft = Draft {
            title: listing.title.clone(),
            description: listing.description.clone(),
            category: listing.category.clone(),
            option_names: names,
            nature: listing.nature,
            hs_code: listing.hs_code.clone(),
            origin: listing.origin.clone(),
            pictures: listing.pictures.clone(),
            skus: skus.collect(),
        };
        draft.with_empty_rows(EMPTY_ROWS)
    }

    /// Everything as it was typed, whether it can be taken or not.
    pub fn typed(typed: &Typed) -> Draft {
        let get = |name: &str| typed.get(name).to_owned();
        let one = |place: usize, name: &str| typed.get(&format!("sku-{place}-{name}")).to_owned();
        let rows = typed.get("rows").parse::<usize>().unwrap_or(0).min(MOST_ROWS);
        let sku = |place: usize| DraftSku {
            id: one(place, "id"),
            values: (0..MOST_OPTIONS).map(|n| one(place, &format!("value-{n}"))).collect(),
            code: one(place, "code"),
            price: one(place, "price"),
            compare_at: one(place, "compare"),
            weight: one(place, "weight"),
            stock: one(place, "stock"),
            picture: one(place, "picture"),
            barcode: one(place, "barcode"),
            parts: one(place, "parts"),
        };
        let on = |name: &str| typed.get(name) == "on";
        Draft {
            title: Wording::new(get("title-en"), get("title-zh")),
            description: Wording::new(lines(&get("description-en")), lines(&get("description-zh"))),
            category: get("category"),
            option_names: (0..MOST_OPTIONS).map(|n| get(&format!("option-{n}"))).collect(),
            nature: Nature {
                fragile: on("fragile"),
                liquid: on("liquid"),
                battery: on("battery"),
                oversize: on("oversize"),
                durable: on("durable"),
            },
            hs_code: get("hs_code"),
            origin: get("origin").to_uppercase(),
            pictures: typed_pictures(typed),
            skus: (0..rows).map(sku).filter(|sku| !sku.blank()).collect(),
        }
        .with_empty_rows(EMPTY_ROWS)
    }

    pub fn with_empty_rows(mut self, rows: usize) -> Draft {
        let room = MOST_ROWS.saturating_sub(self.skus.len()).min(rows);
        let empty = DraftSku { values: vec![String::new(); MOST_OPTIONS], ..DraftSku::default() };
        self.skus.extend(vec![empty; room]);
        self
    }

    /// The pieces which were counted, by the SKU's code.
    pub fn counted(&self) -> BTreeMap<String, i64> {
        let counted = self.skus.iter().filter(|sku| !sku.blank() && sku.parts.is_empty());
        counted
            .filter_map(|sku| Some((sku.code.trim().to_owned(), sku.stock.trim().parse().ok()?)))
            .collect()
    }
}

/// Browsers send the ends of lines as two characters.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The pictures which stay, in their order, and the drawn one which was added.
fn typed_pictures(typed: &Typed) -> Vec<ListedPicture> {
    let mut pictures = Vec::new();
    for place in 0..250 {
        let Ok(picture) = typed.get(&format!("picture-{place}")).parse::<PictureRef>() else {
            break;
        };
        if typed.get(&format!("picture-{place}-remove")) == "on" {
            continue;
        }
        let alt = |side: &str| typed.get(&format!("picture-{place}-{side}")).to_owned();
        pictures.push(ListedPicture { picture, alt: Wording::new(alt("en"), alt("zh")) });
    }
    let (kind, colour, shot) =
        (typed.get("add-kind"), typed.get("add-colour"), typed.get("add-shot"));
    if !colour.is_empty()
        && let Ok(picture) = format!("drawn:{kind}/{colour}/{shot}").parse::<PictureRef>()
    {
        pictures.push(ListedPicture { picture, alt: Wording::default() });
    }
    pictures
}

/// The form's name of a field which an act found wrong. `skus[1].code` counts only the rows which were filled in.
pub(super) fn field_of_form(draft: &Draft, field: &str) -> String {
    let Some((place, name)) = field.strip_prefix("skus[").and_then(|rest| rest.split_once("]."))
    else {
        return field.replace('.', "-");
    };
    let filled = draft.skus.iter().enumerate().filter(|(_, sku)| !sku.blank()).map(|(row, _)| row);
    let row = place.parse().ok().and_then(|place| filled.into_iter().nth(place)).unwrap_or(0);
    let name = match name {
        "compare_at" | "compare_at_minor" => "compare",
        "weight_grams" => "weight",
        "price_minor" => "price",
        other => other,
    };
    format!("sku-{row}-{name}")
}

#[cfg(test)]
mod tests {
    use actions::Failure;
    use rules::money::Currency;

    use super::*;

    fn typed(fields: &[(&str, &str)]) -> Draft {
        Draft::typed(&Typed::of(fields))
    }

    #[test]
    fn a_form_becomes_a_listing_with_the_values_its_rows_choose() {
        let draft = typed(&[
            ("title-en", "Mug"),
            ("category", "kitchen"),
            ("option-0", "Colour"),
            ("rows", "3"),
            ("sku-0-value-0", "Red"),
            ("sku-0-code", "M-R"),
            ("sku-0-price", "12.50"),
            ("sku-0-stock", "7"),
            ("sku-2-value-0", "Blue"),
            ("sku-2-code", "M-B"),
            ("sku-2-price", "13"),
            ("fragile", "on"),
            ("add-kind", "mug"),
            ("add-colour", "teal"),
            ("add-shot", "front"),
        ]);
        let ask = draft.ask(Currency::parse("GBP").unwrap()).unwrap();
        assert_eq!(ask.options[0].values, ["Red", "Blue"]);
        assert_eq!(ask.skus.iter().map(|sku| sku.price.minor).collect::<Vec<_>>(), [1_250, 1_300]);
        assert!(ask.nature.fragile && !ask.nature.liquid);
        assert_eq!(ask.pictures[0].picture.to_string(), "drawn:mug/teal/front");
        assert_eq!(draft.counted(), BTreeMap::from([("M-R".to_owned(), 7)]));
        assert_eq!(draft.skus.len(), 2 + EMPTY_ROWS, "room for more, and nothing lost");
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_field() {
        let draft = typed(&[
            ("rows", "1"),
            ("sku-0-code", "A"),
            ("sku-0-price", "twelve"),
            ("sku-0-weight", "1.5"),
        ]);
        let Err(Failure::Invalid(faults)) = draft.ask(Currency::parse("GBP").unwrap()) else {
            panic!("an amount in words was taken");
        };
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["sku-0-price", "sku-0-weight"]);
        assert_eq!(field_of_form(&draft, "skus[0].code"), "sku-0-code");
        assert_eq!(field_of_form(&draft, "title.en"), "title-en");
    }
}
