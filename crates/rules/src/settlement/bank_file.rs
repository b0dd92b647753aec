//! The file which tells the house's bank whom to pay: ISO 20022 `pain.001.001.09`, customer credit transfer initiation.
//!
//! Written by hand, element by element in the order of the schema. Only payouts which are sent are in a file, and the
//! same file is written anew byte for byte from its rows.

use super::bank_accounts::{AccountNumber, AccountScheme};
use crate::money::Money;
use crate::time::Timestamp;

/// Who pays: the house's own account in this currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    pub name: String,
    pub account: AccountNumber,
}

/// One payout in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// The payout's id: comes back in the bank's answers and on the shop's bank statement.
    pub id: String,
    pub amount: Money,
    pub holder: String,
    /// The country of the account, two letters.
    pub country: String,
    pub account: AccountNumber,
    /// What the shop reads on its bank statement.
    pub note: String,
}

/// One file: one currency, one paying account, one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankFile {
    /// At most 35 characters.
    pub message_id: String,
    pub created_at: Timestamp,
    pub payer: Payer,
    pub instructions: Vec<Instruction>,
}

const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";

impl BankFile {
    /// The sum of all instructions, minor units.
    pub fn total_minor(&self) -> i64 {
        self.instructions.iter().map(|one| one.amount.minor).sum()
    }

    /// The whole document. There is one payment block, because currency, payer and day are one.
    ///
    /// # Panics
    /// When there is no instruction: an empty file is not one the bank could take.
    pub fn to_xml(&self) -> String {
        let first = self.instructions.first().expect("a bank file has at least one instruction");
        let total = Money::new(self.total_minor(), first.amount.currency).amount();
        let count = self.instructions.len().to_string();
        let created = self.created_at.civil();
        let mut xml = Xml::default();
        xml.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.open(&format!("Document xmlns=\"{NAMESPACE}\""), |xml| {
            xml.open("CstmrCdtTrfInitn", |xml| {
                xml.open("GrpHdr", |xml| {
                    xml.leaf("MsgId", &max35(&self.message_id));
                    xml.leaf("CreDtTm", &created.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
                    xml.leaf("NbOfTxs", &count);
                    xml.leaf("CtrlSum", &total);
                    xml.open("InitgPty", |xml| xml.leaf("Nm", &name(&self.payer.name)));
                });
                xml.open("PmtInf", |xml| {
                    xml.leaf("PmtInfId", &max35(&self.message_id));
                    xml.leaf("PmtMtd", "TRF");
                    xml.leaf("BtchBookg", "false");
                    xml.leaf("NbOfTxs", &count);
                    xml.leaf("CtrlSum", &total);
                    let day = created.strftime("%Y-%m-%d").to_string();
                    xml.open("ReqdExctnDt", |xml| xml.leaf("Dt", &day));
                    xml.open("Dbtr", |xml| xml.leaf("Nm", &name(&self.payer.name)));
                    xml.open("DbtrAcct", |xml| account(xml, &self.payer.account));
                    xml.open("DbtrAgt", |xml| agent(xml, &self.payer.account));
                    xml.leaf("ChrgBr", "SLEV");
                    for one in &self.instructions {
                        instruction(xml, one);
                    }
                });
            });
        });
        xml.text
    }
}

fn instruction(xml: &mut Xml, one: &Instruction) {
    xml.open("CdtTrfTxInf", |xml| {
        xml.open("PmtId", |xml| {
            xml.leaf("InstrId", &max35(&one.id));
            xml.leaf("EndToEndId", &max35(&one.id));
        });
        let currency = one.amount.currency.code();
        xml.open("Amt", |xml| {
            xml.with("InstdAmt", &format!(" Ccy=\"{currency}\""), &one.amount.amount());
        });
        // With an IBAN the bank finds the agent itself.
        if one.account.scheme.has_bank_code() {
            xml.open("CdtrAgt", |xml| agent(xml, &one.account));
        }
        xml.open("Cdtr", |xml| {
            xml.leaf("Nm", &name(&one.holder));
            xml.open("PstlAdr", |xml| xml.leaf("Ctry", &one.country));
        });
        xml.open("CdtrAcct", |xml| account(xml, &one.account));
        xml.open("RmtInf", |xml| xml.leaf("Ustrd", &limited(&one.note, 140)));
    });
}

fn account(xml: &mut Xml, account: &AccountNumber) {
    xml.open("Id", |xml| match account.scheme {
        AccountScheme::Iban => xml.leaf("IBAN", &account.number),
        AccountScheme::Us | AccountScheme::Jp | AccountScheme::Cn | AccountScheme::Id => {
            xml.open("Othr", |xml| xml.leaf("Id", &limited(&account.number, 34)));
        }
    });
}

/// The bank: by its clearing system's code (ISO's external code list), by its BIC, or not told.
fn agent(xml: &mut Xml, account: &AccountNumber) {
    xml.open("FinInstnId", |xml| {
        let system = match account.scheme {
            AccountScheme::Us => "USABA",
            AccountScheme::Jp => "JPZGN",
            AccountScheme::Cn => "CNAPS",
            AccountScheme::Id => return xml.leaf("BICFI", &account.bank),
            AccountScheme::Iban => {
                return xml.open("Othr", |xml| xml.leaf("Id", "NOTPROVIDED"));
            }
        };
        xml.open("ClrSysMmbId", |xml| {
            xml.open("ClrSysId", |xml| xml.leaf("Cd", system));
            xml.leaf("MmbId", &account.bank);
        });
    });
}

fn max35(text: &str) -> String {
    limited(text, 35)
}

fn name(text: &str) -> String {
    limited(text, 140)
}

/// At most so many characters, none of them a control character; empty is not allowed anywhere, so it becomes "-".
fn limited(text: &str, most: usize) -> String {
    let kept: String = text.trim().chars().filter(|c| !c.is_control()).take(most).collect();
    if kept.is_empty() { "-".to_owned() } else { kept }
}

#[derive(Default)]
struct Xml {
    text: String,
    depth: usize,
}

impl Xml {
    fn open(&mut self, tag: &str, inside: impl FnOnce(&mut Xml)) {
        self.line(&format!("<{tag}>"));
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        let end = tag.split(' ').next().unwrap_or(tag).to_owned();
        self.line(&format!("</{end}>"));
    }

    fn leaf(&mut self, tag: &str, text: &str) {
        self.with(tag, "", text);
    }

    fn with(&mut self, tag: &str, attributes: &str, text: &str) {
        let text = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;");
        self.line(&format!("<{tag}{attributes}>{text}</{tag}>"));
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(&"  ".repeat(self.depth));
        self.text.push_str(text);
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn file() -> BankFile {
        let usd = Currency::parse("USD").unwrap();
        let account =
            |scheme, bank: &str, number: &str| AccountNumber::parse(scheme, bank, number).unwrap();
        let pay = |id: &str, minor, country: &str, account| Instruction {
            id: id.to_owned(),
            amount: Money::new(minor, usd),
            holder: "Müller & Söhne <Tea> 茶".to_owned(),
            country: country.to_owned(),
            account,
            note: format!("Payout {id}"),
        };
        BankFile {
            message_id: "GH-1234567890123456789".to_owned(),
            created_at: Timestamp::parse("2026-06-01T08:00:00Z").unwrap(),
            payer: Payer {
                name: "Guildhall".to_owned(),
                account: account(AccountScheme::Us, "021000021", "12345678"),
            },
            instructions: vec![
                pay("1", 12_345, "US", account(AccountScheme::Us, "011000015", "99887766")),
                pay("2", 5, "DE", account(AccountScheme::Iban, "", "DE89370400440532013000")),
                pay("3", 100, "JP", account(AccountScheme::Jp, "0005001", "1234567")),
                pay(
                    "4",
                    100,
                    "CN",
                    account(AccountScheme::Cn, "102100099996", "6222021001116245702"),
                ),
                pay("5", 100, "ID", account(AccountScheme::Id, "CENAIDJA", "1234567890")),
            ],
        }
    }

    /// The tags in the order in which they are opened, with what contains them.
    fn paths(xml: &str) -> Vec<String> {
        let mut open: Vec<String> = Vec::new();
        let mut seen = Vec::new();
        for part in xml.split('<').skip(1) {
            let tag = part.split(['>', ' ']).next().unwrap_or_default();
            if tag.starts_with('?') {
                continue;
            }
            if let Some(end) = tag.strip_prefix('/') {
                assert_eq!(open.pop().as_deref(), Some(end), "tags close in their order");
                continue;
            }
            open.push(tag.to_owned());
            seen.push(open.join("/"));
        }
        assert!(open.is_empty(), "{open:?} stayed open");
        seen
    }

    /// The sequences of the published schema, as far as this writer uses them. Each list is the schema's order.
    const SEQUENCES: [(&str, &[&str]); 12] = [
        ("CstmrCdtTrfInitn", &["GrpHdr", "PmtInf"]),
        ("GrpHdr", &["MsgId", "CreDtTm", "NbOfTxs", "CtrlSum", "InitgPty"]),
        (
            "PmtInf",
            &[
                "PmtInfId",
                "PmtMtd",
                "BtchBookg",
                "NbOfTxs",
                "CtrlSum",
                "ReqdExctnDt",
                "Dbtr",
                "DbtrAcct",
                "DbtrAgt",
                "ChrgBr",
                "CdtTrfTxInf",
            ],
        ),
        ("CdtTrfTxInf", &["PmtId", "Amt", "CdtrAgt", "Cdtr", "CdtrAcct", "RmtInf"]),
        ("PmtId", &["InstrId", "EndToEndId"]),
        ("Cdtr", &["Nm", "PstlAdr"]),
        ("FinInstnId", &["BICFI", "ClrSysMmbId", "Othr"]),
        ("ClrSysMmbId", &["ClrSysId", "MmbId"]),
        ("CdtrAcct", &["Id"]),
        ("DbtrAcct", &["Id"]),
        ("ReqdExctnDt", &["Dt"]),
        ("RmtInf", &["Ustrd"]),
    ];

    #[test]
    fn elements_stand_in_the_order_of_the_schema() {
        let xml = file().to_xml();
        let seen = paths(&xml);
        for (parent, order) in SEQUENCES {
            let mut last = 0;
            let mut children = 0;
            for path in &seen {
                let tags: Vec<&str> = path.split('/').collect();
                let [.., above, tag] = tags.as_slice() else { continue };
                if tags.last() == Some(&parent) {
                    last = 0;
                }
                if *above != parent {
                    continue;
                }
                let place = order.iter().position(|known| known == tag);
                let place = place.unwrap_or_else(|| panic!("{parent} has no {tag}"));
                assert!(place >= last, "{tag} stands too late in {parent}");
                last = place;
                children += 1;
            }
            assert!(children > 0, "{parent} is in the file");
        }
    }

    #[test]
    fn sums_and_counts_are_those_of_the_instructions() {
        let xml = file().to_xml();
        assert_eq!(xml.matches("<CtrlSum>126.50</CtrlSum>").count(), 2, "{xml}");
        assert_eq!(xml.matches("<NbOfTxs>5</NbOfTxs>").count(), 2);
        assert_eq!(xml.matches("<CdtTrfTxInf>").count(), 5);
        assert!(xml.contains("<InstdAmt Ccy=\"USD\">0.05</InstdAmt>"));
        assert!(xml.contains("<Nm>Müller &amp; Söhne &lt;Tea&gt; 茶</Nm>"));
        assert!(xml.contains("<IBAN>DE89370400440532013000</IBAN>"));
        assert!(xml.contains("<Cd>USABA</Cd>") && xml.contains("<BICFI>CENAIDJA</BICFI>"));
        assert!(xml.contains("<CreDtTm>2026-06-01T08:00:00Z</CreDtTm>"));
        assert_eq!(xml, file().to_xml(), "the same file is the same bytes");
    }

    #[test]
    fn texts_fit_their_fields() {
        assert_eq!(max35(&"x".repeat(50)).len(), 35);
        assert_eq!(limited(" \u{7}", 5), "-");
    }
}
