//! Known words about goods in the reader's language: names of options, their values, countries.
//!
//! Sellers type options in one language only. `locales/goods.txt` lists the usual ones; a word which is not in it is
//! shown as it was typed. Forms, files and the API keep what the seller typed.

use std::collections::HashMap;
use std::sync::LazyLock;

use rules::catalog::options::ChosenOption;

use crate::words::{Language, Words};

/// English and 中文.
type Pair = [&'static str; 2];
/// By the spelling in lower case.
type Section = HashMap<String, Pair>;

struct Goods {
    options: Section,
    values: Section,
    countries: Section,
}

static GOODS: LazyLock<Goods> = LazyLock::new(|| {
    let text = include_str!("../locales/goods.txt");
    let section = |name: &str| {
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let within = lines.skip_while(|line| *line != name).skip(1);
        within
            .take_while(|line| !line.starts_with('['))
            .map(|line| line.split('|').map(str::trim).collect::<Vec<&'static str>>())
            .collect::<Vec<_>>()
    };
    let words = |name: &str| {
        let mut all = Section::new();
        for line in section(name) {
            let [en, zh, rest @ ..] = line.as_slice() else { continue };
            let further = rest.iter().flat_map(|rest| rest.split(',').map(str::trim));
            for spelling in [*en, *zh].into_iter().chain(further) {
                all.insert(spelling.to_lowercase(), [*en, *zh]);
            }
        }
        all
    };
    let mut countries = Section::new();
    for line in section("[countries]") {
        if let [code, en, zh] = line.as_slice() {
            countries.insert(code.to_lowercase(), [*en, *zh]);
        }
    }
    Goods { options: words("[options]"), values: words("[values]"), countries }
});

fn said<'a>(section: &Section, words: Words, typed: &'a str) -> &'a str {
    let found = section.get(&typed.trim().to_lowercase());
    found.map_or(typed, |[en, zh]| match words.language() {
        Language::En => en,
        Language::Zh => zh,
    })
}

/// "Colour", "color" and "颜色" are "Colour" to an English reader.
pub fn option_name(words: Words, typed: &str) -> &str {
    said(&GOODS.options, words, typed)
}

/// "ink" is "Ink" or "墨黑"; "42" stays as it is.
pub fn option_value(words: Words, typed: &str) -> &str {
    said(&GOODS.values, words, typed)
}

/// A country's name by its code of two letters.
pub fn country(words: Words, code: &str) -> &str {
    said(&GOODS.countries, words, code)
}

/// "Sage · M".
pub fn values<'a>(words: Words, typed: impl IntoIterator<Item = &'a str>) -> String {
    let shown: Vec<&str> = typed.into_iter().map(|value| option_value(words, value)).collect();
    shown.join(" · ")
}

/// "Sage · M" of "sage, M".
pub fn in_a_row(words: Words, typed: &str) -> String {
    values(words, typed.split(", "))
}

/// "2 × TR-RED-M (Red · M)" of "2 × TR-RED-M (red, M)": what stands in brackets are options.
pub fn in_brackets(words: Words, typed: &str) -> String {
    let mut said = String::with_capacity(typed.len());
    let mut rest = typed;
    while let Some((before, within, after)) = rest.split_once(" (").and_then(|(before, tail)| {
        tail.split_once(')').map(|(within, after)| (before, within, after))
    }) {
        said.push_str(before);
        said.push_str(&format!(" ({})", in_a_row(words, within)));
        rest = after;
    }
    said.push_str(rest);
    said
}

/// "Sage · M" of the options which a row keeps as JSON; what cannot be read is left out, the title still says what it is.
pub fn chosen_values(words: Words, json: &str) -> String {
    let chosen: Vec<ChosenOption> = serde_json::from_str(json).unwrap_or_default();
    values(words, chosen.iter().map(|option| option.value.as_str()))
}

/// "Colour: Sage · Size: M" of the same.
pub fn chosen_options(words: Words, json: &str) -> String {
    let chosen: Vec<ChosenOption> = serde_json::from_str(json).unwrap_or_default();
    let parts: Vec<String> = chosen
        .iter()
        .map(|option| {
            let (name, value) = (&option.name, &option.value);
            format!("{}: {}", option_name(words, name), option_value(words, value))
        })
        .collect();
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::illustrations::Colour;

    const EN: Words = Words::of(Language::En);
    const ZH: Words = Words::of(Language::Zh);

    #[test]
    fn known_words_are_said_in_the_readers_language_and_others_as_typed() {
        assert_eq!((option_name(EN, "color"), option_name(ZH, "Colour")), ("Colour", "颜色"));
        assert_eq!((option_value(EN, "ink"), option_value(ZH, "Ink")), ("Ink", "墨黑"));
        assert_eq!(
            (option_value(EN, "深绿色"), option_value(ZH, "dark green")),
            ("Dark green", "深绿")
        );
        assert_eq!((option_name(ZH, "Strap"), option_value(ZH, "XL")), ("Strap", "XL"));
        assert_eq!(
            (country(EN, "TR"), country(ZH, "TR"), country(EN, "XX")),
            ("Türkiye", "土耳其", "XX")
        );
        let row = r#"[{"name":"Colour","value":"sage"},{"name":"Size","value":"M"}]"#;
        assert_eq!(chosen_options(ZH, row), "颜色: 鼠尾草绿 · 尺码: M");
        assert_eq!(in_a_row(ZH, "ink, M"), "墨黑 · M");
        let expected = "1 × TR-INK-M (ink, M), 2 × CUP, 1 × S (sage";
        assert_eq!(in_brackets(ZH, expected), "1 × TR-INK-M (墨黑 · M), 2 × CUP, 1 × S (sage");
        assert_eq!(
            (chosen_values(EN, row), chosen_values(EN, "?")),
            ("Sage · M".into(), String::new())
        );
    }

    #[test]
    fn every_colour_we_draw_has_its_words_and_no_spelling_means_two_things() {
        for colour in Colour::ALL {
            assert_ne!(option_value(ZH, colour.code()), colour.code(), "{}", colour.code());
        }
        let mut part = "";
        let mut seen: HashMap<(&str, String), &str> = HashMap::new();
        for line in include_str!("../locales/goods.txt").lines() {
            if line.starts_with('[') {
                part = line;
            }
            let spellings = line.split(['|', ',']).map(|word| word.trim().to_lowercase());
            for word in spellings.filter(|_| line.contains('|') && !line.starts_with('#')) {
                assert_eq!(seen.insert((part, word.clone()), line), None, "{part}: {word} twice");
            }
        }
    }
}
