//! Addresses: what a market needs to bring a parcel, or to fetch one.

use serde::{Deserialize, Serialize};

use crate::policy::{AddressPart, MarketCode, MarketPolicy, Policies, narrow};

/// An address as typed. Parts a market does not need may be empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub name: String,
    #[serde(default)]
    pub phone: String,
    pub line1: String,
    #[serde(default)]
    pub line2: String,
    #[serde(default)]
    pub city: String,
    /// State, province or prefecture; its code where the market has one.
    #[serde(default)]
    pub region: String,
    #[serde(default)]
    pub postcode: String,
    pub country: MarketCode,
}

/// What the address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressUse {
    /// A buyer's: the market must be open for buyers.
    Deliver,
    /// A warehouse's: any market of the house.
    SendFrom,
}

/// One thing wrong in an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressFault {
    /// The name of the field in [`Address`].
    pub field: &'static str,
    pub what: AddressFaultKind,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressFaultKind {
    #[error("this part is needed")]
    Missing,
    #[error("at most {most} characters")]
    TooLong { most: usize },
    #[error("line breaks and other control characters cannot be printed on a label")]
    NotPrintable,
    #[error("a phone number has 6 to 15 digits, with + in front of a country code")]
    NotAPhoneNumber,
    /// `#` is a digit, `@` a letter.
    #[error("the postcode looks like {masks}")]
    WrongPostcode { masks: String },
    #[error("the market has no such region")]
    UnknownRegion,
    #[error("the house does not deliver there")]
    NotDelivered,
}

impl AddressFaultKind {
    pub const fn code(&self) -> &'static str {
        match self {
            AddressFaultKind::Missing => "missing",
            AddressFaultKind::TooLong { .. } => "too_long",
            AddressFaultKind::NotPrintable => "not_printable",
            AddressFaultKind::NotAPhoneNumber => "not_a_phone_number",
            AddressFaultKind::WrongPostcode { .. } => "wrong_postcode",
            AddressFaultKind::UnknownRegion => "unknown_region",
            AddressFaultKind::NotDelivered => "not_delivered",
        }
    }
}

/// The address as it is kept: trimmed, postcode and region as the market writes them.
///
/// # Errors
/// Every fault of every field, so that the buyer mends them at once.
pub fn check(
    address: &Address,
    policies: &Policies,
    purpose: AddressUse,
) -> Result<Address, Vec<AddressFault>> {
    let served = |market: &&MarketPolicy| match purpose {
        AddressUse::Deliver => market.open_for_buyers,
        AddressUse::SendFrom => true,
    };
    let Some(market) = policies.market(address.country).filter(served) else {
        let what = AddressFaultKind::NotDelivered;
        return Err(vec![AddressFault { field: "country", what }]);
    };
    let mut faults = Vec::new();
    let mut note = |field, what| faults.push(AddressFault { field, what });
    let needs = |part| market.required_parts.contains(&part);
    let mut part = |field, text: &str, most, needed| match text_part(text, most, needed) {
        Ok(text) => text,
        Err(what) => {
            note(field, what);
            String::new()
        }
    };
    let mut kept = Address {
        name: part("name", &address.name, 80, true),
        phone: part("phone", &address.phone, 30, needs(AddressPart::Phone)),
        line1: part("line1", &address.line1, 120, true),
        line2: part("line2", &address.line2, 120, needs(AddressPart::Line2)),
        city: part("city", &address.city, 60, needs(AddressPart::City)),
        region: part("region", &address.region, 60, needs(AddressPart::Region)),
        postcode: part("postcode", &address.postcode, 20, needs(AddressPart::Postcode)),
        country: address.country,
    };
    let mut shaped = |field, result: Result<String, AddressFaultKind>| {
        result.unwrap_or_else(|what| {
            note(field, what);
            String::new()
        })
    };
    kept.phone = shaped("phone", phone(&kept.phone));
    kept.region = shaped("region", region(&kept.region, market));
    kept.postcode = shaped("postcode", postcode(&kept.postcode, market));
    if faults.is_empty() { Ok(kept) } else { Err(faults) }
}

fn text_part(text: &str, most: usize, needed: bool) -> Result<String, AddressFaultKind> {
    let text = text.trim();
    if needed && text.is_empty() {
        return Err(AddressFaultKind::Missing);
    }
    if text.chars().count() > most {
        return Err(AddressFaultKind::TooLong { most });
    }
    if text.chars().any(char::is_control) {
        return Err(AddressFaultKind::NotPrintable);
    }
    Ok(text.to_owned())
}

/// Digits with the usual signs between them; the most is E.164's.
fn phone(text: &str) -> Result<String, AddressFaultKind> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let narrowed: String = text.chars().map(narrow).collect();
    let body = narrowed.strip_prefix('+').unwrap_or(&narrowed);
    let digits = body.chars().filter(char::is_ascii_digit).count();
    let known = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '.' | '/');
    if !(6..=15).contains(&digits) || !body.chars().all(known) {
        return Err(AddressFaultKind::NotAPhoneNumber);
    }
    Ok(narrowed)
}

/// Where the market has a table of regions, the region is one of its codes.
fn region(text: &str, market: &MarketPolicy) -> Result<String, AddressFaultKind> {
    if text.is_empty() || market.region_tax_bp.is_empty() {
        return Ok(text.to_owned());
    }
    let code = text.to_ascii_uppercase();
    if market.region_tax_bp.contains_key(&code) {
        return Ok(code);
    }
    Err(AddressFaultKind::UnknownRegion)
}

fn postcode(text: &str, market: &MarketPolicy) -> Result<String, AddressFaultKind> {
    if text.is_empty() || market.postcode_masks.is_empty() {
        return Ok(text.to_owned());
    }
    let fitted = market.postcode_masks.iter().find_map(|mask| mask.fit(text));
    fitted.ok_or_else(|| {
        let masks: Vec<String> = market.postcode_masks.iter().map(ToString::to_string).collect();
        AddressFaultKind::WrongPostcode { masks: masks.join(", ") }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(country: &str, region: &str, postcode: &str) -> Address {
        Address {
            name: " Ada Lovelace ".to_owned(),
            phone: "+1 (212) 555-0100".to_owned(),
            line1: "12 St James's Square".to_owned(),
            line2: String::new(),
            city: "Town".to_owned(),
            region: region.to_owned(),
            postcode: postcode.to_owned(),
            country: MarketCode::parse(country).unwrap(),
        }
    }

    fn codes(address: &Address, purpose: AddressUse) -> Vec<(&'static str, &'static str)> {
        let faults = check(address, &Policies::shipped(), purpose).err().unwrap_or_default();
        faults.iter().map(|fault| (fault.field, fault.what.code())).collect()
    }

    #[test]
    fn an_address_is_kept_as_the_market_writes_it() {
        let policies = Policies::shipped();
        let kept = |country, region, postcode| {
            let address = address(country, region, postcode);
            check(&address, &policies, AddressUse::Deliver).unwrap()
        };
        assert_eq!(kept("GB", "", "sw1y4le").postcode, "SW1Y 4LE");
        assert_eq!(kept("US", "ny", "10001").region, "NY");
        assert_eq!(kept("JP", "東京都", "１００−０００１").postcode, "100-0001");
        assert_eq!(kept("DE", "", "10115").name, "Ada Lovelace");
    }

    #[test]
    fn each_fault_is_told_with_its_field() {
        let deliver = AddressUse::Deliver;
        assert_eq!(
            codes(&address("US", "XX", "1000"), deliver),
            [("region", "unknown_region"), ("postcode", "wrong_postcode"),]
        );
        let empty = Address {
            name: " ".to_owned(),
            phone: String::new(),
            line1: "a\nb".to_owned(),
            city: "x".repeat(61),
            ..address("ID", "", "")
        };
        assert_eq!(
            codes(&empty, deliver),
            [
                ("name", "missing"),
                ("phone", "missing"),
                ("line1", "not_printable"),
                ("city", "too_long"),
                ("region", "missing"),
                ("postcode", "missing"),
            ]
        );
        for phone in ["12345", "+1 212 555 0100 0000 00", "call me", "1+2345678"] {
            let address = Address { phone: phone.to_owned(), ..address("GB", "", "SW1Y 4LE") };
            assert_eq!(codes(&address, deliver), [("phone", "not_a_phone_number")], "{phone}");
        }
    }

    #[test]
    fn parcels_come_from_china_but_do_not_go_there() {
        let china = address("CN", "广东", "518000");
        assert_eq!(codes(&china, AddressUse::Deliver), [("country", "not_delivered")]);
        assert_eq!(codes(&china, AddressUse::SendFrom), []);
        let nowhere = address("ZZ", "", "");
        assert_eq!(codes(&nowhere, AddressUse::SendFrom), [("country", "not_delivered")]);
    }
}
