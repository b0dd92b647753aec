//! Bank accounts: which numbers can be an account at all, and how much of one is shown.
//!
//! A check here finds slips of the pen. Whether the account exists, only the bank knows.

use serde::{Deserialize, Serialize};

/// How a country writes its accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountScheme {
    /// ISO 13616: one number says country, bank and account.
    Iban,
    /// United States: ABA routing number and account number.
    Us,
    /// Japan: bank (4), branch (3), account (7).
    Jp,
    /// China: CNAPS bank code (12) and the account or card number.
    Cn,
    /// Indonesia, Singapore, Malaysia: the bank's BIC and the account number.
    Id,
}

impl AccountScheme {
    pub const ALL: [AccountScheme; 5] = [
        AccountScheme::Iban,
        AccountScheme::Us,
        AccountScheme::Jp,
        AccountScheme::Cn,
        AccountScheme::Id,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            AccountScheme::Iban => "iban",
            AccountScheme::Us => "us",
            AccountScheme::Jp => "jp",
            AccountScheme::Cn => "cn",
            AccountScheme::Id => "id",
        }
    }

    pub fn parse(code: &str) -> Option<AccountScheme> {
        AccountScheme::ALL.into_iter().find(|scheme| scheme.code() == code)
    }

    /// The usual one in a market's country; every other one can be chosen.
    pub fn of_country(country: &str) -> AccountScheme {
        match country {
            "US" => AccountScheme::Us,
            "JP" => AccountScheme::Jp,
            "CN" => AccountScheme::Cn,
            "ID" | "SG" | "MY" => AccountScheme::Id,
            _ => AccountScheme::Iban,
        }
    }

    /// Whether a bank code is written beside the account number.
    pub const fn has_bank_code(self) -> bool {
        match self {
            AccountScheme::Iban => false,
            AccountScheme::Us | AccountScheme::Jp | AccountScheme::Cn | AccountScheme::Id => true,
        }
    }
}

/// A checked account: without spaces, in capital letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountNumber {
    pub scheme: AccountScheme,
    /// Routing number, bank and branch, CNAPS code or BIC; empty for an IBAN.
    pub bank: String,
    pub number: String,
}

/// What is wrong with an account as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountFault {
    #[error("an IBAN has two letters, two check digits and up to 30 letters and digits")]
    NotAnIban,
    #[error("an IBAN of this country has {wanted} characters, this one has {has}")]
    IbanLength { wanted: usize, has: usize },
    #[error("the check digits of this IBAN do not fit: a character is wrong or two are swapped")]
    IbanCheck,
    #[error("a routing number has nine digits")]
    NotARoutingNumber,
    #[error("the check digit of this routing number does not fit")]
    RoutingCheck,
    #[error("the bank code is not one of this country's")]
    NotABankCode,
    #[error("the account number is not one of this country's")]
    NotAnAccountNumber,
}

impl AccountFault {
    pub const fn code(self) -> &'static str {
        match self {
            AccountFault::NotAnIban => "not_an_iban",
            AccountFault::IbanLength { .. } => "iban_length",
            AccountFault::IbanCheck => "iban_check",
            AccountFault::NotARoutingNumber => "not_a_routing_number",
            AccountFault::RoutingCheck => "routing_check",
            AccountFault::NotABankCode => "not_a_bank_code",
            AccountFault::NotAnAccountNumber => "not_an_account_number",
        }
    }

    /// The field of the form in which it is.
    pub const fn field(self) -> &'static str {
        match self {
            AccountFault::NotARoutingNumber
            | AccountFault::RoutingCheck
            | AccountFault::NotABankCode => "bank",
            AccountFault::NotAnIban
            | AccountFault::IbanLength { .. }
            | AccountFault::IbanCheck
            | AccountFault::NotAnAccountNumber => "number",
        }
    }
}

/// The length of an IBAN by country: the SWIFT IBAN registry, release 99, for the countries houses pay to most.
/// A country which is not here is checked by its check digits alone.
const IBAN_LENGTHS: [(&str, usize); 40] = [
    ("AD", 24),
    ("AE", 23),
    ("AT", 20),
    ("BE", 16),
    ("BG", 22),
    ("CH", 21),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("EE", 20),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GI", 23),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IS", 26),
    ("IT", 27),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("RS", 22),
    ("SA", 24),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("TR", 26),
];

impl AccountNumber {
    /// Reads an account as people type it: spaces and dashes do not count.
    ///
    /// # Errors
    /// The first thing which cannot be right.
    pub fn parse(scheme: AccountScheme, bank: &str, number: &str) -> Result<Self, AccountFault> {
        let bank = if scheme.has_bank_code() { plain(bank) } else { String::new() };
        let number = plain(number);
        match scheme {
            AccountScheme::Iban => iban(&number)?,
            AccountScheme::Us => {
                routing_number(&bank)?;
                digits(&number, 4, 17).ok_or(AccountFault::NotAnAccountNumber)?;
            }
            AccountScheme::Jp => {
                digits(&bank, 7, 7).ok_or(AccountFault::NotABankCode)?;
                digits(&number, 7, 7).ok_or(AccountFault::NotAnAccountNumber)?;
            }
            AccountScheme::Cn => {
                digits(&bank, 12, 12).ok_or(AccountFault::NotABankCode)?;
                digits(&number, 8, 32).ok_or(AccountFault::NotAnAccountNumber)?;
            }
            AccountScheme::Id => {
                bic(&bank).then_some(()).ok_or(AccountFault::NotABankCode)?;
                digits(&number, 8, 16).ok_or(AccountFault::NotAnAccountNumber)?;
            }
        }
        Ok(Self { scheme, bank, number })
    }

    /// What a page shows: the last four characters, and for an IBAN its country.
    pub fn masked(&self) -> String {
        let tail = self.number.len().saturating_sub(4);
        let end = self.number.get(tail..).unwrap_or_default();
        match self.scheme {
            AccountScheme::Iban => {
                format!("{}·· ···· {end}", self.number.get(..2).unwrap_or_default())
            }
            AccountScheme::Us | AccountScheme::Jp | AccountScheme::Cn | AccountScheme::Id => {
                format!("···· {end}")
            }
        }
    }
}

/// Whether a text is a BIC: ISO 9362, 8 or 11 characters.
pub fn bic(text: &str) -> bool {
    let bytes = text.as_bytes();
    (bytes.len() == 8 || bytes.len() == 11)
        && bytes[..6].iter().all(u8::is_ascii_uppercase)
        && bytes[6..].iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn plain(typed: &str) -> String {
    let kept = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
    kept.collect::<String>().to_ascii_uppercase()
}

fn digits(text: &str, least: usize, most: usize) -> Option<()> {
    let all = text.bytes().all(|b| b.is_ascii_digit());
    (all && (least..=most).contains(&text.len())).then_some(())
}

fn iban(number: &str) -> Result<(), AccountFault> {
    let bytes = number.as_bytes();
    let shaped = (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !shaped {
        return Err(AccountFault::NotAnIban);
    }
    let known = IBAN_LENGTHS.iter().find(|(country, _)| number.starts_with(country));
    if let Some((_, wanted)) = known
        && *wanted != bytes.len()
    {
        return Err(AccountFault::IbanLength { wanted: *wanted, has: bytes.len() });
    }
    // ISO 7064 mod 97-10: the first four characters go to the end, letters count 10 to 35.
    let moved = bytes[4..].iter().chain(&bytes[..4]);
    let rest = moved.fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    if rest == 1 { Ok(()) } else { Err(AccountFault::IbanCheck) }
}

/// ABA: weights 3, 7, 1; the sum is a multiple of ten.
fn routing_number(bank: &str) -> Result<(), AccountFault> {
    digits(bank, 9, 9).ok_or(AccountFault::NotARoutingNumber)?;
    let weights = [3_u32, 7, 1].into_iter().cycle();
    let sum: u32 = bank.bytes().zip(weights).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
    if sum > 0 && sum.is_multiple_of(10) { Ok(()) } else { Err(AccountFault::RoutingCheck) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(scheme: AccountScheme, bank: &str, number: &str) -> Result<String, AccountFault> {
        AccountNumber::parse(scheme, bank, number).map(|account| account.masked())
    }

    #[test]
    fn an_iban_is_checked_to_the_last_character() {
        // Examples of the IBAN registry.
        for good in [
            "GB29 NWBK 6016 1331 9268 19",
            "DE89370400440532013000",
            "fr14 2004 1010 0505 0001 3M02 606",
        ] {
            assert!(read(AccountScheme::Iban, "", good).is_ok(), "{good}");
        }
        let masked = read(AccountScheme::Iban, "", "DE89 3704 0044 0532 0130 00").unwrap();
        assert_eq!(masked, "DE·· ···· 3000");
        let wrong = |text| read(AccountScheme::Iban, "", text).unwrap_err();
        assert_eq!(wrong("DE89370400440532013001"), AccountFault::IbanCheck);
        assert_eq!(
            wrong("DE8937040044053201300"),
            AccountFault::IbanLength { wanted: 22, has: 21 }
        );
        assert_eq!(wrong("89DE370400440532013000"), AccountFault::NotAnIban);
        assert_eq!(wrong(""), AccountFault::NotAnIban);
        assert_eq!(wrong("DE8937040044053201300é"), AccountFault::NotAnIban);
    }

    #[test]
    fn local_accounts_have_their_own_shapes() {
        assert_eq!(read(AccountScheme::Us, "021000021", "1234 5678").as_deref(), Ok("···· 5678"));
        let us = |bank, number| read(AccountScheme::Us, bank, number).unwrap_err();
        assert_eq!(us("021000012", "12345678"), AccountFault::RoutingCheck);
        assert_eq!(us("000000000", "12345678"), AccountFault::RoutingCheck);
        assert_eq!(us("21000021", "12345678"), AccountFault::NotARoutingNumber);
        assert_eq!(us("021000021", "123"), AccountFault::NotAnAccountNumber);
        assert!(read(AccountScheme::Jp, "0005-001", "1234567").is_ok());
        assert!(read(AccountScheme::Jp, "0005", "1234567").is_err());
        assert!(read(AccountScheme::Cn, "102100099996", "6222 0210 0111 6245 702").is_ok());
        assert!(read(AccountScheme::Id, "CENAIDJA", "1234567890").is_ok());
        assert_eq!(
            read(AccountScheme::Id, "CENA1DJA", "1234567890"),
            Err(AccountFault::NotABankCode)
        );
    }

    #[test]
    fn schemes_have_codes() {
        for scheme in AccountScheme::ALL {
            assert_eq!(AccountScheme::parse(scheme.code()), Some(scheme));
        }
        assert_eq!(AccountScheme::of_country("DE"), AccountScheme::Iban);
        assert_eq!(AccountScheme::of_country("US"), AccountScheme::Us);
        assert_eq!(AccountScheme::of_country("SG"), AccountScheme::Id);
    }
}
