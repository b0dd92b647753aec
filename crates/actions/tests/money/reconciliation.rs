//! A provider's report against the books: what agrees, what differs, what stops, and how two people settle it.

use crate::finance::{House, house};
use actions::orders::{CancelLine, cancel_line};
use actions::payments::{Pay, pay};
use actions::payouts::of_shop;
use actions::reconciliation::{
    Proposal, TakeReport, TakenIn, agree, difference_page, overview, propose, send_back,
    take_report,
};
use actions::sandbox_provider::Instrument;
use actions::sandbox_reports::{ReportFault, next_period, report};
use actions::shortages::{
    OfferSubstitute, ReportShortage, accept_substitute, offer_substitute, report_shortage,
};
use actions::{Actor, Failure, Refusal};
use rules::ids::PersonId;
use rules::ledger::Account;
use rules::ledger::clearing::{Bearer, MovementKind};
use rules::orders::shortages::ShortageCause;
use rules::settlement::payouts::Obstacle;
use store::Tx;
use store::reconciliation::Difference;
use store::testing::on_both_databases;

async fn written(house: &House, source: &str, fault: ReportFault) -> TakeReport {
    let market = &house.stage.market;
    let (from, to) = next_period(market, source.to_owned()).await.unwrap();
    let csv = report(market, source, from, to, fault).await.unwrap();
    TakeReport { source: source.to_owned(), from, to, csv }
}

async fn takes(house: &House, source: &str, fault: ReportFault) -> TakenIn {
    let ask = written(house, source, fault).await;
    take_report(&house.stage.market, &house.ann, ask).await.unwrap()
}

async fn open(house: &House) -> Vec<Difference> {
    overview(&house.stage.market, &house.ann).await.unwrap().open
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> &'static str {
    match outcome {
        Err(Failure::Refused(Refusal { code, .. })) => code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn books_and_reports_of_a_whole_life_agree() {
    on_both_databases(async |store| {
        let house = house(store, "0001").await;
        house.sells_and_settles().await;
        let cancelled = house.stage.buys(house.stage.earbuds_blue, 1).await.unwrap();
        let ask = house.stage.as_shop(house.stage.first, cancelled);
        let reason = rules::orders::CancelReason::OutOfStock;
        actions::orders::cancel_by_shop(&house.stage.market, ask, reason).await.unwrap();
        for _ in 0..10 {
            house.stage.days_pass(1).await.unwrap();
            for source in ["sandbox", "bank"] {
                let taken = takes(&house, source, ReportFault::Nothing).await;
                assert_eq!((taken.opened, taken.vanished), (0, 0), "{source}");
            }
        }
        assert!(open(&house).await.is_empty());
        assert_eq!(house.stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn refunds_of_one_order_are_each_in_the_report_and_matched_one_by_one() {
    on_both_databases(async |store| {
        let house = house(store, "0001").await;
        let (stage, shop) = (&house.stage, house.stage.first);
        let market = &stage.market;
        let order = stage.buys(stage.earbuds_black, 3).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        let read = async move |tx: &mut Tx| {
            Ok::<_, Failure>(store::orders::lines(tx, shop, order).await?.remove(0).id)
        };
        let line = market.store.read(read).await.unwrap();
        for _ in 0..2 {
            let ask = CancelLine { ask: stage.as_shop(shop, order), line, count: 1 };
            cancel_line(market, ask).await.unwrap();
        }
        // The buyer pays more for a substitute, later than the first report of the day.
        takes(&house, "sandbox", ReportFault::Nothing).await;
        let staff = Actor::Staff { person: PersonId::new(77), shop };
        let (missing_count, cause) = (1, ShortageCause::Counted);
        let (actor, request) = (staff, None);
        let found = ReportShortage { shop, order, line, missing_count, cause, actor, request };
        let shortage = report_shortage(market, found).await.unwrap().answer.id;
        let (sku, waived, request) = (stage.earbuds_blue, false, None);
        let offer = OfferSubstitute { shop, shortage, sku, waived, actor, request };
        offer_substitute(market, offer).await.unwrap();
        let taken = accept_substitute(market, stage.buyer, order, shortage, None).await.unwrap();
        let payment = taken.answer.payment.unwrap();
        let instrument = Instrument::CardOk;
        let paid = Pay { buyer: stage.buyer, payment, instrument, request: None };
        pay(market, paid).await.unwrap();
        stage.days_pass(1).await.unwrap();
        let ask = written(&house, "sandbox", ReportFault::Nothing).await;
        let refunds: Vec<&str> = ask.csv.lines().filter(|row| row.contains(",refund,")).collect();
        assert_eq!(refunds.len(), 2, "{}", ask.csv);
        let reference = |row: &str| row.split(',').nth(4).unwrap_or_default().to_owned();
        assert_ne!(reference(refunds[0]), reference(refunds[1]), "each by its own name");
        // The provider books both on the first: the sum is right, and yet it is not the same.
        let amount = |row: &str| row.rsplit(',').next().unwrap_or_default().to_owned();
        let twice: i64 = 2 * amount(refunds[0]).replace('.', "").parse::<i64>().unwrap();
        let double = format!("{}.{:02}", twice / 100, twice % 100);
        let first = refunds[0].replace(&amount(refunds[0]), &double);
        let csv = ask.csv.replace(refunds[0], &first).replace(&format!("{}\r\n", refunds[1]), "");
        let taken = take_report(market, &house.ann, TakeReport { csv, ..ask }).await.unwrap();
        assert_eq!(taken.opened, 2, "one is too large, one is missing");
        assert!(open(&house).await.iter().all(|one| one.key.kind == MovementKind::Refund));
        let seen =
            difference_page(market, &house.ann, shop.number(), open(&house).await[0].id).await;
        let seen = seen.unwrap();
        assert_eq!((seen.order, seen.ours.len()), (Some(order), 1));
    });
}

#[test]
fn a_report_which_differs_by_one_refund_stops_payouts_until_two_people_book_it() {
    on_both_databases(async |store| {
        let house = house(store, "9000").await;
        let share = house.sells_and_settles().await;
        let clearing = house.holds(Account::ProviderClearing).await;
        let taken = takes(&house, "sandbox", ReportFault::RefundTooMuch).await;
        assert_eq!(taken.opened, 1);
        let faults = house.stage.faults().await.unwrap();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].contains("refund") && faults[0].contains("reports differ"), "{faults:?}");

        house.stage.days_pass(8).await.unwrap();
        let (market, shop) = (&house.stage.market, house.stage.first);
        let seen = of_shop(market, shop, i64::MAX, 10).await.unwrap();
        assert_eq!(seen.payouts[0].state.code(), "scheduled");
        assert_eq!(seen.payouts[0].obstacles, [Obstacle::ReportDiffers]);
        assert_eq!((seen.payouts[0].amount.minor, seen.differences.len()), (share, 1));

        let found = open(&house).await.remove(0);
        assert_eq!((found.ours_minor, found.adjusted_minor), (0, 0));
        let missing = found.theirs_minor;
        let home = shop.number();
        let say = |bearer, reason: &str| Proposal {
            home_id: home,
            difference: found.id,
            bearer,
            reason: reason.to_owned(),
        };
        assert_eq!(refused(agree(market, &house.bob, home, found.id).await), "not_proposed");
        let short = propose(market, &house.ann, say(Bearer::House, "no")).await;
        assert!(matches!(short, Err(Failure::Invalid(_))));
        let why = "the provider refunded by mistake, see its letter of Monday";
        propose(market, &house.ann, say(Bearer::Shop, why)).await.unwrap();
        assert_eq!(refused(agree(market, &house.ann, home, found.id).await), "four_eyes");
        send_back(market, &house.bob, home, found.id, "the shop did nothing".to_owned())
            .await
            .unwrap();
        propose(market, &house.ann, say(Bearer::House, why)).await.unwrap();
        let owner = agree(market, &house.owner, home, found.id).await;
        assert_eq!(owner, Err(Failure::NotAllowed));
        agree(market, &house.bob, home, found.id).await.unwrap();

        assert!(open(&house).await.is_empty());
        assert_eq!(house.holds(Account::Guarantee).await, missing, "the house bears it");
        assert_eq!(house.holds(Account::ProviderClearing).await, clearing - missing);
        assert_eq!(house.stage.faults().await.unwrap(), Vec::<String>::new());
        house.stage.days_pass(1).await.unwrap();
        let seen = of_shop(market, shop, i64::MAX, 10).await.unwrap();
        assert_eq!((seen.payouts[0].state.code(), seen.payouts[0].amount.minor), ("paid", share));
        let page = difference_page(market, &house.ann, home, found.id).await.unwrap();
        assert_eq!((page.theirs.len(), page.ours.len(), page.adjustments.len()), (1, 0, 1));
        assert_eq!(page.events.len(), 4, "proposed, sent back, proposed, booked");
        assert_eq!(refused(agree(market, &house.bob, home, found.id).await), "difference_ended");
    });
}

#[test]
fn what_the_next_report_brings_needs_nobody() {
    on_both_databases(async |store| {
        let house = house(store, "9000").await;
        house.sells().await;
        house.stage.hours_pass(3).await.unwrap();
        let taken = takes(&house, "sandbox", ReportFault::LineMissing).await;
        assert_eq!(taken.opened, 1, "the capture is missing there");
        let found = open(&house).await.remove(0);
        assert_eq!(found.theirs_minor, 0);
        house.stage.hours_pass(3).await.unwrap();
        // The line which was left out comes a report later.
        let mut ask = written(&house, "sandbox", ReportFault::Nothing).await;
        let late = report(
            &house.stage.market,
            "sandbox",
            actions::testing::BEGIN,
            house.stage.market.now(),
            ReportFault::Nothing,
        );
        let at = ask.from.to_string();
        ask.csv = late
            .await
            .unwrap()
            .lines()
            .map(|line| {
                let mut cells: Vec<&str> = line.split(',').collect();
                if cells[0] != "line" {
                    cells[1] = &at;
                }
                cells.join(",") + "\n"
            })
            .collect();
        let taken = take_report(&house.stage.market, &house.ann, ask).await.unwrap();
        assert_eq!((taken.opened, taken.vanished), (0, 1));
        assert!(open(&house).await.is_empty());
    });
}

#[test]
fn a_report_is_taken_in_once_in_its_turn_and_whole() {
    on_both_databases(async |store| {
        let house = house(store, "9000").await;
        house.sells().await;
        let market = &house.stage.market;
        let ask = written(&house, "sandbox", ReportFault::OtherAmount).await;
        let first = take_report(market, &house.ann, ask.clone()).await.unwrap();
        assert_eq!((first.new_lines, first.opened), (1, 1));
        let again = take_report(market, &house.bob, ask.clone()).await.unwrap();
        assert_eq!((again.report, again.new_lines, again.opened), (first.report, 0, 0));
        let other = TakeReport { csv: ask.csv.replace("capture", "refund"), ..ask.clone() };
        assert_eq!(refused(take_report(market, &house.ann, other).await), "report_taken_already");
        house.stage.hours_pass(5).await.unwrap();
        let now = house.stage.market.now();
        let gap =
            TakeReport { from: ask.to + rules::time::Span::from_hours(1), to: now, ..ask.clone() };
        let empty = TakeReport { csv: ask.csv.lines().next().unwrap().to_owned(), ..gap };
        assert_eq!(refused(take_report(market, &house.ann, empty).await), "report_not_next");
        let wrong = TakeReport { from: ask.to, to: now, ..ask.clone() };
        let Err(Failure::Invalid(faults)) = take_report(market, &house.ann, wrong).await else {
            panic!("a line outside of the period")
        };
        assert_eq!(faults[0].field, "row 1 happened_at");
        let mut told = ask.csv.clone();
        told = told.replace(&house.stage.first.to_string(), "4711");
        let from = ask.from;
        let strange = TakeReport { from, csv: told, ..ask };
        let Err(Failure::Invalid(faults)) = take_report(market, &house.ann, strange).await else {
            panic!("an unknown shop")
        };
        assert_eq!(faults[0].field, "row 1 shop");
        let nobody = overview(market, &house.owner).await;
        assert_eq!(nobody.map(|_| ()), Err(Failure::NotAllowed));
    });
}
