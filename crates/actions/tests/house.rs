//! What the house sees and does: its figures, its due work, jobs which gave up, tiers, the clock.

use actions::sandbox_provider::Instrument;
use actions::standing::{ChangeTier, change_tier};
use actions::testing::Stage;
use actions::{Failure, books, clock_moves, jobs, overview};
use rules::ids::{JobId, OrderId, PersonId, ShopId};
use rules::ledger::{Account, TransferCode, transfer};
use rules::money::Currency;
use rules::policy::Tier;
use rules::time::Span;
use store::bulk::{Rows, WholeTransfer, write};
use store::jobs::NewJob;
use store::testing::on_both_databases;
use store::{Store, Tx};

const ADMIN: PersonId = PersonId::new(99);

#[test]
fn the_two_columns_of_the_trial_balance_are_equal() {
    on_both_databases(async |store: Store| {
        let stage = Stage::on(store).await.unwrap();
        let order = stage.buys(stage.scarf, 2).await.unwrap();
        stage.buys(stage.earbuds_black, 1).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        stage.ships(stage.second, order).await.unwrap();
        stage.days_pass(40).await.unwrap();
        let lines = books::trial_balance(&stage.market).await.unwrap();
        let sums = books::trial_sums(&lines);
        assert_eq!(sums.len(), 1, "one currency was traded in");
        assert!(sums[0].debits > 0);
        assert_eq!(sums[0].debits, sums[0].credits);
        assert!(lines.iter().any(|line| line.account == Account::Commission));
    });
}

#[test]
fn a_home_with_two_currencies_is_never_cut_by_the_end_of_a_page() {
    on_both_databases(async |store: Store| {
        let stage = Stage::on(store).await.unwrap();
        let mut rows = Rows::default();
        for home in 1..=3_i64 {
            for (leg, code) in (0..).zip(["EUR", "USD"]) {
                rows.transfers.push(WholeTransfer {
                    id: stage.market.id(),
                    home: ShopId::new(home),
                    currency: Currency::parse(code).unwrap(),
                    transfer: transfer(
                        TransferCode::SaleProceeds,
                        Account::Promotion,
                        Account::Available,
                        home * 100,
                    ),
                    order: OrderId::new(home),
                    step: 1,
                    leg,
                    at: stage.market.now(),
                });
            }
        }
        let act = async move |tx: &mut Tx| Ok::<_, Failure>(write(tx, &rows).await?);
        stage.market.store.write(act).await.unwrap();
        // Three rows a page end between the two currencies of the second home.
        for limit in [1, 2, 3, 6, 7] {
            let (mut seen, mut after) = (Vec::new(), 0);
            loop {
                let account = Account::Available;
                let read = overview::homes_of_account(&stage.market, account, after, limit);
                let (rows, _) = read.await.unwrap();
                let Some(last) = rows.last() else { break };
                after = last.home_id;
                seen.extend(rows.iter().map(|row| (row.home_id, row.currency.code())));
            }
            let all = [(1, "EUR"), (1, "USD"), (2, "EUR"), (2, "USD"), (3, "EUR"), (3, "USD")];
            assert_eq!(seen, all, "{limit} rows a page");
        }
    });
}

#[test]
fn a_check_is_kept_for_the_home_page() {
    on_both_databases(async |store: Store| {
        let stage = Stage::on(store).await.unwrap();
        stage.buys(stage.scarf, 1).await.unwrap();
        assert_eq!(books::last_check(&stage.market).await.unwrap(), None);
        let kept = books::check_and_keep(&stage.market, ADMIN).await.unwrap();
        assert_eq!((kept.faults, kept.orders, kept.by), (0, 1, ADMIN));
        assert_eq!(books::last_check(&stage.market).await.unwrap(), Some(kept));
    });
}

#[test]
fn orders_and_gmv_are_counted_on_the_day_of_payment() {
    on_both_databases(async |store: Store| {
        let stage = Stage::on(store).await.unwrap();
        let first = stage.places(&[stage.line(stage.scarf, 2)]).await.unwrap();
        stage.pays(&first, Instrument::CardOk).await.unwrap();
        let second = stage.places(&[stage.line(stage.earbuds_black, 1)]).await.unwrap();
        stage.hours_pass(20).await.unwrap();
        // Placed on the first day, paid on the second.
        stage.pays(&second, Instrument::CardOk).await.unwrap();
        let seen = overview::house_today(&stage.market, 2).await.unwrap();
        let days: Vec<_> = seen
            .sold
            .iter()
            .map(|of| (of.day, of.sales.orders, of.sales.pieces, of.sales.paid_minor))
            .collect();
        let (day_one, day_two) = (seen.period.from, seen.period.to);
        assert_eq!(days, [(day_one, 1, 2, first.total.minor), (day_two, 1, 1, second.total.minor)]);
        assert!(seen.sold.iter().all(|of| of.market == "US" && of.currency == "USD"));
    });
}

#[test]
fn late_orders_are_seen_over_all_shops() {
    on_both_databases(async |store: Store| {
        let stage = Stage::on(store).await.unwrap();
        stage.buys(stage.scarf, 1).await.unwrap();
        stage.buys(stage.earbuds_black, 10).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        let seen = overview::house_today(&stage.market, 1).await.unwrap();
        assert_eq!((seen.flagged_count, seen.late_count), (1, 0), "ten pieces are unusual");
        stage.days_pass(4).await.unwrap();
        let seen = overview::house_today(&stage.market, 1).await.unwrap();
        assert_eq!(
            (seen.flagged_count, seen.late_count),
            (0, 1),
            "the unconfirmed one was cancelled"
        );
        assert_eq!(seen.late[0].shop, stage.second);
        assert!(seen.names.iter().any(|(_, name)| name == "Warm Wool"));
    });
}

#[test]
fn a_job_which_gave_up_is_tried_anew_and_one_which_waits_is_not() {
    on_both_databases(async |store: Store| {
        let stage = Stage::on(store).await.unwrap();
        let job = NewJob {
            id: stage.market.id(),
            home_id: stage.first.number(),
            kind: "unheard_of",
            subject_id: 1,
            body: "{}".to_owned(),
            due_at: stage.market.now(),
        };
        let (id, home, now): (JobId, i64, _) = (job.id, job.home_id, stage.market.now());
        stage
            .market
            .store
            .write(async move |tx: &mut Tx| {
                Ok::<_, Failure>(store::jobs::insert(tx, &job, now).await?)
            })
            .await
            .unwrap();
        let refused = jobs::retry(&stage.market, ADMIN, home, id, None).await.unwrap_err();
        assert!(matches!(refused, Failure::Refused(why) if why.code == "job_not_given_up"));
        stage.days_pass(3).await.unwrap();
        let (given_up, _) = overview::open_jobs(&stage.market, 10).await.unwrap();
        assert_eq!((given_up[0].id, given_up[0].attempts), (id, 10));
        jobs::retry(&stage.market, ADMIN, home, id, None).await.unwrap();
        let (given_up, waiting) = overview::open_jobs(&stage.market, 10).await.unwrap();
        assert!(given_up.is_empty());
        assert!(waiting.iter().any(|job| job.id == id && job.attempts == 0));
        assert_eq!(jobs::retry(&stage.market, ADMIN, 1, id, None).await, Err(Failure::NotFound));
    });
}

#[test]
fn a_tier_changes_with_a_reason_and_leaves_a_line_in_the_shops_history() {
    on_both_databases(async |store: Store| {
        let stage = Stage::on(store).await.unwrap();
        let ask = |tier, reason: &str| ChangeTier {
            by: ADMIN,
            shop: stage.first,
            tier,
            from: None,
            reason: reason.to_owned(),
            expected: None,
            request: None,
        };
        let short = change_tier(&stage.market, ask(Tier::New, "because")).await;
        assert!(matches!(short, Err(Failure::Invalid(_))));
        let same = change_tier(&stage.market, ask(Tier::Standard, "thirty late orders")).await;
        assert!(matches!(same, Err(Failure::Refused(why)) if why.code == "same_tier"));
        let done =
            change_tier(&stage.market, ask(Tier::New, "thirty late orders in May")).await.unwrap();
        assert_eq!((done.answer.tier, done.answer.version), (Tier::New, 2));
        let seen = overview::shop(&stage.market, stage.first).await.unwrap();
        assert_eq!(seen.shop.tier, "new");
        assert!(
            seen.events
                .iter()
                .any(|event| event.kind == "tier_changed" && event.body.contains("in May"))
        );
        let stale = ChangeTier { expected: Some(1), ..ask(Tier::Standard, "put right again") };
        assert_eq!(change_tier(&stage.market, stale).await, Err(Failure::Stale));
    });
}

#[test]
fn moving_the_clock_passes_the_deadlines_on_the_way_and_says_so() {
    on_both_databases(async |store: Store| {
        let stage = Stage::on(store).await.unwrap();
        stage.places(&[stage.line(stage.scarf, 1)]).await.unwrap();
        let moved =
            clock_moves::move_and_sweep(&stage.market, ADMIN, Span::from_days(3)).await.unwrap();
        assert_eq!(moved.to.since(moved.from), Span::from_days(3));
        assert!(moved.finished);
        assert_eq!(moved.passed.get("payment"), Some(&1), "nobody paid in time: {moved:?}");
        let done = overview::done_by_itself(&stage.market, moved.first_event).await.unwrap();
        assert!(
            done.iter().any(|(subject, kind, _)| subject == "order" && kind == "cancelled"),
            "{done:?}"
        );
        assert_eq!(clock_moves::last_move(&stage.market).await.unwrap(), Some(moved));
    });
}
