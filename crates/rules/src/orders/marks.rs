//! A shop's own notes and marks on its orders. Only its staff sees them.

/// What a shop hangs on an order to find it again: a colour, always with its word beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    Red,
    Amber,
    Green,
    Blue,
    Violet,
}

impl Mark {
    pub const ALL: [Mark; 5] = [Mark::Red, Mark::Amber, Mark::Green, Mark::Blue, Mark::Violet];

    /// As in the database, addresses and the API.
    pub const fn code(self) -> &'static str {
        match self {
            Mark::Red => "red",
            Mark::Amber => "amber",
            Mark::Green => "green",
            Mark::Blue => "blue",
            Mark::Violet => "violet",
        }
    }

    pub fn parse(code: &str) -> Option<Mark> {
        Mark::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// Characters of the word beside a mark. [X] it stands in a list.
pub const LONGEST_WORD: usize = 30;
/// Characters of a note. [X]
pub const LONGEST_NOTE: usize = 2_000;

/// What is wrong with a note or the word of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteFault {
    #[error("write something")]
    Empty,
    #[error("at most {most} characters")]
    TooLong { most: usize },
    #[error("plain text only, without control characters")]
    ControlCharacter,
}

impl NoteFault {
    pub const fn code(self) -> &'static str {
        match self {
            NoteFault::Empty => "missing",
            NoteFault::TooLong { .. } => "too_long",
            NoteFault::ControlCharacter => "control_character",
        }
    }
}

/// The note as it is kept.
pub fn note(text: &str) -> Result<String, NoteFault> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() {
        return Err(NoteFault::Empty);
    }
    plain(text, LONGEST_NOTE, |c| c == '\n' || c == '\t')
}

/// The word beside a mark as it is kept; there need not be one.
pub fn word(text: &str) -> Result<String, NoteFault> {
    plain(text.trim(), LONGEST_WORD, |_| false)
}

fn plain(text: &str, most: usize, spared: impl Fn(char) -> bool) -> Result<String, NoteFault> {
    if text.chars().count() > most {
        return Err(NoteFault::TooLong { most });
    }
    if text.chars().any(|c| c.is_control() && !spared(c)) {
        return Err(NoteFault::ControlCharacter);
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_have_lines_and_words_have_none() {
        assert_eq!(note(" call first\r\nafter six "), Ok("call first\nafter six".to_owned()));
        assert_eq!(note("  \n"), Err(NoteFault::Empty));
        assert_eq!(note(&"x".repeat(2_001)), Err(NoteFault::TooLong { most: 2_000 }));
        assert_eq!(note("a\u{7}"), Err(NoteFault::ControlCharacter));
        assert_eq!(word(""), Ok(String::new()));
        assert_eq!(word("a\nb"), Err(NoteFault::ControlCharacter));
        assert_eq!(word(&"急".repeat(30)).map(|word| word.chars().count()), Ok(30));
        assert!(word(&"急".repeat(31)).is_err());
        for mark in Mark::ALL {
            assert_eq!(Mark::parse(mark.code()), Some(mark));
        }
    }
}
