//! Parcels: from packed to delivered, by what carriers report. Reports come twice and out of order; neither may harm.
//!
//! The order in which news *happened* decides, never the order in which it came: whatever the shuffle, the same
//! reports leave a parcel in the same place.

use serde::{Deserialize, Serialize};

use crate::time::{Span, Timestamp};

/// Where a parcel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParcelState {
    /// On the packing table.
    Open,
    Packed,
    /// It has its number and its label, and waits to be handed over.
    LabelBought,
    /// The shop has named a carrier and a tracking number; no scan yet.
    HandedOver,
    InTransit,
    Delivered,
    Lost,
    /// The carrier has stopped it: what is left of it is not worth bringing.
    Damaged,
    /// Back at the sender: nobody took it.
    Returned,
}

/// What a carrier reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CarrierNews {
    /// The carrier knows the number; nothing has moved yet.
    Recognised,
    /// First scan: the carrier has the parcel.
    Collected,
    /// Any later scan on the way.
    Moved,
    /// It lies still for a reason: customs, weather, waiting to be picked up.
    Held,
    OutForDelivery,
    /// Nobody opened.
    Attempted,
    /// On the way back to the sender.
    Returning,
    Delivered,
    Lost,
    Damaged,
    Returned,
}

impl ParcelState {
    pub const ALL: [ParcelState; 9] = [
        ParcelState::Open,
        ParcelState::Packed,
        ParcelState::LabelBought,
        ParcelState::HandedOver,
        ParcelState::InTransit,
        ParcelState::Delivered,
        ParcelState::Lost,
        ParcelState::Damaged,
        ParcelState::Returned,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            ParcelState::Open => "open",
            ParcelState::Packed => "packed",
            ParcelState::LabelBought => "label_bought",
            ParcelState::HandedOver => "handed_over",
            ParcelState::InTransit => "in_transit",
            ParcelState::Delivered => "delivered",
            ParcelState::Lost => "lost",
            ParcelState::Damaged => "damaged",
            ParcelState::Returned => "returned",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// Whether it is closed and still with the shop.
    pub const fn ready(self) -> bool {
        match self {
            ParcelState::Packed | ParcelState::LabelBought => true,
            ParcelState::Open
            | ParcelState::HandedOver
            | ParcelState::InTransit
            | ParcelState::Delivered
            | ParcelState::Lost
            | ParcelState::Damaged
            | ParcelState::Returned => false,
        }
    }

    /// Whether the shop has handed it over.
    pub const fn has_left(self) -> bool {
        match self {
            ParcelState::Open | ParcelState::Packed | ParcelState::LabelBought => false,
            ParcelState::HandedOver
            | ParcelState::InTransit
            | ParcelState::Delivered
            | ParcelState::Lost
            | ParcelState::Damaged
            | ParcelState::Returned => true,
        }
    }

    /// The parcel's way is over, well or badly.
    pub const fn ended(self) -> bool {
        match self {
            ParcelState::Open
            | ParcelState::Packed
            | ParcelState::LabelBought
            | ParcelState::HandedOver
            | ParcelState::InTransit => false,
            ParcelState::Delivered
            | ParcelState::Lost
            | ParcelState::Damaged
            | ParcelState::Returned => true,
        }
    }
}

impl CarrierNews {
    pub const ALL: [CarrierNews; 11] = [
        CarrierNews::Recognised,
        CarrierNews::Collected,
        CarrierNews::Moved,
        CarrierNews::Held,
        CarrierNews::OutForDelivery,
        CarrierNews::Attempted,
        CarrierNews::Returning,
        CarrierNews::Delivered,
        CarrierNews::Lost,
        CarrierNews::Damaged,
        CarrierNews::Returned,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            CarrierNews::Recognised => "recognised",
            CarrierNews::Collected => "collected",
            CarrierNews::Moved => "moved",
            CarrierNews::Held => "held",
            CarrierNews::OutForDelivery => "out_for_delivery",
            CarrierNews::Attempted => "attempted",
            CarrierNews::Returning => "returning",
            CarrierNews::Delivered => "delivered",
            CarrierNews::Lost => "lost",
            CarrierNews::Damaged => "damaged",
            CarrierNews::Returned => "returned",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// Where a parcel is right after this, for news which says where it is.
    const fn place(self) -> Option<ParcelState> {
        match self {
            CarrierNews::Recognised => None,
            CarrierNews::Collected
            | CarrierNews::Moved
            | CarrierNews::Held
            | CarrierNews::OutForDelivery
            | CarrierNews::Attempted
            | CarrierNews::Returning => Some(ParcelState::InTransit),
            CarrierNews::Delivered => Some(ParcelState::Delivered),
            CarrierNews::Lost => Some(ParcelState::Lost),
            CarrierNews::Damaged => Some(ParcelState::Damaged),
            CarrierNews::Returned => Some(ParcelState::Returned),
        }
    }
}

/// What is known of a parcel's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    pub state: ParcelState,
    /// When the news happened which put it there; the hand-over where there is none.
    pub news_at: Timestamp,
    /// When the carrier first showed that it knows the number: what makes tracking valid.
    pub recognised_at: Option<Timestamp>,
}

impl Way {
    /// The way after one more piece of news, whenever it comes in.
    ///
    /// Delivered stands for good. Otherwise the news which happened last decides; of two at the same moment the one
    /// which is further in [`CarrierNews::ALL`].
    pub fn after(self, news: CarrierNews, happened_at: Timestamp) -> Way {
        let recognised_at = Some(self.recognised_at.map_or(happened_at, |at| at.min(happened_at)));
        let way = Way { recognised_at, ..self };
        let Some(place) = news.place() else { return way };
        let older = happened_at < way.news_at;
        let same = happened_at == way.news_at && place < way.state;
        // Before the first scan nothing is known, so anything is newer: carriers' clocks run ahead of ours and behind.
        let unknown = !way.state.ended() && way.state != ParcelState::InTransit;
        match (way.state, place) {
            (ParcelState::Delivered, _) => way,
            (_, ParcelState::Delivered) => Way { state: place, news_at: happened_at, ..way },
            _ if (older || same) && !unknown => way,
            _ => Way { state: place, news_at: happened_at, ..way },
        }
    }
}

/// Why a tracking number may not be changed any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefusal {
    #[error("the parcel has not been shipped yet")]
    NotShipped,
    #[error("the parcel's way is over")]
    Ended,
    #[error("number and carrier may be changed {most} time(s)")]
    ChangedBefore { most: i64 },
    #[error("number and carrier could be changed until {until}")]
    TooLate { until: Timestamp },
}

impl ChangeRefusal {
    pub const fn code(self) -> &'static str {
        match self {
            ChangeRefusal::NotShipped => "not_shipped",
            ChangeRefusal::Ended => "way_ended",
            ChangeRefusal::ChangedBefore { .. } => "number_changed_before",
            ChangeRefusal::TooLate { .. } => "number_change_too_late",
        }
    }
}

/// Whether number or carrier may be changed now. Answers until when it may.
///
/// `changes` is how often they were changed before, `within` counts from the hand-over.
pub fn may_change(
    state: ParcelState,
    handed_over_at: Option<Timestamp>,
    changes: i64,
    (most, within): (i64, Span),
    now: Timestamp,
) -> Result<Timestamp, ChangeRefusal> {
    match state {
        ParcelState::Open | ParcelState::Packed | ParcelState::LabelBought => {
            return Err(ChangeRefusal::NotShipped);
        }
        ParcelState::Delivered
        | ParcelState::Lost
        | ParcelState::Damaged
        | ParcelState::Returned => return Err(ChangeRefusal::Ended),
        ParcelState::HandedOver | ParcelState::InTransit => {}
    }
    let until = handed_over_at.ok_or(ChangeRefusal::NotShipped)? + within;
    if changes >= most {
        return Err(ChangeRefusal::ChangedBefore { most });
    }
    if now > until {
        return Err(ChangeRefusal::TooLate { until });
    }
    Ok(until)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    const SHIPPED: Way =
        Way { state: ParcelState::HandedOver, news_at: Timestamp::from_ms(0), recognised_at: None };

    fn all(news: &[(CarrierNews, i64)]) -> Way {
        news.iter().fold(SHIPPED, |way, (news, ms)| way.after(*news, at(*ms)))
    }

    #[test]
    fn a_late_scan_never_takes_a_parcel_back() {
        use CarrierNews as N;
        for news in CarrierNews::ALL {
            let way = all(&[(N::Delivered, 50), (news, 90)]);
            assert_eq!(way.state, ParcelState::Delivered, "{news:?}");
        }
        assert_eq!(all(&[(N::Lost, 50), (N::Moved, 40)]).state, ParcelState::Lost);
        assert_eq!(all(&[(N::Returned, 50), (N::Collected, 10)]).state, ParcelState::Returned);
        // Found again: that happened after.
        assert_eq!(all(&[(N::Lost, 50), (N::Moved, 60)]).state, ParcelState::InTransit);
    }

    #[test]
    fn a_known_number_is_no_scan() {
        let way = all(&[(CarrierNews::Recognised, 5)]);
        assert_eq!((way.state, way.recognised_at), (ParcelState::HandedOver, Some(at(5))));
        let way = way.after(CarrierNews::Collected, at(3));
        assert_eq!((way.state, way.recognised_at), (ParcelState::InTransit, Some(at(3))));
    }

    #[test]
    fn a_number_is_changed_once_and_in_time() {
        let within = (1, Span::from_hours(72));
        let change = |state, changes, hours| {
            may_change(state, Some(at(0)), changes, within, at(0) + Span::from_hours(hours))
        };
        let until = at(0) + Span::from_hours(72);
        assert_eq!(change(ParcelState::HandedOver, 0, 72), Ok(until));
        assert_eq!(change(ParcelState::InTransit, 0, 73), Err(ChangeRefusal::TooLate { until }));
        let twice = Err(ChangeRefusal::ChangedBefore { most: 1 });
        assert_eq!(change(ParcelState::HandedOver, 1, 1), twice);
        assert_eq!(change(ParcelState::Packed, 0, 1), Err(ChangeRefusal::NotShipped));
        assert_eq!(change(ParcelState::Delivered, 0, 1), Err(ChangeRefusal::Ended));
    }

    proptest! {
        /// Twice, shuffled, whatever: the same news leaves a parcel in the same place.
        #[test]
        fn the_order_in_which_news_comes_changes_nothing(
            news in proptest::collection::vec((0..CarrierNews::ALL.len(), 1_i64..30), 1..8),
            shuffle in any::<u64>(),
        ) {
            let news: Vec<_> = news.into_iter().map(|(kind, ms)| (CarrierNews::ALL[kind], ms)).collect();
            let mut other = news.clone();
            other.extend(news.clone());
            let mut seed = shuffle;
            for place in (1..other.len()).rev() {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                other.swap(place, (seed >> 33) as usize % (place + 1));
            }
            let (one, two) = (all(&news), all(&other));
            prop_assert_eq!(one.state, two.state);
            prop_assert_eq!(one.recognised_at, two.recognised_at);
        }
    }
}
