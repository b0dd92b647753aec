//! Lists the migration files, so that adding one needs no other edit.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    println!("cargo::rerun-if-changed={}", folder.display());

    let mut paths = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "sql") {
            paths.push(path);
        }
    }
    paths.sort();

    let mut list = String::from("&[\n");
    for path in &paths {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let _ = writeln!(list, "    ({file:?}, include_str!({:?})),", path.display().to_string());
    }
    list.push_str("]\n");

    let out = std::env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    fs::write(Path::new(&out).join("migrations.rs"), list)
}
