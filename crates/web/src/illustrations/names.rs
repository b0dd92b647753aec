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
        .filter_map(|(word, code)| text.find(word).map(|place| (word.len(), Reverse(place), *code)))
        .max_by_key(|(length, place, _)| (*length, *place))
        .map(|(_, _, code)| code)
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
