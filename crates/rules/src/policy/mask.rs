//! Masks: the shapes of postcodes and tracking numbers, written so that an operator can read and change them.

use std::fmt;

/// A shape. `#` stands for a digit, `@` for a letter A–Z, `*` for either, everything else for itself.
///
/// "@@# #@@" is a British postcode such as "SW1 4AB".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask(String);

impl Mask {
    /// Nothing where the text has characters which no postcode or tracking number has.
    pub fn parse(text: &str) -> Option<Mask> {
        let fits = |c: char| {
            matches!(c, '#' | '@' | '*' | ' ' | '-') || c.is_ascii_uppercase() || c.is_ascii_digit()
        };
        let plain =
            text.trim() == text && text.chars().any(|c| !is_separator(c)) && text.chars().all(fits);
        plain.then(|| Mask(text.to_owned()))
    }

    /// The text in this shape, with the mask's own spaces and hyphens; nothing where it does not fit.
    ///
    /// Case, spaces, hyphens and full-width digits (which Japanese keyboards write) are the typist's own business.
    pub fn fit(&self, text: &str) -> Option<String> {
        let mut typed = text.trim().chars().map(narrow).filter(|c| !is_separator(*c));
        let mut fitted = String::with_capacity(self.0.len());
        for place in self.0.chars() {
            if is_separator(place) {
                fitted.push(place);
                continue;
            }
            let c = typed.next()?.to_ascii_uppercase();
            let fits = match place {
                '#' => c.is_ascii_digit(),
                '@' => c.is_ascii_uppercase(),
                '*' => c.is_ascii_digit() || c.is_ascii_uppercase(),
                itself => c == itself,
            };
            if !fits {
                return None;
            }
            fitted.push(c);
        }
        typed.next().is_none().then_some(fitted)
    }

    /// A text of this shape for the sandbox, with the digits of `serial` in its last places.
    pub fn filled(&self, serial: u64) -> String {
        let mut rest = serial;
        let mut places: Vec<char> = Vec::with_capacity(self.0.len());
        for place in self.0.chars().rev() {
            if !matches!(place, '#' | '@' | '*') {
                places.push(place);
                continue;
            }
            // 0 to 9, so the cast keeps the value.
            let digit = (rest % 10) as u8;
            rest /= 10;
            places.push(char::from(if place == '@' { b'A' + digit } else { b'0' + digit }));
        }
        places.iter().rev().collect()
    }
}

impl fmt::Display for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A full-width character (！ to ～) as its ASCII twin; every other one as it is.
pub(crate) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

fn is_separator(c: char) -> bool {
    // The Japanese keyboard's long-vowel mark and minus are typed for a hyphen.
    matches!(c, ' ' | '-' | 'ー' | '−' | '‐' | '–')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(mask: &str, text: &str) -> Option<String> {
        Mask::parse(mask).expect("a good mask").fit(text)
    }

    #[test]
    fn a_postcode_is_written_as_the_market_writes_it() {
        assert_eq!(fit("@@# #@@", "sw14ab").as_deref(), Some("SW1 4AB"));
        assert_eq!(fit("###-####", "１００ー０００１").as_deref(), Some("100-0001"));
        assert_eq!(fit("#####", " 10115 ").as_deref(), Some("10115"));
        assert_eq!(fit("JP**", "jp9z").as_deref(), Some("JP9Z"));
    }

    #[test]
    fn what_is_too_short_too_long_or_of_another_kind_does_not_fit() {
        for text in ["", "1011", "101155", "1011a", "1011٥", "10115\n6"] {
            assert_eq!(fit("#####", text), None, "{text:?}");
        }
    }

    #[test]
    fn a_filled_mask_fits_itself() {
        for (text, filled) in [("GK-##-#########", "GK-12-345678901"), ("@@#", "JA1"), ("A*", "A1")]
        {
            let mask = Mask::parse(text).expect("a good mask");
            assert_eq!(mask.filled(12_345_678_901), filled);
            for serial in [0, 7, u64::MAX] {
                let made = mask.filled(serial);
                assert_eq!(mask.fit(&made), Some(made));
            }
        }
    }

    #[test]
    fn a_mask_is_made_of_known_places_only() {
        for text in ["", " ", "#", " #", "##\n", "[0-9]", "é"] {
            assert_eq!(Mask::parse(text).is_some(), text == "#", "{text:?}");
        }
    }
}
