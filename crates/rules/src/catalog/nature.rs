//! The nature of goods: what a packer and a carrier must know, and whether they are meant to last.

use serde::{Deserialize, Serialize};

/// What is true of one product. All false is an ordinary thing which is used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Nature {
    pub fragile: bool,
    pub liquid: bool,
    /// Contains or is a battery: many air services refuse it.
    pub battery: bool,
    /// Larger than a carrier's ordinary belt takes.
    pub oversize: bool,
    /// Meant for long use (耐用品): quality claims may come much later than for other goods.
    pub durable: bool,
}

/// One thing a carrier's service can refuse and a packer has to mind. Being durable is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Care {
    Fragile,
    Liquid,
    Battery,
    Oversize,
}

impl Care {
    pub const ALL: [Care; 4] = [Care::Fragile, Care::Liquid, Care::Battery, Care::Oversize];

    /// The stable name, as in keys of policies, of the API and of the language files.
    pub const fn code(self) -> &'static str {
        match self {
            Care::Fragile => "fragile",
            Care::Liquid => "liquid",
            Care::Battery => "battery",
            Care::Oversize => "oversize",
        }
    }

    pub fn parse(code: &str) -> Option<Care> {
        Care::ALL.into_iter().find(|care| care.code() == code)
    }
}

impl Nature {
    pub const fn has(self, care: Care) -> bool {
        match care {
            Care::Fragile => self.fragile,
            Care::Liquid => self.liquid,
            Care::Battery => self.battery,
            Care::Oversize => self.oversize,
        }
    }

    /// What has to be minded, in the order in which a packing slip names it.
    pub fn cares(self) -> Vec<Care> {
        Care::ALL.into_iter().filter(|care| self.has(*care)).collect()
    }

    /// The nature of a parcel which holds both: careful as soon as one of them asks for it, durable if all are.
    pub const fn together(self, other: Nature) -> Nature {
        Nature {
            fragile: self.fragile || other.fragile,
            liquid: self.liquid || other.liquid,
            battery: self.battery || other.battery,
            oversize: self.oversize || other.oversize,
            durable: self.durable && other.durable,
        }
    }

    /// The first thing for which a service that takes none of `refused` would turn these goods away.
    pub fn refused_for(self, refused: &[Care]) -> Option<Care> {
        self.cares().into_iter().find(|care| refused.contains(care))
    }

    /// Reads the nature from a product's tags: `fragile`, `liquid`, `battery`, `oversize`, `durable`, in any case.
    pub fn from_tags<'a>(tags: impl IntoIterator<Item = &'a str>) -> Nature {
        let mut nature = Nature::default();
        for tag in tags {
            match tag.trim().to_lowercase().as_str() {
                "fragile" => nature.fragile = true,
                "liquid" => nature.liquid = true,
                "battery" => nature.battery = true,
                "oversize" => nature.oversize = true,
                "durable" => nature.durable = true,
                _ => {}
            }
        }
        nature
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parcel_is_as_careful_as_its_most_careful_thing() {
        let lamp = Nature { fragile: true, durable: true, ..Nature::default() };
        let oil = Nature { liquid: true, ..Nature::default() };
        let parcel = lamp.together(oil);
        assert_eq!(parcel.cares(), [Care::Fragile, Care::Liquid]);
        assert!(!parcel.durable);
    }

    #[test]
    fn a_service_says_what_it_turns_goods_away_for() {
        let phone = Nature::from_tags(["Battery", "durable", "new"]);
        assert_eq!(phone.refused_for(&[Care::Liquid, Care::Battery]), Some(Care::Battery));
        assert_eq!(phone.refused_for(&[Care::Liquid]), None);
    }

    #[test]
    fn a_nature_is_stored_by_name_and_refuses_a_misspelt_one() {
        let stored = serde_json::to_string(&Nature { liquid: true, ..Nature::default() });
        let stored = stored.expect("a nature is plain data");
        assert_eq!(serde_json::from_str::<Nature>(&stored).ok().map(|n| n.liquid), Some(true));
        assert_eq!(serde_json::from_str::<Nature>("{}").ok(), Some(Nature::default()));
        assert!(serde_json::from_str::<Nature>(r#"{"fragil":true}"#).is_err());
        for care in Care::ALL {
            assert_eq!(Care::parse(care.code()), Some(care));
        }
    }
}
