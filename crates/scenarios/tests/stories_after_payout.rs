//! Journey 19 in a browser: a shop which has been paid out gives money back; what its accounts do not hold it owes, and
//! the next sale pays that first.

use actions::orders::{OrderAsk, PackOrder, ShipOrder, pack_order, ship_order};
use actions::parcels::{TakeNews, take_news};
use actions::payouts::of_shop;
use actions::sandbox_provider::Instrument;
use actions::{Actor, Failure, books, statements};
use rules::ids::OrderId;
use rules::ledger::Account;
use rules::settlement::statements::StatementLine;
use rules::shipping::parcels::CarrierNews;
use scenarios::{House, Screen, in_browser};
use store::orders::OrderRow;
use store::{Tx, orders};

async fn row(house: &House, order: OrderId) -> anyhow::Result<OrderRow> {
    let shop = house.shop(0).id;
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(orders::show(tx, shop, order).await?);
    let found = house.market().store.read(read).await?;
    found.ok_or_else(|| anyhow::anyhow!("the order is there"))
}

async fn holds(house: &House, account: Account) -> anyhow::Result<i64> {
    let rows = books::balances(house.market(), house.shop(0).id.number()).await?;
    let of = rows.iter().filter(|row| row.account == account);
    Ok(of.map(|row| row.balance.posted(account)).sum())
}

/// So many pieces sold, brought, and settled; the shop's share is not paid out yet.
async fn settled(house: &House, count: i64) -> anyhow::Result<OrderId> {
    let placed = house.places(house.buyer(), &[(0, 0, count)]).await?;
    house.pays(house.buyer(), &placed, Instrument::CardOk).await?;
    let order = placed.orders[0].id;
    house.hours_pass(2).await?;
    let (shop, owner) = (house.shop(0).id, house.shop(0).owner);
    let actor = Actor::Staff { person: owner, shop };
    let ask = OrderAsk { shop, order, actor, expected: None, request: None };
    let parcel = pack_order(house.market(), PackOrder { ask: ask.clone(), weight_grams: 300 });
    let parcel = parcel.await?.answer;
    let (service, tracking_number, instead) = (String::new(), String::new(), None);
    ship_order(house.market(), ShipOrder { ask, service, tracking_number, instead }).await?;
    let news = TakeNews {
        shop,
        parcel,
        carrier_ref: format!("story-{order}"),
        news: CarrierNews::Delivered,
        place: String::new(),
        happened_at: house.market().now(),
    };
    take_news(house.market(), news).await?;
    for _ in 0..200 {
        house.hours_pass(6).await?;
        if row(house, order).await?.settled_at.is_some() {
            return Ok(order);
        }
    }
    anyhow::bail!("order {order} never settled")
}

async fn the_books_are_in_order(house: &House) -> anyhow::Result<()> {
    let faults = books::check(house.market()).await?.faults;
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(faults, Vec::<String>::new());
    Ok(())
}

/// Journey 19: after the payout.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_paid_out_shop_gives_back_and_does_not_have_the_next_sale_pays() -> anyhow::Result<()>
{
    in_browser("after-payout", Screen::Desk, async |house, browser| {
        let (shop, owner) = (house.shop(0).id, house.shop(0).owner);
        let order = settled(&house, 2).await?;
        house.days_pass(8).await?;
        assert_eq!(holds(&house, Account::Available).await?, 0, "it was paid out");
        settled(&house, 1).await?;
        assert!(holds(&house, Account::Available).await? > 0);
        assert!(holds(&house, Account::Reserve).await? > 0);
        let paid = of_shop(house.market(), shop, i64::MAX, 50).await?.payouts.len();

        browser.signs_in(&house, owner, &format!("/seller/{shop}/orders/{order}")).await?;
        browser.clicks("Give money back").await?;
        browser.sees("The order has settled").await?;
        browser.shot("form").await?;
        browser.clicks("Everything which can still go back").await?;
        browser.clicks("It arrived damaged").await?;
        browser.clicks("Give it back").await?;
        browser.sees("The buyer’s money is on its way").await?;
        browser.does_not_see("Give money back").await?;
        browser.shot("given-back").await?;
        let back = row(&house, order).await?;
        assert_eq!(back.given.shares.paid_minor, back.total_minor, "whole");
        for account in [Account::Available, Account::Reserve, Account::Escrow] {
            assert_eq!(holds(&house, account).await?, 0, "{}", account.code());
        }
        assert!(holds(&house, Account::Debt).await? > 0, "and the rest is owed");
        the_books_are_in_order(&house).await?;

        browser.goes_to(&format!("/seller/{shop}/money")).await?;
        browser.sees("Your shop owes").await?;
        browser.shot("owes").await?;
        browser.does_not_scroll_sideways().await?;
        browser.clicks("See why").await?;
        browser.sees("Refund after settlement").await?;
        browser.shot("why").await?;

        settled(&house, 3).await?;
        assert_eq!(holds(&house, Account::Debt).await?, 0, "the sale paid it first");
        let left = holds(&house, Account::Available).await?;
        assert!(left > 0);
        browser.goes_to(&format!("/seller/{shop}/money")).await?;
        browser.does_not_see("Your shop owes").await?;
        browser.sees("What you owed, paid").await?;
        browser.shot("paid").await?;
        house.days_pass(8).await?;
        let sent = of_shop(house.market(), shop, i64::MAX, 50).await?.payouts;
        assert_eq!(sent.len(), paid + 1, "payouts go on");
        assert_eq!((sent[0].amount.minor, sent[0].state.code()), (left, "paid"));
        assert!(has_a_line_of_debt(&house).await?, "a statement says so");
        the_books_are_in_order(&house).await
    })
    .await
}

async fn has_a_line_of_debt(house: &House) -> anyhow::Result<bool> {
    let shop = house.shop(0).id;
    for statement in statements::of_shop(house.market(), shop, i64::MAX, 100).await? {
        let page = statements::show(house.market(), shop, statement.id).await?;
        if page.lines.iter().any(|line| line.line == StatementLine::Debt) {
            return Ok(true);
        }
    }
    Ok(false)
}
