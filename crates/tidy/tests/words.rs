//! Words which people read: in the language files, never in Rust, and in both languages.

use std::collections::{BTreeMap, BTreeSet};
use tidy::rust::{self, Kind, Piece};
use tidy::{files, nothing_found};

/// Texts which are the same in every language: names of the product and of the languages themselves.
const SAME_IN_EVERY_LANGUAGE: &[&str] =
    &["Guildhall", "English", "中文", "SKU", "GTIN", "HS", "API", "Ctrl K"];

/// Files which read words that shops have written, and show none of them. The list may only shrink.
const READS_WORDS: &[&str] = &["crates/web/src/illustrations/palette.rs"];

/// Attributes whose value a person reads or hears.
const READ_BY_PEOPLE: &[&str] = &["title", "alt", "placeholder", "aria-label", "label"];

const LANGUAGES: [&str; 2] = ["en", "zh"];

#[test]
fn no_page_has_words_of_its_own() {
    let mut found = Vec::new();
    for file in files::under("crates/web/src", "rs") {
        if READS_WORDS.contains(&file.path.as_str()) || file.path.ends_with("_tests.rs") {
            continue;
        }
        let tests = rust::test_parts(&file.text);
        let templates = templates(&file.text);
        let pieces = rust::pieces(&file.text);
        let code = rust::code_only(&file.text);
        for piece in pieces.iter().filter(|piece| piece.kind == Kind::Text) {
            let within = |parts: &[(usize, usize)]| {
                parts.iter().any(|(a, b)| (*a..*b).contains(&piece.start))
            };
            if within(&tests) || SAME_IN_EVERY_LANGUAGE.contains(&piece.text) {
                continue;
            }
            let shown =
                within(&templates) && is_shown(&file.text, &code, piece) && has_a_word(piece.text);
            if shown || piece.text.chars().any(is_chinese) {
                found.push(format!("{}:{} {:?}", file.path, piece.line, piece.text));
            }
        }
    }
    nothing_found(
        "Put the words into crates/web/locales/en/*.ftl and zh/*.ftl under one id and show that id:",
        &found,
    );
}

/// The bounds of every `html! { … }`.
fn templates(source: &str) -> Vec<(usize, usize)> {
    let code = rust::code_only(source);
    rust::words(&code, "html")
        .into_iter()
        .filter(|at| code[at + 4..].starts_with('!'))
        .filter_map(|at| rust::body(&code, at))
        .collect()
}

/// Whether a text inside a template reaches the page as words: content does, and some attributes; arguments of a
/// call do not.
fn is_shown(source: &str, code: &str, piece: &Piece<'_>) -> bool {
    if let Some(name) = attribute_around(code, piece.start) {
        return READ_BY_PEOPLE.contains(&name);
    }
    let before = source[..piece.start].trim_end();
    match before.chars().last() {
        Some('=') => READ_BY_PEOPLE.contains(&last_name(before)),
        // A call's argument, a class (`."card"`), an id (`#"top"`), a pattern or an operand.
        Some('(' | ',' | '.' | '#' | '|' | '[' | '&' | '>' | '<' | '!' | '+' | ':') => false,
        Some(_) | None => {
            let after = source[piece.end..].trim_start();
            !after.starts_with("=>") && !after.starts_with('|')
        }
    }
}

/// The attribute whose value `={ … }` or `=(…)` encloses the place, if one does.
fn attribute_around(code: &str, place: usize) -> Option<&str> {
    let mut depth = 0;
    for (at, byte) in code[..place].bytes().enumerate().rev() {
        match byte {
            b'}' | b')' | b']' => depth += 1,
            b'{' | b'(' | b'[' if depth > 0 => depth -= 1,
            b'{' | b'(' | b'[' if code[..at].ends_with('=') => return Some(last_name(&code[..at])),
            // A call's argument is a key or a fact, whatever it is for.
            b'(' | b'[' => return Some(""),
            // The outermost brackets of the template: what stands around them is code.
            b'{' if code[..at].trim_end().ends_with("html!") => return None,
            _ => {}
        }
    }
    None
}

fn last_name(before: &str) -> &str {
    let before = before.trim_end_matches('=').trim_end();
    before.rsplit(|c: char| !(c.is_alphanumeric() || c == '-')).next().unwrap_or("")
}

fn has_a_word(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() > 1)
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
}

/// Where acts and the web layer refuse, and how: the code follows as the first text.
const REFUSING: &[&str] = &["Refusal::new(", "Failure::refused(", "Problem::refused("];

#[test]
fn every_refusal_has_its_words() {
    let messages = messages_of("en");
    let mut seen = 0;
    let mut found = Vec::new();
    for file in
        [files::under("crates/actions/src", "rs"), files::under("crates/web/src", "rs")].concat()
    {
        let tests = rust::test_parts(&file.text);
        for piece in rust::pieces(&file.text).iter().filter(|piece| piece.kind == Kind::Text) {
            let before = file.text[..piece.start].trim_end();
            let tested = tests.iter().any(|(a, b)| (*a..*b).contains(&piece.start));
            if tested || !REFUSING.iter().any(|call| before.ends_with(call)) {
                continue;
            }
            seen += 1;
            let id = format!("refusal-{}", piece.text.replace('_', "-"));
            if !messages.contains_key(&id) {
                found.push(format!("{}:{} {id}", file.path, piece.line));
            }
        }
    }
    assert!(seen > 10, "the refusals are read");
    nothing_found(
        "Say it in crates/web/locales/en/refusals.ftl and zh/refusals.ftl, with the refusal's facts:",
        &found,
    );
}

/// Files whose `code()` names what is wrong with a row of a product file.
const ROW_CODES: &[&str] =
    &["crates/rules/src/catalog/shopify_csv/problem.rs", "crates/rules/src/catalog/options.rs"];

#[test]
fn everything_wrong_with_a_row_has_its_words() {
    let messages = messages_of("en");
    let mut seen = 0;
    let mut found = Vec::new();
    for path in ROW_CODES {
        let text = files::text_of(path);
        for piece in rust::pieces(&text).iter().filter(|piece| piece.kind == Kind::Text) {
            if text[..piece.start].trim_end().ends_with("=>") {
                seen += 1;
                let id = format!("import-{}", piece.text.replace('_', "-"));
                if !messages.contains_key(&id) {
                    found.push(format!("{path}:{} {id}", piece.line));
                }
            }
        }
    }
    assert!(seen > 20, "the codes are read");
    nothing_found("Say it in crates/web/locales/en/import.ftl and zh/import.ftl:", &found);
}

/// What a message needs: its attributes and the facts it names.
type Messages = BTreeMap<String, BTreeSet<String>>;

#[test]
fn both_languages_say_the_same_things() {
    let [english, chinese] = LANGUAGES.map(messages_of);
    let mut found = Vec::new();
    for (id, facts) in &english {
        match chinese.get(id) {
            None => found.push(format!("zh has no {id}")),
            Some(others) if others != facts => {
                found.push(format!("{id}: en uses {facts:?}, zh uses {others:?}"));
            }
            Some(_) => {}
        }
    }
    found.extend(
        chinese.keys().filter(|id| !english.contains_key(*id)).map(|id| format!("en has no {id}")),
    );
    nothing_found("Write the message in both languages, with the same facts:", &found);
}

#[test]
fn no_message_is_written_twice() {
    let mut found = Vec::new();
    for language in LANGUAGES {
        let mut seen = BTreeSet::new();
        for file in files::under(&format!("crates/web/locales/{language}"), "ftl") {
            for id in file.text.lines().filter_map(id_of) {
                if !seen.insert(id.to_owned()) {
                    found.push(format!("{}: {id}", file.path));
                }
            }
        }
    }
    nothing_found("One id has one message; give the second one a name of its own:", &found);
}

fn messages_of(language: &str) -> Messages {
    let mut messages = Messages::new();
    for file in files::under(&format!("crates/web/locales/{language}"), "ftl") {
        let mut current = None;
        for line in file.text.lines().filter(|line| !line.starts_with('#')) {
            if let Some(id) = id_of(line) {
                current = Some(id.to_owned());
                messages.entry(id.to_owned()).or_default();
            }
            let Some(facts) = current.as_ref().and_then(|id| messages.get_mut(id)) else {
                continue;
            };
            facts.extend(facts_of(line));
        }
    }
    messages
}

/// `greeting = Hello` has the id `greeting`; so has a term, `-brand = …`.
fn id_of(line: &str) -> Option<&str> {
    let (id, _) = line.split_once('=')?;
    let id = id.trim_end();
    let begins = id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
    let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    (begins && plain).then_some(id)
}

/// The `$facts` and `.attributes` of a line.
fn facts_of(line: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect()
    };
    let mut found: Vec<String> =
        line.split('$').skip(1).map(|rest| format!("${}", name(rest))).collect();
    if let Some(attribute) = line.trim_start().strip_prefix('.') {
        found.push(format!(".{}", name(attribute)));
    }
    found
}

#[test]
fn words_in_a_template_are_noticed() {
    let source = r##"fn page() { html! {
        h1 class="two words" { (t("a key")) "Hello there" @match x { "one arm" => {} } }
        input class={ "field" @if bad { " wrong" } } placeholder="Your name" title={ "Say " (x) } alt=(t("key"));
    } }"##;
    let templates = templates(source);
    let shown: Vec<&str> = rust::pieces(source)
        .iter()
        .filter(|piece| {
            piece.kind == Kind::Text && (templates[0].0..templates[0].1).contains(&piece.start)
        })
        .filter(|piece| is_shown(source, &rust::code_only(source), piece) && has_a_word(piece.text))
        .map(|piece| piece.text)
        .collect();
    assert_eq!(shown, ["Hello there", "Your name", "Say "]);
}
