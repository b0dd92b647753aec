//! The money side of life: where shops are paid to, and the house's finance with its reports.

use actions::Failure;
use actions::bank_accounts::{RegisterAccount, bring_in};
use actions::caller::{Caller, Via};
use actions::reconciliation::{Proposal, agree, overview, propose, take_report};
use actions::sandbox_reports::{ReportFault, next_period, report};
use actions::secrets::SecretHash;
use actions::{Market, reconciliation};
use rules::ids::{HOUSE, PersonId};
use rules::ledger::clearing::Bearer;
use rules::people::Role;
use rules::settlement::bank_accounts::AccountScheme;
use store::reconciliation::BANK;

use super::{Life, LifeShop};

/// The last four digits of the shops' accounts, in turn: most are paid, one bank is out of reach at the first try, one
/// takes days, one tells everything three times, and one says that the account is closed.
const ENDINGS: [&str; 7] = ["4410", "0001", "4421", "0003", "0004", "4437", "0002"];

/// Where a shop's payouts go.
pub(super) async fn bring_account_in(
    market: &Market,
    shop: &LifeShop,
    place: usize,
) -> Result<(), Failure> {
    let ask = RegisterAccount {
        holder: format!("Account of shop {}", place + 1),
        country: "US".to_owned(),
        scheme: AccountScheme::Us,
        bank: "021000021".to_owned(),
        number: format!("70{:04}{}", place + 1, ENDINGS[place % ENDINGS.len()]),
        password: String::new(),
    };
    bring_in(market, shop.owner, shop.id, ask).await.map(drop)
}

/// Somebody of the house's finance, at their desk.
pub fn of_finance(person: PersonId) -> Caller {
    Caller {
        person,
        name: String::new(),
        email: String::new(),
        language: "en".to_owned(),
        memberships: vec![(HOUSE, Role::HouseFinance)],
        via: Via::Session { token_hash: SecretHash::of(&person.to_string()) },
    }
}

impl Life {
    /// Takes the reports of provider and bank in. What differs is booked by two people at once; answers how much that was.
    pub async fn finance_works(&mut self, fault: ReportFault) -> Result<usize, Failure> {
        let [one, other] = self.finance.map(of_finance);
        for source in ["sandbox", BANK] {
            let (from, to) = next_period(&self.market, source.to_owned()).await?;
            if to <= from {
                continue;
            }
            let csv = report(&self.market, source, from, to, fault).await?;
            let ask = reconciliation::TakeReport { source: source.to_owned(), from, to, csv };
            take_report(&self.market, &one, ask).await?;
        }
        let open = overview(&self.market, &one).await?.open;
        for difference in &open {
            let ask = Proposal {
                home_id: difference.key.home_id,
                difference: difference.id,
                bearer: Bearer::House,
                reason: "The provider confirmed by telephone that its report is right.".to_owned(),
            };
            propose(&self.market, &one, ask).await?;
            agree(&self.market, &other, difference.key.home_id, difference.id).await?;
        }
        Ok(open.len())
    }
}
