//! Reads the page texts in `locales/` and writes `Msg`, one variant for each text, so that a page
//! which names a text that does not exist does not compile.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

type Failure = Box<dyn std::error::Error>;

/// Where a text stands, and its first line in English.
struct Text {
    file: PathBuf,
    english: String,
}

fn main() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed=locales");
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
    let english = files(&locales.join("en"))?;
    let chinese = files(&locales.join("zh"))?;
    let mut code = messages(&english)?;
    resources(&mut code, "ENGLISH", &english)?;
    resources(&mut code, "CHINESE", &chinese)?;
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR for build scripts")?;
    fs::write(Path::new(&out).join("messages.rs"), code)?;
    Ok(())
}

/// The `.ftl` files of one language by name, so that the output does not depend on the disk's order.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "ftl") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn messages(files: &[PathBuf]) -> Result<String, Failure> {
    let mut texts: BTreeMap<String, Text> = BTreeMap::new();
    for file in files {
        for line in fs::read_to_string(file)?.lines() {
            let Some((id, english)) = definition(line) else { continue };
            let text = Text { file: file.clone(), english: english.to_owned() };
            if let Some(first) = texts.insert(id.to_owned(), text) {
                return Err(format!(
                    "{id} is in {} and in {}",
                    first.file.display(),
                    file.display()
                )
                .into());
            }
        }
    }
    let mut code = String::from(
        "/// Every text of the pages; the id is the name in lower case with dashes.\n",
    );
    code.push_str(
        "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\npub enum Msg {\n",
    );
    for (id, text) in &texts {
        writeln!(code, "    /// {}\n    {},", doc(&text.english), camel(id))?;
    }
    code.push_str(
        "}\n\nimpl Msg {\n    /// Every text, by id.\n    pub const ALL: &'static [Msg] = &[\n",
    );
    for id in texts.keys() {
        writeln!(code, "        Msg::{},", camel(id))?;
    }
    code.push_str("    ];\n\n    /// The id as written in the `.ftl` files.\n");
    code.push_str("    pub const fn id(self) -> &'static str {\n        match self {\n");
    for id in texts.keys() {
        writeln!(code, "            Msg::{} => {id:?},", camel(id))?;
    }
    code.push_str("        }\n    }\n}\n");
    Ok(code)
}

/// `orders-to-ship = To ship` gives the id and the text; comments, attributes and further lines give nothing.
fn definition(line: &str) -> Option<(&str, &str)> {
    let (id, text) = line.split_once('=')?;
    let id = id.trim_end();
    let starts_well = id.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
    let plain = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    (starts_well && plain).then(|| (id, text.trim()))
}

fn camel(id: &str) -> String {
    id.split('-')
        .map(|part| {
            let mut letters = part.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        })
        .collect()
}

/// A line which rustdoc takes as plain text.
fn doc(english: &str) -> String {
    let line = if english.is_empty() { "(several lines)" } else { english };
    format!("`{}`", line.replace('`', "'"))
}

fn resources(code: &mut String, name: &str, files: &[PathBuf]) -> Result<(), Failure> {
    writeln!(code, "\npub(super) const {name}: &[(&str, &str)] = &[")?;
    for file in files {
        let short = file.file_name().unwrap_or_default().to_string_lossy();
        writeln!(code, "    ({short:?}, include_str!({:?})),", file.display().to_string())?;
    }
    code.push_str("];\n");
    Ok(())
}
