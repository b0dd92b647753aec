//! Words for the search index, in 中文 and in languages with spaces.
//!
//! The engines' own tokenizers take a run of Chinese for one word, so the index is fed with tokens made here:
//! lower-cased words without accents, and overlapping pairs of Chinese (and Japanese, Korean) characters.
//! 蓝牙耳机 becomes 蓝牙 牙耳 耳机 机: whatever two neighbours a buyer types, they are found. The last
//! character stands alone too, so that one character is found as the beginning of a token.
//! Traditional and simplified characters are not folded into each other.

/// A text longer than this is indexed up to here: about 20 screens of words.
const MOST_TOKENS: usize = 4_000;
/// A query is a few words; more of them only make the search slower.
const MOST_QUERY_TOKENS: usize = 16;

/// What a document must have for one part of the query.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum QueryToken {
    /// Exactly this token.
    Whole(String),
    /// Any token which begins so: a single Chinese character.
    Beginning(String),
}

impl QueryToken {
    pub fn matches(&self, token: &str) -> bool {
        match self {
            Self::Whole(whole) => token == whole,
            Self::Beginning(beginning) => token.starts_with(beginning.as_str()),
        }
    }
}

/// The tokens of a text, in its order; a word which comes twice is there twice, so that ranking can count.
///
/// Tokens consist of letters and digits only: they can be joined with spaces.
pub fn tokens_of_text(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for run in runs(text) {
        match run {
            Run::Word(word) => tokens.push(stem(word)),
            Run::Dense(characters) => {
                tokens.extend(characters.windows(2).map(|pair| pair.iter().collect::<String>()));
                tokens.extend(characters.last().map(char::to_string));
            }
        }
        if tokens.len() >= MOST_TOKENS {
            tokens.truncate(MOST_TOKENS);
            break;
        }
    }
    tokens
}

/// What to look for. All of it has to be found; nothing to look for (only signs) is an empty list.
pub fn query_tokens(query: &str) -> Vec<QueryToken> {
    let mut tokens = Vec::new();
    for run in runs(query) {
        match run {
            Run::Word(word) => tokens.push(QueryToken::Whole(stem(word))),
            Run::Dense(characters) => match characters.as_slice() {
                [single] => tokens.push(QueryToken::Beginning(single.to_string())),
                several => {
                    tokens
                        .extend(several.windows(2).map(|p| QueryToken::Whole(p.iter().collect())));
                }
            },
        }
    }
    let mut once: Vec<QueryToken> = Vec::new();
    for token in tokens {
        if once.len() < MOST_QUERY_TOKENS && !once.contains(&token) {
            once.push(token);
        }
    }
    once
}

/// Letters and digits which belong together.
enum Run {
    Word(String),
    /// Characters of a script without spaces.
    Dense(Vec<char>),
}

fn runs(text: &str) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    let mut joined = false;
    for original in text.chars() {
        let mut wrote = false;
        for c in fold(original) {
            if !c.is_alphanumeric() {
                continue;
            }
            wrote = true;
            let dense = is_dense(c);
            match found.last_mut() {
                Some(Run::Word(word)) if joined && !dense => word.push(c),
                Some(Run::Dense(characters)) if joined && dense => characters.push(c),
                Some(_) | None if dense => found.push(Run::Dense(vec![c])),
                Some(_) | None => found.push(Run::Word(c.to_string())),
            }
            joined = true;
        }
        // An apostrophe or an accent inside a word does not end it: men's is one word.
        let inside = matches!(original, '\'' | '’' | '\u{300}'..='\u{36f}');
        joined = wrote || (joined && inside);
    }
    found
}

/// Full width to half width, upper case to lower, accents away.
fn fold(c: char) -> impl Iterator<Item = char> {
    let half = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    half.to_lowercase().flat_map(|lower| {
        let (first, second) = without_accent(lower);
        std::iter::once(first).chain(second)
    })
}

/// The letters under the accents of western, northern and eastern European Latin; ß is two letters.
fn without_accent(c: char) -> (char, Option<char>) {
    let plain = match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
        'ì'..='ï' | 'ĩ' | 'ī' | 'į' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ŕ' | 'ř' => 'r',
        'ś' | 'ş' | 'š' | 'ș' => 's',
        'ť' | 'ţ' | 'ț' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ß' => return ('s', Some('s')),
        'æ' => return ('a', Some('e')),
        'œ' => return ('o', Some('e')),
        _ => c,
    };
    (plain, None)
}

/// Scripts written without spaces: Han, kana, hangul syllables.
fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{323af}')
}

/// Takes an English plural back to its singular. Applied to texts and queries alike, a wrong guess does no harm.
fn stem(word: String) -> String {
    let plain = word.is_ascii() && word.len() > 3 && word.bytes().all(|b| b.is_ascii_lowercase());
    if !plain || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word;
    }
    if word.len() > 4
        && let Some(root) = word.strip_suffix("ies")
    {
        return format!("{root}y");
    }
    let hissing = ["ches", "shes", "xes", "sses"].iter().any(|end| word.ends_with(end));
    let cut = if hissing { 2 } else { usize::from(word.ends_with('s')) };
    word[..word.len() - cut].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finds(query: &str, text: &str) -> bool {
        let tokens = tokens_of_text(text);
        let wanted = query_tokens(query);
        !wanted.is_empty() && wanted.iter().all(|q| tokens.iter().any(|token| q.matches(token)))
    }

    #[test]
    fn chinese_becomes_pairs_and_its_last_character() {
        assert_eq!(tokens_of_text("蓝牙耳机"), ["蓝牙", "牙耳", "耳机", "机"]);
        assert_eq!(tokens_of_text("T恤 5.0"), ["t", "恤", "5", "0"]);
        assert_eq!(query_tokens("机"), [QueryToken::Beginning("机".into())]);
    }

    #[test]
    fn what_a_buyer_types_finds_what_a_buyer_sees() {
        let title = "ＢＬＵＥＴＯＯＴＨ Headphones 蓝牙降噪耳机（黑色）Größe M, men's";
        for query in [
            "headphone",
            "HEADPHONES",
            "bluetooth",
            "蓝牙",
            "耳机",
            "降噪",
            "黑",
            "机",
            "色",
            "grosse",
            "Größe",
            "蓝牙 耳机",
            "耳机 黑色",
            "ｍ",
            "mens",
            "men’s",
        ] {
            assert!(finds(query, title), "{query}");
        }
        for query in ["红", "有线", "phone", "蓝耳", "", "，。!"] {
            assert!(!finds(query, title), "{query}");
        }
    }

    #[test]
    fn a_plural_finds_its_singular() {
        for (many, one) in
            [("shoes", "shoe"), ("boxes", "box"), ("batteries", "battery"), ("bags", "bag")]
        {
            assert!(finds(many, one) && finds(one, many), "{many} {one}");
        }
        assert_eq!(tokens_of_text("glass bus"), ["glass", "bus"]);
    }

    proptest! {
        #[test]
        fn every_visible_stretch_of_chinese_is_found(
            before in "[a-zA-Z0-9 ，一-龥]{0,9}",
            text in "[ ，。（）一-龥ぁ-んァ-ヶ]{2,30}",
            after in "[a-zA-Z0-9 ，一-龥]{0,9}",
            from in 0_usize..29,
            length in 1_usize..12,
        ) {
            let characters: Vec<char> = text.chars().collect();
            let from = from.min(characters.len() - 1);
            let to = (from + length).min(characters.len());
            let stretch: String = characters[from..to].iter().collect();
            prop_assume!(stretch.chars().any(char::is_alphanumeric));
            let text = format!("{before}{text}{after}");
            prop_assert!(finds(&stretch, &text), "{stretch:?} in {text:?}: {:?}", tokens_of_text(&text));
        }

        #[test]
        fn any_text_becomes_plain_tokens(text in "\\PC{0,200}") {
            for token in tokens_of_text(&text) {
                prop_assert!(!token.is_empty() && token.chars().all(char::is_alphanumeric), "{token:?}");
            }
            prop_assert!(query_tokens(&text).len() <= MOST_QUERY_TOKENS);
        }
    }
}
