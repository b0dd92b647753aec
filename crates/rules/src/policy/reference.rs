//! The reference of the shipped policy: every setting with unit, default, what is allowed, which markets differ, and why.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use toml::de::{DeTable, DeValue};

use super::section::{Findings, join, parse};
use super::source::SourceFile;
use super::{SHIPPED, read_all};

/// `docs/policy.md`, as it follows from the shipped files.
pub fn reference() -> String {
    let findings = RefCell::default();
    read_all(&SHIPPED, &findings);
    let declared = findings.into_inner().declared;
    let mut page = String::from(HEAD);
    for (name, text) in SHIPPED {
        let file = SourceFile { name, text };
        let settings = settings_of(file, &declared);
        // An empty line of the comment leaves two spaces: there a paragraph ends.
        let about = file.comment_above(head_end(text)).replace("  ", "\n\n");
        put(&mut page, format_args!("\n## {name}\n\n{about}\n"));
        for group in groups(&settings) {
            write_group(&mut page, &group);
        }
    }
    page
}

const HEAD: &str = "\
# The market's policy

Every number and switch of the house, as shipped. Written from `policies/*.toml` by `policy::reference`;
`UPDATE_FRESH=1 cargo test -p rules fresh` writes it anew. Do not edit this page.

**[P]** published by a platform, an authority or a standard · **[T]** told by a third party · **[X]** chosen by us.
A minor unit is the smallest unit of the market's currency (a cent, a yen). 100 basis points are 1 %.
";

/// One setting, wherever it is written.
struct Setting {
    /// The path with `*` for a free key: "carrier.*.name_en".
    pattern: String,
    allowed: String,
    places: Vec<Place>,
}

/// One value as written.
struct Place {
    /// Empty for the default.
    market: String,
    /// The free key, where the pattern has one.
    key: String,
    value: String,
    comment: String,
    /// The comment above the head of the table it stands in.
    table_comment: String,
    at: usize,
}

fn settings_of(
    file: SourceFile<'_>,
    declared: &BTreeMap<(String, String), String>,
) -> Vec<Setting> {
    let findings: RefCell<Findings> = RefCell::default();
    let root = parse(file, &findings);
    let mut places: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    let here: BTreeMap<&str, &str> = declared
        .iter()
        .filter(|((name, _), _)| name == file.name)
        .map(|((_, pattern), allowed)| (pattern.as_str(), allowed.as_str()))
        .collect();
    walk(file, root.get_ref(), ("", ""), &mut |path, place| {
        let (market, path) = match path.strip_prefix("market.") {
            Some(rest) => rest.split_once('.').unwrap_or((rest, "")),
            None => ("", path),
        };
        let Some((pattern, key)) = pattern_of(path, &here) else { return };
        let place = Place { market: market.to_owned(), key, ..place };
        places.entry(pattern).or_default().push(place);
    });
    let mut settings: Vec<Setting> = here
        .into_iter()
        .map(|(pattern, allowed)| {
            let mut places = places.remove(pattern).unwrap_or_default();
            places.sort_by_key(|place| place.at);
            Setting { pattern: pattern.to_owned(), allowed: allowed.to_owned(), places }
        })
        .collect();
    settings.sort_by_key(|setting| setting.places.first().map_or(usize::MAX, |place| place.at));
    settings
}

/// Calls `each` with every value below a table, and its path. `from` is the table's path and comment.
fn walk(
    file: SourceFile<'_>,
    table: &DeTable<'_>,
    from: (&str, &str),
    each: &mut impl FnMut(&str, Place),
) {
    for (key, value) in table.iter() {
        let path = join(from.0, key.get_ref());
        let at = key.span().start;
        let comment = file.comment_above(at);
        if let DeValue::Table(below) = value.get_ref() {
            walk(file, below, (&path, &comment), each);
            continue;
        }
        let place = Place {
            market: String::new(),
            key: String::new(),
            value: file.text[value.span()].to_owned(),
            comment,
            table_comment: from.1.to_owned(),
            at,
        };
        each(&path, place);
    }
}

/// The declared pattern of a path, and what stands for its `*`.
fn pattern_of(path: &str, declared: &BTreeMap<&str, &str>) -> Option<(String, String)> {
    if declared.contains_key(path) {
        return Some((path.to_owned(), String::new()));
    }
    declared.keys().find_map(|pattern| {
        let (before, after) = pattern.split_once('*')?;
        let key = path.strip_prefix(before)?.strip_suffix(after)?;
        let is_one = !key.is_empty() && !key.contains('.');
        is_one.then(|| ((*pattern).to_owned(), key.to_owned()))
    })
}

/// Settings which are shown in one table.
struct Group<'s> {
    /// Empty for the plain settings, otherwise what stands before the `*`.
    prefix: &'s str,
    settings: Vec<&'s Setting>,
}

fn groups(settings: &[Setting]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for setting in settings {
        let prefix = setting.pattern.split_once(".*").map_or("", |(before, _)| before);
        match groups.iter_mut().find(|group| group.prefix == prefix) {
            Some(group) => group.settings.push(setting),
            None => groups.push(Group { prefix, settings: vec![setting] }),
        }
    }
    groups
}

fn write_group(page: &mut String, group: &Group<'_>) {
    match group.settings.as_slice() {
        _ if group.prefix.is_empty() => write_plain(page, group),
        [only] if only.pattern.ends_with(".*") => write_by_key(page, group.prefix, only),
        _ => write_records(page, group),
    }
}

/// One row a setting.
fn write_plain(page: &mut String, group: &Group<'_>) {
    table(page, &["Setting", "Unit", "Default", "Allowed", "By market", "Why"]);
    for setting in &group.settings {
        let default = setting.places.iter().find(|place| place.market.is_empty());
        row(
            page,
            &[
                code(&setting.pattern),
                unit(&setting.pattern).to_owned(),
                default.map_or("–".to_owned(), |place| code(&place.value)),
                setting.allowed.clone(),
                by_market(&setting.places),
                whys(&setting.places),
            ],
        );
    }
}

/// One row a key: the table holds one number each.
fn write_by_key(page: &mut String, prefix: &str, setting: &Setting) {
    put(page, format_args!("\n### `{prefix}`\n\n"));
    let unit = unit(prefix);
    let what = setting.places.first().map_or("", |place| place.table_comment.as_str());
    put(page, format_args!("{what}\n\nIn {unit}: {}.\n", setting.allowed));
    table(page, &["Key", "Default", "By market", "Why"]);
    let mut keys: Vec<&str> = Vec::new();
    for place in &setting.places {
        if !keys.contains(&place.key.as_str()) {
            keys.push(&place.key);
        }
    }
    for key in keys {
        let of_key = || setting.places.iter().filter(|place| place.key == key);
        let default = of_key().find(|place| place.market.is_empty());
        row(
            page,
            &[
                code(key),
                default.map_or("–".to_owned(), |place| code(&place.value)),
                by_market(of_key()),
                whys(of_key()),
            ],
        );
    }
}

/// One row a setting for what they mean, then one row a record for their values.
fn write_records(page: &mut String, group: &Group<'_>) {
    put(page, format_args!("\n### `{}`\n", group.prefix));
    table(page, &["Setting", "Unit", "Allowed", "Why"]);
    let name =
        |setting: &Setting| setting.pattern.rsplit('.').next().unwrap_or_default().to_owned();
    for setting in &group.settings {
        let why = setting.places.first().map_or("", |place| place.comment.as_str());
        let unit = unit(&setting.pattern).to_owned();
        row(page, &[code(&name(setting)), unit, setting.allowed.clone(), why.to_owned()]);
    }
    let records: BTreeSet<(&str, &str)> = group
        .settings
        .iter()
        .flat_map(|setting| &setting.places)
        .map(|place| (place.market.as_str(), place.key.as_str()))
        .collect();
    let mut heads = vec![group.prefix.to_owned()];
    heads.extend(group.settings.iter().map(|setting| name(setting)));
    table(page, &heads.iter().map(String::as_str).collect::<Vec<_>>());
    for (market, key) in records {
        let value = |setting: &&Setting| {
            let mut places = setting.places.iter();
            let found = places.find(|place| place.market == market && place.key == key);
            found.map_or(String::new(), |place| place.value.clone())
        };
        let mut cells = vec![code(&join(market, key))];
        cells.extend(group.settings.iter().map(value));
        row(page, &cells);
    }
}

fn by_market<'p>(places: impl IntoIterator<Item = &'p Place>) -> String {
    let of_markets = places.into_iter().filter(|place| !place.market.is_empty());
    of_markets.map(|p| format!("{} {}", p.market, code(&p.value))).collect::<Vec<_>>().join(", ")
}

fn whys<'p>(places: impl IntoIterator<Item = &'p Place>) -> String {
    let commented = places.into_iter().filter(|place| !place.comment.is_empty());
    let why = |(number, place): (usize, &Place)| match (number, place.market.as_str()) {
        // The first comment says what the setting is, whichever market it happens to stand under.
        (0, _) | (_, "") => place.comment.clone(),
        (_, market) => format!("{market}: {}", place.comment),
    };
    commented.enumerate().map(why).collect::<Vec<_>>().join(" · ")
}

/// The unit which a setting's name ends with.
fn unit(pattern: &str) -> &'static str {
    let name = pattern.trim_end_matches(".*");
    UNITS.iter().find(|(ending, _)| name.ends_with(ending)).map_or("", |(_, unit)| unit)
}

const UNITS: [(&str, &str); 11] = [
    ("_minutes", "minutes"),
    ("_hours", "hours"),
    ("_days", "days"),
    ("_bp", "basis points"),
    ("_minor", "minor units"),
    ("_grams", "grams"),
    ("_count", "number"),
    ("_km", "kilometres"),
    ("_mib", "mebibytes"),
    ("_mm", "millimetres"),
    ("_cm3_per_kg", "cubic centimetres a kilogram"),
];

/// Where the comment at the head of a file ends.
fn head_end(text: &str) -> usize {
    let lines = text.split_inclusive('\n').take_while(|line| line.starts_with('#'));
    lines.map(str::len).sum()
}

fn table(page: &mut String, heads: &[&str]) {
    put(page, format_args!("\n| {} |\n|{}\n", heads.join(" | "), " --- |".repeat(heads.len())));
}

fn row(page: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    put(page, format_args!("| {} |\n", cells.join(" | ")));
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn put(page: &mut String, text: std::fmt::Arguments<'_>) {
    page.write_fmt(text).expect("a String takes every text");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_settings() -> Vec<(&'static str, Setting)> {
        let findings = RefCell::default();
        read_all(&SHIPPED, &findings);
        let declared = findings.into_inner().declared;
        let of = |(name, text)| settings_of(SourceFile { name, text }, &declared);
        let named = |file: (&'static str, &'static str)| {
            of(file).into_iter().map(move |setting| (file.0, setting))
        };
        SHIPPED.into_iter().flat_map(named).collect()
    }

    #[test]
    fn every_number_has_its_unit_at_the_end_of_its_name() {
        for (file, setting) in all_settings() {
            let is_number = setting.allowed.starts_with("whole number");
            assert_eq!(
                is_number,
                !unit(&setting.pattern).is_empty(),
                "{file}: {}",
                setting.pattern
            );
        }
    }

    #[test]
    fn every_setting_is_written_somewhere_and_says_why() {
        for (file, setting) in all_settings() {
            let name = format!("{file}: {}", setting.pattern);
            let first = setting.places.first().unwrap_or_else(|| panic!("{name} is nowhere"));
            let by_key = setting.pattern.ends_with(".*");
            let comment = if by_key { &first.table_comment } else { &first.comment };
            assert!(!comment.is_empty(), "{name} has no comment above it");
        }
    }

    #[test]
    fn every_default_and_override_names_its_source() {
        let sourced = |text: &str| ["[P]", "[T]", "[X]"].iter().any(|tag| text.contains(tag));
        for (file, setting) in all_settings() {
            if !matches!(file, "orders.toml" | "settlement.toml" | "access.toml") {
                continue;
            }
            let by_key = setting.pattern.ends_with("_minor.*");
            for place in setting.places.iter().filter(|_| !by_key) {
                let (pattern, market) = (&setting.pattern, &place.market);
                assert!(
                    sourced(&place.comment),
                    "{file}: {market} {pattern} {} has no source",
                    place.key
                );
            }
        }
    }
}
