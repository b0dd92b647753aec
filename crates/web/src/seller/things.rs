//! Goods in a few words: titles in the reader's language, options, pictures.

use maud::{Markup, html};
use rules::catalog::options::ChosenOption;
use rules::ids::{ProductId, ShopId};
use store::lists::seller::OrderedThing;

use crate::format::Reader;
use crate::storefront::pictures;
use crate::words::Language;

/// The title in the reader's language, or in the other one where there is none.
pub(super) fn title<'a>(reader: &Reader, en: &'a str, zh: &'a str) -> &'a str {
    match reader.words.language() {
        Language::Zh if !zh.is_empty() => zh,
        Language::Zh => en,
        Language::En if !en.is_empty() => en,
        Language::En => zh,
    }
}

/// "Colour: Red · Size: M" out of a line's JSON; nothing for goods without options.
pub(super) fn options(json: &str) -> String {
    let chosen: Vec<ChosenOption> = serde_json::from_str(json).unwrap_or_default();
    let parts: Vec<String> =
        chosen.iter().map(|option| format!("{}: {}", option.name, option.value)).collect();
    parts.join(" · ")
}

/// Only the values: "Red, M".
pub(super) fn values(json: &str) -> String {
    let chosen: Vec<ChosenOption> = serde_json::from_str(json).unwrap_or_default();
    let values: Vec<&str> = chosen.iter().map(|option| option.value.as_str()).collect();
    values.join(", ")
}

/// A small picture beside words.
pub(super) fn thumb(shop: ShopId, product: ProductId, reference: &str) -> Markup {
    let address = pictures::address(shop, product, reference);
    html! { img.thumb src=(address) alt="" width="44" height="44" loading="lazy"; }
}

/// "2 × Linen shirt (Red, M)" for each of an order's first things; what is left out is counted.
pub(super) fn in_words(reader: &Reader, things: &[&OrderedThing]) -> String {
    const SHOWN: usize = 2;
    let mut parts: Vec<String> =
        things.iter().take(SHOWN).map(|thing| one(reader, thing)).collect();
    if things.len() > SHOWN {
        parts.push(format!("+{}", things.len() - SHOWN));
    }
    parts.join(" · ")
}

fn one(reader: &Reader, thing: &OrderedThing) -> String {
    let name = title(reader, &thing.title_en, &thing.title_zh);
    let chosen = values(&thing.options);
    if chosen.is_empty() {
        format!("{} × {name}", thing.quantity)
    } else {
        format!("{} × {name} ({chosen})", thing.quantity)
    }
}
