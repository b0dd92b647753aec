//! The texts of the pages, in English and 中文.
//!
//! Texts live in `locales/{en,zh}/*.ftl`. `build.rs` turns every id into a variant of [`Msg`], so a
//! page cannot name a text which is missing: `w.t(Msg::OrdersToShip)`, and with variables
//! `w.with(Msg::OrdersCount, &[("count", 3.into())])`. Nothing here decides anything about the trade.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::format;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

impl Msg {
    /// The text with this id, for ids made from a code, such as `refusal-out-of-stock`.
    pub fn named(id: &str) -> Option<Msg> {
        Msg::ALL.binary_search_by(|msg| msg.id().cmp(id)).ok().map(|place| Msg::ALL[place])
    }
}

/// The languages of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    En,
    Zh,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::En, Language::Zh];

    /// As kept in cookies, addresses and columns.
    pub const fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Zh => "zh",
        }
    }

    /// As written in `<html lang>`; the region decides which glyphs a browser picks.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Zh => "zh-CN",
        }
    }

    /// The language's own name.
    pub const fn own_name(self) -> Msg {
        match self {
            Language::En => Msg::LanguageEn,
            Language::Zh => Msg::LanguageZh,
        }
    }

    /// Reads "en", "zh", "zh-Hans-CN", "EN-gb".
    pub fn parse(text: &str) -> Option<Language> {
        let primary = text.split(['-', '_']).next()?.trim();
        Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The first language of an `Accept-Language` header which we have, by weight; English if none.
    pub fn accepted(header: &str) -> Language {
        let mut best: Option<(f32, Language)> = None;
        for part in header.split(',') {
            let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
            let weight = weight.trim().parse::<f32>().unwrap_or(0.0);
            let Some(language) = Language::parse(tag.trim()) else { continue };
            if best.is_none_or(|(most, _)| weight > most) {
                best = Some((weight, language));
            }
        }
        best.map_or_else(Language::default, |(_, language)| language)
    }
}

/// A handle to the texts of one language; as cheap as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    language: Language,
}

impl Words {
    pub const fn of(language: Language) -> Words {
        Words { language }
    }

    pub const fn language(self) -> Language {
        self.language
    }

    /// A text without variables.
    pub fn t(self, msg: Msg) -> Cow<'static, str> {
        self.say(msg, None)
    }

    /// A text with variables: `w.with(Msg::OrdersCount, &[("count", 3.into())])`. Numbers are grouped.
    pub fn with(self, msg: Msg, variables: &[(&'static str, FluentValue<'_>)]) -> String {
        let mut values = FluentArgs::with_capacity(variables.len());
        for (name, value) in variables {
            values.set(*name, value.clone());
        }
        self.say(msg, Some(&values)).into_owned()
    }

    /// A text with variables never fails a page: what cannot be said falls back to English, then to the id.
    fn say<'a>(self, msg: Msg, values: Option<&'a FluentArgs<'a>>) -> Cow<'static, str> {
        for bundle in [bundle(self.language), bundle(Language::En)] {
            let Some(pattern) = bundle.get_message(msg.id()).and_then(|message| message.value())
            else {
                continue;
            };
            let mut wrong = Vec::new();
            let text = bundle.format_pattern(pattern, values, &mut wrong);
            if !wrong.is_empty() {
                tracing::warn!(
                    id = msg.id(),
                    language = self.language.code(),
                    ?wrong,
                    "a text lacks a variable"
                );
            }
            return match values {
                // Borrowed from a bundle which lives as long as the process.
                None => text,
                Some(_) => Cow::Owned(text.into_owned()),
            };
        }
        Cow::Borrowed(msg.id())
    }
}

type Bundle = FluentBundle<FluentResource>;

fn bundle(language: Language) -> &'static Bundle {
    static EN: LazyLock<Bundle> = LazyLock::new(|| read(Language::En, ENGLISH));
    static ZH: LazyLock<Bundle> = LazyLock::new(|| read(Language::Zh, CHINESE));
    match language {
        Language::En => &EN,
        Language::Zh => &ZH,
    }
}

fn read(language: Language, files: &[(&str, &str)]) -> Bundle {
    let tag: LanguageIdentifier = language.tag().parse().expect("our two tags are well formed");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Isolation marks would be copied along with ids and amounts, and neither language is written right to left.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(format::grouped_decimal(&number.as_string())),
        FluentValue::String(_)
        | FluentValue::Custom(_)
        | FluentValue::None
        | FluentValue::Error => None,
    }));
    for (name, text) in files {
        let resource =
            FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, errors)| {
                tracing::error!(file = name, ?errors, "a file of texts has errors");
                resource
            });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(file = name, ?errors, "texts are defined twice");
        }
    }
    bundle
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
