//! `policies/calendars.toml`: on which days and at what hours parcels move and are brought.

use jiff::civil::{Date, Weekday};

use super::section::Section;

/// Minutes after midnight.
pub type MinuteOfDay = i64;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarPolicy {
    /// No parcel moves on them, unless a service works on one.
    pub rests_on: Vec<Weekday>,
    /// Nor on these.
    pub holidays: Vec<Date>,
    pub delivers_from: MinuteOfDay,
    /// What is promised for a day is promised until then.
    pub delivers_until: MinuteOfDay,
}

impl CalendarPolicy {
    pub(super) fn read(section: &Section<'_>) -> CalendarPolicy {
        let calendar = CalendarPolicy {
            rests_on: section.texts("rests_on", WEEKDAY, 0, weekday),
            holidays: section.texts("holidays", DATE, 0, |text| text.parse().ok()),
            delivers_from: section.text("delivers_from", CLOCK, 0, minute_of_day),
            delivers_until: section.text("delivers_until", CLOCK, 0, minute_of_day),
        };
        if calendar.delivers_until < calendar.delivers_from {
            section.disagrees("delivers_until", "it must not be earlier than delivers_from");
        }
        if calendar.rests_on.len() >= 7 {
            section.disagrees("rests_on", "one day of the week must be left");
        }
        calendar
    }
}

const DATE: &str = "a day such as \"2026-12-25\"";
pub(super) const CLOCK: &str = "a time of day such as \"16:30\"";
pub(super) const WEEKDAY: &str =
    "one of monday, tuesday, wednesday, thursday, friday, saturday, sunday";

pub(super) fn minute_of_day(text: &str) -> Option<MinuteOfDay> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |text: &str| (text.len() == 2).then(|| text.parse::<i64>().ok()).flatten();
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    ((0..24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 60 + minutes)
}

pub(super) fn weekday(text: &str) -> Option<Weekday> {
    match text {
        "monday" => Some(Weekday::Monday),
        "tuesday" => Some(Weekday::Tuesday),
        "wednesday" => Some(Weekday::Wednesday),
        "thursday" => Some(Weekday::Thursday),
        "friday" => Some(Weekday::Friday),
        "saturday" => Some(Weekday::Saturday),
        "sunday" => Some(Weekday::Sunday),
        _ => None,
    }
}
