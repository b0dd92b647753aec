//! `docs/api/codes.md`: every stable code, gathered from the places in the sources which make them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use axum::http::StatusCode;

/// Types whose codes become codes of fields or of refusals.
const CODED: [&str; 6] = ["Error", "Fault", "FaultKind", "Refusal", "OverLimit", "NotAllowed"];

#[test]
fn the_page_of_codes_is_fresh() {
    let page = page();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api/codes.md");
    #[expect(clippy::disallowed_methods, reason = "a test asks whether to write the file anew")]
    if std::env::var("UPDATE_FRESH").is_ok() {
        std::fs::write(path, &page).expect("docs can be written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(kept, page, "run ./check fresh");
    for code in
        ["sold_out", "key_reused", "stale", "malformed_json", "not_in_this_state", "wrong_postcode"]
    {
        assert!(page.contains(&format!("| `{code}` |")), "{code} was not gathered");
    }
}

fn page() -> String {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut problems: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
    let mut fields: BTreeSet<String> = BTreeSet::new();
    for folder in ["rules/src", "actions/src", "web/src"] {
        for file in sources(&root.join(folder)) {
            let text = std::fs::read_to_string(&file).expect("a source can be read");
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            gather(text, &mut problems, &mut fields);
        }
    }
    let mut page = String::from(
        "# Codes\n\nGenerated from the sources; `./check fresh` writes it anew. Programs may rely on these codes; \
         the sentences beside them may change.\n\n## Of problems\n\n| code | status |\n| --- | --- |\n",
    );
    for (code, statuses) in &problems {
        let statuses: Vec<String> = statuses.iter().map(u16::to_string).collect();
        page.push_str(&format!("| `{code}` | {} |\n", statuses.join(", ")));
    }
    page.push_str(
        "\n## Of fields\n\nIn the `fields` of a problem `invalid_fields`.\n\n| code |\n| --- |\n",
    );
    for code in &fields {
        page.push_str(&format!("| `{code}` |\n"));
    }
    page
}

fn gather(
    text: &str,
    problems: &mut BTreeMap<String, BTreeSet<u16>>,
    fields: &mut BTreeSet<String>,
) {
    let mut problem = |code: Option<String>, status: u16| {
        if let Some(code) = code {
            problems.entry(code).or_default().insert(status);
        }
    };
    for arguments in calls(text, "Problem::new(") {
        if let Some(status) = arguments.first().and_then(|name| status_of(name)) {
            problem(arguments.get(1).and_then(|argument| literal(argument)), status);
        }
    }
    for arguments in calls(text, "bad_request(") {
        problem(arguments.first().and_then(|argument| literal(argument)), 400);
    }
    for call in ["Refusal::new(", "Failure::refused("] {
        for arguments in calls(text, call) {
            problem(arguments.first().and_then(|argument| literal(argument)), 409);
        }
    }
    for call in ["FieldFault::new(", "Failure::invalid("] {
        for arguments in calls(text, call) {
            fields.extend(arguments.get(1).and_then(|argument| literal(argument)));
        }
    }
    for (kind, code) in coded(text) {
        if kind.ends_with("Refusal") { problem(Some(code), 409) } else { fields.extend([code]) }
    }
}

fn status_of(name: &str) -> Option<u16> {
    let name = name.trim().strip_prefix("StatusCode::")?;
    (400..600).find(|number| {
        let reason =
            StatusCode::from_u16(*number).ok().and_then(|status| status.canonical_reason());
        reason.is_some_and(|reason| reason.to_uppercase().replace([' ', '-'], "_") == name)
    })
}

/// A plain text literal, if the argument is nothing else.
fn literal(argument: &str) -> Option<String> {
    let text = argument.trim().strip_prefix('"')?.strip_suffix('"')?;
    let is_code = !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    is_code.then(|| text.to_owned())
}

/// The arguments of each call of a function in a source.
fn calls(text: &str, name: &str) -> Vec<Vec<String>> {
    text.match_indices(name).map(|(at, _)| arguments(&text[at + name.len()..])).collect()
}

fn arguments(text: &str) -> Vec<String> {
    let (mut depth, mut in_text, mut all, mut one) = (0, false, Vec::new(), String::new());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if in_text => {
                one.push(letter);
                one.extend(letters.next());
                continue;
            }
            '"' => in_text = !in_text,
            '(' | '[' | '{' if !in_text => depth += 1,
            ')' | ']' | '}' if !in_text && depth == 0 => break,
            ')' | ']' | '}' if !in_text => depth -= 1,
            ',' if !in_text && depth == 0 => {
                all.push(std::mem::take(&mut one));
                continue;
            }
            _ => {}
        }
        one.push(letter);
    }
    all.push(one);
    all
}

/// Type and code of each arm of `fn code` of the types whose codes go outside.
fn coded(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in text.split("\nimpl ").skip(1) {
        let kind = part.split([' ', '<']).next().unwrap_or_default().to_owned();
        let Some((_, body)) = part.split_once("fn code(") else { continue };
        let body = body.split("\n    }\n").next().unwrap_or_default();
        if CODED.iter().any(|end| kind.ends_with(end)) {
            let texts = body.split('"').skip(1).step_by(2);
            found.extend(texts.map(|code| (kind.clone(), code.to_owned())));
        }
    }
    found
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        let is_source = path.extension().is_some_and(|end| end == "rs");
        if path.is_dir() {
            found.extend(sources(&path));
        } else if is_source && !path.to_string_lossy().contains("test") {
            found.push(path);
        }
    }
    found.sort();
    found
}
