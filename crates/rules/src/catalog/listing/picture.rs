//! Which picture: one of our own drawings, or a file a seller gave us. Written as text in rows and bodies.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::PictureId;

/// `drawn:mug/teal/front` or `file:123`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PictureRef {
    /// Drawn by the house: what, in which colour, from which side.
    Drawn { kind: String, colour: String, shot: String },
    /// A row of `pictures`.
    File(PictureId),
}

/// Why a text names no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a picture is written as drawn:kind/colour/shot or as file: and its number")]
pub struct NotAPicture;

/// The colour where none of the values names one.
const PLAIN: &str = "sand";
const FRONT: &str = "front";

impl PictureRef {
    /// A drawing for goods of a category, in the colour which one of the values names.
    pub fn drawn_for(category: &str, values: &[String]) -> Self {
        let colour = values.iter().find_map(|value| drawn_colour(value)).unwrap_or(PLAIN);
        Self::Drawn { kind: category.to_owned(), colour: colour.to_owned(), shot: FRONT.to_owned() }
    }

    pub const fn is_drawn(&self) -> bool {
        matches!(self, Self::Drawn { .. })
    }
}

impl fmt::Display for PictureRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Drawn { kind, colour, shot } => write!(f, "drawn:{kind}/{colour}/{shot}"),
            Self::File(id) => write!(f, "file:{id}"),
        }
    }
}

impl FromStr for PictureRef {
    type Err = NotAPicture;
    fn from_str(text: &str) -> Result<Self, NotAPicture> {
        if let Some(id) = text.strip_prefix("file:") {
            return id.parse().map(Self::File).map_err(|_| NotAPicture);
        }
        let drawn = text.strip_prefix("drawn:").ok_or(NotAPicture)?;
        let parts: Vec<&str> = drawn.split('/').collect();
        match parts.as_slice() {
            [kind, colour, shot] if [kind, colour, shot].into_iter().all(|part| is_name(part)) => {
                Ok(Self::Drawn {
                    kind: (*kind).to_owned(),
                    colour: (*colour).to_owned(),
                    shot: (*shot).to_owned(),
                })
            }
            _ => Err(NotAPicture),
        }
    }
}

/// The parts become part of an address of a page.
fn is_name(part: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    (1..=40).contains(&part.len()) && part.bytes().all(plain)
}

impl Serialize for PictureRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for PictureRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Words which mean a colour of the house's palette. The longer words stand before those they contain.
const COLOUR_WORDS: &[(&str, &[&str])] = &[
    ("navy", &["navy", "藏青", "海军蓝", "深蓝"]),
    ("sky", &["sky", "light blue", "浅蓝", "天蓝"]),
    ("forest", &["forest", "dark green", "墨绿", "深绿"]),
    ("mint", &["mint", "薄荷"]),
    ("sage", &["sage", "olive", "豆绿", "橄榄"]),
    ("teal", &["teal", "green", "cyan", "grün", "青", "绿"]),
    ("rose", &["rose", "pink", "粉"]),
    ("coral", &["coral", "珊瑚"]),
    ("terracotta", &["terracotta", "rust", "brick", "砖红", "陶"]),
    ("red", &["red", "rot", "红"]),
    ("amber", &["amber", "orange", "gold", "琥珀", "橙", "橘", "金"]),
    ("lemon", &["lemon", "yellow", "gelb", "黄"]),
    ("lilac", &["lilac", "lavender", "丁香", "浅紫"]),
    ("plum", &["plum", "purple", "violet", "紫"]),
    ("cocoa", &["cocoa", "brown", "coffee", "braun", "棕", "咖啡", "褐"]),
    ("cream", &["cream", "ivory", "米白", "象牙"]),
    ("sand", &["sand", "beige", "oat", "khaki", "米", "卡其", "沙"]),
    ("silver", &["silver", "银"]),
    ("grey", &["grey", "gray", "grau", "灰"]),
    ("snow", &["snow", "white", "weiß", "白"]),
    ("ink", &["ink", "black", "schwarz", "黑"]),
    ("sky", &["blue", "blau", "蓝"]),
];

/// The palette's name for the colour an option's value speaks of: "Navy" and 藏青 are `navy`.
pub fn drawn_colour(value: &str) -> Option<&'static str> {
    let value = value.to_lowercase();
    let words: Vec<&str> = value.split(|c: char| !c.is_alphanumeric()).collect();
    let spaced = format!(" {} ", words.join(" "));
    COLOUR_WORDS.iter().find_map(|(colour, meaning)| {
        let means = |word: &&str| {
            // Latin words stand by themselves: there is no red in "tired".
            if word.is_ascii() {
                spaced.contains(&format!(" {word} "))
            } else {
                value.contains(*word)
            }
        };
        meaning.iter().any(means).then_some(*colour)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_reads_back_as_it_was_written() {
        for text in ["drawn:mug/teal/front", "file:42"] {
            assert_eq!(text.parse::<PictureRef>().map(|p| p.to_string()), Ok(text.to_owned()));
        }
        let wrong =
            ["", "mug", "drawn:mug", "drawn:a/b/c/d", "drawn:../b/c", "file:x", "https://a/b"];
        for text in wrong {
            assert_eq!(text.parse::<PictureRef>(), Err(NotAPicture), "{text}");
        }
    }

    #[test]
    fn values_in_both_languages_name_a_colour() {
        let cases = [
            ("Navy", Some("navy")),
            ("藏青色", Some("navy")),
            ("曜石黑", Some("ink")),
            ("Light Blue", Some("sky")),
            ("tired", None),
            ("XL", None),
        ];
        for (value, colour) in cases {
            assert_eq!(drawn_colour(value), colour, "{value}");
        }
        let drawn = PictureRef::drawn_for("shoes", &["42".to_owned(), "Red".to_owned()]);
        assert_eq!(drawn.to_string(), "drawn:shoes/red/front");
        for (colour, _) in COLOUR_WORDS {
            assert!(is_name(colour));
        }
    }
}
