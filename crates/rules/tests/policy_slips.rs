//! Slips of the hand in a policy file: whatever is typed, loading answers and points into the file.

use proptest::prelude::*;
use proptest::sample::Index;
use rules::policy::{Policies, SHIPPED};

/// What somebody does to a file without meaning to.
#[derive(Clone, Debug)]
enum Slip {
    Leave(Index),
    Type(Index, char),
    DoubleLine(Index),
    CutOff(Index),
}

fn slip() -> impl Strategy<Value = Slip> {
    prop_oneof![
        any::<Index>().prop_map(Slip::Leave),
        (any::<Index>(), any::<char>()).prop_map(|(at, c)| Slip::Type(at, c)),
        (any::<Index>(), prop::sample::select("[]={}\"'#.,\n-09atx中".chars().collect::<Vec<_>>()))
            .prop_map(|(at, c)| Slip::Type(at, c)),
        any::<Index>().prop_map(Slip::DoubleLine),
        any::<Index>().prop_map(Slip::CutOff),
    ]
}

fn slipped(text: &str, slip: &Slip) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    match slip {
        Slip::Leave(at) => {
            chars.remove(at.index(chars.len()));
        }
        Slip::Type(at, c) => chars.insert(at.index(chars.len()), *c),
        Slip::CutOff(at) => chars.truncate(at.index(chars.len())),
        Slip::DoubleLine(at) => {
            let mut lines: Vec<&str> = text.lines().collect();
            let place = at.index(lines.len());
            lines.insert(place, lines[place]);
            return lines.join("\n");
        }
    }
    chars.into_iter().collect()
}

proptest! {
    #[test]
    fn every_slip_is_answered(file in 0..SHIPPED.len(), slips in prop::collection::vec(slip(), 1..4)) {
        let mut files = SHIPPED.map(|(name, text)| (name, text.to_owned()));
        for slip in &slips {
            if !files[file].1.is_empty() {
                files[file].1 = slipped(&files[file].1, slip);
            }
        }
        let texts: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        for error in Policies::load(&texts).err().unwrap_or_default() {
            let text = texts.iter().find(|(name, _)| *name == error.file).map(|(_, text)| *text);
            let lines = text.expect("an error is in one of the files").matches('\n').count() + 1;
            prop_assert!((1..=lines).contains(&error.line), "{error}");
            prop_assert!(error.column >= 1 && !error.says.is_empty(), "{error}");
        }
    }
}
