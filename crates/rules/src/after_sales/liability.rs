//! Who bears what a buyer gets back, and whether it counts against the shop.

use serde::{Deserialize, Serialize};

use super::reasons::ReasonClass;
use crate::orders::liability::Liable;
use crate::policy::ReasonPolicy;

/// Who pays the way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnPayer {
    Shop,
    Buyer,
    House,
    /// Nothing goes back.
    Nobody,
}

/// What is known about an order's way to the buyer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WayFacts {
    /// The carrier has scanned a parcel of it.
    pub handed_over: bool,
    /// Handed over before the dispatch deadline had passed.
    pub dispatched_in_time: bool,
    /// Somebody of the house has found the packing not good enough.
    pub packed_badly: bool,
}

impl ReturnPayer {
    pub const ALL: [ReturnPayer; 4] =
        [ReturnPayer::Shop, ReturnPayer::Buyer, ReturnPayer::House, ReturnPayer::Nobody];

    pub const fn code(self) -> &'static str {
        match self {
            ReturnPayer::Shop => "shop",
            ReturnPayer::Buyer => "buyer",
            ReturnPayer::House => "house",
            ReturnPayer::Nobody => "nobody",
        }
    }
}

/// Who bears a refund for this reason. The carrier answers only for what it was given, and in time.
pub const fn bearer(class: ReasonClass, policy: &ReasonPolicy, way: WayFacts) -> Liable {
    let shops_own = match class {
        ReasonClass::Late => !way.handed_over || !way.dispatched_in_time,
        ReasonClass::Lost => !way.handed_over,
        ReasonClass::Damaged => !way.handed_over || way.packed_badly,
        ReasonClass::NotAsDescribed
        | ReasonClass::Counterfeit
        | ReasonClass::QualityDurable
        | ReasonClass::QualityOther
        | ReasonClass::ChangedMind => false,
    };
    if shops_own { Liable::Shop } else { policy.liable }
}

/// Whether a refund counts in the shop's figures: only what it has caused. A change of mind is nobody's fault.
pub const fn counts(class: ReasonClass, bearer: Liable) -> bool {
    match (class, bearer) {
        (ReasonClass::ChangedMind, _) | (_, Liable::Carrier | Liable::House) => false,
        (
            ReasonClass::NotAsDescribed
            | ReasonClass::Counterfeit
            | ReasonClass::QualityDurable
            | ReasonClass::QualityOther
            | ReasonClass::Late
            | ReasonClass::Lost
            | ReasonClass::Damaged,
            Liable::Shop,
        ) => true,
    }
}
