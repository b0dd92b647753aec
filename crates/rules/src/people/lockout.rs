//! Lockout: wrong passwords cost time, more with each one, but never lock anybody out for good.

use crate::policy::AccessPolicy;
use crate::time::{Span, Timestamp};

/// How long one must wait after this many wrong passwords in a row. Doubles each time, up to the longest wait.
pub fn delay(failures_count: i64, policy: &AccessPolicy) -> Span {
    let past = failures_count - policy.lockout_after_count;
    if past < 0 {
        return Span::from_ms(0);
    }
    let longest = policy.lockout_max_minutes;
    let mut minutes = policy.lockout_first_minutes;
    for _ in 0..past {
        if minutes >= longest {
            break;
        }
        minutes = minutes.saturating_mul(2);
    }
    Span::from_minutes(minutes.min(longest))
}

/// The moment from which one may try again; nothing where one may try now.
pub fn locked_until(
    failures_count: i64,
    last_failed_at: Timestamp,
    policy: &AccessPolicy,
    now: Timestamp,
) -> Option<Timestamp> {
    let until = last_failed_at + delay(failures_count, policy);
    (until > now).then_some(until)
}

/// How many wrong passwords in a row there are after another one: old ones are forgotten.
pub fn count_after_failure(
    failures_count: i64,
    last_failed_at: Option<Timestamp>,
    policy: &AccessPolicy,
    now: Timestamp,
) -> i64 {
    let forget = Span::from_hours(policy.lockout_forget_hours);
    match last_failed_at {
        Some(last) if now.since(last) < forget => failures_count.saturating_add(1),
        Some(_) | None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;

    #[test]
    fn the_wait_doubles_and_stops_growing() {
        let policies = Policies::shipped();
        let minutes = |count| delay(count, policies.access()).ms() / 60_000;
        assert_eq!([0, 4, 5, 6, 7, 10, 11, 12].map(minutes), [0, 0, 1, 2, 4, 32, 60, 60]);
        assert_eq!(minutes(i64::MAX), 60);
    }

    #[test]
    fn one_is_locked_until_the_wait_is_over_and_old_failures_are_forgotten() {
        let policies = Policies::shipped();
        let access = policies.access();
        let at = |minutes| Timestamp::from_ms(0) + Span::from_minutes(minutes);
        assert_eq!(locked_until(6, at(0), access, at(1)), Some(at(2)));
        assert_eq!(locked_until(6, at(0), access, at(2)), None);
        assert_eq!(count_after_failure(6, Some(at(0)), access, at(1_439)), 7);
        assert_eq!(count_after_failure(6, Some(at(0)), access, at(1_440)), 1);
        assert_eq!(count_after_failure(0, None, access, at(0)), 1);
    }
}
