//! How money, moments, counts and lengths of time are written, in each language.
//!
//! A [`Reader`] is who reads the page: the language, the zone whose clock they live by, and the moment
//! of reading. Nothing here reads a clock; the moment is passed in.

use std::borrow::Cow;

use fluent_bundle::FluentValue;
use jiff::Zoned;
use jiff::tz::TimeZone;
use rules::money::Money;
use rules::time::{Span, Timestamp};

use crate::words::{Language, Msg, Words};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Who reads a page: language, zone, and now.
#[derive(Clone, Debug)]
pub struct Reader {
    pub words: Words,
    pub zone: TimeZone,
    pub now: Timestamp,
}

impl Reader {
    /// `zone` is an IANA name such as "Asia/Jakarta"; an unknown one reads as UTC.
    pub fn new(language: Language, zone: &str, now: Timestamp) -> Reader {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        Reader { words: Words::of(language), zone, now }
    }

    /// A text without variables.
    pub fn t(&self, msg: Msg) -> Cow<'static, str> {
        self.words.t(msg)
    }

    /// A text with variables.
    pub fn with(&self, msg: Msg, variables: &[(&'static str, FluentValue<'_>)]) -> String {
        self.words.with(msg, variables)
    }

    /// "US$1,234.50".
    pub fn money(&self, money: Money) -> String {
        money_text(money, self.words.language())
    }

    /// "22 Nov 2026", "2026年11月22日".
    pub fn day(&self, at: Timestamp) -> String {
        let civil = self.civil(at);
        let month = Msg::named(&format!("month-short-{}", civil.month()))
            .map_or(Cow::Borrowed("?"), |m| self.t(m));
        self.with(
            Msg::MomentDay,
            &[
                ("year", civil.year().to_string().into()),
                ("month", month.into()),
                ("day", civil.day().to_string().into()),
            ],
        )
    }

    /// "14:05".
    pub fn clock(&self, at: Timestamp) -> String {
        let civil = self.civil(at);
        format!("{:02}:{:02}", civil.hour(), civil.minute())
    }

    /// "22 Nov 2026, 14:05".
    pub fn moment(&self, at: Timestamp) -> String {
        self.with(
            Msg::MomentWithClock,
            &[("day", self.day(at).into()), ("clock", self.clock(at).into())],
        )
    }

    /// "22 Nov 2026, 14:05 WIB": for deadlines, where the zone must not be guessed.
    pub fn moment_with_zone(&self, at: Timestamp) -> String {
        format!("{} {}", self.moment(at), self.civil(at).strftime("%Z"))
    }

    /// "in 3 hours", "2 days ago", "just now"; the largest unit only, rounded down.
    pub fn relative(&self, at: Timestamp) -> String {
        let ms = at.since(self.now).ms();
        let (number, ahead, ago) = match ms.unsigned_abs() {
            size if size < MINUTE as u64 => return self.t(Msg::TimeJustNow).into_owned(),
            size if size < HOUR as u64 => {
                (size / MINUTE as u64, Msg::TimeInMinutes, Msg::TimeMinutesAgo)
            }
            size if size < DAY as u64 => (size / HOUR as u64, Msg::TimeInHours, Msg::TimeHoursAgo),
            size => (size / DAY as u64, Msg::TimeInDays, Msg::TimeDaysAgo),
        };
        self.with(if ms > 0 { ahead } else { ago }, &[("count", number.into())])
    }

    /// "2 d 4 h", "3 h 5 min", "12 min", "under 1 min": two units at most. The sign is not shown.
    pub fn length(&self, span: Span) -> String {
        let ms = span.ms().saturating_abs();
        let [days, hours, minutes] =
            [("days", ms / DAY), ("hours", ms % DAY / HOUR), ("minutes", ms % HOUR / MINUTE)];
        let say = |msg, parts: &[(&'static str, i64)]| {
            let values: Vec<_> =
                parts.iter().map(|(name, value)| (*name, (*value).into())).collect();
            self.with(msg, &values)
        };
        match (days.1, hours.1, minutes.1) {
            (0, 0, 0) => self.t(Msg::LengthMoment).into_owned(),
            (0, 0, _) => say(Msg::LengthMinutes, &[minutes]),
            (0, _, 0) => say(Msg::LengthHoursWhole, &[hours]),
            (0, _, _) => say(Msg::LengthHours, &[hours, minutes]),
            (_, 0, _) => say(Msg::LengthDaysWhole, &[days]),
            (_, _, _) => say(Msg::LengthDays, &[days, hours]),
        }
    }

    /// What a deadline's chip says: "2 d 4 h left", "3 h 05 min late".
    pub fn countdown(&self, due: Timestamp) -> String {
        let left = due.since(self.now);
        let msg = if left.ms() >= 0 { Msg::CountdownLeft } else { Msg::CountdownLate };
        self.with(msg, &[("length", self.length(left).into())])
    }

    /// "12 %" and "12.5 %" from basis points (1250).
    pub fn share(&self, bp: i64) -> String {
        let sign = if bp < 0 { "−" } else { "" };
        let (whole, rest) = (bp.unsigned_abs() / 100, bp.unsigned_abs() % 100);
        let number = match rest {
            0 => whole.to_string(),
            tenths if tenths % 10 == 0 => format!("{whole}.{}", tenths / 10),
            hundredths => format!("{whole}.{hundredths:02}"),
        };
        format!("{sign}{}%", grouped_decimal(&number))
    }

    fn civil(&self, at: Timestamp) -> Zoned {
        at.civil().to_zoned(self.zone.clone())
    }
}

/// "1,234,567"; the same in both languages.
pub fn count(number: i64) -> String {
    let sign = if number < 0 { "−" } else { "" };
    format!("{sign}{}", grouped_decimal(&number.unsigned_abs().to_string()))
}

/// "US$12.34", "¥1,200", "−£3.00". Never rounded: every minor digit the currency has is shown, except that
/// rupiah are written without their two zeros, since no price there has them.
pub fn money_text(money: Money, language: Language) -> String {
    let amount = Money::new(money.minor, money.currency).amount();
    let (sign, plain) = amount.strip_prefix('-').map_or(("", amount.as_str()), |rest| ("−", rest));
    let code = money.currency.code();
    let plain = if code == "IDR" { plain.strip_suffix(".00").unwrap_or(plain) } else { plain };
    let number = grouped_decimal(plain);
    match symbol(code, language) {
        Some(symbol) => format!("{sign}{symbol}{number}"),
        None => format!("{sign}{code}\u{a0}{number}"),
    }
}

/// The signs which cannot be mistaken by a reader of that language; others are written with their code.
fn symbol(code: &str, language: Language) -> Option<&'static str> {
    match (code, language) {
        ("USD", _) => Some("US$"),
        ("GBP", _) => Some("£"),
        ("EUR", _) => Some("€"),
        ("IDR", _) => Some("Rp\u{a0}"),
        ("JPY", Language::En) | ("CNY", Language::Zh) => Some("¥"),
        ("JPY", Language::Zh) => Some("JP¥"),
        ("CNY", Language::En) => Some("CN¥"),
        _ => None,
    }
}

/// Puts a comma before every third digit left of the point: "1234567.5" → "1,234,567.5".
pub(crate) fn grouped_decimal(text: &str) -> String {
    let (sign, plain) = text.strip_prefix('-').map_or(("", text), |rest| ("−", rest));
    let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(w, f)| (w, Some(f)));
    let mut grouped = String::with_capacity(text.len() + text.len() / 3);
    grouped.push_str(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use rules::money::Currency;

    use super::*;

    fn reader(language: Language) -> Reader {
        Reader::new(language, "Asia/Jakarta", Timestamp::parse("2026-11-22T08:30:00Z").unwrap())
    }

    fn written(minor: i64, code: &str, language: Language) -> String {
        money_text(Money::new(minor, Currency::parse(code).unwrap()), language)
    }

    #[test]
    fn money_shows_every_minor_digit_and_groups_thousands() {
        for (minor, code, english, chinese) in [
            (1_234, "USD", "US$12.34", "US$12.34"),
            (123_456_789, "GBP", "£1,234,567.89", "£1,234,567.89"),
            (-300, "EUR", "−€3.00", "−€3.00"),
            (1_200, "JPY", "¥1,200", "JP¥1,200"),
            (1_200, "CNY", "CN¥12.00", "¥12.00"),
            (15_000_000, "IDR", "Rp\u{a0}150,000", "Rp\u{a0}150,000"),
            (15_000_050, "IDR", "Rp\u{a0}150,000.50", "Rp\u{a0}150,000.50"),
            (5, "KWD", "KWD\u{a0}0.005", "KWD\u{a0}0.005"),
        ] {
            assert_eq!(written(minor, code, Language::En), english);
            assert_eq!(written(minor, code, Language::Zh), chinese);
        }
    }

    #[test]
    fn moments_are_told_in_the_readers_zone() {
        let at = Timestamp::parse("2026-11-22T18:05:00Z").unwrap();
        assert_eq!(reader(Language::En).moment_with_zone(at), "23 Nov 2026, 01:05 WIB");
        assert_eq!(reader(Language::Zh).moment(at), "2026年11月23日 01:05");
        assert_eq!(Reader::new(Language::En, "Nowhere/Town", at).clock(at), "18:05");
    }

    #[test]
    fn times_near_and_far_are_told_from_now() {
        let (en, zh) = (reader(Language::En), reader(Language::Zh));
        for (ms, english, chinese) in [
            (30_000, "just now", "刚刚"),
            (MINUTE, "in 1 minute", "1 分钟后"),
            (-5 * HOUR, "5 hours ago", "5 小时前"),
            (2 * DAY + 3 * HOUR, "in 2 days", "2 天后"),
        ] {
            assert_eq!(en.relative(en.now + Span::from_ms(ms)), english);
            assert_eq!(zh.relative(zh.now + Span::from_ms(ms)), chinese);
        }
    }

    #[test]
    fn a_countdown_shows_two_units_and_says_when_it_is_late() {
        let (en, zh) = (reader(Language::En), reader(Language::Zh));
        for (ms, english, chinese) in [
            (2 * DAY + 4 * HOUR, "2 d 4 h left", "剩 2 天 4 小时"),
            (3 * HOUR + 5 * MINUTE, "3 h 5 min left", "剩 3 小时 5 分"),
            (3 * HOUR, "3 h left", "剩 3 小时"),
            (30_000, "under 1 min left", "剩 不到 1 分"),
            (-90 * MINUTE, "1 h 30 min late", "超时 1 小时 30 分"),
        ] {
            assert_eq!(en.countdown(en.now + Span::from_ms(ms)), english);
            assert_eq!(zh.countdown(zh.now + Span::from_ms(ms)), chinese);
        }
    }

    #[test]
    fn shares_and_counts() {
        let en = reader(Language::En);
        assert_eq!(en.share(1_200), "12%");
        assert_eq!(en.share(1_250), "12.5%");
        assert_eq!(en.share(-5), "−0.05%");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(-12), "−12");
        assert_eq!(grouped_decimal("999"), "999");
    }
}
