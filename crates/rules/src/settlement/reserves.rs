//! The rolling reserve's parts, when something is taken from them before their time.

/// How much of each part is taken to make `amount_minor`: the part which would be released first goes first.
///
/// `parts` is what is left of each, in the order of release. Answers one sum a part; together they are the amount, or
/// everything where that is less.
pub fn taken(parts: &[i64], amount_minor: i64) -> Vec<i64> {
    let mut missing = amount_minor.max(0);
    let take = |left: &i64| {
        let some = (*left).max(0).min(missing);
        missing -= some;
        some
    };
    parts.iter().map(take).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    #[test]
    fn the_oldest_release_goes_first() {
        assert_eq!(taken(&[100, 50, 200], 120), [100, 20, 0]);
        assert_eq!(taken(&[100, 50], 0), [0, 0]);
        assert_eq!(taken(&[100, 50], 900), [100, 50], "no more than there is");
    }

    proptest! {
        #[test]
        fn parts_are_used_up_in_turn_and_the_later_release_is_the_rest(
            parts in vec(0..10_000_i64, 0..12), sums in vec(0..20_000_i64, 1..6)
        ) {
            let all: i64 = parts.iter().sum();
            let mut left = parts;
            for sum in sums {
                let there: i64 = left.iter().sum();
                let out = taken(&left, sum);
                prop_assert_eq!(out.iter().sum::<i64>(), sum.min(there));
                for (place, some) in out.iter().enumerate() {
                    let before_is_empty = left[..place].iter().zip(&out).all(|(has, some)| has == some);
                    prop_assert!(*some == 0 || before_is_empty);
                }
                left.iter_mut().zip(&out).for_each(|(has, some)| *has -= some);
                prop_assert!(left.iter().all(|has| *has >= 0));
            }
            prop_assert!(left.iter().sum::<i64>() <= all);
        }
    }
}
