//! From the text of one cell to what it means.

use super::problem::RowProblem;
use super::{ImportedStatus, Limits};
use crate::money::{Currency, Money};

/// More pieces than any warehouse holds of one SKU.
pub const MOST_STOCK: i64 = 10_000_000;
/// Ten tonnes: more is freight, not a parcel.
pub const MOST_GRAMS: i64 = 10_000_000;
/// Twenty metres, in millimetres: the longest side of anything a parcel service has ever heard of.
pub const LONGEST_SIDE_MM: i64 = 20_000;
const LONGEST_ADDRESS: usize = 2_048;

/// TRUE or FALSE, also as spreadsheets of other tools write them.
pub fn yes_or_no(text: &str) -> Result<bool, RowProblem> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err(RowProblem::NotYesOrNo { text: short(text) }),
    }
}

/// An unlisted product can be reached by its address only; here it waits as a draft.
pub fn status(text: &str) -> Result<ImportedStatus, RowProblem> {
    match text.to_lowercase().as_str() {
        "active" => Ok(ImportedStatus::Active),
        "draft" | "unlisted" => Ok(ImportedStatus::Draft),
        "archived" => Ok(ImportedStatus::Archived),
        _ => Err(RowProblem::UnknownStatus { text: short(text) }),
    }
}

/// An amount which is zero or more. `12.5` and `1200.00` in a currency without minor digits are read.
pub fn amount(text: &str, currency: Currency) -> Result<Money, RowProblem> {
    let wrong = || RowProblem::NotAnAmount { text: short(text), currency: currency.code().into() };
    let exact = match text.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => {
            let fraction = fraction.trim_end_matches('0');
            if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
        }
        Some(_) | None => text.to_owned(),
    };
    match Money::parse(&exact, currency) {
        Ok(money) if money.minor >= 0 => Ok(money),
        Ok(_) | Err(_) => Err(wrong()),
    }
}

pub fn price(text: &str, currency: Currency) -> Result<Money, RowProblem> {
    let money = amount(text, currency)?;
    if money.is_zero() { Err(RowProblem::NotAboveZero { text: short(text) }) } else { Ok(money) }
}

/// Pieces in stock; a negative count is an oversold one, so there are none.
pub fn stock(text: &str) -> Result<i64, RowProblem> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let pieces = whole_number(digits, text, MOST_STOCK)?;
    Ok(if digits.len() < text.len() { 0 } else { pieces })
}

/// Whole grams; a fraction of a gram counts as one, so that a parcel is never lighter on paper.
pub fn grams(text: &str) -> Result<i64, RowProblem> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let grams = whole_number(whole, text, MOST_GRAMS)?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(RowProblem::NotANumber { text: short(text), most: MOST_GRAMS });
    }
    let more = fraction.bytes().any(|b| b != b'0');
    Ok(grams.saturating_add(i64::from(more)).min(MOST_GRAMS))
}

/// Whole millimetres; a part of one counts as one, so that a parcel is never smaller on paper.
pub fn side_mm(text: &str) -> Result<i64, RowProblem> {
    let wrong = || RowProblem::NotANumber { text: short(text), most: LONGEST_SIDE_MM };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let side = whole_number(whole, text, LONGEST_SIDE_MM)?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let side = side + i64::from(fraction.bytes().any(|b| b != b'0'));
    if side > LONGEST_SIDE_MM { Err(wrong()) } else { Ok(side) }
}

/// A picture's position, from 1.
pub fn position(text: &str) -> Result<u32, RowProblem> {
    let number = whole_number(text, text, 10_000)?;
    u32::try_from(number).map_err(|_| RowProblem::NotANumber { text: short(text), most: 10_000 })
}

fn whole_number(digits: &str, text: &str, most: i64) -> Result<i64, RowProblem> {
    let wrong = || RowProblem::NotANumber { text: short(text), most };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    digits.parse().ok().filter(|number| *number <= most).ok_or_else(wrong)
}

/// A code: without the apostrophe which keeps spreadsheets from making it a number.
pub fn code(text: &str) -> Result<String, RowProblem> {
    let code = text.strip_prefix('\'').unwrap_or(text);
    if is_shortened(code) {
        return Err(RowProblem::ShortenedNumber { text: short(text) });
    }
    one_line(code, 100)
}

/// `4.00638E+12`: the digits are gone.
fn is_shortened(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    digits(whole) && digits(fraction) && exponent.strip_prefix('+').is_some_and(digits)
}

/// A text of one line: line ends and tabs become spaces, other control characters go.
pub fn one_line(text: &str, most: usize) -> Result<String, RowProblem> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line: String = words.join(" ").chars().filter(|c| !c.is_control()).collect();
    within(line, most)
}

pub fn within(text: String, most: usize) -> Result<String, RowProblem> {
    let count = text.chars().count();
    if count > most { Err(RowProblem::TooLong { count, most }) } else { Ok(text) }
}

/// Tags are separated by commas; one which comes twice counts once.
pub fn tags(text: &str, limits: &Limits) -> Result<Vec<String>, RowProblem> {
    let count = text.split(',').count();
    if count > limits.tags {
        return Err(RowProblem::TooMany { count, most: limits.tags });
    }
    let mut tags: Vec<String> = Vec::new();
    for part in text.split(',') {
        let tag = one_line(part, limits.title_characters)?;
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    Ok(tags)
}

/// A web address, or a path which cannot leave the folder of the file. No other scheme.
pub fn picture(text: &str) -> Result<String, RowProblem> {
    let lower = text.to_lowercase();
    let web = ["https://", "http://"].iter().any(|scheme| {
        lower.strip_prefix(scheme).is_some_and(|host| host.starts_with(char::is_alphanumeric))
    });
    let leaves =
        text.starts_with('/') || text.split('/').any(|part| part == ".." || part.is_empty());
    let path = !leaves && !text.contains([':', '\\']);
    let plain = !text.chars().any(|c| c.is_control() || c.is_whitespace());
    if text.len() <= LONGEST_ADDRESS
        && ((web && plain) || (path && !text.chars().any(char::is_control)))
    {
        return Ok(text.to_owned());
    }
    Err(RowProblem::NotAPicture { text: short(text) })
}

/// A handle: letters, digits and dashes in lower case; everything else becomes a dash.
pub fn handle(text: &str, most: usize) -> Result<String, RowProblem> {
    let mut handle = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || c == '_' {
            handle.push(c);
        } else if !handle.is_empty() && !handle.ends_with('-') {
            handle.push('-');
        }
    }
    let handle = handle.trim_end_matches('-').to_owned();
    if handle.is_empty() { Err(RowProblem::MissingHandle) } else { within(handle, most) }
}

/// Enough of a text to recognise it in a message.
pub fn short(text: &str) -> String {
    let mut characters = text.chars();
    let beginning: String = characters.by_ref().take(60).collect();
    if characters.next().is_some() { format!("{beginning}…") } else { beginning }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).expect("a currency")
    }

    #[test]
    fn amounts_are_read_in_every_currency() {
        assert_eq!(amount("19.9", currency("USD")).map(|m| m.minor), Ok(1990));
        assert_eq!(amount("1200.00", currency("JPY")).map(|m| m.minor), Ok(1200));
        assert_eq!(amount("1.5000", currency("KWD")).map(|m| m.minor), Ok(1500));
        for wrong in ["1,299.00", "$5", "-1", "1.005", "", ".5", "1e3", "12.", "1200.5000000x"] {
            assert!(amount(wrong, currency("USD")).is_err(), "{wrong:?}");
        }
        assert!(amount("1200.50", currency("JPY")).is_err());
        assert_eq!(price("0.00", currency("USD")).map_err(|p| p.code()), Err("not_above_zero"));
    }

    #[test]
    fn counts_and_weights_are_whole() {
        assert_eq!((stock("12"), stock("-3")), (Ok(12), Ok(0)));
        assert_eq!((grams("250.0"), grams("0.4")), (Ok(250), Ok(1)));
        for wrong in ["", "x", "1.5.2", "--1", "99999999999999999999"] {
            assert!(grams(wrong).is_err() && stock(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_picture_is_on_the_web_or_next_to_the_file() {
        for good in
            ["https://a.example/x.jpg?v=1", "HTTP://a.example/x", "pictures/红 杯.png", "x.png"]
        {
            assert!(picture(good).is_ok(), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:image/png;base64,AA",
            "/etc/passwd",
            "../x.png",
            "a/../../x",
            "C:\\x.png",
            "https://",
            "https:// a",
            "a//b",
        ] {
            assert!(picture(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn codes_which_a_spreadsheet_has_shortened_are_noticed() {
        assert_eq!(code("'0123456789012"), Ok("0123456789012".into()));
        assert_eq!(code("4.00638E+12").map_err(|p| p.code()), Err("shortened_number"));
        assert_eq!(code("TEE-1E5"), Ok("TEE-1E5".into()));
        assert_eq!(handle("Blue  Mug / 500 ml", 255), Ok("blue-mug-500-ml".into()));
        assert_eq!(handle("保温杯", 255), Ok("保温杯".into()));
    }
}
