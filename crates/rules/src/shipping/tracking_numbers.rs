//! Tracking numbers: whether a number can be one of a carrier's, by its check digit or its shape.
//!
//! This finds slips of the hand and made-up numbers. That a parcel moves, only the carrier's scans show.

use crate::policy::{Carrier, TrackingCheck};

/// The number as the carrier prints it (no spaces, capitals); nothing where it cannot be one of the carrier's.
pub fn accept(carrier: &Carrier, typed: &str) -> Option<String> {
    let by_shape = || carrier.tracking_masks.iter().find_map(|mask| mask.fit(typed));
    let plain: String = typed.trim().chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let plain = plain.to_ascii_uppercase();
    // No number is longer; and one without a form is still printed, shown and searched for.
    let printable =
        (1..=40).contains(&plain.len()) && plain.bytes().all(|b| b.is_ascii_alphanumeric());
    if !printable {
        return by_shape();
    }
    if carrier.tracking_checks.iter().any(|check| passes(*check, &plain)) {
        return Some(plain);
    }
    let any_goes = carrier.tracking_checks.is_empty() && carrier.tracking_masks.is_empty();
    if any_goes { Some(plain) } else { by_shape() }
}

/// Whether the check digit of a number (capitals and digits, nothing else) is right.
pub fn passes(check: TrackingCheck, number: &str) -> bool {
    let Some((length, place)) = form(check, number) else { return false };
    let bytes = number.as_bytes();
    if bytes.len() != length {
        return false;
    }
    let Some(body) = values(check, &bytes[..place]) else { return false };
    // Only DPD's check character goes beyond nine; the others never equal a letter.
    char::from(bytes[place]).to_digit(36) == Some(check_digit(check, &body))
}

/// A number of this form for the sandbox: made of a serial, with the right check digit.
pub fn made_up(check: TrackingCheck, serial: u64) -> String {
    let body = match check {
        TrackingCheck::Ups => format!("1Z999AA1{:09}", serial % 1_000_000_000),
        TrackingCheck::Usps => format!("9400{:017}", serial % 100_000_000_000_000_000),
        TrackingCheck::Fedex | TrackingCheck::JapanMod7 => {
            format!("{:011}", serial % 100_000_000_000)
        }
        TrackingCheck::FedexGround => format!("{:014}", serial % 100_000_000_000_000),
        TrackingCheck::FedexGround96 => format!("9611020{:014}", serial % 100_000_000_000_000),
        TrackingCheck::Usps20 => format!("0307{:015}", serial % 1_000_000_000_000_000),
        TrackingCheck::Dpd28 => format!("00818270998{:016}", serial % 10_000_000_000_000_000),
        TrackingCheck::S10 => format!("RX{:08}", serial % 100_000_000),
        TrackingCheck::DhlExpress => format!("{:09}", serial % 1_000_000_000),
    };
    let values = values(check, body.as_bytes()).expect("the bodies above have the form");
    let digit = check_digit(check, &values);
    match check {
        TrackingCheck::S10 => format!("{body}{digit}ZZ"),
        TrackingCheck::Dpd28 => {
            let sign = char::from_digit(digit, 36).expect("modulo 36").to_ascii_uppercase();
            format!("{body}{sign}")
        }
        TrackingCheck::Ups
        | TrackingCheck::Usps
        | TrackingCheck::Usps20
        | TrackingCheck::FedexGround
        | TrackingCheck::FedexGround96
        | TrackingCheck::Fedex
        | TrackingCheck::DhlExpress
        | TrackingCheck::JapanMod7 => format!("{body}{digit}"),
    }
}

/// Length of the whole number, and where its check digit stands. Nothing where it is visibly another kind.
fn form(check: TrackingCheck, number: &str) -> Option<(usize, usize)> {
    match check {
        TrackingCheck::Ups => number.starts_with("1Z").then_some((18, 17)),
        TrackingCheck::Usps => Some((22, 21)),
        TrackingCheck::Usps20 => Some((20, 19)),
        TrackingCheck::FedexGround => Some((15, 14)),
        TrackingCheck::FedexGround96 => number.starts_with("96").then_some((22, 21)),
        TrackingCheck::Dpd28 => Some((28, 27)),
        TrackingCheck::Fedex | TrackingCheck::JapanMod7 => Some((12, 11)),
        TrackingCheck::S10 => {
            let country = number.get(11..)?;
            country.bytes().all(|b| b.is_ascii_uppercase()).then_some((13, 10))
        }
        TrackingCheck::DhlExpress => Some((10, 9)),
    }
}

/// What the places before the check digit are worth; those which are not reckoned with are left out.
fn values(check: TrackingCheck, body: &[u8]) -> Option<Vec<u32>> {
    let digit = |b: &u8| b.is_ascii_digit().then(|| u32::from(b - b'0'));
    match check {
        // UPS: letters count too, A as 2, B as 3, …, and start again after nine.
        TrackingCheck::Ups => body
            .get(2..)?
            .iter()
            .map(|b| digit(b).or_else(|| b.is_ascii_uppercase().then(|| u32::from(b - 63) % 10)))
            .collect(),
        TrackingCheck::S10 => {
            let (service, digits) = body.split_at_checked(2)?;
            if !service.iter().all(u8::is_ascii_uppercase) {
                return None;
            }
            digits.iter().map(digit).collect()
        }
        // What stands before names the label's kind and the service; digits it must have all the same.
        TrackingCheck::FedexGround96 => {
            let all: Option<Vec<u32>> = body.iter().map(digit).collect();
            all?.get(7..).map(<[u32]>::to_vec)
        }
        TrackingCheck::Usps
        | TrackingCheck::Usps20
        | TrackingCheck::Fedex
        | TrackingCheck::FedexGround
        | TrackingCheck::Dpd28
        | TrackingCheck::DhlExpress
        | TrackingCheck::JapanMod7 => body.iter().map(digit).collect(),
    }
}

fn check_digit(check: TrackingCheck, body: &[u32]) -> u32 {
    let weighted = |weights: &[u32]| -> u32 {
        body.iter().zip(weights.iter().cycle()).map(|(value, weight)| value * weight).sum()
    };
    let up_to_ten = |sum: u32| (10 - sum % 10) % 10;
    match check {
        TrackingCheck::Ups => up_to_ten(weighted(&[1, 2])),
        TrackingCheck::FedexGround | TrackingCheck::FedexGround96 => up_to_ten(weighted(&[1, 3])),
        TrackingCheck::Dpd28 => mod_37_36(body),
        // 21 or 19 places, weighed 3 and 1 from the right: as the length is odd, also from the left.
        TrackingCheck::Usps | TrackingCheck::Usps20 => up_to_ten(weighted(&[3, 1])),
        TrackingCheck::Fedex => weighted(&[3, 1, 7]) % 11 % 10,
        TrackingCheck::S10 => match 11 - weighted(&[8, 6, 4, 2, 3, 5, 9, 7]) % 11 {
            10 => 0,
            11 => 5,
            digit => digit,
        },
        TrackingCheck::DhlExpress | TrackingCheck::JapanMod7 => {
            body.iter().fold(0, |rest, digit| (rest * 10 + digit) % 7)
        }
    }
}

/// ISO 7064, MOD 37,36, as DPD's label specification has it.
fn mod_37_36(body: &[u32]) -> u32 {
    const MODULUS: u32 = 36;
    let rest = body.iter().fold(MODULUS, |rest, value| {
        let sum = rest + value;
        let sum = if sum > MODULUS { sum - MODULUS } else { sum };
        let twice = sum * 2;
        if twice > MODULUS { twice - (MODULUS + 1) } else { twice }
    });
    // One more than the modulus less the rest; 36 stands for 0.
    (MODULUS + 1 - rest) % MODULUS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{MarketCode, Policies};

    const ALL: [TrackingCheck; 10] = [
        TrackingCheck::FedexGround,
        TrackingCheck::FedexGround96,
        TrackingCheck::Usps20,
        TrackingCheck::Dpd28,
        TrackingCheck::Ups,
        TrackingCheck::Usps,
        TrackingCheck::Fedex,
        TrackingCheck::S10,
        TrackingCheck::DhlExpress,
        TrackingCheck::JapanMod7,
    ];

    /// Numbers published by the carriers and in the public collection github.com/jkeen/tracking_number_data.
    #[test]
    fn published_numbers_pass() {
        let published = [
            (TrackingCheck::Ups, "1Z999AA10123456784"),
            (TrackingCheck::Ups, "1Z5R89390357567127"),
            (TrackingCheck::Ups, "1Z410E7W0392751591"),
            (TrackingCheck::Ups, "1Z8V92A70367203024"),
            (TrackingCheck::Usps, "9400111206206406260787"),
            (TrackingCheck::Usps, "9400111201080805483016"),
            (TrackingCheck::Usps, "9405803699300124287899"),
            (TrackingCheck::Fedex, "986578788855"),
            (TrackingCheck::Fedex, "477179081230"),
            (TrackingCheck::Fedex, "799531274483"),
            (TrackingCheck::S10, "RB123456785GB"),
            (TrackingCheck::S10, "RB123456785US"),
            (TrackingCheck::S10, "EE473124829US"),
            (TrackingCheck::DhlExpress, "3318810025"),
            (TrackingCheck::FedexGround, "041441760228964"),
            (TrackingCheck::FedexGround, "568283610012000"),
            (TrackingCheck::FedexGround, "568283610012734"),
            (TrackingCheck::FedexGround96, "9611020987654312345672"),
            (TrackingCheck::Usps20, "03071790000523483741"),
            (TrackingCheck::Usps20, "71123456789123456787"),
            (TrackingCheck::Dpd28, "008182709980000020033350276C"),
            (TrackingCheck::Dpd28, "008182709980000020045327276N"),
            (TrackingCheck::DhlExpress, "8487135506"),
            (TrackingCheck::DhlExpress, "1099255990"),
        ];
        for (check, number) in published {
            assert!(passes(check, number), "{check:?} {number}");
        }
    }

    #[test]
    fn published_wrong_numbers_do_not_pass() {
        let wrong = [
            (TrackingCheck::Ups, "2Z5R89390357567127"),
            (TrackingCheck::Usps, "9434611206206407667131"),
            (TrackingCheck::Fedex, "996578788855"),
            (TrackingCheck::FedexGround, "568283610012732"),
            (TrackingCheck::FedexGround96, "9600000000000000000001"),
            (TrackingCheck::Usps20, "03071790000523483742"),
            (TrackingCheck::Dpd28, "008182709980000020033350276A"),
            (TrackingCheck::S10, "RB123456786US"),
            (TrackingCheck::DhlExpress, "3318810010"),
        ];
        for (check, number) in wrong {
            assert!(!passes(check, number), "{check:?} {number}");
        }
    }

    #[test]
    fn one_changed_digit_is_noticed_and_no_text_breaks_the_check() {
        for check in ALL {
            for serial in [0, 1, 7, 99, 1_234_567, u64::MAX] {
                let number = made_up(check, serial);
                assert!(passes(check, &number), "{check:?} {number}");
                let place = number.rfind(|c: char| c.is_ascii_digit()).expect("digits") - 1;
                let mut bytes = number.clone().into_bytes();
                bytes[place] = if bytes[place] == b'9' { b'8' } else { bytes[place] + 1 };
                let other = String::from_utf8(bytes).expect("ASCII");
                assert!(!passes(check, &other), "{check:?} {other}");
            }
            for text in [
                "",
                "1",
                "1Z",
                "RX",
                "é",
                "１２３４５６７８９０",
                "RX1234567é5GB",
                "1Z999AA1012345678",
            ] {
                assert!(!passes(check, text), "{check:?} {text}");
            }
        }
    }

    #[test]
    fn a_carrier_takes_its_own_numbers_as_people_type_them() {
        let policies = Policies::shipped();
        let shipping = policies.shipping(MarketCode::parse("US").unwrap());
        let accepted = |carrier: &str, typed| accept(shipping.carrier(carrier).unwrap(), typed);
        assert_eq!(
            accepted("ups", " 1z 999 aa1 01 2345 6784 ").as_deref(),
            Some("1Z999AA10123456784")
        );
        assert_eq!(accepted("ups", "3318810025"), None);
        assert_eq!(accepted("usps", "RB123456785US").as_deref(), Some("RB123456785US"));
        assert_eq!(accepted("jnt", "jp1234567890").as_deref(), Some("JP1234567890"));
        assert_eq!(accepted("jnt", "JP123456789"), None);
        assert_eq!(accepted("gosend", "gk11123456789").as_deref(), Some("GK-11-123456789"));
        assert_eq!(accepted("dpd", "<script>"), None);
    }
}
