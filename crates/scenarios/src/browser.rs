//! A visitor's browser: clicks what it reads, fills what is labelled, presses keys, takes pictures of pages.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use futures_util::FutureExt;
use rules::ids::PersonId;
use serde_json::{Value, json};

use crate::chromedriver::{self, Driver};
use crate::house::House;

/// How long a page may take until it shows what a story waits for. Debug builds on a busy machine are slow.
const PATIENCE: Duration = Duration::from_secs(15);
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// The keys which have no character of their own, as WebDriver writes them.
pub const TAB: char = '\u{E004}';
pub const ENTER: char = '\u{E007}';

/// How large the window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// 1280 × 900.
    Desk,
    /// 390 × 844, as wide as a phone.
    Phone,
}

impl Screen {
    const fn size(self) -> (u32, u32) {
        match self {
            Screen::Desk => (1280, 900),
            Screen::Phone => (390, 844),
        }
    }
}

/// A visitor of one house.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    /// `http://127.0.0.1:PORT` of the house.
    address: String,
    /// In front of the names of pictures.
    story: String,
}

/// Tells a story in a browser of its own. Without chromedriver it is skipped with a line, except where `CI` is set.
///
/// # Errors
/// What the story said, after a picture of the page on which it ended (`target/screenshots/STORY-ended.png`).
pub async fn in_browser(
    story: &str,
    screen: Screen,
    told: impl AsyncFnOnce(House, Browser) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    in_browser_at(story, screen, "USD", told).await
}

/// As [`in_browser`], in a house whose first market sells in another currency.
pub async fn in_browser_at(
    story: &str,
    screen: Screen,
    currency: &str,
    told: impl AsyncFnOnce(House, Browser) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let Some(path) = chromedriver::find() else {
        ensure!(
            !chromedriver::browser_is_a_must(),
            "no chromedriver: run ./check, it installs one"
        );
        println!("skipped {story}: no chromedriver; ./check installs one");
        return Ok(());
    };
    let driver = Driver::start(&path)?;
    let profile = Profile::make()?;
    let client = open(&driver, &profile.0, screen).await?;
    let outcome = async {
        let house = House::raise_in(currency).await?;
        let address = house.address.clone();
        let browser = Browser { client: client.clone(), address, story: story.to_owned() };
        browser.fit(screen).await?;
        // The browser is closed whatever the story says, also when it breaks an assertion.
        let told = AssertUnwindSafe(told(house, browser.clone())).catch_unwind().await;
        if !matches!(told, Ok(Ok(()))) {
            browser.shot("ended").await.ok();
        }
        match told {
            Ok(told) => told,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    };
    let outcome = AssertUnwindSafe(outcome).catch_unwind().await;
    client.close().await.ok();
    drop(driver);
    match outcome {
        Ok(outcome) => outcome,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// A browser's own folder: no cookie, no cache from before.
struct Profile(PathBuf);

impl Profile {
    fn make() -> anyhow::Result<Profile> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("guildhall-browser-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Profile(path))
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        // What stays behind in the temporary files harms nobody.
        std::fs::remove_dir_all(&self.0).ok();
    }
}

async fn open(driver: &Driver, profile: &Path, screen: Screen) -> anyhow::Result<Client> {
    let (width, height) = screen.size();
    let arguments = [
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--disable-quic".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        // The house is on this machine: no proxy of the surroundings stands between.
        "--no-proxy-server".to_owned(),
        "--lang=en-GB".to_owned(),
        format!("--user-data-dir={}", profile.display()),
        format!("--window-size={width},{height}"),
    ];
    let mut capabilities = serde_json::Map::new();
    capabilities.insert("browserName".to_owned(), json!("chrome"));
    capabilities.insert("goog:chromeOptions".to_owned(), json!({ "args": arguments }));
    let connector = hyper_util::client::legacy::connect::HttpConnector::new();
    ClientBuilder::new(connector)
        .capabilities(capabilities)
        .connect(&driver.address)
        .await
        .context("chromedriver did not open a browser")
}

impl Browser {
    /// The page itself gets the screen's size: a window is never as narrow as a phone, and has a frame.
    async fn fit(&self, screen: Screen) -> anyhow::Result<()> {
        let (width, height) = screen.size();
        self.client.set_window_size(width, height).await?;
        self.goes_to("/health").await?;
        let inner = self.reads("return [window.innerWidth, window.innerHeight]").await?;
        let (Some(has_width), Some(has_height)) = (inner[0].as_i64(), inner[1].as_i64()) else {
            bail!("the browser does not say how large its page is: {inner}");
        };
        let more = |wanted: u32, has: i64| {
            u32::try_from(2 * i64::from(wanted) - has).context("the window has a strange frame")
        };
        self.client.set_window_size(more(width, has_width)?, more(height, has_height)?).await?;
        Ok(())
    }

    /// Opens a path of the house.
    pub async fn goes_to(&self, path: &str) -> anyhow::Result<()> {
        self.client.goto(&format!("{}{path}", self.address)).await.with_context(|| path.to_owned())
    }

    /// Signs in by a one-time link, which leads to `to`.
    pub async fn signs_in(&self, house: &House, person: PersonId, to: &str) -> anyhow::Result<()> {
        let link = house.sign_in_link(person, to).await?;
        self.client.goto(&link).await.context("the sign-in link")
    }

    /// Path and query of the page.
    pub async fn path(&self) -> anyhow::Result<String> {
        let path = self.reads("return location.pathname + location.search").await?;
        path.as_str().map(str::to_owned).context("a page has a path")
    }

    /// The HTTP status with which the page came.
    pub async fn status(&self) -> anyhow::Result<i64> {
        let script = "return performance.getEntriesByType('navigation')[0].responseStatus";
        self.reads(script).await?.as_i64().context("a page has a status")
    }

    /// What a script in the page answers.
    pub async fn reads(&self, script: &str) -> anyhow::Result<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// The text a reader sees, in one piece.
    pub async fn text(&self) -> anyhow::Result<String> {
        let text = self.reads("return document.body.innerText").await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the page shows a text, in any letter case: style sheets may write in capitals.
    pub async fn sees(&self, wanted: &str) -> anyhow::Result<()> {
        let small = wanted.to_lowercase();
        let mut text = String::new();
        for _ in 0..PATIENCE.as_millis() / LOOK_AGAIN.as_millis() {
            // In the middle of a navigation there is no page to read; then it is looked at again.
            text = self.text().await.unwrap_or_default();
            if text.to_lowercase().contains(&small) {
                return Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        let path = self.path().await.unwrap_or_default();
        bail!("{path} does not show “{wanted}” but:\n{text}")
    }

    /// Fails when the page shows a text. For what must be absent from a page which has been waited for.
    pub async fn does_not_see(&self, unwanted: &str) -> anyhow::Result<()> {
        let text = self.text().await?;
        ensure!(!text.contains(unwanted), "{} shows “{unwanted}”:\n{text}", self.path().await?);
        Ok(())
    }

    /// Clicks the first link, button or label which is shown and reads so: exactly, else in part.
    pub async fn clicks(&self, text: &str) -> anyhow::Result<()> {
        let quoted = quoted(text);
        let kinds = "self::a or self::button or self::summary or self::label";
        let exact = format!(
            "//*[{kinds}][normalize-space(.)={quoted} or normalize-space(@aria-label)={quoted}]"
        );
        let part = format!("//*[{kinds}][contains(normalize-space(.), {quoted})]");
        let element = self.first_shown(&[&exact, &part]).await.with_context(|| text.to_owned())?;
        element.click().await.with_context(|| format!("click “{text}”"))
    }

    /// Clicks the first shown element of a selector, for what has no text of its own.
    pub async fn clicks_on(&self, selector: &str) -> anyhow::Result<()> {
        let element = self.client.find(Locator::Css(selector)).await;
        element.with_context(|| selector.to_owned())?.click().await?;
        Ok(())
    }

    /// Fills the field with this label anew. A choice takes the option which reads so.
    pub async fn fills(&self, label: &str, value: &str) -> anyhow::Result<()> {
        let quoted = quoted(label);
        let named = format!("//label[contains(normalize-space(.), {quoted})]/@for");
        let field = format!(
            "//*[self::input or self::select or self::textarea][not(@type='hidden')]\
             [@id={named} or ancestor::label[contains(normalize-space(.), {quoted})] or @aria-label={quoted}]"
        );
        let element = self.first_shown(&[&field]).await.with_context(|| label.to_owned())?;
        if element.tag_name().await? == "select" {
            return Ok(element.select_by_label(value).await?);
        }
        element.clear().await?;
        Ok(element.send_keys(value).await?)
    }

    async fn first_shown(&self, paths: &[&str]) -> anyhow::Result<Element> {
        for _ in 0..PATIENCE.as_millis() / LOOK_AGAIN.as_millis() {
            for path in paths {
                for element in self.client.find_all(Locator::XPath(path)).await? {
                    if element.is_displayed().await.unwrap_or(false) {
                        return Ok(element);
                    }
                }
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        bail!("nothing to use on {}:\n{}", self.path().await?, self.text().await?)
    }

    /// Presses keys one after the other, wherever the focus is: characters, [`TAB`], [`ENTER`].
    pub async fn presses(&self, keys: &str) -> anyhow::Result<()> {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys.chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        Ok(self.client.perform_actions(actions).await?)
    }

    /// Presses Tab until the focus is on something which reads so, as somebody without a mouse does.
    pub async fn tabs_to(&self, text: &str) -> anyhow::Result<()> {
        // Choices are named by their label, everything else by what it reads.
        const FOCUSED: &str = "const e = document.activeElement; const l = e.labels && e.labels[0]; \
            return (e.getAttribute('aria-label') || (l || e).innerText || '').trim()";
        let mut passed = Vec::new();
        for _ in 0..80 {
            self.presses(&TAB.to_string()).await?;
            let focused = self.reads(FOCUSED).await?.as_str().unwrap_or_default().to_owned();
            if focused.contains(text) {
                return self.focus_is_visible(text).await;
            }
            passed.push(focused);
        }
        bail!("Tab never reaches “{text}” on {}, only {passed:?}", self.path().await?)
    }

    async fn focus_is_visible(&self, text: &str) -> anyhow::Result<()> {
        let script = "const s = getComputedStyle(document.activeElement); \
            return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none'";
        let visible = self.reads(script).await?;
        ensure!(visible == json!(true), "the focus on “{text}” cannot be seen");
        Ok(())
    }

    /// Nothing is wider than the window.
    pub async fn does_not_scroll_sideways(&self) -> anyhow::Result<()> {
        let script = "return [document.scrollingElement.scrollWidth, window.innerWidth]";
        let widths = self.reads(script).await?;
        let (Some(page), Some(window)) = (widths[0].as_i64(), widths[1].as_i64()) else {
            bail!("the page does not say how wide it is: {widths}");
        };
        ensure!(page <= window, "{} is {page} px wide in {window} px", self.path().await?);
        Ok(())
    }

    /// Takes a picture of the page: `target/screenshots/STORY-NAME.png`.
    pub async fn shot(&self, name: &str) -> anyhow::Result<()> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots");
        std::fs::create_dir_all(&folder)?;
        let picture = self.client.screenshot().await?;
        std::fs::write(folder.join(format!("{}-{name}.png", self.story)), picture)?;
        Ok(())
    }
}

/// A text as XPath writes it; no text of ours has both kinds of quotation marks.
fn quoted(text: &str) -> String {
    if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") }
}
