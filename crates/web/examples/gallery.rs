//! Writes every component with sample data, and every drawn picture, as HTML files to look at.
//!
//! `cargo run -p web --example gallery -- target/gallery`, then serve that folder and open `index.html`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned());
    let folder = PathBuf::from(folder);
    let mut written = 0;
    for (address, text) in web::ui::gallery::files() {
        write(&folder.join(address.trim_start_matches('/')), &text)?;
        written += 1;
    }
    println!("{written} files in {}", folder.display());
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, text)?;
    Ok(())
}
