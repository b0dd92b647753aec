//! Parcels: from packed to delivered, by what carriers report. Reports come twice and out of order; neither may harm.

use serde::{Deserialize, Serialize};

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
}

/// What a carrier reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CarrierNews {
    /// First scan: the carrier has the parcel.
    Collected,
    /// Any later scan on the way.
    Moved,
    OutForDelivery,
    Delivered,
    Lost,
}

impl ParcelState {
    pub const ALL: [ParcelState; 7] = [
        ParcelState::Open,
        ParcelState::Packed,
        ParcelState::LabelBought,
        ParcelState::HandedOver,
        ParcelState::InTransit,
        ParcelState::Delivered,
        ParcelState::Lost,
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
            | ParcelState::Lost => false,
        }
    }

    /// Where the parcel is after the news. News never moves a parcel backwards: a late scan changes nothing.
    pub const fn after(self, news: CarrierNews) -> ParcelState {
        match (self, news) {
            // A carrier may find a parcel again which it had given up.
            (_, CarrierNews::Delivered) | (ParcelState::Delivered, _) => ParcelState::Delivered,
            (_, CarrierNews::Lost) => ParcelState::Lost,
            (_, CarrierNews::Collected | CarrierNews::Moved | CarrierNews::OutForDelivery) => {
                ParcelState::InTransit
            }
        }
    }
}

impl CarrierNews {
    pub const ALL: [CarrierNews; 5] = [
        CarrierNews::Collected,
        CarrierNews::Moved,
        CarrierNews::OutForDelivery,
        CarrierNews::Delivered,
        CarrierNews::Lost,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            CarrierNews::Collected => "collected",
            CarrierNews::Moved => "moved",
            CarrierNews::OutForDelivery => "out_for_delivery",
            CarrierNews::Delivered => "delivered",
            CarrierNews::Lost => "lost",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_scan_never_takes_a_delivered_parcel_back() {
        for news in CarrierNews::ALL {
            assert_eq!(ParcelState::Delivered.after(news), ParcelState::Delivered);
        }
    }

    #[test]
    fn a_parcel_may_be_delivered_without_any_scan_before() {
        assert_eq!(ParcelState::HandedOver.after(CarrierNews::Delivered), ParcelState::Delivered);
        assert_eq!(ParcelState::HandedOver.after(CarrierNews::Moved), ParcelState::InTransit);
        assert_eq!(ParcelState::Lost.after(CarrierNews::Moved), ParcelState::InTransit);
    }
}
