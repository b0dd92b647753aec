//! Journeys 5 and 6 in a browser, with the check step before and the refund afterwards: goods which are not there, a
//! changed mind, a flagged order, a broken piece.

use actions::books;
use actions::cancellations::{AskToCancel, ask_to_cancel};
use actions::orders::{OrderAsk, PackOrder, ShipOrder, pack_order, ship_order};
use actions::parcels::{TakeNews, take_news};
use actions::sandbox_provider::Instrument;
use actions::shortages::{OfferSubstitute, ReportShortage, offer_substitute, report_shortage};
use actions::{Actor, Failure};
use rules::ids::OrderId;
use rules::orders::shortages::ShortageCause;
use rules::orders::{CancelReason, CancelledBy, Fault, OrderState, OrderStateName};
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

/// Journey 6, the other ends: within the hour nobody is asked; afterwards the shop says yes, or no with its reason.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn within_the_hour_at_once_and_afterwards_as_the_shop_answers() -> anyhow::Result<()> {
    in_browser("care-answer", Screen::Desk, async |house, browser| {
        let early = bought(&house).await?;
        browser.signs_in(&house, house.buyer().person, &format!("/orders/{early}")).await?;
        browser.clicks("Cancel order").await?;
        browser.clicks("Cancel and get the money back").await?;
        browser.sees("What was paid goes back").await?;
        let ended = row(&house, early).await?;
        assert_eq!(ended.given.shares.paid_minor, ended.total_minor, "refunded at once");
        let (yes, no) = (bought(&house).await?, bought(&house).await?);
        house.hours_pass(2).await?;
        let buyer = house.buyer().person;
        for order in [yes, no] {
            let (reason, note) = (CancelReason::OrderedByMistake, "Wrong colour".to_owned());
            let ask = AskToCancel { buyer, order, reason, note, request: None };
            ask_to_cancel(house.market(), ask).await?;
        }
        let shop = house.shop(0).id;
        browser.signs_in(&house, house.shop(0).owner, &format!("/seller/{shop}")).await?;
        browser.sees(&format!("Asked to cancel: {yes}")).await?;
        browser.sees("approved by itself").await?;
        browser.shot("home").await?;
        browser.clicks(&format!("Asked to cancel: {yes}")).await?;
        browser.sees("Wrong colour").await?;
        browser.shot("asked").await?;
        browser.clicks("Cancel and refund").await?;
        browser.sees("The buyer’s refund is on its way").await?;
        browser.goes_to(&format!("/seller/{shop}/orders/{no}")).await?;
        browser.fills("Why not?", "It lies on the packing table").await?;
        browser.clicks("Refuse").await?;
        browser.sees("The buyer reads why").await?;
        browser.signs_in(&house, buyer, &format!("/orders/{no}")).await?;
        browser.sees("It lies on the packing table").await?;
        assert_eq!(row(&house, no).await?.state.name(), OrderStateName::AwaitingShipment);
        let (by, reason) = (CancelledBy::Buyer, CancelReason::OrderedByMistake);
        let ended = row(&house, yes).await?;
        assert_eq!(ended.state, OrderState::Cancelled { by, reason, fault: Fault::Nobody });
        browser.signs_in(&house, house.operator(), &format!("/operator/orders/{no}")).await?;
        browser.sees("Requests to cancel").await?;
        browser.shot("operator").await?;
        the_books_are_in_order(&house).await
    })
    .await
}

/// The check step: what is out of the ordinary waits, is asked about, and goes on once somebody has looked at it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flagged_order_is_asked_about_and_then_confirmed() -> anyhow::Result<()> {
    in_browser("care-check", Screen::Desk, async |house, browser| {
        let placed = house.places(house.buyer(), &[(0, 0, 12)]).await?;
        house.pays(house.buyer(), &placed, Instrument::CardOk).await?;
        let (order, quiet) = (placed.orders[0].id, bought(&house).await?);
        house.hours_pass(2).await?;
        let ready = row(&house, quiet).await?;
        assert_eq!(ready.state.name(), OrderStateName::AwaitingShipment, "nobody is asked");
        let shop = house.shop(0).id;
        browser.signs_in(&house, house.shop(0).owner, &format!("/seller/{shop}")).await?;
        browser.clicks(&format!("Confirm order {order}")).await?;
        browser.sees("buyers usually take at most 9").await?;
        browser.shot("flagged").await?;
        browser.fills("Write to the buyer", "Twelve of them, really?").await?;
        browser.clicks("Send").await?;
        browser.sees("Twelve of them, really?").await?;
        browser.signs_in(&house, house.buyer().person, &format!("/orders/{order}")).await?;
        browser.sees("Twelve of them, really?").await?;
        browser.fills("Write to the shop", "Yes, for the whole office").await?;
        browser.clicks("Send").await?;
        browser.clicks("Correct the address").await?;
        browser.sees("Where should it go?").await?;
        browser.shot("address").await?;
        browser.fills("Street and number", "44 Office Road").await?;
        browser.clicks("Send it there").await?;
        browser.sees("44 Office Road").await?;
        browser.shot("corrected").await?;
        browser.signs_in(&house, house.shop(0).owner, "/seller").await?;
        let open = row(&house, order).await?;
        assert_eq!(open.state.name(), OrderStateName::AwaitingConfirmation, "a flag is open");
        for _ in 0..4 {
            browser.goes_to(&format!("/seller/{shop}/orders/{order}")).await?;
            browser.sees("Yes, for the whole office").await?;
            if !browser.text().await?.contains("Resolve this flag") {
                break;
            }
            browser.fills("What you found", "The buyer says yes").await?;
            browser.clicks("Resolve this flag").await?;
            browser.sees("Resolved.").await?;
        }
        browser.shot("resolved").await?;
        assert_eq!(row(&house, order).await?.state.name(), OrderStateName::AwaitingShipment);
        the_books_are_in_order(&house).await
    })
    .await
}

/// A count below what is promised, at the shelf; and money given back after the parcel has arrived.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shelf_is_short_and_a_broken_piece_is_refunded() -> anyhow::Result<()> {
    in_browser("care-back", Screen::Desk, async |house, browser| {
        let (shop, owner) = (house.shop(0).id, house.shop(0).owner);
        let placed = house.places(house.buyer(), &[(0, 0, 2)]).await?;
        house.pays(house.buyer(), &placed, Instrument::CardOk).await?;
        let (sent, short) = (placed.orders[0].id, bought(&house).await?);
        house.hours_pass(2).await?;
        sent_and_brought(&house, sent).await?;
        let sku = house.shop(0).goods[0].sku;
        browser.signs_in(&house, owner, &format!("/seller/{shop}/stock/{sku}")).await?;
        browser.fills("Pieces which lie there", "0").await?;
        browser.clicks("Set the count").await?;
        browser.sees("Fewer lie there than are promised").await?;
        browser.shot("too-few").await?;
        browser.clicks("Report the shortage").await?;
        browser.sees("The newest orders are short").await?;
        browser.goes_to(&format!("/seller/{shop}")).await?;
        browser.clicks(&format!("Missing goods: {short}")).await?;
        browser.clicks("Nothing to offer: refund").await?;
        browser.sees("The money for it goes back").await?;
        assert_eq!(row(&house, short).await?.state.name(), OrderStateName::Cancelled);

        browser.goes_to(&format!("/seller/{shop}/orders/{sent}")).await?;
        browser.clicks("Give money back").await?;
        browser.clicks("It arrived damaged").await?;
        browser.clicks("Give it back").await?;
        browser.sees("This is needed.").await?;
        browser.shot("nothing-typed").await?;
        browser.fills("Pieces", "1").await?;
        browser.fills("A word to the buyer", "Sorry for the broken one").await?;
        browser.clicks("Give it back").await?;
        browser.sees("The buyer’s money is on its way").await?;
        browser.shot("given-back").await?;
        let back = row(&house, sent).await?;
        let half = back.total_minor / 2;
        assert!((half - 1..=half + 1).contains(&back.given.shares.paid_minor), "{:?}", back.given);
        browser.signs_in(&house, house.buyer().person, &format!("/orders/{sent}")).await?;
        browser.sees("Sorry for the broken one").await?;
        browser.sees("Given back").await?;
        browser.shot("buyer").await?;
        the_books_are_in_order(&house).await
    })
    .await
}

async fn sent_and_brought(house: &House, order: OrderId) -> anyhow::Result<()> {
    let shop = house.shop(0).id;
    let actor = Actor::Staff { person: house.shop(0).owner, shop };
    let ask = OrderAsk { shop, order, actor, expected: None, request: None };
    let parcel = pack_order(house.market(), PackOrder { ask: ask.clone(), weight_grams: 300 });
    let parcel = parcel.await?.answer;
    let (service, tracking_number, instead) = (String::new(), String::new(), None);
    ship_order(house.market(), ShipOrder { ask, service, tracking_number, instead }).await?;
    let news = TakeNews {
        shop,
        parcel,
        carrier_ref: "story".to_owned(),
        news: CarrierNews::Delivered,
        place: String::new(),
        happened_at: house.market().now(),
    };
    take_news(house.market(), news).await?;
    Ok(())
}
