//! The files of the workspace, as paths from its root with `/` between the parts.

use std::fs;
use std::path::{Path, PathBuf};

/// One text file.
#[derive(Clone, Debug)]
pub struct File {
    /// From the root of the workspace: `crates/rules/src/money.rs`.
    pub path: String,
    pub text: String,
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().and_then(Path::parent).expect("tidy stands in crates/tidy").to_owned()
}

/// All files under `folder` whose names end in `.extension`, sorted by path. A missing folder has none.
pub fn under(folder: &str, extension: &str) -> Vec<File> {
    let root = root();
    let mut found = Vec::new();
    walk(&root.join(folder), &mut |path| {
        if path.extension().is_some_and(|e| e == extension) {
            let text = fs::read_to_string(path)
                .unwrap_or_else(|e| panic!("{} cannot be read: {e}", path.display()));
            found.push(File { path: relative(&root, path), text });
        }
    });
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// All Rust files of the workspace.
pub fn rust_files() -> Vec<File> {
    under("crates", "rs")
}

/// The text of one file, or an empty one when there is no such file.
pub fn text_of(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

/// Names of the folders directly in `folder`, sorted.
pub fn folders_in(folder: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root().join(folder)) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Names of the files directly in `folder` which end in `.extension`, sorted.
pub fn names_in(folder: &str, extension: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root().join(folder)) else { return Vec::new() };
    let names = entries.flatten().filter(|entry| entry.path().is_file());
    let mut names: Vec<String> =
        names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.strip_suffix(extension).is_some_and(|stem| stem.ends_with('.')));
    names.sort();
    names
}

fn relative(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    parts.join("/")
}

fn walk(folder: &Path, visit: &mut dyn FnMut(&Path)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if path.is_dir() && !hidden && entry.file_name() != "target" {
            walk(&path, visit);
        } else if path.is_file() {
            visit(&path);
        }
    }
}
