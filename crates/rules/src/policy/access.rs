//! `policies/access.toml`: signing in, and how long repeated requests are remembered. The same in every market.

use super::section::Section;
use crate::time::Span;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessPolicy {
    /// From the last use.
    pub session_days: i64,
    /// From the making of the link; it works once.
    pub sign_in_link_minutes: i64,
    /// Wrong passwords in a row before the first wait.
    pub lockout_after_count: i64,
    /// The first wait; each further wrong password doubles it.
    pub lockout_first_minutes: i64,
    /// The longest wait.
    pub lockout_max_minutes: i64,
    /// Without a wrong password for so long, the count starts anew.
    pub lockout_forget_hours: i64,
    /// Characters.
    pub password_min_length_count: i64,
    /// How long an `Idempotency-Key` gives the stored answer.
    pub idempotency_keep_days: i64,
    /// A carrier's report may be signed this long before or after it comes.
    pub carrier_signature_minutes: i64,
    /// From the making of a carrier's new key; the old one still opens until then.
    pub carrier_old_key_hours: i64,
}

impl AccessPolicy {
    pub(super) fn read(section: &Section<'_>) -> AccessPolicy {
        let policy = AccessPolicy {
            session_days: section.whole("session_days", 1..=400),
            sign_in_link_minutes: section.whole("sign_in_link_minutes", 1..=1_440),
            lockout_after_count: section.whole("lockout_after_count", 1..=100),
            lockout_first_minutes: section.whole("lockout_first_minutes", 1..=1_440),
            lockout_max_minutes: section.whole("lockout_max_minutes", 1..=10_080),
            lockout_forget_hours: section.whole("lockout_forget_hours", 1..=720),
            password_min_length_count: section.whole("password_min_length_count", 8..=128),
            idempotency_keep_days: section.whole("idempotency_keep_days", 1..=90),
            carrier_signature_minutes: section.whole("carrier_signature_minutes", 1..=60),
            carrier_old_key_hours: section.whole("carrier_old_key_hours", 0..=720),
        };
        if policy.lockout_max_minutes < policy.lockout_first_minutes {
            section
                .disagrees("lockout_max_minutes", "it must not be less than lockout_first_minutes");
        }
        policy
    }

    pub fn session_lasts(&self) -> Span {
        Span::from_days(self.session_days)
    }

    pub fn sign_in_link_lasts(&self) -> Span {
        Span::from_minutes(self.sign_in_link_minutes)
    }

    pub fn carrier_signature_holds(&self) -> Span {
        Span::from_minutes(self.carrier_signature_minutes)
    }

    pub fn carrier_old_key_lasts(&self) -> Span {
        Span::from_hours(self.carrier_old_key_hours)
    }

    pub fn idempotency_kept(&self) -> Span {
        Span::from_days(self.idempotency_keep_days)
    }
}
