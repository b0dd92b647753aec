//! Just enough of Rust's grammar: where comments, texts and code are, and where functions begin and end.

/// What a stretch of a Rust file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Code,
    Comment,
    /// A string literal (plain, raw, byte or C). `Piece::text` is what stands between the quotes, unescaped.
    Text,
    Character,
}

/// A stretch of a file, all of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// The byte at which it begins, quotes and prefixes included.
    pub start: usize,
    pub end: usize,
}

/// A function: its name, the line of its `fn`, and how many lines it has to its closing brace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
}

/// Cuts a file into pieces, which follow each other without a gap.
pub fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut code_from = 0;
    while at < source.len() {
        let Some((kind, end, inner)) = special(source, at) else {
            at += source[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        if code_from < at {
            found.push((Kind::Code, code_from, at, (code_from, at)));
        }
        found.push((kind, at, end, inner));
        at = end;
        code_from = end;
    }
    if code_from < source.len() {
        found.push((Kind::Code, code_from, source.len(), (code_from, source.len())));
    }
    let mut line = 1;
    let mut counted = 0;
    let mut result = Vec::with_capacity(found.len());
    for (kind, start, end, (from, to)) in found {
        line += source[counted..start].matches('\n').count();
        counted = start;
        result.push(Piece { kind, text: &source[from..to], line, start, end });
    }
    result
}

/// The same text with comments, texts and characters blanked out; lines and bytes stay where they were.
pub fn code_only(source: &str) -> String {
    let mut bytes = source.as_bytes().to_vec();
    for piece in pieces(source) {
        if piece.kind != Kind::Code {
            for byte in &mut bytes[piece.start..piece.end] {
                if *byte != b'\n' {
                    *byte = b' ';
                }
            }
        }
    }
    String::from_utf8(bytes).expect("whole characters were replaced by spaces")
}

/// What begins at `at` if it is not code: its kind, its end, and the bounds of its inside.
fn special(source: &str, at: usize) -> Option<(Kind, usize, (usize, usize))> {
    // Nearly every byte is told by itself.
    if !matches!(source.as_bytes()[at], b'/' | b'\'' | b'"' | b'b' | b'c' | b'r') {
        return None;
    }
    let rest = &source[at..];
    if rest.starts_with("//") {
        let end = at + rest.find('\n').unwrap_or(rest.len());
        return Some((Kind::Comment, end, (at, end)));
    }
    if rest.starts_with("/*") {
        let end = at + block_comment(rest);
        return Some((Kind::Comment, end, (at, end)));
    }
    if rest.starts_with('\'') {
        return character(rest).map(|length| (Kind::Character, at + length, (at, at + length)));
    }
    if is_name_byte(source.as_bytes()[..at].last().copied()) {
        return None;
    }
    let prefix = ["br", "cr", "b", "c", "r", ""].into_iter().find(|prefix| {
        let after = rest.strip_prefix(prefix).unwrap_or("");
        let raw = prefix.ends_with('r');
        after.starts_with('"')
            || (raw && after.trim_start_matches('#').starts_with('"') && !after.is_empty())
    })?;
    let (from, to, end) = text_bounds(rest, prefix.len(), prefix.ends_with('r'));
    Some((Kind::Text, at + end, (at + from, at + to)))
}

fn text_bounds(rest: &str, prefix: usize, raw: bool) -> (usize, usize, usize) {
    let bytes = rest.as_bytes();
    if raw {
        let hashes = rest[prefix..].bytes().take_while(|b| *b == b'#').count();
        let from = prefix + hashes + 1;
        let close = format!("\"{}", "#".repeat(hashes));
        let to = rest[from..].find(&close).map_or(rest.len(), |found| from + found);
        return (from, to, (to + close.len()).min(rest.len()));
    }
    let from = prefix + 1;
    let mut at = from;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    let to = at.min(bytes.len());
    (from, to, (to + 1).min(bytes.len()))
}

fn block_comment(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0, 0);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// The length of a character literal; `None` for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first == '\\' {
        let after_escaped = rest.get(3..)?;
        return after_escaped.find('\'').map(|found| found + 4);
    }
    let (place, next) = chars.next()?;
    (next == '\'').then_some(place + 1)
}

fn is_name_byte(byte: Option<u8>) -> bool {
    byte.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// All functions with a body, nested ones too.
pub fn functions(source: &str) -> Vec<Function> {
    let code = code_only(source);
    let line_ends: Vec<usize> = code.match_indices('\n').map(|(at, _)| at).collect();
    let line_of = |place: usize| 1 + line_ends.partition_point(|end| *end < place);
    let mut found = Vec::new();
    for start in words(&code, "fn") {
        let after = code[start + 2..].trim_start();
        let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if name.is_empty() {
            continue; // the type `fn(…)`
        }
        if let Some((_, close)) = body(&code, start) {
            let line = line_of(start);
            found.push(Function { name, line, lines: 1 + line_of(close) - line });
        }
    }
    found
}

/// Where the word stands alone in blanked code.
pub fn words(code: &str, word: &str) -> Vec<usize> {
    let bytes = code.as_bytes();
    code.match_indices(word)
        .map(|(at, _)| at)
        .filter(|at| {
            let before = at.checked_sub(1).map(|i| bytes[i]);
            !is_name_byte(before) && !is_name_byte(bytes.get(at + word.len()).copied())
        })
        .collect()
}

/// The first `{ … }` after `start` which is not inside other brackets; `None` when a `;` comes first.
pub fn body(code: &str, start: usize) -> Option<(usize, usize)> {
    let mut depth = 0;
    for (offset, byte) in code[start..].bytes().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b';' if depth == 0 => return None,
            b'{' if depth == 0 => {
                return closing(code, start + offset).map(|end| (start + offset, end));
            }
            _ => {}
        }
    }
    None
}

/// The brace which closes the one at `open`.
fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0;
    for (offset, byte) in code[open..].bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(open + offset);
        }
    }
    None
}

/// The bounds of every `#[cfg(test)]` item: what stands there is not shipped.
pub fn test_parts(source: &str) -> Vec<(usize, usize)> {
    let code = code_only(source);
    code.match_indices("#[cfg(test)]")
        .filter_map(|(at, mark)| body(&code, at + mark.len()).map(|(_, end)| (at, end)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_comments_and_lifetimes_are_told_apart() {
        let source = "fn a<'x>(s: &'x str) { // \"no\"\n let c = '\"'; let r = r#\"a \"b\" { \"#; b\"}\\\"\" }";
        let texts: Vec<_> = pieces(source)
            .into_iter()
            .filter(|p| p.kind == Kind::Text)
            .map(|p| (p.text, p.line))
            .collect();
        assert_eq!(texts, [("a \"b\" { ", 2), ("}\\\"", 2)]);
        assert_eq!(functions(source), [Function { name: "a".into(), line: 1, lines: 2 }]);
    }

    #[test]
    fn a_function_is_counted_from_its_name_to_its_closing_brace() {
        let source =
            "trait T { fn declared(&self); }\n\nfn f(x: [u8; 2])\n{\n    let s = \"}\";\n}\n";
        assert_eq!(functions(source), [Function { name: "f".into(), line: 3, lines: 4 }]);
    }

    #[test]
    fn a_test_module_is_found_whole() {
        let source = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
        let parts = test_parts(source);
        assert_eq!(parts.len(), 1);
        assert!(source[parts[0].0..=parts[0].1].ends_with("fn b() {}\n}"));
    }
}
