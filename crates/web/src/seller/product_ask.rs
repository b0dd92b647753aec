//! What is in the editor's fields, as the ask of the act: amounts and numbers read, options gathered from the rows.

use actions::catalog::{ListingAsk, SkuAsk};
use actions::{Failure, FieldFault};
use rules::catalog::options::ProductOption;
use rules::money::{Currency, Money};

use super::product_draft::{Draft, DraftSku};

impl Draft {
    /// The ask of the act, or each field which cannot be read, by its name in the form.
    pub fn ask(&self, currency: Currency) -> Result<ListingAsk, Failure> {
        let mut faults = Vec::new();
        let names: Vec<String> = self
            .option_names
            .iter()
            .map(|n| n.trim().to_owned())
            .filter(|n| !n.is_empty())
            .collect();
        let mut skus = Vec::new();
        for (place, sku) in self.skus.iter().enumerate().filter(|(_, sku)| !sku.blank()) {
            skus.push(sku_ask(place, sku, names.len(), currency, &mut faults));
        }
        if !faults.is_empty() {
            return Err(Failure::Invalid(faults));
        }
        Ok(ListingAsk {
            title: self.title.clone(),
            description: self.description.clone(),
            category: self.category.clone(),
            options: options(names, &skus),
            nature: self.nature,
            hs_code: self.hs_code.trim().to_owned(),
            origin: self.origin.trim().to_owned(),
            pictures: self.pictures.clone(),
            skus,
        })
    }
}

fn sku_ask(
    place: usize,
    sku: &DraftSku,
    options: usize,
    currency: Currency,
    faults: &mut Vec<FieldFault>,
) -> SkuAsk {
    let mut amount = |name: &str, text: &str| {
        Money::parse(text.trim(), currency).unwrap_or_else(|error| {
            faults.push(FieldFault::new(
                format!("sku-{place}-{name}"),
                "not_an_amount",
                error.to_string(),
            ));
            Money::zero(currency)
        })
    };
    let price = amount("price", &sku.price);
    let compare = sku.compare_at.trim();
    let compare_at = (!compare.is_empty()).then(|| amount("compare", compare));
    let mut whole = |name: &str, text: &str| {
        let text = text.trim();
        if text.is_empty() {
            return 0;
        }
        text.parse::<i64>().unwrap_or_else(|_| {
            let says = "a whole number is meant here";
            faults.push(FieldFault::new(format!("sku-{place}-{name}"), "out_of_range", says));
            0
        })
    };
    let weight_grams = whole("weight", &sku.weight);
    whole("stock", &sku.stock);
    SkuAsk {
        sku: sku.id.parse().ok(),
        code: sku.code.trim().to_owned(),
        values: sku.values.iter().take(options).map(|value| value.trim().to_owned()).collect(),
        price,
        compare_at,
        weight_grams,
        barcode: sku.barcode.clone(),
        picture: sku.picture.parse().ok(),
        parts: serde_json::from_str(&sku.parts).unwrap_or_default(),
    }
}

/// Each option with the values its SKUs choose, in the order in which they stand there.
fn options(names: Vec<String>, skus: &[SkuAsk]) -> Vec<ProductOption> {
    let values_of = |place: usize| {
        let mut values: Vec<String> = Vec::new();
        for value in skus.iter().filter_map(|sku| sku.values.get(place)) {
            if !value.is_empty() && !values.contains(value) {
                values.push(value.clone());
            }
        }
        values
    };
    let named = names.into_iter().enumerate();
    named.map(|(place, name)| ProductOption { name, values: values_of(place) }).collect()
}
