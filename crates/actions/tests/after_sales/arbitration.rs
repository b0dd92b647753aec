//! The house decides, somebody else decides the appeal, and money which moved wrongly is made good.

use crate::scene::Scene;
use actions::Failure;
use actions::after_sales::{
    Verdict, appeal, decide_appeal, decide_case, escalate, finish_evidence, reject, take_case,
};
use rules::after_sales::{CaseReason, CaseState, CaseStateName, Outcome, Party, Remedy};
use rules::ids::CaseId;
use rules::ledger::Account;
use rules::orders::liability::Liable;
use store::testing::on_both_databases;

async fn under_review(scene: &Scene) -> CaseId {
    let market = &scene.stage.market;
    let case = scene.asks(CaseReason::WrongOption, Remedy::RefundOnly, 3).opened().await;
    reject(market, scene.by_shop(case, "we sent the right colour")).await.unwrap();
    escalate(market, scene.by_buyer(case, "you did not").await).await.unwrap();
    finish_evidence(market, scene.by_shop(case, "")).await.unwrap();
    assert_eq!(scene.state(case).await.name(), CaseStateName::GatheringEvidence);
    finish_evidence(market, scene.by_buyer(case, "").await).await.unwrap();
    assert_eq!(scene.state(case).await.name(), CaseStateName::UnderReview);
    case
}

fn verdict(scene: &Scene, case: CaseId, in_favour_of: Party) -> Verdict {
    Verdict {
        shop: scene.stage.first,
        case,
        in_favour_of,
        remedy: Remedy::RefundOnly,
        amount_minor: 0,
        liable: Liable::Shop,
        facts: "the picture shows blue ones".to_owned(),
        rule: "after-sales, not as described".to_owned(),
        redress: "appeal within 21 days".to_owned(),
        request: None,
    }
}

#[test]
fn nobody_decides_about_their_own_shop_or_twice() {
    on_both_databases(async |store| {
        let scene = Scene::delivered(store).await;
        let market = &scene.stage.market;
        let case = under_review(&scene).await;
        let (first, ann, bob) = (scene.stage.first, &scene.ann, &scene.bob);
        let owner = decide_case(market, &scene.owner, verdict(&scene, case, Party::Shop)).await;
        assert_eq!(owner.unwrap_err(), Failure::NotAllowed);
        take_case(market, ann, first, case).await.unwrap();
        assert_eq!(scene.file(case).await.case.arbiter, Some(ann.person));
        decide_case(market, ann, verdict(&scene, case, Party::Shop)).await.unwrap();
        appeal(market, scene.by_buyer(case, "look at the picture again").await).await.unwrap();
        let same = decide_appeal(market, ann, verdict(&scene, case, Party::Buyer)).await;
        assert!(
            matches!(same, Err(Failure::Refused(refusal)) if refusal.code == "conflict_of_interest")
        );
        decide_appeal(market, bob, verdict(&scene, case, Party::Buyer)).await.unwrap();
        let file = scene.file(case).await;
        assert_eq!(file.case.refunded_minor, file.case.asked.minor);
        let instances: Vec<i64> = file.decisions.iter().map(|one| one.instance).collect();
        assert_eq!(instances, [1, 2]);
        scene.stage.hours_pass(4).await.unwrap();
        assert_eq!(scene.state(case).await, CaseState::Closed { outcome: Outcome::Refunded });
        scene.in_order().await;
    });
}

#[test]
fn the_honest_seller_keeps_the_money() {
    on_both_databases(async |store| {
        let scene = Scene::delivered(store).await;
        let market = &scene.stage.market;
        let case = under_review(&scene).await;
        decide_case(market, &scene.ann, verdict(&scene, case, Party::Shop)).await.unwrap();
        appeal(market, scene.by_buyer(case, "again").await).await.unwrap();
        decide_appeal(market, &scene.bob, verdict(&scene, case, Party::Shop)).await.unwrap();
        assert_eq!(scene.state(case).await, CaseState::Closed { outcome: Outcome::Rejected });
        scene.stage.days_pass(30).await.unwrap();
        let row = scene.stage.order(scene.stage.first, scene.order).await.unwrap();
        assert!(row.settled_at.is_some());
        assert_eq!(row.given.shares.paid_minor, 0);
        let third = scene.asks(CaseReason::Defective, Remedy::RefundOnly, 1).opened().await;
        reject(market, scene.by_shop(third, "no")).await.unwrap();
        escalate(market, scene.by_buyer(third, "yes").await).await.unwrap();
        scene.in_order().await;
    });
}

#[test]
fn what_the_house_got_wrong_it_makes_good() {
    on_both_databases(async |store| {
        let scene = Scene::delivered(store).await;
        let market = &scene.stage.market;
        let case = under_review(&scene).await;
        decide_case(market, &scene.ann, verdict(&scene, case, Party::Buyer)).await.unwrap();
        let cost = scene.file(case).await.case.cost_minor;
        assert!(cost > 0);
        appeal(market, scene.by_shop(case, "the scan shows black")).await.unwrap();
        assert_eq!(scene.holds(Account::Available).await, 0);
        decide_appeal(market, &scene.bob, verdict(&scene, case, Party::Shop)).await.unwrap();
        assert_eq!(scene.holds(Account::Available).await, cost, "as if it had been settled");
        assert_eq!(scene.holds(Account::Guarantee).await, cost, "the house has paid it");
        let file = scene.file(case).await;
        assert_eq!(file.case.state, CaseState::Closed { outcome: Outcome::Refunded });
        assert_eq!(file.case.refunded_minor, file.case.asked.minor, "the buyer keeps it");
        scene.stage.days_pass(40).await.unwrap();
        scene.in_order().await;
    });
}

#[test]
fn the_house_may_bear_it_and_the_shop_keeps_its_proceeds() {
    on_both_databases(async |store| {
        let scene = Scene::delivered(store).await;
        let market = &scene.stage.market;
        let case = under_review(&scene).await;
        let house = Verdict { liable: Liable::House, ..verdict(&scene, case, Party::Buyer) };
        decide_case(market, &scene.ann, house).await.unwrap();
        scene.stage.days_pass(60).await.unwrap();
        let file = scene.file(case).await;
        assert_eq!(file.case.refunded_minor, file.case.asked.minor);
        assert_eq!(scene.holds(Account::Guarantee).await, file.case.refunded_minor);
        let shop = scene.holds(Account::Available).await + scene.holds(Account::Reserve).await;
        assert!(shop > 0, "the shop was paid");
        scene.in_order().await;
    });
}

#[test]
fn the_houses_silence_decides_nothing() {
    on_both_databases(async |store| {
        let scene = Scene::delivered(store).await;
        let case = under_review(&scene).await;
        scene.stage.days_pass(5).await.unwrap();
        let state = scene.state(case).await;
        assert!(matches!(state, CaseState::UnderReview { overdue: true, .. }), "{state:?}");
        let market = &scene.stage.market;
        decide_case(market, &scene.bob, verdict(&scene, case, Party::Buyer)).await.unwrap();
        scene.stage.days_pass(22).await.unwrap();
        assert_eq!(scene.state(case).await, CaseState::Closed { outcome: Outcome::Refunded });
        scene.in_order().await;
    });
}
