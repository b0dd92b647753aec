//! Reads settings out of one table of a policy file, or out of a default table with a market's overrides on top.
//!
//! A wrong setting is noted and reading goes on with a stand-in, so that one load tells everything that is
//! wrong. The stand-ins never get out: with a single error noted, no policy is made.
//! Each read also declares the setting, which is how unknown names are found and the reference is written.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::source::{PolicyError, SourceFile};
use super::spelling::nearest;
use crate::money::Currency;

/// What a load has found so far.
#[derive(Default)]
pub(super) struct Findings {
    pub errors: BTreeSet<PolicyError>,
    /// File and path of each declared setting, `*` for a free key, and what it allows in words.
    pub declared: BTreeMap<(String, String), String>,
}

/// One table as written: with its place, for messages.
#[derive(Clone)]
struct Layer<'t> {
    path: String,
    span: Range<usize>,
    table: &'t DeTable<'t>,
}

/// The same table in all its layers: the default first, a market's override after it.
pub(super) struct Section<'t> {
    file: SourceFile<'t>,
    layers: Vec<Layer<'t>>,
    /// The path in declarations: without the market, with `*` for free keys.
    pattern: String,
    known: RefCell<BTreeSet<String>>,
    findings: &'t RefCell<Findings>,
}

/// A value, and where it stands.
struct Found<'t> {
    path: String,
    span: Range<usize>,
    value: &'t DeValue<'t>,
}

impl<'t> Section<'t> {
    /// The whole file: its defaults, and on top of them `[market.<market>]` if a market is named and has one.
    pub fn of_file(
        file: SourceFile<'t>,
        root: &'t DeTable<'t>,
        market: Option<&str>,
        findings: &'t RefCell<Findings>,
    ) -> Self {
        let defaults = Layer { path: String::new(), span: 0..0, table: root };
        let overrides = market.and_then(|code| market_layer(root, code));
        let layers = [Some(defaults), overrides].into_iter().flatten().collect();
        Section { file, layers, pattern: String::new(), known: RefCell::default(), findings }
    }

    /// `[market.<market>]` alone: for what has no defaults.
    pub fn of_market(
        file: SourceFile<'t>,
        root: &'t DeTable<'t>,
        market: &str,
        findings: &'t RefCell<Findings>,
    ) -> Self {
        let layers = market_layer(root, market).into_iter().collect();
        Section { file, layers, pattern: String::new(), known: RefCell::default(), findings }
    }

    /// A whole number within `allowed`.
    pub fn whole(&self, name: &str, allowed: RangeInclusive<i64>) -> i64 {
        let stand_in = *allowed.start();
        self.whole_or_none(name, allowed).unwrap_or_else(|| self.missing(name, stand_in))
    }

    /// A whole number within `allowed`, or nothing where the setting is left out.
    pub fn whole_or_none(&self, name: &str, allowed: RangeInclusive<i64>) -> Option<i64> {
        self.declare(name, in_words(&allowed));
        self.find(name).map(|found| self.whole_in(&found, &allowed))
    }

    /// true or false; what is left out is false.
    pub fn flag(&self, name: &str) -> bool {
        self.declare(name, "true or false".to_owned());
        let Some(found) = self.find(name) else {
            return false;
        };
        match found.value.as_bool() {
            Some(flag) => flag,
            None => self.wrong_type(&found, "true or false", false),
        }
    }

    /// One word out of a list.
    pub fn choice<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> T {
        let allowed = list(words.iter().map(|(word, _)| *word));
        self.declare(name, format!("one of {allowed}"));
        let stand_in = words[0].1;
        let Some(found) = self.find(name) else {
            return self.missing(name, stand_in);
        };
        let Some(text) = found.value.as_str() else {
            return self.wrong_type(&found, &format!("one of {allowed}"), stand_in);
        };
        let chosen = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        chosen.unwrap_or_else(|| {
            self.note(&found, format!("{text:?} is not known; allowed is one of {allowed}"));
            stand_in
        })
    }

    /// A text which `read` accepts; `allowed` says what that is, for people.
    pub fn text<T>(
        &self,
        name: &str,
        allowed: &str,
        stand_in: T,
        read: impl Fn(&str) -> Option<T>,
    ) -> T {
        self.declare(name, allowed.to_owned());
        let Some(found) = self.find(name) else {
            return self.missing(name, stand_in);
        };
        self.text_in(&found, allowed, &read).unwrap_or(stand_in)
    }

    /// A text which `read` accepts, or nothing where the setting is left out.
    pub fn text_or_none<T>(
        &self,
        name: &str,
        allowed: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        self.declare(name, allowed.to_owned());
        self.text_in(&self.find(name)?, allowed, &read)
    }

    /// A list of texts each of which `read` accepts. `least` is the smallest number of them; 0 lets it be left out.
    pub fn texts<T>(
        &self,
        name: &str,
        allowed: &str,
        least: usize,
        read: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        self.declare(name, format!("list of: {allowed}"));
        let Some(found) = self.find(name) else {
            return if least == 0 { Vec::new() } else { self.missing(name, Vec::new()) };
        };
        let Some(array) = found.value.as_array() else {
            return self.wrong_type(&found, &format!("a list of: {allowed}"), Vec::new());
        };
        if array.len() < least {
            self.note(
                &found,
                format!("the list has {} entries; at least {least} are needed", array.len()),
            );
        }
        let mut texts = Vec::new();
        for entry in array.iter() {
            let found =
                Found { path: found.path.clone(), span: entry.span(), value: entry.get_ref() };
            texts.extend(self.text_in(&found, allowed, &read));
        }
        texts
    }

    pub fn currency(&self, name: &str) -> Currency {
        let allowed = "an ISO 4217 currency code such as \"USD\"";
        let usd = Currency::parse("USD").expect("USD is an ISO 4217 code");
        self.text(name, allowed, usd, |code| Currency::parse(code).ok())
    }

    /// A table of fixed settings.
    pub fn table<T>(&self, name: &str, read: impl FnOnce(&Section<'_>) -> T) -> T {
        self.known.borrow_mut().insert(name.to_owned());
        let below = self.below(name, name);
        if below.layers.is_empty() {
            self.missing(name, ());
        }
        let value = read(&below);
        below.done();
        value
    }

    /// A table whose keys are free (within `key_allowed`), each holding a table of settings.
    pub fn each<T>(
        &self,
        name: &str,
        key_allowed: &str,
        key_fits: impl Fn(&str) -> bool,
        read: impl Fn(&str, &Section<'_>) -> T,
    ) -> BTreeMap<String, T> {
        let outer = self.free_table(name, key_allowed, key_fits);
        let mut values = BTreeMap::new();
        for key in outer.keys() {
            let below = outer.below(&key, "*");
            let value = read(&key, &below);
            below.done();
            values.insert(key, value);
        }
        values
    }

    /// A table whose keys are free (within `key_allowed`), each holding a whole number within `allowed`.
    pub fn whole_by_key(
        &self,
        name: &str,
        key_allowed: &str,
        key_fits: impl Fn(&str) -> bool,
        allowed: RangeInclusive<i64>,
    ) -> BTreeMap<String, i64> {
        let outer = self.free_table(name, key_allowed, key_fits);
        outer.declare("*", format!("{}; by {key_allowed}", in_words(&allowed)));
        let read = |key: String| Some((outer.whole_in(&outer.find(&key)?, &allowed), key));
        outer.keys().into_iter().filter_map(read).map(|(number, key)| (key, number)).collect()
    }

    /// Notes every name which no read has asked for.
    pub fn done(&self) {
        let known = self.known.borrow();
        for layer in &self.layers {
            // At the top of a file stand the markets' overrides, which are read as layers of their own.
            let is_market = |name: &str| layer.path.is_empty() && name == "market";
            for key in layer.table.keys() {
                let name: &str = key.get_ref();
                if known.contains(name) || is_market(name) {
                    continue;
                }
                let hint = match nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("known here are {}", list(known.iter().map(String::as_str))),
                };
                let path = join(&layer.path, name);
                self.note_at(
                    &key.span(),
                    &path,
                    format!("there is no setting of this name; {hint}"),
                );
            }
        }
    }

    /// Notes that the setting `name` of this section does not agree with another one.
    pub fn disagrees(&self, name: &str, says: impl Display) {
        match self.find(name) {
            Some(found) => self.note(&found, says),
            None => {
                self.missing(name, ());
            }
        }
    }

    fn free_table(
        &self,
        name: &str,
        key_allowed: &str,
        key_fits: impl Fn(&str) -> bool,
    ) -> Section<'t> {
        self.known.borrow_mut().insert(name.to_owned());
        let outer = self.below(name, name);
        for layer in &outer.layers {
            for (key, _) in layer.table.iter().filter(|(key, _)| !key_fits(key.get_ref())) {
                let path = join(&layer.path, key.get_ref());
                outer.note_at(&key.span(), &path, format!("the name must be {key_allowed}"));
            }
        }
        outer
    }

    fn keys(&self) -> BTreeSet<String> {
        self.layers
            .iter()
            .flat_map(|layer| layer.table.keys())
            .map(|key| key.get_ref().to_string())
            .collect()
    }

    fn below(&self, name: &str, pattern: &str) -> Section<'t> {
        let mut layers = Vec::new();
        for layer in &self.layers {
            let Some((key, value)) = layer.table.get_key_value(name) else {
                continue;
            };
            let path = join(&layer.path, name);
            match value.get_ref().as_table() {
                Some(table) => layers.push(Layer { path, span: key.span(), table }),
                None => {
                    let found = Found { path, span: value.span(), value: value.get_ref() };
                    self.wrong_type(&found, "a table of settings", ());
                }
            }
        }
        Section {
            file: self.file,
            layers,
            pattern: join(&self.pattern, pattern),
            known: RefCell::default(),
            findings: self.findings,
        }
    }

    fn declare(&self, name: &str, allowed: String) {
        self.known.borrow_mut().insert(name.to_owned());
        self.findings.borrow_mut().declared.insert(self.declaration(name), allowed);
    }

    fn declaration(&self, name: &str) -> (String, String) {
        (self.file.name.to_owned(), join(&self.pattern, name))
    }

    /// The value which counts: the market's if it has one, the default's otherwise.
    fn find(&self, name: &str) -> Option<Found<'t>> {
        // A default which an override hides is checked when the defaults themselves are read.
        self.layers.iter().rev().find_map(|layer| {
            let value = layer.table.get(name)?;
            Some(Found {
                path: join(&layer.path, name),
                span: value.span(),
                value: value.get_ref(),
            })
        })
    }

    fn whole_in(&self, found: &Found<'_>, allowed: &RangeInclusive<i64>) -> i64 {
        let words = in_words(allowed);
        let Some(integer) = found.value.as_integer() else {
            return self.wrong_type(found, &format!("a {words}"), *allowed.start());
        };
        match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) if allowed.contains(&number) => number,
            Ok(_) | Err(_) => {
                self.note(
                    found,
                    format!("{} is out of range; allowed is a {words}", integer.as_str()),
                );
                *allowed.start()
            }
        }
    }

    fn text_in<T>(
        &self,
        found: &Found<'_>,
        allowed: &str,
        read: &impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let Some(text) = found.value.as_str() else {
            return self.wrong_type(found, allowed, None);
        };
        let value = read(text);
        if value.is_none() {
            self.note(found, format!("{text:?} is not allowed; write {allowed}"));
        }
        value
    }

    fn missing<T>(&self, name: &str, stand_in: T) -> T {
        // Where nobody has it, the defaults are the place to write it.
        let place = self.layers.first();
        let path = join(place.map_or(&self.pattern, |layer| &layer.path), name);
        let span = place.map_or(0..0, |layer| layer.span.clone());
        let allowed = self.findings.borrow().declared.get(&self.declaration(name)).cloned();
        let says = match allowed {
            Some(allowed) => format!("the setting is missing; write {name} = … ({allowed})"),
            None => format!("the table [{path}] is missing"),
        };
        self.note_at(&span, &path, says);
        stand_in
    }

    fn wrong_type<T>(&self, found: &Found<'_>, wanted: &str, stand_in: T) -> T {
        self.note(found, format!("this is {}; wanted is {wanted}", kind_of(found.value)));
        stand_in
    }

    fn note(&self, found: &Found<'_>, says: impl Display) {
        self.note_at(&found.span, &found.path, says);
    }

    fn note_at(&self, span: &Range<usize>, path: &str, says: impl Display) {
        let error = self.file.error(span, path, says);
        self.findings.borrow_mut().errors.insert(error);
    }
}

fn market_layer<'t>(root: &'t DeTable<'t>, code: &str) -> Option<Layer<'t>> {
    let (key, value) = root.get("market")?.get_ref().as_table()?.get_key_value(code)?;
    let table = value.get_ref().as_table()?;
    Some(Layer { path: format!("market.{code}"), span: key.span(), table })
}

/// The file as a tree; what is not TOML is noted.
pub(super) fn parse<'t>(
    file: SourceFile<'t>,
    findings: &RefCell<Findings>,
) -> Spanned<DeTable<'t>> {
    let (root, errors) = DeTable::parse_recoverable(file.text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let noted = file.error(&span, "", format!("this is not TOML: {}", error.message()));
        findings.borrow_mut().errors.insert(noted);
    }
    root
}

fn in_words(allowed: &RangeInclusive<i64>) -> String {
    format!("whole number from {} to {}", allowed.start(), allowed.end())
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => {
            "a number with a fraction (settings are whole numbers of a small unit)"
        }
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn list<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}
