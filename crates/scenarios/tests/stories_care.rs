//! Journeys 5 and 6 in a browser: goods which are not there, and a changed mind.

use actions::books;
use actions::sandbox_provider::Instrument;
use actions::shortages::{OfferSubstitute, ReportShortage, offer_substitute, report_shortage};
use actions::{Actor, Failure};
use rules::ids::OrderId;
use rules::orders::shortages::ShortageCause;
use rules::orders::{CancelReason, CancelledBy, Fault, OrderState, OrderStateName};
use scenarios::{House, Screen, in_browser};
use store::orders::OrderRow;
use store::{Tx, orders};

async fn row(house: &House, order: OrderId) -> anyhow::Result<OrderRow> {
    let shop = house.shop(0).id;
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(orders::show(tx, shop, order).await?);
    let found = house.market().store.read(read).await?;
    found.ok_or_else(|| anyhow::anyhow!("the order is there"))
}

async fn bought(house: &House) -> anyhow::Result<OrderId> {
    let placed = house.places(house.buyer(), &[(0, 0, 1)]).await?;
    house.pays(house.buyer(), &placed, Instrument::CardOk).await?;
    Ok(placed.orders[0].id)
}

/// The shop finds that a piece is damaged and offers its next thing, at the same price.
async fn offered(house: &House, order: OrderId) -> anyhow::Result<()> {
    let shop = house.shop(0);
    let (id, actor) = (shop.id, Actor::Staff { person: shop.owner, shop: shop.id });
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(orders::lines(tx, id, order).await?);
    let line = house.market().store.read(read).await?[0].id;
    let ask = ReportShortage {
        shop: id,
        order,
        line,
        missing_count: 1,
        cause: ShortageCause::Damaged,
        actor,
        request: None,
    };
    let shortage = report_shortage(house.market(), ask).await?.answer.id;
    let sku = shop.goods[1].sku;
    let ask = OfferSubstitute { shop: id, shortage, sku, waived: true, actor, request: None };
    offer_substitute(house.market(), ask).await?;
    Ok(())
}

async fn the_books_are_in_order(house: &House) -> anyhow::Result<()> {
    let faults = books::check(house.market()).await?.faults;
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(faults, Vec::<String>::new());
    Ok(())
}

/// Journey 5: out of stock.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_takes_the_substitute_one_wants_the_money_and_one_says_nothing() -> anyhow::Result<()> {
    in_browser("care-shortage", Screen::Desk, async |house, browser| {
        let mut all = Vec::new();
        for _ in 0..3 {
            all.push(bought(&house).await?);
        }
        house.hours_pass(2).await?;
        for order in &all {
            offered(&house, *order).await?;
        }
        browser.signs_in(&house, house.buyer().person, &format!("/orders/{}", all[0])).await?;
        browser.sees("Something is missing").await?;
        browser.shot("offered").await?;
        browser.clicks("Take it").await?;
        browser.sees("The shop sends you the substitute").await?;
        browser.shot("taken").await?;
        browser.goes_to(&format!("/orders/{}", all[1])).await?;
        browser.clicks("Money back").await?;
        browser.sees("on its way back").await?;
        house.hours_pass(25).await?;
        let taken = row(&house, all[0]).await?;
        assert_eq!(taken.state.name(), OrderStateName::AwaitingShipment);
        for (order, by) in [(all[1], CancelledBy::Buyer), (all[2], CancelledBy::Deadline)] {
            let refunded = row(&house, order).await?;
            let (reason, fault) = (CancelReason::OutOfStock, Fault::Shop);
            assert_eq!(refunded.state, OrderState::Cancelled { by, reason, fault });
            assert_eq!(refunded.given.shares.paid_minor, refunded.total_minor);
        }
        browser.signs_in(&house, house.shop(0).owner, "/seller").await?;
        browser.goes_to(&format!("/seller/{}/orders/{}", house.shop(0).id, all[0])).await?;
        browser.sees("Taken instead of").await?;
        browser.shot("shop").await?;
        the_books_are_in_order(&house).await
    })
    .await
}

/// Journey 6: changed my mind.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_free_hour_the_shop_is_asked_and_its_silence_refunds() -> anyhow::Result<()> {
    in_browser("care-cancel", Screen::Phone, async |house, browser| {
        let order = bought(&house).await?;
        house.hours_pass(2).await?;
        browser.signs_in(&house, house.buyer().person, &format!("/orders/{order}")).await?;
        browser.clicks("Ask to cancel").await?;
        browser.sees("The free hour is over").await?;
        browser.shot("asking").await?;
        browser.clicks("Ask the shop").await?;
        browser.sees("You asked to cancel").await?;
        browser.shot("asked").await?;
        browser.does_not_scroll_sideways().await?;
        house.hours_pass(47).await?;
        assert_eq!(row(&house, order).await?.state.name(), OrderStateName::AwaitingShipment);
        house.hours_pass(2).await?;
        let ended = row(&house, order).await?;
        let (by, reason) = (CancelledBy::Buyer, CancelReason::ChangedMind);
        assert_eq!(ended.state, OrderState::Cancelled { by, reason, fault: Fault::Nobody });
        the_books_are_in_order(&house).await
    })
    .await
}
