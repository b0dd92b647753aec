//! What happens how often. Each seed has its own mix: a market of silent shops shows other faults than one of hasty buyers.

use actions::chance::Chance;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Orders,
    Pays,
    NoticeAgain,
    BuyerCancels,
    ShopWorks,
    CarrierReports,
    BuyerHasIt,
    HouseCancels,
    PriceChanges,
    StockArrives,
    RequestAgain,
    Dies,
    DiesWithClaims,
    PolicyChanges,
    HouseProposes,
    DeliveriesChange,
    AsksToCancel,
    ShopAnswers,
    GoodsMissing,
    BuyerChooses,
    ShopGivesBack,
    FinanceWorks,
    TimePasses,
}

impl Deed {
    const ALL: [Deed; 23] = [
        Deed::Orders,
        Deed::Pays,
        Deed::NoticeAgain,
        Deed::BuyerCancels,
        Deed::ShopWorks,
        Deed::CarrierReports,
        Deed::BuyerHasIt,
        Deed::HouseCancels,
        Deed::PriceChanges,
        Deed::StockArrives,
        Deed::RequestAgain,
        Deed::Dies,
        Deed::DiesWithClaims,
        Deed::PolicyChanges,
        Deed::HouseProposes,
        Deed::DeliveriesChange,
        Deed::AsksToCancel,
        Deed::ShopAnswers,
        Deed::GoodsMissing,
        Deed::BuyerChooses,
        Deed::ShopGivesBack,
        Deed::FinanceWorks,
        Deed::TimePasses,
    ];

    pub(super) const fn words(self) -> &'static str {
        match self {
            Deed::Orders => "a buyer orders",
            Deed::Pays => "a buyer pays",
            Deed::NoticeAgain => "the provider repeats itself",
            Deed::BuyerCancels => "a buyer cancels",
            Deed::ShopWorks => "a shop works",
            Deed::CarrierReports => "a carrier reports",
            Deed::BuyerHasIt => "a buyer has the parcel",
            Deed::HouseCancels => "the house cancels",
            Deed::PriceChanges => "a price changes",
            Deed::StockArrives => "stock arrives",
            Deed::RequestAgain => "an old request is repeated",
            Deed::Dies => "a process dies between acts",
            Deed::DiesWithClaims => "a process dies with claimed work",
            Deed::FinanceWorks => "the house's finance works",
            Deed::PolicyChanges => "a policy is published",
            Deed::HouseProposes => "the house proposes to share a discount",
            Deed::DeliveriesChange => "a shop delivers elsewhere",
            Deed::AsksToCancel => "a buyer asks to cancel",
            Deed::ShopAnswers => "a shop answers",
            Deed::GoodsMissing => "goods are missing",
            Deed::BuyerChooses => "a buyer chooses",
            Deed::ShopGivesBack => "a shop gives money back",
            Deed::TimePasses => "time passes",
        }
    }

    /// In an even mix, of about a thousand.
    const fn weight(self) -> u64 {
        match self {
            Deed::Orders => 200,
            Deed::Pays => 190,
            Deed::ShopWorks => 220,
            Deed::TimePasses => 110,
            Deed::AsksToCancel | Deed::ShopAnswers | Deed::GoodsMissing | Deed::ShopGivesBack => 30,
            Deed::NoticeAgain | Deed::CarrierReports | Deed::BuyerChooses => 60,
            Deed::BuyerCancels => 50,
            Deed::BuyerHasIt => 40,
            Deed::HouseCancels
            | Deed::PriceChanges
            | Deed::Dies
            | Deed::DiesWithClaims
            | Deed::HouseProposes
            | Deed::DeliveriesChange
            | Deed::FinanceWorks
            | Deed::PolicyChanges => 10,
            Deed::StockArrives | Deed::RequestAgain => 20,
        }
    }
}

/// How likely each deed is in one history.
pub(super) struct Mix(Vec<(Deed, u64)>);

impl Mix {
    /// Each deed is a third, once or three times as likely as in the even mix; time passes as in the even one, so
    /// that histories are about equally long.
    pub(super) fn of(chance: &Chance) -> Mix {
        let weigh = |deed: Deed| {
            let factor = if deed == Deed::TimePasses { 3 } else { *chance.pick(&[1, 3, 9]) };
            (deed, deed.weight() * factor)
        };
        Mix(Deed::ALL.into_iter().map(weigh).collect())
    }

    pub(super) fn draw(&self, chance: &Chance) -> Deed {
        let sum = self.0.iter().map(|(_, weight)| weight).sum();
        let mut dice = chance.below(sum);
        for (deed, weight) in &self.0 {
            if dice < *weight {
                return *deed;
            }
            dice -= weight;
        }
        Deed::TimePasses
    }
}
