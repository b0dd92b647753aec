//! The book of policy versions: what was in force when.

use std::sync::Arc;

use super::Policies;
use crate::time::Timestamp;

/// One version of the whole policy. Orders and cases keep its number.
#[derive(Clone, Debug)]
pub struct PolicyVersion {
    /// From 1, in the order in which the versions were decided.
    pub number: i64,
    pub effective_from: Timestamp,
    pub policies: Policies,
}

/// All versions, in the order of their numbers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PolicyBook(Arc<[PolicyVersion]>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    #[error("there is no policy version at all")]
    Empty,
    #[error("policy version {second} stands after version {first}; the numbers must rise")]
    NotRising { first: i64, second: i64 },
}

impl PolicyBook {
    /// The versions must stand in the order of their numbers, and there must be one.
    pub fn new(versions: Vec<PolicyVersion>) -> Result<PolicyBook, BookError> {
        if versions.is_empty() {
            return Err(BookError::Empty);
        }
        for pair in versions.windows(2) {
            let (first, second) = (pair[0].number, pair[1].number);
            if first >= second {
                return Err(BookError::NotRising { first, second });
            }
        }
        Ok(PolicyBook(versions.into()))
    }

    /// The version in force at a moment: of those which have taken effect, the one decided last.
    ///
    /// A later decision thereby also replaces an earlier one which has not taken effect yet.
    /// Before any has taken effect the first version governs: there is always a policy.
    pub fn in_force(&self, at: Timestamp) -> (i64, &Policies) {
        let decided_last = self.0.iter().rev().find(|version| version.effective_from <= at);
        let version = decided_last.unwrap_or(&self.0[0]);
        (version.number, &version.policies)
    }

    pub fn version(&self, number: i64) -> Option<&Policies> {
        let place = self.0.binary_search_by_key(&number, |version| version.number).ok()?;
        Some(&self.0[place].policies)
    }

    pub fn versions(&self) -> &[PolicyVersion] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(number: i64, day: i64) -> PolicyVersion {
        let effective_from = Timestamp::from_ms(day * 86_400_000);
        PolicyVersion { number, effective_from, policies: Policies::shipped() }
    }

    fn in_force(book: &PolicyBook, day: i64) -> i64 {
        book.in_force(Timestamp::from_ms(day * 86_400_000)).0
    }

    #[test]
    fn the_last_decided_of_those_in_effect_governs() {
        let book = PolicyBook::new(vec![version(1, 10), version(2, 30), version(3, 20)])
            .expect("a good book");
        assert_eq!([0, 10, 19, 20, 30, 99].map(|day| in_force(&book, day)), [1, 1, 1, 3, 3, 3]);
        assert!(book.version(2).is_some());
        assert!(book.version(4).is_none());
    }

    #[test]
    fn a_book_has_a_version_and_rising_numbers() {
        assert_eq!(PolicyBook::new(vec![]).err(), Some(BookError::Empty));
        let twice = PolicyBook::new(vec![version(2, 0), version(2, 1)]);
        assert_eq!(twice.err(), Some(BookError::NotRising { first: 2, second: 2 }));
    }
}
