//! Journeys 8 and 9: pay day, and the day on which the provider's report disagrees. Walked over HTTP in a browser's place.

use actions::orders::OrderAsk;
use actions::orders::{PackOrder, ShipOrder, pack_order, ship_order};
use actions::payouts::of_shop;
use actions::reconciliation::{Proposal, TakeReport, agree, overview, propose, take_report};
use actions::sandbox_provider::Instrument;
use actions::sandbox_reports::{ReportFault, next_period, report};
use actions::{Actor, Failure, books, statements};
use anyhow::Context;
use cli::life::of_finance;
use rules::ids::{OrderId, ShopId};
use rules::ledger::Account;
use rules::ledger::clearing::Bearer;
use rules::settlement::payouts::Obstacle;
use rules::settlement::statements::{StatementLine, moved_by};
use scenarios::House;

/// Prairie Home: its bank is out of reach at the first try.
const PRAIRIE: usize = 1;

async fn sells_and_settles(house: &House) -> anyhow::Result<(ShopId, OrderId)> {
    let placed = house.places(house.buyer(), &[(PRAIRIE, 0, 2)]).await?;
    house.pays(house.buyer(), &placed, Instrument::CardOk).await?;
    let order = placed.orders.first().context("an order was placed")?;
    let (shop, order) = (order.shop, order.id);
    house.hours_pass(2).await?;
    let actor = Actor::Staff { person: house.shop(PRAIRIE).owner, shop };
    let ask = OrderAsk { shop, order, actor, expected: None, request: None };
    pack_order(house.market(), PackOrder { ask: ask.clone(), weight_grams: 700 }).await?;
    let ship =
        ShipOrder { ask, service: String::new(), tracking_number: String::new(), instead: None };
    ship_order(house.market(), ship).await?;
    for _ in 0..40 {
        house.days_pass(1).await?;
        if available(house, shop).await? > 0 {
            return Ok((shop, order));
        }
        let sent = of_shop(house.market(), shop, i64::MAX, 1).await?;
        if !sent.payouts.is_empty() {
            return Ok((shop, order));
        }
    }
    anyhow::bail!("the order never settled")
}

async fn available(house: &House, shop: ShopId) -> anyhow::Result<i64> {
    let rows = books::balances(house.market(), shop.number()).await?;
    let of = rows.iter().find(|row| row.account == Account::Available);
    Ok(of.map_or(0, |row| row.balance.posted(Account::Available)))
}

/// Journey 8: pay day.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_pay_day_the_bank_fails_once_and_the_statement_opens_to_its_transfers()
-> anyhow::Result<()> {
    let house = House::raise().await?;
    let (shop, order) = sells_and_settles(&house).await?;
    house.days_pass(9).await?;
    let market = house.market();
    let seen = of_shop(market, shop, i64::MAX, 10).await?;
    let states: Vec<&str> = seen.payouts.iter().rev().map(|one| one.state.code()).collect();
    assert_eq!(states, ["failed", "paid"], "it failed at the bank, was tried again, and arrived");
    assert_eq!(seen.payouts[0].amount, seen.payouts[1].amount, "whole");

    let all = statements::of_shop(market, shop, i64::MAX, 50).await?;
    let mut lines = std::collections::BTreeSet::new();
    let mut orders = std::collections::BTreeSet::new();
    for statement in &all {
        let page = statements::show(market, shop, statement.id).await?;
        assert_eq!(moved_by(&statement.opening, &page.change, 1), statement.closing);
        for line in &page.lines {
            lines.insert(line.line);
            let behind =
                statements::transfers(market, shop, statement.id, Some(line.line), 100).await?;
            assert!(!behind.is_empty(), "{:?} opens to nothing", line.line);
            orders.extend(behind.iter().filter_map(|part| part.transfer.order()));
        }
    }
    for line in [StatementLine::Sales, StatementLine::Fees, StatementLine::Payouts] {
        assert!(lines.contains(&line), "{line:?}");
    }
    assert!(orders.contains(&order), "the sale is behind a line");
    let faults = books::check(market).await?.faults;
    assert!(faults.is_empty(), "{faults:?}");
    Ok(())
}

/// Journey 9: the provider's report disagrees.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_which_disagrees_stops_payouts_until_two_people_agree() -> anyhow::Result<()> {
    let house = House::raise().await?;
    let market = house.market();
    let placed = house.places(house.buyer(), &[(PRAIRIE, 0, 2)]).await?;
    house.pays(house.buyer(), &placed, Instrument::CardOk).await?;
    house.hours_pass(1).await?;
    let [ida, tomas] = house.life.finance.map(of_finance);
    let (from, to) = next_period(market, "sandbox".to_owned()).await?;
    let csv = report(market, "sandbox", from, to, ReportFault::RefundTooMuch).await?;
    let ask = TakeReport { source: "sandbox".to_owned(), from, to, csv };
    assert_eq!(take_report(market, &ida, ask).await?.opened, 1);
    let (shop, _) = sells_and_settles(&house).await?;
    house.days_pass(8).await?;

    let seen = of_shop(market, shop, i64::MAX, 10).await?;
    let stopped = seen.payouts.first().context("a payout was planned")?;
    assert_eq!((stopped.state.code(), stopped.sent_at), ("scheduled", None));
    assert_eq!(stopped.obstacles, [Obstacle::ReportDiffers], "and it says why");
    let planned = stopped.amount;

    let found = overview(market, &ida).await?.open;
    let difference = found.first().context("one movement differs")?;
    let say = Proposal {
        home_id: shop.number(),
        difference: difference.id,
        bearer: Bearer::House,
        reason: "The provider refunded twice and bears no blame by contract.".to_owned(),
    };
    propose(market, &ida, say).await?;
    let alone = agree(market, &ida, shop.number(), difference.id).await;
    assert!(matches!(alone, Err(Failure::Refused(refusal)) if refusal.code == "four_eyes"));
    agree(market, &tomas, shop.number(), difference.id).await?;
    house.days_pass(3).await?;
    let seen = of_shop(market, shop, i64::MAX, 10).await?;
    let arrived = seen.payouts.iter().find(|one| one.state.code() == "paid");
    assert_eq!(arrived.context("payouts go on")?.amount, planned, "never shortened");
    let faults = books::check(market).await?.faults;
    assert!(faults.is_empty(), "{faults:?}");
    Ok(())
}
