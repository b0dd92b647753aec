//! A shop gives money back when its order has settled: out of which accounts it comes, and what the shop owes after that.

use std::collections::BTreeSet;

use crate::finance::{House, house};
use actions::orders::{GiveBack, LineBack, PartGiven, give_back};
use actions::payouts::{of_shop, record_answer};
use actions::requests::RequestKey;
use actions::{Failure, shop_desk, statements};
use rules::ids::{OrderId, PersonId};
use rules::ledger::Account;
use rules::orders::OrderStateName;
use rules::orders::refunds::BackReason;
use rules::settlement::payouts::{BankAnswer, FailureReason};
use rules::settlement::statements::StatementLine;
use store::orders::{LineRow, OrderRow};
use store::testing::on_both_databases;
use store::{Tx, orders};

/// The shop's accounts in the order in which a refund uses them.
async fn stand(house: &House) -> [i64; 3] {
    [
        house.holds(Account::Available).await,
        house.holds(Account::Reserve).await,
        house.holds(Account::Debt).await,
    ]
}

async fn row(house: &House, order: OrderId) -> OrderRow {
    house.stage.order(house.stage.first, order).await.unwrap()
}

async fn lines(house: &House, order: OrderId) -> Vec<LineRow> {
    let shop = house.stage.first;
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(orders::lines(tx, shop, order).await?);
    house.stage.market.store.read(read).await.unwrap()
}

/// So many pairs of earbuds, settled; what the shop has of them lies in available and in reserve.
async fn settled(house: &House, count: i64) -> OrderId {
    let stage = &house.stage;
    let order = stage.buys(stage.earbuds_black, count).await.unwrap();
    stage.hours_pass(2).await.unwrap();
    stage.ships_and_arrives(stage.first, order).await.unwrap();
    for _ in 0..60 {
        stage.hours_pass(12).await.unwrap();
        if row(house, order).await.settled_at.is_some() {
            return order;
        }
    }
    panic!("the order never settled");
}

/// Units, and a sum besides; nothing of both is everything which is left. The books are in order afterwards.
async fn gives(house: &House, order: OrderId, count: i64, minor: i64) -> PartGiven {
    let given = tries(house, order, count, minor).await.unwrap();
    assert_eq!(given.refunds.len(), 1);
    assert_eq!(given.order.state, "settled");
    assert_eq!(house.stage.faults().await.unwrap(), Vec::<String>::new());
    given
}

async fn tries(
    house: &House,
    order: OrderId,
    count: i64,
    minor: i64,
) -> Result<PartGiven, Failure> {
    let (stage, shop) = (&house.stage, house.stage.first);
    let back = LineBack { line: lines(house, order).await[0].id, count, amount_minor: minor };
    let lines = if count + minor == 0 { Vec::new() } else { vec![back] };
    let ask = stage.as_shop(shop, order);
    let ask = GiveBack { ask, reason: BackReason::Damaged, note: String::new(), lines };
    give_back(&stage.market, ask).await.map(|answered| answered.answer)
}

#[test]
fn a_piece_a_sum_and_the_rest_sum_to_what_was_paid_and_the_shop_has_what_it_had() {
    on_both_databases(async |store| {
        let house = house(store, "").await;
        let others = settled(&house, 2).await;
        let before: i64 = stand(&house).await[..2].iter().sum();
        let order = settled(&house, 3).await;
        let [available, reserve, _] = stand(&house).await;
        let one = gives(&house, order, 1, 0).await;
        let sum = gives(&house, order, 0, 500).await;
        assert_eq!(sum.amount.minor, 500);
        assert_eq!(house.holds(Account::Reserve).await, reserve, "there was enough available");
        assert!(house.holds(Account::Available).await < available - 500);
        let rest = gives(&house, order, 0, 0).await;
        let after = row(&house, order).await;
        assert_eq!(one.amount.minor + sum.amount.minor + rest.amount.minor, after.total_minor);
        assert_eq!(after.given.shares, after.amounts().shares());
        let nothing = tries(&house, order, 0, 0).await.unwrap_err();
        assert!(matches!(nothing, Failure::Invalid(_)), "{nothing:?}");
        // Of the order nothing is left with the shop but the fee for the work, and the other order is untouched.
        let [available, reserve, debt] = stand(&house).await;
        assert_eq!((available + reserve, debt), (before - after.given.fee_minor, 0));
        assert!(after.given.fee_minor > 0);
        assert_eq!(row(&house, others).await.given.shares.paid_minor, 0);
        house.stage.days_pass(1).await.unwrap();
        assert_eq!(house.holds(Account::RefundTransit).await, 0, "the provider has sent it all");
    });
}

#[test]
fn after_payout_the_reserve_pays_then_a_debt_and_the_next_settlement_pays_it_first() {
    on_both_databases(async |store| {
        let house = house(store, "9000").await;
        let order = settled(&house, 2).await;
        house.stage.days_pass(8).await.unwrap();
        let [available, reserve, _] = stand(&house).await;
        assert!(available == 0 && reserve > 100, "it was paid out: {available}, {reserve}");
        gives(&house, order, 0, 100).await;
        let [_, less, debt] = stand(&house).await;
        assert!(less < reserve && debt == 0, "the reserve was enough");
        let (market, shop) = (&house.stage.market, house.stage.first);
        let page = shop_desk::money_page(market, shop, Account::Reserve, i64::MAX, 50);
        let parts = page.await.unwrap().reserve_parts;
        assert_eq!(parts.iter().map(store::ledger::ReservePart::left_minor).sum::<i64>(), less);

        gives(&house, order, 1, 0).await;
        let [available, reserve, debt] = stand(&house).await;
        assert_eq!((available, reserve), (0, 0));
        assert!(debt > 0);
        let paid_before = of_shop(market, shop, i64::MAX, 50).await.unwrap().payouts.len();

        let next = settled(&house, 2).await;
        let proceeds = row(&house, next).await;
        let share = proceeds.amounts().escrow_minor() - proceeds.commission_minor;
        let [available, reserve, left] = stand(&house).await;
        assert_eq!((available + reserve, left), (share - debt, 0), "the debt came first");
        assert_eq!(house.stage.faults().await.unwrap(), Vec::<String>::new());
        house.stage.days_pass(8).await.unwrap();
        let sent = of_shop(market, shop, i64::MAX, 50).await.unwrap().payouts;
        assert_eq!(sent.len(), paid_before + 1);
        assert_eq!((sent[0].amount.minor, sent[0].state.code()), (available, "paid"));
        let lines = lines_of_statements(&house).await;
        for line in [StatementLine::Refunds, StatementLine::Fees, StatementLine::Debt] {
            assert!(lines.contains(&line), "{line:?} of {lines:?}");
        }
        assert_eq!(house.stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

/// Each line opens to transfers which sum to it.
async fn lines_of_statements(house: &House) -> BTreeSet<StatementLine> {
    let (market, shop) = (&house.stage.market, house.stage.first);
    let mut seen = BTreeSet::new();
    for statement in statements::of_shop(market, shop, i64::MAX, 100).await.unwrap() {
        for line in statements::show(market, shop, statement.id).await.unwrap().lines {
            let parts = statements::transfers(market, shop, statement.id, Some(line.line), 500);
            let parts = parts.await.unwrap();
            let moved = parts.iter().flat_map(|part| &part.by_account).map(|(_, minor)| minor);
            assert_eq!(moved.sum::<i64>(), line.total_minor(), "{line:?}");
            seen.insert(line.line);
        }
    }
    seen
}

#[test]
fn what_the_reserve_sets_free_pays_a_debt_first() {
    on_both_databases(async |store| {
        let house = house(store, "9000").await;
        let order = settled(&house, 4).await;
        house.stage.days_pass(8).await.unwrap();
        gives(&house, order, 0, 0).await;
        let owed = house.holds(Account::Debt).await;
        // One pair does not bring what four cost.
        settled(&house, 1).await;
        let [available, reserve, left] = stand(&house).await;
        assert!(available == 0 && reserve > 0 && 0 < left && left < owed);
        let mut free = reserve;
        for _ in 0..120 {
            house.stage.days_pass(1).await.unwrap();
            free = house.holds(Account::Reserve).await;
            if free == 0 {
                break;
            }
        }
        assert_eq!(free, 0, "the part was released");
        assert_eq!(stand(&house).await, [0, 0, left - reserve]);
        let sent = of_shop(&house.stage.market, house.stage.first, i64::MAX, 50).await.unwrap();
        assert_eq!(sent.payouts.len(), 1, "nothing is paid out while something is owed");
        assert_eq!(house.stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn a_payout_which_comes_back_pays_the_debt_first() {
    on_both_databases(async |store| {
        // A bank which never says anything by itself.
        let house = house(store, "0005").await;
        let order = settled(&house, 2).await;
        house.stage.days_pass(8).await.unwrap();
        let (market, shop) = (&house.stage.market, house.stage.first);
        let sent = of_shop(market, shop, i64::MAX, 1).await.unwrap().payouts.remove(0);
        assert_eq!((sent.state.code(), house.holds(Account::Available).await), ("sent", 0));
        gives(&house, order, 0, 0).await;
        let owed = house.holds(Account::Debt).await;
        assert!(owed > 0, "what is on its way to the bank cannot be taken back");
        let answer = BankAnswer::Failed { reason: FailureReason::RejectedByBank };
        record_answer(market, &house.ann, shop, sent.id, answer).await.unwrap();
        let [available, _, left] = stand(&house).await;
        let back = sent.amount.minor;
        assert_eq!((available, left), ((back - owed).max(0), (owed - back).max(0)));
        assert_eq!(house.stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn asked_twice_with_one_key_it_is_given_once() {
    on_both_databases(async |store| {
        let house = house(store, "").await;
        let order = settled(&house, 1).await;
        let (stage, shop) = (&house.stage, house.stage.first);
        let key = RequestKey::new(PersonId::new(77), "give_back", "once", b"{}");
        let mut ask = stage.as_shop(shop, order);
        ask.request = Some(key);
        let lines =
            vec![LineBack { line: lines(&house, order).await[0].id, count: 0, amount_minor: 300 }];
        let ask = GiveBack { ask, reason: BackReason::Late, note: String::new(), lines };
        let first = give_back(&stage.market, ask.clone()).await.unwrap().answer;
        let again = give_back(&stage.market, ask).await.unwrap().answer;
        assert_eq!(first, again);
        let after = row(&house, order).await;
        assert_eq!(after.given.shares.paid_minor, 300);
        assert_eq!(after.state.name(), OrderStateName::Settled);
    });
}
