//! Goods in a few words: titles in the reader's language, options, pictures.

use maud::{Markup, html};
use rules::ids::{ProductId, ShopId};
use store::lists::seller::OrderedThing;

use crate::format::Reader;
use crate::goods_words;
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

/// A small picture beside words.
pub(super) fn thumb(shop: ShopId, product: ProductId, reference: &str) -> Markup {
    let address = pictures::address(shop, product, reference);
    html! { img.thumb src=(address) alt="" width="44" height="44" loading="lazy"; }
}

/// "2 × Linen shirt (Red · M)" for each of an order's first things; what is left out is counted.
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
    let chosen = goods_words::chosen_values(reader.words, &thing.options);
    if chosen.is_empty() {
        format!("{} × {name}", thing.quantity)
    } else {
        format!("{} × {name} ({chosen})", thing.quantity)
    }
}
