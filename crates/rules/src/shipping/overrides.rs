//! Why a shop sends a parcel by another service than the one its buyer was promised. The reason is kept.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverrideReason {
    Cheaper,
    Faster,
    /// The promised carrier did not come, or has no room.
    NoPickUp,
    /// Packed, it is larger or heavier than the promised service takes.
    TooLarge,
    BuyerAsked,
    /// In words.
    Other,
}

impl OverrideReason {
    pub const ALL: [OverrideReason; 6] = [
        OverrideReason::Cheaper,
        OverrideReason::Faster,
        OverrideReason::NoPickUp,
        OverrideReason::TooLarge,
        OverrideReason::BuyerAsked,
        OverrideReason::Other,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            OverrideReason::Cheaper => "cheaper",
            OverrideReason::Faster => "faster",
            OverrideReason::NoPickUp => "no_pick_up",
            OverrideReason::TooLarge => "too_large",
            OverrideReason::BuyerAsked => "buyer_asked",
            OverrideReason::Other => "other",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// A reason with the words which go with it; only [`OverrideReason::Other`] needs some.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceOverride {
    pub reason: OverrideReason,
    pub note: String,
}

/// What is wrong with a given reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverrideFault {
    #[error("say why it goes by another service than the promised one")]
    Missing,
    #[error("say in a few words what the reason is")]
    NoWords,
    #[error("at most {} characters in one line", ServiceOverride::LONGEST)]
    TooLong,
}

impl OverrideFault {
    pub const fn code(self) -> &'static str {
        match self {
            OverrideFault::Missing => "override_reason_missing",
            OverrideFault::NoWords => "override_note_missing",
            OverrideFault::TooLong => "too_long",
        }
    }
}

impl ServiceOverride {
    /// Characters of a note.
    pub const LONGEST: usize = 200;

    /// The reason as it is kept: `cheaper`, or `other: the van broke down`. Empty where the promised service is taken.
    ///
    /// # Errors
    /// Another service without a reason, or a reason which says nothing.
    pub fn kept(given: Option<&ServiceOverride>, differs: bool) -> Result<String, OverrideFault> {
        if !differs {
            return Ok(String::new());
        }
        let given = given.ok_or(OverrideFault::Missing)?;
        let note = given.note.trim();
        if note.chars().count() > Self::LONGEST || note.chars().any(char::is_control) {
            return Err(OverrideFault::TooLong);
        }
        match (given.reason, note) {
            (OverrideReason::Other, "") => Err(OverrideFault::NoWords),
            (reason, "") => Ok(reason.code().to_owned()),
            (reason, note) => Ok(format!("{}: {note}", reason.code())),
        }
    }

    /// What [`ServiceOverride::kept`] wrote; nothing for an empty text.
    pub fn read(kept: &str) -> Option<ServiceOverride> {
        let (code, note) = kept.split_once(": ").unwrap_or((kept, ""));
        Some(ServiceOverride { reason: OverrideReason::parse(code)?, note: note.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_reads_back_as_it_was_kept() {
        for reason in OverrideReason::ALL {
            let given = ServiceOverride { reason, note: "it is: so".to_owned() };
            let kept = ServiceOverride::kept(Some(&given), true).unwrap();
            assert_eq!(ServiceOverride::read(&kept), Some(given));
        }
        assert_eq!(ServiceOverride::read(""), None);
    }

    #[test]
    fn another_service_needs_a_reason_and_other_needs_words() {
        let other = ServiceOverride { reason: OverrideReason::Other, note: " ".to_owned() };
        assert_eq!(ServiceOverride::kept(None, false), Ok(String::new()));
        assert_eq!(ServiceOverride::kept(None, true), Err(OverrideFault::Missing));
        assert_eq!(ServiceOverride::kept(Some(&other), true), Err(OverrideFault::NoWords));
        let long = ServiceOverride { note: "x".repeat(201), ..other };
        assert_eq!(ServiceOverride::kept(Some(&long), true), Err(OverrideFault::TooLong));
    }
}
