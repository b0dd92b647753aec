//! Amounts as each gateway writes them.

use rules::money::{Currency, Money};

use crate::contract::GatewayError;

/// Currencies which Stripe writes without minor digits (docs.stripe.com/currencies, "zero-decimal").
const STRIPE_NONE: [&str; 15] = [
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF",
    "XOF", "XPF",
];
/// Currencies which Stripe writes with three (docs.stripe.com/currencies, "three-decimal"), the last of them always 0.
const STRIPE_THREE: [&str; 5] = ["BHD", "JOD", "KWD", "OMR", "TND"];

/// How many minor digits Stripe writes. ISK and UGX have none in ISO 4217 and two at Stripe, MGA the other way round.
fn stripe_digits(currency: Currency) -> u32 {
    let code = currency.code();
    if STRIPE_NONE.contains(&code) {
        0
    } else if STRIPE_THREE.contains(&code) {
        3
    } else {
        2
    }
}

/// An amount in Stripe's smallest unit.
///
/// # Errors
/// When Stripe's unit is too coarse for it, or it is not above zero.
pub fn to_stripe(money: Money) -> Result<i64, GatewayError> {
    let amount = || format!("{} {}", money.minor, money.currency.code());
    let coarse = || GatewayError::Amount(format!("{} has digits Stripe does not take", amount()));
    if money.minor <= 0 {
        return Err(GatewayError::Amount(format!("{} is not above zero", amount())));
    }
    let (ours, theirs) = (money.currency.digits(), stripe_digits(money.currency));
    let units = if theirs >= ours {
        let factor = 10_i64.pow(theirs - ours);
        money.minor.checked_mul(factor).ok_or_else(coarse)?
    } else {
        let factor = 10_i64.pow(ours - theirs);
        if money.minor % factor != 0 {
            return Err(coarse());
        }
        money.minor / factor
    };
    if theirs == 3 && units % 10 != 0 {
        return Err(coarse());
    }
    Ok(units)
}

/// Reads an amount in Stripe's smallest unit, and its currency in small letters.
pub fn from_stripe(units: i64, currency: &str) -> Result<Money, GatewayError> {
    let currency = Currency::parse(&currency.to_uppercase()).map_err(GatewayError::unreadable)?;
    let (ours, theirs) = (currency.digits(), stripe_digits(currency));
    let broken = || GatewayError::unreadable(format!("{units} of {}", currency.code()));
    let minor = if ours >= theirs {
        units.checked_mul(10_i64.pow(ours - theirs)).ok_or_else(broken)?
    } else {
        let factor = 10_i64.pow(theirs - ours);
        if units % factor != 0 {
            return Err(broken());
        }
        units / factor
    };
    Ok(Money::new(minor, currency))
}

/// Yuan with two digits after the point, as Alipay writes them.
pub fn to_yuan(money: Money) -> Result<String, GatewayError> {
    let fen = to_fen(money)?;
    Ok(format!("{}.{:02}", fen / 100, fen % 100))
}

/// Reads yuan with at most two digits after the point.
pub fn from_yuan(text: &str) -> Result<Money, GatewayError> {
    let broken = || GatewayError::unreadable(format!("{text:?} is no amount in yuan"));
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(rest) || rest.len() > 2 {
        return Err(broken());
    }
    let whole: i64 = whole.parse().map_err(|_| broken())?;
    let rest: i64 = format!("{rest:0<2}").parse().map_err(|_| broken())?;
    let minor = whole.checked_mul(100).and_then(|fen| fen.checked_add(rest)).ok_or_else(broken)?;
    Ok(Money::new(minor, yuan()?))
}

/// Fen, as WeChat Pay writes them.
pub fn to_fen(money: Money) -> Result<i64, GatewayError> {
    if money.currency.code() != "CNY" {
        return Err(GatewayError::Amount(format!("{} is not CNY", money.currency.code())));
    }
    if money.minor <= 0 {
        return Err(GatewayError::Amount(format!("{} fen is not above zero", money.minor)));
    }
    Ok(money.minor)
}

/// Reads fen.
pub fn from_fen(fen: i64) -> Result<Money, GatewayError> {
    Ok(Money::new(fen, yuan()?))
}

fn yuan() -> Result<Currency, GatewayError> {
    Currency::parse("CNY").map_err(GatewayError::unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(minor: i64, code: &str) -> Money {
        Money::new(minor, Currency::parse(code).unwrap())
    }

    #[test]
    fn stripe_gets_each_currency_in_its_own_smallest_unit() {
        let cases = [
            (money(1_099, "USD"), 1_099),
            (money(500, "JPY"), 500),
            (money(5_000, "KRW"), 5_000),
            // None in ISO 4217, two at Stripe.
            (money(7, "ISK"), 700),
            (money(9, "UGX"), 900),
            // Two in ISO 4217, none at Stripe.
            (money(300, "MGA"), 3),
            (money(5_120, "KWD"), 5_120),
        ];
        for (ours, theirs) in cases {
            assert_eq!(to_stripe(ours), Ok(theirs), "{ours:?}");
            let code = ours.currency.code().to_lowercase();
            assert_eq!(from_stripe(theirs, &code), Ok(ours), "{ours:?}");
        }
    }

    #[test]
    fn what_stripe_cannot_take_is_not_rounded() {
        for amount in [money(5_123, "KWD"), money(301, "MGA"), money(0, "USD"), money(-5, "USD")] {
            assert!(matches!(to_stripe(amount), Err(GatewayError::Amount(_))), "{amount:?}");
        }
        assert!(from_stripe(751, "isk").is_err());
        assert!(from_stripe(1, "xyz").is_err());
    }

    #[test]
    fn alipay_gets_yuan_and_wechat_gets_fen() {
        assert_eq!(to_yuan(money(8_888, "CNY")).unwrap(), "88.88");
        assert_eq!(to_yuan(money(5, "CNY")).unwrap(), "0.05");
        assert_eq!(to_fen(money(5, "CNY")), Ok(5));
        assert!(to_yuan(money(100, "USD")).is_err());
        for (text, fen) in [("88.88", 8_888), ("0.1", 10), ("7", 700), ("0.01", 1)] {
            assert_eq!(from_yuan(text), Ok(money(fen, "CNY")), "{text}");
        }
        for text in ["", ".5", "1.234", "-1", "1e3", "1,00", "+1", "99999999999999999999"] {
            assert!(from_yuan(text).is_err(), "{text}");
        }
    }
}
