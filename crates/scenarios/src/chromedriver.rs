//! Finds chromedriver and keeps one running for a story.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, bail};

/// A chromedriver of one story, stopped with it.
pub struct Driver {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub address: String,
}

#[expect(clippy::disallowed_methods, reason = "stories are told by `check`, which has no settings")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether a missing browser is an error rather than a reason to skip.
pub fn browser_is_a_must() -> bool {
    setting("CI").is_some()
}

/// The path named by `GUILDHALL_CHROMEDRIVER`, or the first one in `PATH`, or Debian's.
pub fn find() -> Option<PathBuf> {
    if let Some(named) = setting("GUILDHALL_CHROMEDRIVER") {
        return Some(PathBuf::from(named));
    }
    let path = setting("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> =
        std::env::split_paths(&path).map(|folder| folder.join("chromedriver")).collect();
    places.push(PathBuf::from("/usr/bin/chromedriver"));
    places.into_iter().find(|place| place.is_file())
}

impl Driver {
    /// Starts it on a port of its own choice and waits until it says which.
    pub fn start(path: &PathBuf) -> anyhow::Result<Driver> {
        let mut child = Command::new(path)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", path.display()))?;
        let said = child.stdout.take().context("chromedriver has no output")?;
        let mut driver = Driver { child, address: String::new() };
        let mut lines = BufReader::new(said).lines();
        for line in lines.by_ref() {
            let line = line?;
            if let Some((_, port)) = line.split_once("successfully on port ") {
                driver.address = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
                break;
            }
        }
        if driver.address.is_empty() {
            bail!("{} ended before it said its port", path.display());
        }
        // Its output is read to the end, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
