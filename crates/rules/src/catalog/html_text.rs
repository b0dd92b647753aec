//! HTML of a product's description, reduced to plain text: nothing of it is ever sent to a browser as markup.

/// Elements whose content is not meant to be read.
const UNREAD: &[&str] =
    &["script", "style", "template", "iframe", "object", "svg", "head", "noscript"];
/// Elements which begin and end a paragraph.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "table",
    "tr",
    "section",
    "article",
    "header",
    "footer",
    "blockquote",
    "pre",
    "figure",
    "figcaption",
    "hr",
    "form",
    "main",
    "aside",
    "nav",
    "address",
    "fieldset",
];

/// Plain text with an empty line between paragraphs; items of a list begin with "- ", cells are set apart by spaces.
///
/// A text without any markup keeps its own lines.
pub fn plain_text(html: &str) -> String {
    let mut text = Paragraphs::default();
    let mut tags = Tags { quotes_close: true };
    let mut rest = html;
    let marked_up = html.match_indices('<').any(|(at, _)| tags.tag(&html[at..]).is_some());
    while let Some(c) = rest.chars().next() {
        let found = if c == '<' { tags.tag(rest) } else { None };
        let length = match found {
            Some(tag) => {
                text.meet(&tag);
                tag.length + tags.unread_length(&tag, &rest[tag.length..])
            }
            None if c == '&' => {
                let (meant, length) = entity(rest);
                text.write(meant);
                length
            }
            None if c == '\n' && !marked_up => {
                text.line();
                1
            }
            None => {
                text.write(c);
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    text.finish()
}

/// A tag, a comment or a declaration.
struct Tag {
    /// In lower case; empty for comments and declarations.
    name: String,
    closing: bool,
    /// Bytes up to and including `>`; an unclosed tag reaches to the end.
    length: usize,
}

/// Finds tags, in time which grows with the text and no faster: descriptions come from strangers.
struct Tags {
    /// Whether every quote opened so far was closed. Once one was not, quotes are signs like others, so that
    /// no later tag reads to the end in vain.
    quotes_close: bool,
}

impl Tags {
    /// The tag at the beginning of `rest`; `None` when the `<` is only a sign ("a < b").
    fn tag(&mut self, rest: &str) -> Option<Tag> {
        if rest.starts_with("<!--") {
            let length = rest.find("-->").map_or(rest.len(), |at| at + 3);
            return Some(Tag { name: String::new(), closing: false, length });
        }
        let inside = rest.strip_prefix('<')?;
        let closing = inside.starts_with('/');
        let name_at = inside.strip_prefix('/').unwrap_or(inside);
        let declares = name_at.starts_with(['!', '?']);
        if !declares && !name_at.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let name = name_at.chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
        Some(Tag { name: name.to_ascii_lowercase(), closing, length: self.tag_length(rest) })
    }

    /// Up to the `>` which is not inside a quoted attribute.
    fn tag_length(&mut self, rest: &str) -> usize {
        let mut quote = None;
        for (at, byte) in rest.bytes().enumerate() {
            match (quote, byte) {
                (None, b'>') => return at + 1,
                (None, b'"' | b'\'') if self.quotes_close => quote = Some(byte),
                (Some(open), byte) if open == byte => quote = None,
                (None | Some(_), _) => {}
            }
        }
        // A quote which never closes must not swallow the rest of the description.
        self.quotes_close = quote.is_none();
        rest.find('>').map_or(rest.len(), |at| at + 1)
    }

    /// How much after an opening tag is not to be read, its closing tag included.
    fn unread_length(&mut self, tag: &Tag, after: &str) -> usize {
        if tag.closing || !UNREAD.contains(&tag.name.as_str()) {
            return 0;
        }
        let closes = |at: &usize| {
            let name = after.get(at + 2..at + 2 + tag.name.len());
            name.is_some_and(|name| name.eq_ignore_ascii_case(&tag.name))
        };
        match after.match_indices("</").map(|(at, _)| at).find(closes) {
            Some(at) => at + self.tag_length(&after[at..]),
            None => after.len(),
        }
    }
}

/// The character an entity stands for and its length; a lone `&` stands for itself.
fn entity(rest: &str) -> (char, usize) {
    let found = rest.bytes().take(12).position(|b| b == b';').and_then(|end| {
        let name = rest.get(1..end)?;
        Some((named(name).or_else(|| numbered(name))?, end + 1))
    });
    found.unwrap_or(('&', 1))
}

fn named(name: &str) -> Option<char> {
    let meant = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" | "ensp" | "emsp" => ' ',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "bull" => '•',
        "middot" => '·',
        "times" => '×',
        "deg" => '°',
        "trade" => '™',
        "reg" => '®',
        "copy" => '©',
        "euro" => '€',
        "pound" => '£',
        "yen" => '¥',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "eacute" => 'é',
        "frac12" => '½',
        _ => return None,
    };
    Some(meant)
}

fn numbered(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let number = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(number)
}

/// The text as it grows, white space already in order.
#[derive(Default)]
struct Paragraphs {
    done: String,
    /// How many line ends are owed before the next character.
    breaks: usize,
    space: bool,
}

impl Paragraphs {
    fn meet(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "br" => self.line(),
            "li" if !tag.closing => {
                self.breaks = self.breaks.max(1);
                self.write('-');
                self.space = true;
            }
            "li" => self.breaks = self.breaks.max(1),
            "td" | "th" => self.space = true,
            name if BLOCKS.contains(&name) => self.breaks = 2,
            _ => {}
        }
    }

    fn line(&mut self) {
        self.breaks = (self.breaks + 1).min(2);
    }

    fn write(&mut self, c: char) {
        if c.is_whitespace() {
            self.space = true;
            return;
        }
        // Control and direction-changing characters have no place in a description.
        if c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        {
            return;
        }
        if !self.done.is_empty() && self.breaks > 0 {
            self.done.extend(std::iter::repeat_n('\n', self.breaks));
        } else if self.space && !self.done.is_empty() {
            self.done.push(' ');
        }
        (self.breaks, self.space) = (0, false);
        self.done.push(c);
    }

    fn finish(self) -> String {
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paragraphs_lists_and_line_ends_stay() {
        let html = "<p>A <b>warm</b>&nbsp;hat.</p>\n<ul>\n<li>wool</li><li>one size</li></ul>\r\n<p>Made in<br>Wales &amp; Kent</p>";
        assert_eq!(plain_text(html), "A warm hat.\n\n- wool\n- one size\n\nMade in\nWales & Kent");
    }

    #[test]
    fn nothing_which_acts_is_left() {
        let html = "Hi<script>alert('</b>')</script><img src=x onerror=\"a>b\"><style>p{}</style>there<!-- x --> &lt;b&gt;";
        assert_eq!(plain_text(html), "Hithere <b>");
        assert_eq!(plain_text("<SCRIPT>never closed"), "");
    }

    #[test]
    fn a_hostile_description_takes_no_longer_than_a_long_one() {
        // Each of these would take minutes if every tag were searched for to the end of the text.
        for part in ["<script></script>", "<a '\">", "<!--", "<a", "<svg><b>", "&#x", "</"] {
            let html = part.repeat(50_000);
            assert!(plain_text(&html).len() <= html.len());
        }
    }

    #[test]
    fn plain_text_stays_as_it_was_written() {
        assert_eq!(
            plain_text("5 < 6 & 7 > 3\nnext line\n\n\nnext paragraph"),
            "5 < 6 & 7 > 3\nnext line\n\nnext paragraph"
        );
        assert_eq!(plain_text("=HYPERLINK(\"x\")"), "=HYPERLINK(\"x\")");
        assert_eq!(plain_text("保温杯，500 ml。"), "保温杯，500 ml。");
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(html in "(<|>|&|;|/|!|-|p|li|br|script|\"|'|#|x|é|中|\n| ){0,60}") {
            let text = plain_text(&html);
            prop_assert!(!text.starts_with(char::is_whitespace) && !text.ends_with(char::is_whitespace));
            prop_assert!(!text.contains("\n\n\n"), "{text:?}");
        }
    }
}
