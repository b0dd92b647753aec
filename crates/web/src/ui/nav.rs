//! The places of the three consoles: where each leads, its icon and its two-key jump.
//!
//! Only places which exist are listed; a test follows every link.

use crate::ui::icons::Icon;
use crate::words::Msg;

/// A place in a console's navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// No entry of the navigation is current.
    Nowhere,
    SellerHome,
    SellerOrders,
    SellerCases,
    SellerProducts,
    SellerMoney,
    SellerFigures,
    SellerSettings,
    OperatorHome,
    OperatorShops,
    OperatorOrders,
    OperatorCases,
    OperatorLedger,
    OperatorPayouts,
    OperatorFigures,
    OperatorPolicy,
    OperatorSystem,
    StoreHome,
    StoreOrders,
    StoreAccount,
    StoreBasket,
}

/// The seller centre, top to bottom.
pub const SELLER: [Place; 7] = [
    Place::SellerHome,
    Place::SellerOrders,
    Place::SellerCases,
    Place::SellerProducts,
    Place::SellerMoney,
    Place::SellerFigures,
    Place::SellerSettings,
];

/// The operator's console, top to bottom.
pub const OPERATOR: [Place; 9] = [
    Place::OperatorHome,
    Place::OperatorShops,
    Place::OperatorOrders,
    Place::OperatorCases,
    Place::OperatorLedger,
    Place::OperatorPayouts,
    Place::OperatorFigures,
    Place::OperatorPolicy,
    Place::OperatorSystem,
];

/// The storefront, left to right.
pub const STORE: [Place; 4] =
    [Place::StoreHome, Place::StoreOrders, Place::StoreAccount, Place::StoreBasket];

impl Place {
    pub const fn href(self) -> &'static str {
        match self {
            Place::Nowhere | Place::StoreHome => "/",
            Place::SellerHome => "/seller",
            Place::SellerOrders => "/seller/orders",
            Place::SellerCases => "/seller/cases",
            Place::SellerProducts => "/seller/products",
            Place::SellerMoney => "/seller/money",
            Place::SellerFigures => "/seller/figures",
            Place::SellerSettings => "/seller/settings",
            Place::OperatorHome => "/operator",
            Place::OperatorShops => "/operator/shops",
            Place::OperatorOrders => "/operator/orders",
            Place::OperatorCases => "/operator/cases",
            Place::OperatorLedger => "/operator/ledger",
            Place::OperatorPayouts => "/operator/payouts",
            Place::OperatorFigures => "/operator/figures",
            Place::OperatorPolicy => "/operator/policy",
            Place::OperatorSystem => "/operator/system",
            Place::StoreOrders => "/orders",
            Place::StoreAccount => "/account",
            Place::StoreBasket => "/basket",
        }
    }

    pub const fn name(self) -> Msg {
        match self {
            Place::Nowhere | Place::SellerHome | Place::OperatorHome | Place::StoreHome => {
                Msg::NavHome
            }
            Place::SellerOrders | Place::OperatorOrders => Msg::NavOrders,
            Place::SellerCases | Place::OperatorCases => Msg::NavCases,
            Place::SellerProducts => Msg::NavProducts,
            Place::SellerMoney => Msg::NavMoney,
            Place::SellerFigures | Place::OperatorFigures => Msg::NavFigures,
            Place::SellerSettings => Msg::NavSettings,
            Place::OperatorShops => Msg::NavShops,
            Place::OperatorLedger => Msg::NavLedger,
            Place::OperatorPayouts => Msg::NavPayouts,
            Place::OperatorPolicy => Msg::NavPolicy,
            Place::OperatorSystem => Msg::NavSystem,
            Place::StoreOrders => Msg::NavMyOrders,
            Place::StoreAccount => Msg::NavAccount,
            Place::StoreBasket => Msg::NavBasket,
        }
    }

    pub const fn icon(self) -> Icon {
        match self {
            Place::Nowhere | Place::SellerHome | Place::OperatorHome | Place::StoreHome => {
                Icon::Home
            }
            Place::SellerOrders | Place::OperatorOrders | Place::StoreOrders => Icon::Box,
            Place::SellerCases | Place::OperatorCases => Icon::Hand,
            Place::SellerProducts => Icon::Tag,
            Place::SellerMoney => Icon::Money,
            Place::SellerFigures | Place::OperatorFigures => Icon::Chart,
            Place::SellerSettings => Icon::Gear,
            Place::OperatorShops => Icon::Shop,
            Place::OperatorLedger => Icon::Ledger,
            Place::OperatorPayouts => Icon::Wallet,
            Place::OperatorPolicy => Icon::Scale,
            Place::OperatorSystem => Icon::Clock,
            Place::StoreAccount => Icon::User,
            Place::StoreBasket => Icon::Basket,
        }
    }

    /// The letter after `g` which jumps here.
    pub const fn key(self) -> &'static str {
        match self {
            Place::Nowhere => "",
            Place::SellerHome | Place::OperatorHome | Place::StoreHome => "h",
            Place::SellerOrders | Place::OperatorOrders | Place::StoreOrders => "o",
            Place::SellerProducts | Place::OperatorPolicy => "p",
            Place::SellerCases | Place::OperatorCases => "c",
            Place::SellerMoney | Place::OperatorPayouts => "m",
            Place::SellerSettings | Place::OperatorShops => "s",
            Place::SellerFigures | Place::OperatorFigures => "f",
            Place::OperatorLedger => "l",
            Place::OperatorSystem => "y",
            Place::StoreAccount => "a",
            Place::StoreBasket => "b",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_places_of_a_console_share_a_key() {
        for places in [SELLER.as_slice(), OPERATOR.as_slice(), STORE.as_slice()] {
            let keys: HashSet<_> = places.iter().map(|place| place.key()).collect();
            assert_eq!(keys.len(), places.len(), "{places:?}");
        }
    }
}
