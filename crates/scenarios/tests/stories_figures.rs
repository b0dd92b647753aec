//! A shop reads its figures with the orders one click away; and journey 4's bulk half: a morning's orders at once.

use actions::catalog::set_stock;
use actions::figures::differences;
use actions::orders::{OrderAsk, PackOrder, ShipOrder, cancel_by_shop, pack_order, ship_order};
use actions::sandbox_provider::Instrument;
use actions::{Actor, Failure};
use rules::ids::OrderId;
use rules::orders::{CancelReason, OrderStateName};
use rules::time::Span;
use scenarios::{Browser, House, Screen, in_browser};
use serde_json::Value;
use store::orders::OrderRow;
use store::{Tx, orders};

async fn bought(house: &House, pieces: i64) -> anyhow::Result<OrderId> {
    let placed = house.places(house.buyer(), &[(0, 0, pieces)]).await?;
    house.pays(house.buyer(), &placed, Instrument::CardOk).await?;
    Ok(placed.orders[0].id)
}

fn ask(house: &House, order: OrderId) -> OrderAsk {
    let (shop, person) = (house.shop(0).id, house.shop(0).owner);
    OrderAsk { shop, order, actor: Actor::Staff { person, shop }, expected: None, request: None }
}

async fn ships(house: &House, order: OrderId) -> anyhow::Result<()> {
    let ask = ask(house, order);
    pack_order(house.market(), PackOrder { ask: ask.clone(), weight_grams: 300 }).await?;
    let (service, tracking_number) = (String::new(), String::new());
    let ship = ShipOrder { ask, service, tracking_number, instead: None };
    ship_order(house.market(), ship).await?;
    Ok(())
}

async fn row(house: &House, order: OrderId) -> anyhow::Result<OrderRow> {
    let shop = house.shop(0).id;
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(orders::show(tx, shop, order).await?);
    let found = house.market().store.read(read).await?;
    found.ok_or_else(|| anyhow::anyhow!("the order is there"))
}

async fn until(house: &House, order: OrderId, state: OrderStateName) -> anyhow::Result<()> {
    for _ in 0..15 * 24 {
        if row(house, order).await?.state.name() == state {
            return Ok(());
        }
        house.hours_pass(1).await?;
    }
    anyhow::bail!("after 15 days the order is {:?}", row(house, order).await?.state)
}

/// The bytes of a file which the signed-in person may fetch, one character each.
async fn file(browser: &Browser, path: &str) -> anyhow::Result<String> {
    let script = format!(
        "const x = new XMLHttpRequest(); x.open('GET', '{path}', false); \
         x.overrideMimeType('text/plain; charset=x-user-defined'); x.send(); return x.responseText;"
    );
    let Value::String(text) = browser.reads(&script).await? else { anyhow::bail!("no text") };
    Ok(text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_ships_late_and_cancels_and_reads_it_with_the_orders_behind() -> anyhow::Result<()> {
    in_browser("figures", Screen::Desk, async |house, browser| {
        let mut all = Vec::new();
        for _ in 0..3 {
            all.push(bought(&house, 1).await?);
        }
        let [good, late, gone] = all[..] else { anyhow::bail!("three") };
        house.hours_pass(2).await?;
        ships(&house, good).await?;
        let reason = CancelReason::OutOfStock;
        cancel_by_shop(house.market(), ask(&house, gone), reason).await?;
        until(&house, good, OrderStateName::Delivered).await?;
        let ship_by = row(&house, late).await?.ship_by.expect("it was confirmed");
        let left = ship_by.since(house.market().now()).ms() / Span::from_hours(1).ms() + 1;
        house.hours_pass(left.max(0)).await?;
        ships(&house, late).await?;
        until(&house, late, OrderStateName::InTransit).await?;

        let shop = house.shop(0).id;
        browser.signs_in(&house, house.shop(0).owner, "/seller").await?;
        browser.goes_to(&format!("/seller/{shop}/figures")).await?;
        browser.sees("Cancelled through the shop").await?;
        browser.sees("Too few to judge").await?;
        browser.shot("figures").await?;
        browser.does_not_scroll_sideways().await?;
        // One click from the number to the order.
        browser.clicks_on("a[href*='/figures/late_dispatch?'][href*='met=yes']").await?;
        browser.sees(&late.to_string()).await?;
        browser.does_not_see(&good.to_string()).await?;
        browser.shot("behind").await?;
        browser.clicks(&late.to_string()).await?;
        browser.sees("Only for the shop").await?;
        browser.goes_to(&format!("/seller/{shop}/figures")).await?;
        browser.clicks_on("a[href*='/figures/fault_cancellation?'][href*='met=yes']").await?;
        browser.sees(&gone.to_string()).await?;
        let days = file(&browser, &format!("/seller/{shop}/figures.csv?days=30")).await?;
        anyhow::ensure!(days.contains("day,dispatched,dispatched_late"), "{days}");

        browser.signs_in(&house, house.operator(), "/operator").await?;
        browser.goes_to("/operator/figures").await?;
        browser.sees("Bay Sound").await?;
        browser.shot("house").await?;
        browser.clicks("Bay Sound").await?;
        browser.sees("Day by day").await?;
        let wrong = differences(&house.market().store).await?;
        anyhow::ensure!(wrong.is_empty(), "{wrong:?}");
        Ok(())
    })
    .await
}

/// Journey 4, the bulk half: forty orders due today are confirmed at once, and their slips come in one file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_orders_are_confirmed_at_once_and_their_slips_are_one_file() -> anyhow::Result<()> {
    const MANY: usize = 40;
    in_browser("bulk", Screen::Desk, async |house, browser| {
        let (shop, sku) = (house.shop(0).id, house.shop(0).goods[0].sku);
        let actor = Actor::Staff { person: house.shop(0).owner, shop };
        set_stock(house.market(), actor, shop, sku, 1_000).await?;
        let mut all = Vec::new();
        // Ten pieces are unusual: the shop has to look at each.
        for _ in 0..MANY {
            all.push(bought(&house, 10).await?);
        }
        house.hours_pass(2).await?;
        let due = row(&house, all[0]).await?.state.due_at().expect("it waits for the shop");
        let left = due.since(house.market().now()).ms() / Span::from_hours(1).ms() - 20;
        house.hours_pass(left.max(0)).await?;
        browser.signs_in(&house, house.shop(0).owner, "/seller").await?;
        browser.goes_to(&format!("/seller/{shop}/orders?view=due-soon")).await?;
        browser.sees(&all[0].to_string()).await?;
        browser.clicks_on("input[data-choose-all]").await?;
        browser.shot("chosen").await?;
        browser.clicks("Confirm").await?;
        browser.sees("All chosen orders are confirmed").await?;
        for order in &all {
            let state = row(&house, *order).await?.state.name();
            anyhow::ensure!(state == OrderStateName::AwaitingShipment, "{order} is {state:?}");
        }
        let slips = file(&browser, &format!("/seller/{shop}/packing/slips.pdf")).await?;
        anyhow::ensure!(slips.starts_with("%PDF"), "one file of slips");
        let pages = slips.matches("/Type /Page").count() - slips.matches("/Type /Pages").count();
        anyhow::ensure!(pages >= MANY, "{pages} pages for {MANY} orders");
        browser.goes_to(&format!("/seller/{shop}/orders?view=to-ship")).await?;
        let wanted: Vec<String> = all[..3].iter().map(ToString::to_string).collect();
        let search = format!("{}%2C7", wanted.join("%20"));
        browser.goes_to(&format!("/seller/{shop}/orders?q={search}")).await?;
        browser.sees("One number was not found: 7").await?;
        browser.shot("found").await?;
        Ok(())
    })
    .await
}
