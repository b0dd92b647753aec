//! A stage with people who handle money: a shop's owner with a password, and two people of the house's finance.

use actions::Failure;
use actions::bank_accounts::{RegisterAccount, register};
use actions::caller::{Caller, Via};
use actions::people::{SignUp, person_of_email, sign_up};
use actions::secrets::SecretHash;
use actions::testing::Stage;
use rules::ids::{HOUSE, OrderId, PersonId, ShopId};
use rules::ledger::Account;
use rules::people::Role;
use rules::settlement::bank_accounts::AccountScheme;
use store::testing::tamper_with_balance;
use store::{Store, Tx};

const PASSWORD: &str = "a long enough password";

pub struct House {
    pub stage: Stage,
    pub owner: Caller,
    /// Of the house's finance.
    pub ann: Caller,
    /// Of the house's finance, too.
    pub bob: Caller,
}

/// The stage; with an ending, the first shop has an account with these last four digits.
pub async fn house(store: Store, ending: &str) -> House {
    let stage = Stage::on(store).await.unwrap();
    let owner = person(&stage, "owner@example.com", (stage.first, Role::Owner)).await;
    let ann = person(&stage, "ann@example.com", (HOUSE, Role::HouseFinance)).await;
    let bob = person(&stage, "bob@example.com", (HOUSE, Role::HouseFinance)).await;
    let house = House { stage, owner, ann, bob };
    if !ending.is_empty() {
        house.registers(ending).await.unwrap();
    }
    house
}

async fn person(stage: &Stage, email: &str, membership: (ShopId, Role)) -> Caller {
    let new = SignUp {
        name: email.to_owned(),
        email: email.to_owned(),
        password: PASSWORD.to_owned(),
        language: "en".to_owned(),
        agent: String::new(),
    };
    sign_up(&stage.market, new).await.unwrap();
    let person: PersonId = person_of_email(&stage.market, email).await.unwrap().unwrap();
    Caller {
        person,
        name: email.to_owned(),
        email: email.to_owned(),
        language: "en".to_owned(),
        memberships: vec![membership],
        via: Via::Session { token_hash: SecretHash::of(email) },
    }
}

impl House {
    pub async fn registers(&self, ending: &str) -> Result<(), Failure> {
        self.registers_with(ending, PASSWORD).await
    }

    pub async fn registers_with(&self, ending: &str, password: &str) -> Result<(), Failure> {
        let ask = RegisterAccount {
            holder: "Sound & Co. Ltd".to_owned(),
            country: "US".to_owned(),
            scheme: AccountScheme::Us,
            bank: "021000021".to_owned(),
            number: format!("1234{ending}"),
            password: password.to_owned(),
        };
        register(&self.stage.market, &self.owner, self.stage.first, ask).await.map(|_| ())
    }

    pub async fn changes_account_to(&self, ending: &str) {
        self.registers(ending).await.unwrap();
        self.stage.hours_pass(49).await.unwrap();
    }

    pub async fn holds(&self, account: Account) -> i64 {
        self.stage.holds(self.stage.first, account).await.unwrap()
    }

    /// Sells one pair of earbuds and waits until the shop's share is its own; answers what is available then.
    pub async fn sells_and_settles(&self) -> i64 {
        let order = self.sells().await;
        for _ in 0..60 {
            self.stage.hours_pass(12).await.unwrap();
            let row = self.stage.order(self.stage.first, order).await.unwrap();
            if row.settled_at.is_some() {
                return self.holds(Account::Available).await;
            }
        }
        panic!("the order never settled");
    }

    pub async fn sells(&self) -> OrderId {
        let order = self.stage.buys(self.stage.earbuds_black, 1).await.unwrap();
        self.stage.hours_pass(2).await.unwrap();
        self.stage.ships(self.stage.first, order).await.unwrap();
        order
    }

    /// Changes a balance behind the ledger's back.
    pub async fn tampers(&self, minor: i64) {
        let home = self.stage.first.number();
        self.stage
            .market
            .store
            .write(async move |tx: &mut Tx| {
                Ok::<_, Failure>(tamper_with_balance(tx, home, "reserve", minor).await?)
            })
            .await
            .unwrap();
    }
}
