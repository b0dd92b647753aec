//! The saved views of a shop's orders: their word in the address, which states they show, how many wait in them.

use actions::shop_desk::OrdersPage;
use rules::orders::OrderStateName;

use crate::words::Msg;

/// A saved view of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum View {
    #[default]
    All,
    ToConfirm,
    ToShip,
    DueSoon,
    Late,
    Shipped,
    InTransit,
    Delivered,
    Done,
    Cancelled,
}

impl View {
    pub(super) const TABS: [View; 10] = [
        View::ToConfirm,
        View::ToShip,
        View::DueSoon,
        View::Late,
        View::Shipped,
        View::InTransit,
        View::Delivered,
        View::Done,
        View::Cancelled,
        View::All,
    ];

    /// As in the address.
    pub(super) const fn code(self) -> &'static str {
        match self {
            View::All => "all",
            View::ToConfirm => "to-confirm",
            View::ToShip => "to-ship",
            View::DueSoon => "due-soon",
            View::Late => "late",
            View::Shipped => "shipped",
            View::InTransit => "in-transit",
            View::Delivered => "delivered",
            View::Done => "done",
            View::Cancelled => "cancelled",
        }
    }

    pub(super) fn parse(code: &str) -> View {
        View::TABS.into_iter().find(|view| view.code() == code).unwrap_or_default()
    }

    pub(super) const fn name(self) -> Msg {
        match self {
            View::All => Msg::SellerViewAll,
            View::ToConfirm => Msg::SellerViewToConfirm,
            View::ToShip => Msg::SellerViewToShip,
            View::DueSoon => Msg::SellerViewDueSoon,
            View::Late => Msg::SellerViewLate,
            View::Shipped => Msg::SellerViewShipped,
            View::InTransit => Msg::SellerViewInTransit,
            View::Delivered => Msg::SellerViewDelivered,
            View::Done => Msg::SellerViewDone,
            View::Cancelled => Msg::SellerViewCancelled,
        }
    }

    pub(super) fn states(self) -> Vec<OrderStateName> {
        use OrderStateName as S;
        match self {
            View::All => Vec::new(),
            View::ToConfirm => vec![S::AwaitingConfirmation],
            View::ToShip | View::Late => vec![S::AwaitingShipment, S::PartiallyShipped],
            View::DueSoon => {
                vec![S::AwaitingConfirmation, S::AwaitingShipment, S::PartiallyShipped]
            }
            View::Shipped => vec![S::AwaitingCollection],
            View::InTransit => vec![S::InTransit],
            View::Delivered => vec![S::Delivered],
            View::Done => vec![S::Completed, S::Settled],
            View::Cancelled => vec![S::Cancelled],
        }
    }

    /// Everything is never counted.
    pub(super) fn count(self, page: &OrdersPage) -> Option<i64> {
        match self {
            View::All => None,
            View::ToConfirm => Some(page.to_confirm.count),
            View::ToShip => Some(page.to_ship.count),
            View::DueSoon => Some(page.to_confirm.soon + page.to_ship.soon),
            View::Late => Some(page.to_ship.late),
            View::Shipped | View::InTransit | View::Delivered | View::Done | View::Cancelled => {
                Some(self.states().iter().filter_map(|state| page.counts.get(state)).sum())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_has_its_own_word_in_the_address() {
        for view in View::TABS {
            assert_eq!(View::parse(view.code()), view);
        }
        assert_eq!(View::parse("nonsense"), View::All);
    }
}
