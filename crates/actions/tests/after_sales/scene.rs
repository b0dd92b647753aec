//! A stage with an order which has come, and people on all three sides.

use actions::after_sales::{
    AskForHelp, CaseAnswer, CaseAsk, CaseFile, HelpLine, ask_for_help, asked_by_buyer, case_file,
};
use actions::caller::{Caller, Via};
use actions::people::{SignUp, person_of_email, sign_up};
use actions::secrets::SecretHash;
use actions::testing::Stage;
use actions::{Actor, Failure};
use rules::after_sales::{CaseReason, CaseState, Remedy};
use rules::ids::{CaseId, HOUSE, OrderId, PersonId, ShopId};
use rules::ledger::Account;
use rules::people::Role;
use store::{Store, Tx};

pub struct Scene {
    pub stage: Stage,
    pub order: OrderId,
    /// Decides for the house.
    pub ann: Caller,
    /// Decides for the house, too.
    pub bob: Caller,
    /// Of the shop.
    pub owner: Caller,
}

impl Scene {
    /// Three pairs of earbuds were bought, and have just come.
    pub async fn delivered(store: Store) -> Scene {
        let scene = Scene::shipped(store).await;
        scene.arrives().await;
        scene
    }

    /// Packed and on its way.
    pub async fn shipped(store: Store) -> Scene {
        let stage = Stage::on(store).await.unwrap();
        let order = stage.buys(stage.earbuds_black, 3).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        let owner = person(&stage, "owner@example.com", (stage.first, Role::Owner)).await;
        let ann = person(&stage, "ann@example.com", (HOUSE, Role::Arbiter)).await;
        let bob = person(&stage, "bob@example.com", (HOUSE, Role::Arbiter)).await;
        Scene { stage, order, ann, bob, owner }
    }

    pub async fn arrives(&self) {
        self.stage.ships_and_arrives(self.stage.first, self.order).await.unwrap();
    }

    pub fn asks(&self, reason: CaseReason, remedy: Remedy, units_count: i64) -> Asking<'_> {
        Asking { scene: self, reason, remedy, units_count }
    }

    pub async fn line(&self) -> rules::ids::OrderLineId {
        let (shop, order) = (self.stage.first, self.order);
        let read =
            async move |tx: &mut Tx| Ok::<_, Failure>(store::orders::lines(tx, shop, order).await?);
        self.stage.market.store.read(read).await.unwrap()[0].id
    }

    pub async fn file(&self, case: CaseId) -> CaseFile {
        case_file(&self.stage.market, self.stage.first, case).await.unwrap()
    }

    pub async fn state(&self, case: CaseId) -> CaseState {
        self.file(case).await.case.state
    }

    pub async fn by_buyer(&self, case: CaseId, words: &str) -> CaseAsk {
        let buyer = self.stage.buyer;
        asked_by_buyer(&self.stage.market, buyer, case, words.to_owned(), None).await.unwrap()
    }

    pub fn by_shop(&self, case: CaseId, words: &str) -> CaseAsk {
        let actor = Actor::Staff { person: self.owner.person, shop: self.stage.first };
        CaseAsk {
            shop: self.stage.first,
            case,
            actor,
            words: words.to_owned(),
            expected: None,
            request: None,
        }
    }

    pub async fn holds(&self, account: Account) -> i64 {
        self.stage.holds(self.stage.first, account).await.unwrap()
    }

    /// The books add up, whatever happened.
    pub async fn in_order(&self) {
        assert_eq!(self.stage.faults().await.unwrap(), Vec::<String>::new());
        let wrong = actions::figures::differences(&self.stage.market.store).await.unwrap();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}

pub struct Asking<'a> {
    scene: &'a Scene,
    reason: CaseReason,
    remedy: Remedy,
    units_count: i64,
}

impl Asking<'_> {
    pub async fn tried(&self) -> Result<CaseAnswer, Failure> {
        let line = self.scene.line().await;
        let ask = AskForHelp {
            buyer: self.scene.stage.buyer,
            order: self.scene.order,
            reason: self.reason,
            remedy: self.remedy,
            lines: vec![HelpLine { line, units_count: self.units_count }],
            words: "it is not what I ordered".to_owned(),
            request: None,
        };
        ask_for_help(&self.scene.stage.market, ask).await.map(|answered| answered.answer)
    }

    pub async fn opened(&self) -> CaseId {
        self.tried().await.unwrap().id
    }
}

async fn person(stage: &Stage, email: &str, membership: (ShopId, Role)) -> Caller {
    let new = SignUp {
        name: email.to_owned(),
        email: email.to_owned(),
        password: "a long enough password".to_owned(),
        language: "en".to_owned(),
        agent: String::new(),
    };
    sign_up(&stage.market, new).await.unwrap();
    let person: PersonId = person_of_email(&stage.market, email).await.unwrap().unwrap();
    let (home, role) = membership;
    let now = stage.market.now();
    let add = async move |tx: &mut Tx| {
        store::people::insert_member(tx, person, home, role.code(), now).await?;
        Ok::<_, Failure>(())
    };
    stage.market.store.write(add).await.unwrap();
    Caller {
        person,
        name: email.to_owned(),
        email: email.to_owned(),
        language: "en".to_owned(),
        memberships: vec![membership],
        via: Via::Session { token_hash: SecretHash::of(email) },
    }
}
