//! Both languages say the same things, and every text is said somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

/// Each text's variables (`$count`), by id.
fn variables(files: &[(&str, &str)]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, text) in files {
        let mut id = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let starts = line.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
            if let (true, Some((name, _))) = (starts, line.split_once('=')) {
                id = name.trim().to_owned();
                found.entry(id.clone()).or_default();
            }
            for piece in line.split('$').skip(1) {
                let end = piece.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
                let name = &piece[..end.unwrap_or(piece.len())];
                found.entry(id.clone()).or_default().insert(name.to_owned());
            }
        }
    }
    found
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_variables() {
    let (english, chinese) = (variables(ENGLISH), variables(CHINESE));
    for (id, names) in &english {
        assert_eq!(
            chinese.get(id),
            Some(names),
            "{id} differs: English on the right, 中文 on the left"
        );
    }
    for id in chinese.keys() {
        assert!(english.contains_key(id), "{id} is only in 中文");
    }
    assert_eq!(english.len(), Msg::ALL.len());
}

#[test]
fn every_file_of_texts_can_be_read() {
    for (name, text) in ENGLISH.iter().chain(CHINESE) {
        if let Err((_, errors)) = FluentResource::try_new((*text).to_owned()) {
            panic!("{name}: {errors:?}");
        }
    }
    for language in Language::ALL {
        for msg in Msg::ALL {
            assert!(
                bundle(language).get_message(msg.id()).is_some_and(|m| m.value().is_some()),
                "{msg:?} {language:?}"
            );
        }
    }
}

#[test]
fn texts_do_not_share_their_words_with_the_other_language() {
    let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for (name, text) in ENGLISH {
        for line in
            text.lines().filter(|line| !line.starts_with('#') && !line.starts_with("language-zh"))
        {
            assert!(!is_chinese(line), "{name} has 中文: {line}");
        }
    }
}

#[test]
fn every_text_is_used() {
    let mut code = String::new();
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    read_all(&home.join("src"), &mut code);
    let used: BTreeSet<&str> = code
        .split("Msg::")
        .skip(1)
        .map(|rest| &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())])
        .collect();
    let by_code = chosen_by_code(&code);
    let unused: Vec<&str> = Msg::ALL
        .iter()
        .filter(|msg| !by_code.iter().any(|start| msg.id().starts_with(start.as_str())))
        .filter(|msg| !used.contains(format!("{msg:?}").as_str()))
        .map(|msg| msg.id())
        .collect();
    assert!(unused.is_empty(), "no page says these texts; remove them: {unused:?}");
}

/// The beginnings of texts which are chosen by a code at run time: `format!("notice-{kind}")` uses all which begin so,
/// `by_code(reader, "seller-tier", code)` and `named(reader, "care-event", code)` too.
fn chosen_by_code(code: &str) -> BTreeSet<String> {
    let plain =
        |text: &&str| text.len() > 3 && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let formatted = code
        .split('"')
        .filter_map(|text| text.split_once('{'))
        .map(|(start, _)| start)
        .filter(|start| start.ends_with('-'));
    let looked_up = |call: &'static str| {
        code.split(call).skip(1).filter_map(|rest| {
            let (before, literal) = rest.split_once('"')?;
            (!before.contains([')', ';'])).then(|| literal.split('"').next())?
        })
    };
    let mut starts: BTreeSet<String> = formatted
        .chain(looked_up("by_code("))
        .chain(looked_up("named("))
        .filter(plain)
        .map(|start| format!("{}-", start.trim_end_matches('-')))
        .collect();
    // The operator's console says `code(reader, "event", code)` for `op-event-…`.
    starts.extend(looked_up("code(").map(|kind| format!("op-{kind}-")));
    starts
}

fn read_all(folder: &Path, code: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, code);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            code.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn a_text_is_found_by_its_id() {
    for msg in Msg::ALL {
        assert_eq!(Msg::named(msg.id()), Some(*msg));
    }
    assert_eq!(Msg::named("no-such-text"), None);
}

#[test]
fn the_browsers_wish_is_heard_by_weight() {
    assert_eq!(Language::accepted("de, zh-Hans-CN;q=0.5, en;q=0.4"), Language::Zh);
    assert_eq!(Language::accepted("en-GB,en;q=0.9,zh;q=0.8"), Language::En);
    assert_eq!(Language::accepted("fr"), Language::En);
    assert_eq!(Language::accepted(""), Language::En);
}
