//! Reads `names.txt`: the words by which shops name colours and things.

use std::cmp::Reverse;
use std::sync::LazyLock;

/// A part of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Colours,
    Things,
}

/// A word and the code it stands for.
type Name = (&'static str, &'static str);

/// The code named in `text`: the longest word found wins, among equals the first. Codes are words too.
pub(super) fn find(part: Part, text: &str) -> Option<&'static str> {
    static COLOURS: LazyLock<Vec<Name>> = LazyLock::new(|| read("[colours]"));
    static THINGS: LazyLock<Vec<Name>> = LazyLock::new(|| read("[things]"));
    let names = match part {
        Part::Colours => &COLOURS,
        Part::Things => &THINGS,
    };
    let text = text.to_lowercase();
    names
        .iter()
        .filter_map(|(word, code)| {
            place_of(word, &text).map(|place| (word.len(), Reverse(place), *code))
        })
        .max_by_key(|(length, place, _)| (*length, *place))
        .map(|(_, _, code)| code)
}

/// Where a word stands in a text: an English one by itself or in the plural ("pen" is not in "open"), a Chinese
/// one anywhere.
fn place_of(word: &str, text: &str) -> Option<usize> {
    if !word.is_ascii() {
        return text.find(word);
    }
    let stands_alone = |place: &usize| {
        let before = text[..*place].chars().next_back();
        let rest = &text[place + word.len()..];
        let endings =
            [rest, rest.strip_prefix('s').unwrap_or(rest), rest.strip_prefix("es").unwrap_or(rest)];
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphabetic());
        !before.is_some_and(|c| c.is_ascii_alphabetic()) && endings.into_iter().any(ends)
    };
    text.match_indices(word).map(|(place, _)| place).find(stands_alone)
}

fn read(part: &str) -> Vec<Name> {
    let lines = include_str!("names.txt").lines().filter(|line| !line.starts_with('#'));
    let within =
        lines.skip_while(|line| *line != part).skip(1).take_while(|line| !line.starts_with('['));
    let mut names = Vec::new();
    for (code, words) in within.filter_map(|line| line.split_once(": ")) {
        names.push((code, code));
        names.extend(words.split(", ").map(|word| (word, code)));
    }
    names
}
