//! Categories (类目) as data: `policies/categories.toml`. What is forbidden or charged in one, other policies say.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use toml::Spanned;

/// As shipped.
const SHIPPED: &str = include_str!("../../../../policies/categories.toml");

/// One category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// The stable name, as in products, orders and addresses of pages.
    pub code: String,
    pub name_en: String,
    pub name_zh: String,
    /// Goods are meant to last (耐用品), unless the product says otherwise.
    pub durable: bool,
    /// Other words for it, in small letters.
    pub also: Vec<String>,
    pub parent: Option<String>,
}

impl Category {
    /// Its name in `zh`, or else in English.
    pub fn name(&self, language: &str) -> &str {
        if language == "zh" { &self.name_zh } else { &self.name_en }
    }
}

/// One thing wrong in the file, with its line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("categories.toml:{line}: {says}")]
pub struct CategoryError {
    /// From 1.
    pub line: usize,
    pub says: String,
}

/// All categories, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Categories(Vec<Category>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name_en: String,
    name_zh: String,
    durable: bool,
    #[serde(default)]
    also: Vec<String>,
    parent: Option<String>,
}

impl Categories {
    /// The categories this program was built with.
    pub fn shipped() -> &'static Categories {
        static READ: LazyLock<Categories> = LazyLock::new(|| {
            Categories::parse(SHIPPED)
                .unwrap_or_else(|error| panic!("{error}, though a test reads it"))
        });
        &READ
    }

    pub fn parse(text: &str) -> Result<Self, CategoryError> {
        let line_of = |byte: usize| text[..byte.min(text.len())].matches('\n').count() + 1;
        let written: BTreeMap<Spanned<String>, Written> =
            toml::from_str(text).map_err(|error| CategoryError {
                line: error.span().map_or(1, |span| line_of(span.start)),
                says: error.message().to_owned(),
            })?;
        let mut written: Vec<_> = written.into_iter().collect();
        written.sort_by_key(|(code, _)| code.span().start);
        let mut categories = Self(Vec::with_capacity(written.len()));
        for (code, category) in written {
            let line = line_of(code.span().start);
            categories
                .check(code.get_ref(), &category)
                .map_err(|says| CategoryError { line, says })?;
            categories.0.push(Category {
                code: code.into_inner(),
                name_en: category.name_en,
                name_zh: category.name_zh,
                durable: category.durable,
                also: category.also,
                parent: category.parent,
            });
        }
        Ok(categories)
    }

    fn check(&self, code: &str, written: &Written) -> Result<(), String> {
        if written.also.iter().any(|word| word.to_lowercase() != *word || word.trim() != word) {
            return Err(format!("{code}: the words of `also` are in small letters"));
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if code.is_empty() || !code.chars().all(plain) {
            return Err(format!("a code has small letters, digits and _, not {code:?}"));
        }
        if written.name_en.trim().is_empty() || written.name_zh.trim().is_empty() {
            return Err(format!("{code} needs a name in both languages"));
        }
        match written.parent.as_deref() {
            None => Ok(()),
            // Its parent stands above it, so that there are no circles.
            Some(parent) => match self.get(parent) {
                None => Err(format!("{code}: the parent {parent:?} must stand above it")),
                Some(above) if above.parent.is_some() => Err(format!(
                    "{code}: {parent} is within another category; two levels are enough"
                )),
                Some(_) => Ok(()),
            },
        }
    }

    pub fn get(&self, code: &str) -> Option<&Category> {
        self.0.iter().find(|category| category.code == code)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Category> {
        self.0.iter()
    }

    /// Those which are shown first: within no other.
    pub fn top(&self) -> impl Iterator<Item = &Category> {
        self.0.iter().filter(|category| category.parent.is_none())
    }

    /// Those within a category.
    pub fn within<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Category> {
        self.0.iter().filter(move |category| category.parent.as_deref() == Some(code))
    }

    /// The category and, after it, the one it is within: where to look for a setting, nearest first.
    pub fn with_parent(&self, code: &str) -> Vec<&str> {
        let own = self.get(code);
        let parent = own.and_then(|category| category.parent.as_deref());
        own.map(|category| category.code.as_str()).into_iter().chain(parent).collect()
    }

    /// The category which a seller's file means: its code, or its name in one of the languages, in any case.
    pub fn find(&self, text: &str) -> Option<&Category> {
        let wanted = text.trim().to_lowercase();
        let as_code = wanted.replace([' ', '-'], "_");
        self.0.iter().find(|category| {
            category.code == as_code
                || category.name_en.to_lowercase() == wanted
                || category.name_zh == wanted
                || category.also.contains(&wanted)
        })
    }

    /// As [`Categories::find`] for a path such as `Apparel & Accessories > Clothing > Dresses`: the nearest part wins.
    pub fn find_in_path(&self, path: &str) -> Option<&Category> {
        path.rsplit(['>', '/']).find_map(|part| self.find(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_categories_are_sound() {
        let shipped = Categories::parse(SHIPPED).expect("the shipped file is sound");
        assert_eq!(shipped.iter().next().map(|c| c.code.as_str()), Some("electronics"));
        assert_eq!(shipped.get("tea").map(|tea| tea.name("zh")), Some("茶叶"));
        assert_eq!(shipped.with_parent("shoes"), ["shoes", "apparel"]);
        assert_eq!(shipped.with_parent("nonsense"), Vec::<&str>::new());
        assert!(shipped.within("apparel").count() >= 3 && shipped.top().count() >= 10);
    }

    #[test]
    fn a_seller_may_write_a_category_as_it_is_called() {
        let shipped = Categories::shipped();
        for text in ["home_kitchen", "Home and Kitchen", "家居厨具", " home-kitchen "] {
            assert_eq!(shipped.find(text).map(|c| c.code.as_str()), Some("home_kitchen"), "{text}");
        }
        assert_eq!(shipped.find("weapons"), None);
        let cases = [
            ("Apparel & Accessories > Clothing > Strange Hats", Some("clothing")),
            ("Home & Garden > Kitchen", Some("home_kitchen")),
            ("Jumpers", Some("clothing")),
            ("Weapons > Catapults", None),
        ];
        for (path, code) in cases {
            assert_eq!(shipped.find_in_path(path).map(|c| c.code.as_str()), code, "{path}");
        }
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let tea = "[tea]\nname_en = \"Tea\"\nname_zh = \"茶叶\"\ndurable = false\n";
        let cases = [
            (format!("{tea}colour = 1\n"), 5, "unknown field"),
            ("\n[tea]\nname_en = \"Tea\"\n".to_owned(), 2, "missing field"),
            (tea.replace("[tea]", "[Tea]"), 1, "small letters"),
            (tea.replace("\"茶叶\"", "\" \""), 1, "both languages"),
            (format!("{tea}parent = \"food\"\n"), 1, "must stand above"),
            (format!("{tea}[tea]\n"), 5, "duplicate"),
        ];
        for (text, line, part) in cases {
            let error = Categories::parse(&text).expect_err(&text);
            assert_eq!(error.line, line, "{error}");
            assert!(error.says.contains(part), "{error}");
        }
    }
}
