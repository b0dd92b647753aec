//! "Did you mean": which known word a mistyped one is nearest to.

/// The nearest of `known`, if it is near enough to be a slip of the hand.
pub(super) fn nearest<'k>(
    typed: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let allowed = (typed.chars().count() / 3).clamp(1, 4);
    known
        .into_iter()
        .map(|word| (distance(typed, word), word))
        .filter(|(far, _)| *far <= allowed)
        .min()
        .map(|(_, word)| word)
}

/// How many letters must be put in, taken out or changed to get from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_is_recognised_and_another_word_is_not() {
        let known = ["pay_by_minutes", "dispatch_by_hours", "auto_complete_days"];
        assert_eq!(nearest("pay_by_minuts", known), Some("pay_by_minutes"));
        assert_eq!(nearest("auto_complete_hours", known), Some("auto_complete_days"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("", known), None);
    }
}
