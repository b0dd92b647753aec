//! Options (规格) of a product, such as colour and size, and the variants which choose a value of each.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// As in the product files which sellers already have.
pub const MOST_OPTIONS: usize = 3;
pub const MOST_VARIANTS: usize = 100;
/// Characters of an option's name and of a value.
pub const LONGEST_NAME: usize = 60;

/// One option with its values in the order in which the page offers them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductOption {
    pub name: String,
    pub values: Vec<String>,
}

/// One option of a variant with the value it chose: colour is red. As orders and SKUs keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenOption {
    pub name: String,
    pub value: String,
}

/// What is wrong with a set of options or variants.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    #[error("a product has at most {MOST_OPTIONS} options, not {count}")]
    TooManyOptions { count: usize },
    #[error("a product has at most {MOST_VARIANTS} variants, not {count}")]
    TooManyVariants { count: usize },
    #[error("a product has at least one variant")]
    NoVariant,
    #[error("an option and its values have a name of 1 to {LONGEST_NAME} characters, not {name:?}")]
    BadName { name: String },
    #[error("the name {name:?} is used twice")]
    UsedTwice { name: String },
    #[error("each variant chooses {expected} values, this one {found}: {values:?}")]
    WrongCount { values: Vec<String>, expected: usize, found: usize },
    #[error("{option} has no value {value:?}")]
    UnknownValue { option: String, value: String },
    #[error("two variants choose the same values: {values:?}")]
    SameVariant { values: Vec<String> },
}

impl OptionsError {
    /// The stable name of the reason.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooManyOptions { .. } => "too_many_options",
            Self::TooManyVariants { .. } => "too_many_variants",
            Self::NoVariant => "no_variant",
            Self::BadName { .. } => "bad_option_name",
            Self::UsedTwice { .. } => "option_used_twice",
            Self::WrongCount { .. } => "wrong_value_count",
            Self::UnknownValue { .. } => "unknown_option_value",
            Self::SameVariant { .. } => "same_variant",
        }
    }
}

/// Checks that the options are well named and that each variant chooses one value of each, no two alike.
///
/// A product without options has exactly one variant, which chooses nothing.
pub fn check(options: &[ProductOption], variants: &[Vec<String>]) -> Result<(), OptionsError> {
    check_options(options)?;
    if variants.is_empty() {
        return Err(OptionsError::NoVariant);
    }
    if variants.len() > MOST_VARIANTS {
        return Err(OptionsError::TooManyVariants { count: variants.len() });
    }
    let mut seen = BTreeSet::new();
    for values in variants {
        check_variant(options, values)?;
        if !seen.insert(values) {
            return Err(OptionsError::SameVariant { values: values.clone() });
        }
    }
    Ok(())
}

fn check_options(options: &[ProductOption]) -> Result<(), OptionsError> {
    if options.len() > MOST_OPTIONS {
        return Err(OptionsError::TooManyOptions { count: options.len() });
    }
    names_differ(options.iter().map(|option| &option.name))?;
    options.iter().try_for_each(|option| {
        if option.values.is_empty() {
            return Err(OptionsError::BadName { name: String::new() });
        }
        names_differ(option.values.iter())
    })
}

fn names_differ<'a>(names: impl Iterator<Item = &'a String>) -> Result<(), OptionsError> {
    let mut seen = BTreeSet::new();
    for name in names {
        let plain = name.trim() == name && !name.chars().any(char::is_control);
        if name.is_empty() || !plain || name.chars().count() > LONGEST_NAME {
            return Err(OptionsError::BadName { name: name.clone() });
        }
        // `Red` and `red` would be two buttons which a buyer cannot tell apart.
        if !seen.insert(name.to_lowercase()) {
            return Err(OptionsError::UsedTwice { name: name.clone() });
        }
    }
    Ok(())
}

fn check_variant(options: &[ProductOption], values: &[String]) -> Result<(), OptionsError> {
    if values.len() != options.len() {
        let (expected, found) = (options.len(), values.len());
        return Err(OptionsError::WrongCount { values: values.to_vec(), expected, found });
    }
    for (option, value) in options.iter().zip(values) {
        if !option.values.contains(value) {
            let option = option.name.clone();
            return Err(OptionsError::UnknownValue { option, value: value.clone() });
        }
    }
    Ok(())
}

/// Every combination of values, the last option changing fastest; one empty combination without options.
///
/// Refuses what would be more than [`MOST_VARIANTS`] before it makes them.
pub fn combinations(options: &[ProductOption]) -> Result<Vec<Vec<String>>, OptionsError> {
    check_options(options)?;
    let count =
        options.iter().fold(1_usize, |count, option| count.saturating_mul(option.values.len()));
    if count > MOST_VARIANTS {
        return Err(OptionsError::TooManyVariants { count });
    }
    let mut found = vec![Vec::new()];
    for option in options {
        found = found
            .iter()
            .flat_map(|chosen: &Vec<String>| {
                option.values.iter().map(|value| {
                    let mut longer = chosen.clone();
                    longer.push(value.clone());
                    longer
                })
            })
            .collect();
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(name: &str, values: &[&str]) -> ProductOption {
        ProductOption { name: name.into(), values: values.iter().map(|v| (*v).into()).collect() }
    }

    fn variant(values: &[&str]) -> Vec<String> {
        values.iter().map(|v| (*v).into()).collect()
    }

    #[test]
    fn combinations_are_in_the_order_of_the_page() {
        let options = [option("颜色", &["红", "蓝"]), option("Size", &["S", "M"])];
        let all = combinations(&options).expect("four variants");
        assert_eq!(
            all.iter().map(|v| v.join("")).collect::<Vec<_>>(),
            ["红S", "红M", "蓝S", "蓝M"]
        );
        assert_eq!(check(&options, &all), Ok(()));
        assert_eq!(combinations(&[]), Ok(vec![vec![]]));
    }

    #[test]
    fn each_reason_is_given() {
        let size = || option("Size", &["S", "M"]);
        let cases = [
            (vec![size(); 4], vec![], "too_many_options"),
            (vec![size()], vec![], "no_variant"),
            (vec![size()], vec![variant(&["S"]); 101], "too_many_variants"),
            (vec![option("", &["S"])], vec![variant(&["S"])], "bad_option_name"),
            (vec![option("Size", &[])], vec![variant(&["S"])], "bad_option_name"),
            (vec![option("Size", &["S", "s"])], vec![variant(&["S"])], "option_used_twice"),
            (vec![size()], vec![variant(&[])], "wrong_value_count"),
            (vec![size()], vec![variant(&["L"])], "unknown_option_value"),
            (vec![size()], vec![variant(&["S"]), variant(&["S"])], "same_variant"),
        ];
        for (options, variants, code) in cases {
            assert_eq!(check(&options, &variants).map_err(|e| e.code()), Err(code), "{options:?}");
        }
        let many: Vec<String> = (0..11).map(|n| n.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let wide = [option("a", &many), option("b", &many)];
        assert_eq!(combinations(&wide), Err(OptionsError::TooManyVariants { count: 121 }));
    }
}
