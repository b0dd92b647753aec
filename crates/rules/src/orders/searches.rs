//! What somebody types or pastes into the search of a list of orders: numbers of orders or parcels, or a buyer's name.

use crate::ids::OrderId;

/// Numbers which one search takes.
pub const MOST: usize = 100;
/// Fewer digits are no number of an order or a parcel that anybody would paste. [X]
const FEWEST_DIGITS: usize = 4;

/// One number, which may be an order's, a parcel's, or either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// As it was typed.
    pub text: String,
    pub order: Option<OrderId>,
    /// As carriers print it: capitals, without signs.
    pub tracking: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    Nothing,
    /// Each once, in the order in which they were typed.
    Numbers(Vec<Number>),
    /// Part of a buyer's name.
    Name(String),
}

/// More than [`MOST`] numbers were pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{count} numbers are more than the {MOST} which one search takes")]
pub struct TooManyNumbers {
    pub count: usize,
}

/// Numbers, parted by anything which is neither letter, digit nor dash; else a name.
pub fn read(text: &str) -> Result<Search, TooManyNumbers> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Search::Nothing);
    }
    let mut numbers: Vec<Number> = Vec::new();
    for part in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || !c.is_ascii())) {
        for part in part.split(['，', '；', '、', '\u{3000}']).filter(|part| !part.is_empty()) {
            let Some(number) = number(part) else { return Ok(Search::Name(text.to_owned())) };
            if !numbers.iter().any(|known| known.tracking == number.tracking) {
                numbers.push(number);
            }
        }
    }
    match numbers.len() {
        0 => Ok(Search::Name(text.to_owned())),
        count if count > MOST => Err(TooManyNumbers { count }),
        _ => Ok(Search::Numbers(numbers)),
    }
}

fn number(part: &str) -> Option<Number> {
    let tracking: String = part.chars().filter(|c| *c != '-').collect();
    let plain = tracking.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if tracking.is_empty() || !plain {
        return None;
    }
    let digits = tracking.bytes().filter(u8::is_ascii_digit).count();
    let all_digits = digits == tracking.len();
    if !all_digits && digits < FEWEST_DIGITS {
        return None;
    }
    Some(Number {
        text: part.to_owned(),
        order: part.parse().ok(),
        tracking: tracking.to_ascii_uppercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        match read(text) {
            Ok(Search::Numbers(numbers)) => numbers.into_iter().map(|one| one.text).collect(),
            other => panic!("{text:?}: {other:?}"),
        }
    }

    #[test]
    fn numbers_are_parted_by_anything() {
        assert_eq!(texts("12, 34\n56;78\t90|11/13"), ["12", "34", "56", "78", "90", "11", "13"]);
        assert_eq!(texts("12，34；56、78"), ["12", "34", "56", "78"]);
        assert_eq!(texts("12 34 12"), ["12", "34"], "each once");
        assert_eq!(
            texts("1Z999AA10123456784 rx00000000-5zz"),
            ["1Z999AA10123456784", "rx00000000-5zz"]
        );
        let Ok(Search::Numbers(numbers)) = read("rx00000000-5zz 77") else { panic!("numbers") };
        assert_eq!((numbers[0].order, numbers[0].tracking.as_str()), (None, "RX000000005ZZ"));
        assert_eq!(numbers[1].order, Some(OrderId::new(77)));
    }

    #[test]
    fn everything_else_is_a_name() {
        for name in ["Ann Lee", "Ann 3", "李雷", "O'Neil", "José 12"] {
            assert_eq!(read(&format!(" {name} ")), Ok(Search::Name(name.to_owned())));
        }
        assert_eq!(read(" \n"), Ok(Search::Nothing));
        assert_eq!(read("--"), Ok(Search::Name("--".to_owned())));
    }

    #[test]
    fn a_hundred_are_taken_and_one_more_is_refused() {
        let many = |count: usize| {
            (1_000..1_000 + count).map(|id| id.to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(texts(&many(100)).len(), 100);
        assert_eq!(read(&many(101)), Err(TooManyNumbers { count: 101 }));
        assert_eq!(texts(&format!("{} 1000 1001", many(100))).len(), 100, "repeated ones are one");
    }
}
