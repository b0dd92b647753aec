//! When a parcel comes: from the hand-over through cut-off time, rest days and holidays to the hours of delivery.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use crate::policy::{CalendarPolicy, MarketCode, MinuteOfDay, Policies, Service};
use crate::time::Timestamp;

/// A market's days as a carrier sees them.
#[derive(Clone, Debug)]
pub struct Calendar<'a> {
    zone: TimeZone,
    days: &'a CalendarPolicy,
}

/// Longer than any run of holidays: a calendar which rests for ever must not hang the market.
const LONGEST_REST_DAYS: i64 = 60;

impl<'a> Calendar<'a> {
    /// A market which the policy does not have is reckoned by the default calendar in UTC.
    pub fn of(policies: &'a Policies, market: MarketCode) -> Calendar<'a> {
        let zone = policies.market(market).and_then(|known| TimeZone::get(&known.time_zone).ok());
        Calendar { zone: zone.unwrap_or(TimeZone::UTC), days: policies.calendar(market) }
    }

    fn works(&self, date: Date, also: &[Weekday]) -> bool {
        let rests = self.days.rests_on.contains(&date.weekday());
        !self.days.holidays.contains(&date) && (!rests || also.contains(&date.weekday()))
    }

    /// This day, or the next on which parcels move.
    fn next_working(&self, date: Date, also: &[Weekday]) -> Date {
        let mut day = date;
        for _ in 0..LONGEST_REST_DAYS {
            if self.works(day, also) {
                break;
            }
            day = later(day, 1);
        }
        day
    }

    /// The day on which a parcel handed over then begins to move.
    fn departs(&self, at: Timestamp, cut_off: Option<MinuteOfDay>, also: &[Weekday]) -> Date {
        let local = at.civil().to_zoned(self.zone.clone()).datetime();
        let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
        let missed = cut_off.is_some_and(|cut_off| minute >= cut_off);
        self.next_working(later(local.date(), i64::from(missed)), also)
    }

    /// So many days later: working days, or days of the calendar.
    fn arrives(&self, from: Date, days: i64, service: &Service) -> Date {
        if !service.by_working_day {
            return later(from, days);
        }
        let mut day = from;
        for _ in 0..days {
            day = self.next_working(later(day, 1), &service.works_also);
        }
        day
    }

    fn moment(&self, date: Date, minute: MinuteOfDay) -> Timestamp {
        let clock = date.at((minute / 60 % 24) as i8, (minute % 60) as i8, 0, 0);
        // A time which a changed clock leaves out is taken as the one after it.
        let ms = clock.to_zoned(self.zone.clone()).map(|at| at.timestamp().as_millisecond());
        Timestamp::from_ms(ms.unwrap_or_default())
    }
}

fn later(date: Date, days: i64) -> Date {
    date.checked_add(jiff::Span::new().days(days)).unwrap_or(date)
}

/// The first and the last promised moment of a parcel handed over then, in days between `min_days` and `max_days`.
pub fn promise(
    (origin, destination): (&Calendar<'_>, &Calendar<'_>),
    service: &Service,
    (min_days, max_days): (i64, i64),
    handed_over_at: Timestamp,
) -> (Timestamp, Timestamp) {
    let departs = origin.departs(handed_over_at, service.cut_off, &service.works_also);
    let first = destination.arrives(departs, min_days, service);
    let last = destination.arrives(departs, max_days, service);
    let hours = destination.days;
    let from = destination.moment(first, hours.delivers_from).max(handed_over_at);
    (from, destination.moment(last, hours.delivers_until).max(from))
}
