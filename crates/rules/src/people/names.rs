//! What people type when they sign up: an e-mail address to sign in with, a name, a password.
//!
//! Checks of form only. Whether an address is taken or a password is right, is known elsewhere.

/// Characters of a name which others see.
pub const NAME_MAX: usize = 80;
/// RFC 5321: the longest path without its brackets.
pub const EMAIL_MAX: usize = 254;
/// Long pass phrases are welcome; a book only keeps the hash function busy.
pub const PASSWORD_MAX: usize = 256;
/// Fewer different characters than this are guessed at once, however long the password is.
const PASSWORD_DIFFERENT: usize = 4;

/// An e-mail address in the one spelling which is unique: trimmed, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LoginName(String);

/// Why a field of the sign-up form cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    #[error("this must be filled in")]
    Missing,
    #[error("at most {max} characters")]
    TooLong { max: usize },
    #[error("at least {min} characters")]
    TooShort { min: usize },
    #[error("line breaks and other control characters are not possible here")]
    ControlCharacter,
    #[error("an e-mail address is written as in name@example.com")]
    NotAnEmail,
    #[error("a password of so few different characters is guessed at once")]
    TooPlain,
    #[error("a password must not be one's own e-mail address")]
    LikeYourEmail,
    #[error("the languages are en and zh")]
    NotALanguage,
}

impl NameFault {
    /// Stable: programs and language files rely on it.
    pub const fn code(self) -> &'static str {
        match self {
            NameFault::Missing => "missing",
            NameFault::TooLong { .. } => "too_long",
            NameFault::TooShort { .. } => "too_short",
            NameFault::ControlCharacter => "control_character",
            NameFault::NotAnEmail => "not_an_email",
            NameFault::TooPlain => "too_plain",
            NameFault::LikeYourEmail => "like_your_email",
            NameFault::NotALanguage => "not_a_language",
        }
    }
}

impl LoginName {
    /// By the rule browsers use for `<input type=email>`, so that the form and the market agree.
    pub fn parse(text: &str) -> Result<LoginName, NameFault> {
        let name = text.trim().to_lowercase();
        if name.is_empty() {
            return Err(NameFault::Missing);
        }
        if name.len() > EMAIL_MAX {
            return Err(NameFault::TooLong { max: EMAIL_MAX });
        }
        let (local, domain) = name.split_once('@').ok_or(NameFault::NotAnEmail)?;
        let local_is_good = !local.is_empty() && local.bytes().all(is_local_byte);
        if local_is_good && domain.split('.').all(is_label) {
            Ok(LoginName(name))
        } else {
            Err(NameFault::NotAnEmail)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_local_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte)
}

fn is_label(label: &str) -> bool {
    let hyphen_outside = label.starts_with('-') || label.ends_with('-');
    let bytes_good = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (1..=63).contains(&label.len()) && bytes_good && !hyphen_outside
}

/// A name which others see, trimmed: of a person, of the house, of a key.
pub fn display_name(text: &str) -> Result<String, NameFault> {
    let name = text.trim();
    if name.is_empty() {
        Err(NameFault::Missing)
    } else if name.chars().count() > NAME_MAX {
        Err(NameFault::TooLong { max: NAME_MAX })
    } else if name.chars().any(char::is_control) {
        Err(NameFault::ControlCharacter)
    } else {
        Ok(name.to_owned())
    }
}

/// A new password. No rule asks for special signs: length is what helps (NIST SP 800-63B).
/// `min_length` is in characters, from the policy.
pub fn new_password(password: &str, email: &LoginName, min_length: usize) -> Result<(), NameFault> {
    let length = password.chars().count();
    let mut different: Vec<char> = password.chars().collect();
    different.sort_unstable();
    different.dedup();
    if password.is_empty() {
        Err(NameFault::Missing)
    } else if length < min_length {
        Err(NameFault::TooShort { min: min_length })
    } else if length > PASSWORD_MAX {
        Err(NameFault::TooLong { max: PASSWORD_MAX })
    } else if different.len() < PASSWORD_DIFFERENT {
        Err(NameFault::TooPlain)
    } else if password.trim().to_lowercase() == email.as_str() {
        Err(NameFault::LikeYourEmail)
    } else {
        Ok(())
    }
}

/// The languages of the consoles.
pub const LANGUAGES: [&str; 2] = ["en", "zh"];

/// A language of the consoles, by its code.
pub fn language(text: &str) -> Result<&'static str, NameFault> {
    LANGUAGES.into_iter().find(|known| *known == text).ok_or(NameFault::NotALanguage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_in_one_spelling() {
        let name = LoginName::parse("  Ann.Lee+shop@Example.COM ").expect("an address");
        assert_eq!(name.as_str(), "ann.lee+shop@example.com");
        assert!(LoginName::parse("admin@localhost").is_ok());
    }

    #[test]
    fn what_is_no_address_is_named() {
        for (text, fault) in [
            ("", NameFault::Missing),
            ("   ", NameFault::Missing),
            ("ann", NameFault::NotAnEmail),
            ("@example.com", NameFault::NotAnEmail),
            ("ann@", NameFault::NotAnEmail),
            ("ann@example..com", NameFault::NotAnEmail),
            ("ann@-example.com", NameFault::NotAnEmail),
            ("ann@b@example.com", NameFault::NotAnEmail),
            ("ann lee@example.com", NameFault::NotAnEmail),
            ("ann@example.com\nbcc: all@example.com", NameFault::NotAnEmail),
        ] {
            assert_eq!(LoginName::parse(text), Err(fault), "{text:?}");
        }
        let long = format!("{}@example.com", "a".repeat(300));
        assert_eq!(LoginName::parse(&long), Err(NameFault::TooLong { max: EMAIL_MAX }));
    }

    #[test]
    fn names_are_one_line() {
        assert_eq!(display_name(" 李安 "), Ok("李安".to_owned()));
        assert_eq!(display_name("\t"), Err(NameFault::Missing));
        assert_eq!(display_name("a\u{0}b"), Err(NameFault::ControlCharacter));
        assert_eq!(display_name(&"字".repeat(81)), Err(NameFault::TooLong { max: NAME_MAX }));
    }

    #[test]
    fn passwords_are_judged_by_length_and_not_by_signs() {
        let email = LoginName::parse("ann@example.com").expect("an address");
        let judge = |password: &str| new_password(password, &email, 10);
        assert_eq!(judge("correct horse battery"), Ok(()));
        assert_eq!(judge("一二三四五六七八九十"), Ok(()));
        assert_eq!(judge(""), Err(NameFault::Missing));
        assert_eq!(judge("short"), Err(NameFault::TooShort { min: 10 }));
        assert_eq!(judge("abababababab"), Err(NameFault::TooPlain));
        assert_eq!(judge("Ann@Example.com"), Err(NameFault::LikeYourEmail));
        assert_eq!(judge(&"abcdefgh".repeat(40)), Err(NameFault::TooLong { max: PASSWORD_MAX }));
    }

    #[test]
    fn two_languages() {
        assert_eq!(language("zh"), Ok("zh"));
        assert_eq!(language("de"), Err(NameFault::NotALanguage));
    }
}
