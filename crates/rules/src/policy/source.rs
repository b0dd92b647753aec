//! A policy file as it was written, and what is wrong in it: with its line, so that it can be mended.

use std::fmt;
use std::ops::Range;

/// One thing wrong in a policy file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}:{column}: {setting}{}{says}", if .setting.is_empty() { "" } else { ": " })]
pub struct PolicyError {
    /// The file's name as it was handed in: "orders.toml".
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The whole path of the setting: "market.GB.tier.standard.reserve_bp". Empty where the file itself is wrong.
    pub setting: String,
    /// What is wrong, and what would be right. One sentence.
    pub says: String,
}

/// A policy file's name and text.
#[derive(Clone, Copy)]
pub(super) struct SourceFile<'t> {
    pub name: &'t str,
    pub text: &'t str,
}

impl SourceFile<'_> {
    /// Line and column, both from 1, of a byte of the text.
    pub fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let mut end = byte.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        (line, before[line_start..].chars().count() + 1)
    }

    pub fn error(
        &self,
        span: &Range<usize>,
        setting: &str,
        says: impl fmt::Display,
    ) -> PolicyError {
        let (line, column) = self.line_and_column(span.start);
        PolicyError {
            file: self.name.to_owned(),
            line,
            column,
            setting: setting.to_owned(),
            says: says.to_string(),
        }
    }

    /// The comment which stands directly above the line of this byte, without the `#`s, as one line.
    pub fn comment_above(&self, byte: usize) -> String {
        let line_start = self.text[..byte].rfind('\n').map_or(0, |newline| newline + 1);
        let mut words: Vec<&str> = Vec::new();
        for line in self.text[..line_start].lines().rev() {
            match line.trim().strip_prefix('#') {
                Some(comment) => words.push(comment.trim()),
                None => break,
            }
        }
        words.reverse();
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_found_by_line_and_column_of_characters() {
        let file = SourceFile { name: "x.toml", text: "# 上限\nname = \"中文\"\nb = 2\n" };
        let of =
            |word: &str| file.line_and_column(file.text.find(word).expect("it is in the text"));
        assert_eq!(of("name"), (2, 1));
        assert_eq!(of("文"), (2, 10));
        assert_eq!(of("b = 2"), (3, 1));
        assert_eq!(file.line_and_column(10_000), (4, 1));
    }

    #[test]
    fn the_comment_directly_above_is_the_settings_comment() {
        let text = "# not this\n\n# one\n# two\na = 1\nb = 2\n";
        let file = SourceFile { name: "x.toml", text };
        assert_eq!(file.comment_above(text.find("a = 1").expect("there")), "one two");
        assert_eq!(file.comment_above(text.find("b = 2").expect("there")), "");
    }
}
