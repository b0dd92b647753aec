//! Fulfilment figures, on both databases: what each step counts, that nothing counts twice, and that counting everything
//! anew comes to the same.

use actions::figures::{self, Period, differences};
use actions::orders::{
    PackOrder, ShipOrder, cancel_by_shop, confirm_receipt, pack_order, ship_order,
};
use actions::parcels::{TakeNews, take_news};
use actions::testing::Stage;
use actions::tracking::{ChangeTracking, change_tracking};
use actions::{Failure, Market};
use rules::figures::{Count, Figure, Verdict};
use rules::ids::{OrderId, ShopId};
use rules::orders::CancelReason;
use rules::shipping::overrides::{OverrideReason, ServiceOverride};
use rules::shipping::parcels::CarrierNews;
use rules::time::{Span, Timestamp};
use store::figures::WantedBehind;
use store::parcels::Parcel;
use store::testing::on_both_databases;
use store::{Tx, parcels};

const NUMBERS: [&str; 2] = ["1Z999AA10123456784", "1Z5R89390357567127"];

/// An order which is handed to UPS under a real number: the sandbox's own carrier keeps out of it.
async fn ships(stage: &Stage, order: OrderId, number: &str) {
    let ask = stage.as_shop(stage.first, order);
    let pack = PackOrder { ask: ask.clone(), weight_grams: 300 };
    pack_order(&stage.market, pack).await.unwrap();
    let why = ServiceOverride { reason: OverrideReason::Other, note: "their van".to_owned() };
    let ship = ShipOrder {
        ask,
        service: "ups_ground".to_owned(),
        tracking_number: number.to_owned(),
        instead: Some(why),
    };
    ship_order(&stage.market, ship).await.unwrap();
}

async fn parcel(stage: &Stage, order: OrderId) -> Parcel {
    let shop = stage.first;
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(parcels::of_order(tx, shop, order).await?);
    stage.market.store.read(read).await.unwrap().pop().expect("one parcel")
}

async fn hears(stage: &Stage, order: OrderId, reference: &str, news: CarrierNews, at: Timestamp) {
    let ask = TakeNews {
        shop: stage.first,
        parcel: parcel(stage, order).await.id,
        carrier_ref: reference.to_owned(),
        news,
        place: String::new(),
        happened_at: at,
    };
    take_news(&stage.market, ask).await.unwrap();
}

async fn counted(market: &Market, shop: ShopId, figure: Figure) -> (i64, i64) {
    let period = Period::last(60, market.now());
    let Count { counted, met } = figures::sum(market, shop, period).await.unwrap().of(figure);
    (counted, met)
}

async fn all(stage: &Stage) -> [(i64, i64); 4] {
    let mut sums = [(0, 0); 4];
    for (place, figure) in Figure::ALL.into_iter().enumerate() {
        sums[place] = counted(&stage.market, stage.first, figure).await;
    }
    sums
}

async fn none_differ(stage: &Stage) {
    let found = differences(&stage.market.store).await.unwrap();
    assert_eq!(found, [], "the kept figures are what the orders say");
}

#[test]
fn each_step_is_counted_once_and_on_its_day() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let placed = stage.places(&[stage.line(stage.earbuds_black, 1)]).await.unwrap();
        assert_eq!(all(&stage).await, [(0, 0); 4], "an unpaid order is none");
        stage.pays(&placed, actions::sandbox_provider::Instrument::CardOk).await.unwrap();
        let first = placed.orders[0].id;
        let second = stage.buys(stage.earbuds_blue, 1).await.unwrap();
        let third = stage.buys(stage.earbuds_blue, 1).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        assert_eq!(all(&stage).await, [(0, 0), (3, 0), (0, 0), (0, 0)]);

        ships(&stage, first, NUMBERS[0]).await;
        assert_eq!(all(&stage).await, [(0, 0), (3, 0), (1, 0), (0, 0)]);
        let now = stage.market.now();
        hears(&stage, first, "a", CarrierNews::Recognised, now).await;
        assert_eq!(all(&stage).await, [(0, 0), (3, 0), (1, 1), (0, 0)]);
        hears(&stage, first, "b", CarrierNews::Collected, now).await;
        hears(&stage, first, "b", CarrierNews::Collected, now).await;
        assert_eq!(all(&stage).await, [(1, 0), (3, 0), (1, 1), (0, 0)], "told twice, counted once");

        let reason = CancelReason::OutOfStock;
        let ask = stage.as_shop(stage.first, third);
        cancel_by_shop(&stage.market, ask.clone(), reason).await.unwrap();
        assert!(cancel_by_shop(&stage.market, ask, reason).await.is_err());
        assert_eq!(all(&stage).await, [(1, 0), (3, 1), (1, 1), (0, 0)]);

        stage.hours_pass(26).await.unwrap();
        hears(&stage, first, "c", CarrierNews::Delivered, stage.market.now()).await;
        assert_eq!(all(&stage).await[3], (1, 1), "it came before the promised day");

        // The second order misses the dispatch deadline, and is scanned within the grace.
        let ship_by = stage.order(stage.first, second).await.unwrap().ship_by.unwrap();
        let left = ship_by.since(stage.market.now()).ms() / Span::from_hours(1).ms() + 1;
        stage.hours_pass(left).await.unwrap();
        ships(&stage, second, NUMBERS[1]).await;
        assert_eq!(all(&stage).await[0], (1, 0), "late is what the carrier scans late");
        let scanned = stage.market.now();
        hears(&stage, second, "d", CarrierNews::Collected, scanned).await;
        assert_eq!(all(&stage).await[0], (2, 1));
        confirm_receipt(&stage.market, stage.buyer, second, None).await.unwrap();
        assert_eq!(all(&stage).await[3].0, 2, "the buyer says that it is there");
        none_differ(&stage).await;

        let other = counted(&stage.market, stage.second, Figure::FaultCancellation).await;
        assert_eq!(other, (0, 0), "another shop has its own figures");
        stage.days_pass(25).await.unwrap();
        none_differ(&stage).await;
    });
}

#[test]
fn a_changed_number_takes_the_parcel_out_of_what_carriers_know() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = stage.buys(stage.earbuds_black, 1).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        ships(&stage, order, NUMBERS[0]).await;
        hears(&stage, order, "a", CarrierNews::Collected, stage.market.now()).await;
        assert_eq!(all(&stage).await[2], (1, 1), "what is scanned is known");
        let change = ChangeTracking {
            ask: stage.as_shop(stage.first, order),
            parcel: parcel(&stage, order).await.id,
            service: String::new(),
            tracking_number: NUMBERS[1].to_owned(),
        };
        change_tracking(&stage.market, change).await.unwrap();
        assert_eq!(all(&stage).await[2], (1, 0), "nobody has seen the new number");
        hears(&stage, order, "b", CarrierNews::Moved, stage.market.now()).await;
        assert_eq!(all(&stage).await[2], (1, 1));
        assert_eq!(all(&stage).await[0], (1, 0), "it was dispatched once");
        none_differ(&stage).await;
    });
}

#[test]
fn the_orders_behind_a_number_are_listed_page_by_page() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let mut orders = Vec::new();
        for _ in 0..5 {
            orders.push(stage.buys(stage.earbuds_black, 1).await.unwrap());
            stage.hours_pass(11).await.unwrap();
        }
        let gone = orders[1];
        let ask = stage.as_shop(stage.first, gone);
        cancel_by_shop(&stage.market, ask, CancelReason::PriceError).await.unwrap();
        let period = Period::last(30, stage.market.now());
        let wanted = WantedBehind {
            figure: Figure::FaultCancellation,
            met: None,
            from: period.from,
            to: period.to,
            after: None,
            limit: 2,
        };
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = WantedBehind { after, ..wanted };
            let (rows, more) = figures::behind(&stage.market, stage.first, page).await.unwrap();
            seen.extend(rows.iter().map(|row| row.thing.order));
            assert!(rows.iter().all(|row| row.order.is_some()));
            after = rows.last().map(|row| (row.thing.day, row.thing.id));
            if !more {
                break;
            }
        }
        orders.reverse();
        assert_eq!(seen, orders, "every order once, the newest first");
        let met = WantedBehind { met: Some(true), limit: 50, ..wanted };
        let (rows, more) = figures::behind(&stage.market, stage.first, met).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.thing.order).collect::<Vec<_>>(), [gone]);
        assert!(!more);
        let (theirs, _) = figures::behind(&stage.market, stage.second, met).await.unwrap();
        assert!(theirs.is_empty());
    });
}

#[test]
fn the_house_sees_the_worst_shop_first() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        for _ in 0..10 {
            stage.buys(stage.scarf, 1).await.unwrap();
            let order = stage.buys(stage.earbuds_black, 1).await.unwrap();
            let ask = stage.as_shop(stage.first, order);
            cancel_by_shop(&stage.market, ask, CancelReason::OutOfStock).await.unwrap();
        }
        let lines = figures::of_house(&stage.market, 30).await.unwrap();
        let shops: Vec<ShopId> = lines.iter().map(|line| line.shop).collect();
        assert_eq!(shops, [stage.first, stage.second]);
        let verdict = |place: usize| lines[place].verdicts[&Figure::FaultCancellation];
        assert_eq!((verdict(0), verdict(1)), (Verdict::Bad, Verdict::Good));
        assert_eq!(lines[0].verdicts[&Figure::LateDispatch], Verdict::TooFew);
        assert!(lines[0].beyond > 0 && lines[1].beyond == 0);
        let seen = figures::of_shop(&stage.market, stage.first, 7).await.unwrap();
        assert_eq!(seen.sums.of(Figure::FaultCancellation), Count { counted: 10, met: 10 });
        assert_eq!(seen.days.len(), 1);
    });
}

#[test]
fn counting_anew_finds_what_is_wrong_and_puts_it_right() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        for _ in 0..2 {
            stage.buys(stage.earbuds_black, 1).await.unwrap();
        }
        let sold = stage.buys(stage.earbuds_black, 1).await.unwrap();
        let right = all(&stage).await;
        let shop = stage.first;
        let (thing, now) = (stage.buys(stage.scarf, 1).await.unwrap(), stage.market.now());
        // A row which no order of the shop stands behind.
        let wrong = store::figures::Thing {
            shop,
            figure: Figure::OnTimeDelivery,
            id: thing.number(),
            order: thing,
        };
        let day = rules::figures::Day::of(now);
        let write = async move |tx: &mut Tx| {
            store::figures::count(tx, wrong, day, true, now).await?;
            // And a cent which nobody paid.
            Ok::<_, Failure>(store::figures::add_paid(tx, shop, sold, 1).await?)
        };
        stage.market.store.write(write).await.unwrap();
        let found = differences(&stage.market.store).await.unwrap();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().any(|one| matches!(one, store::figures::Difference::Sold { .. })));
        figures::recount(&stage.market, shop).await.unwrap();
        none_differ(&stage).await;
        assert_eq!(all(&stage).await, right);
    });
}
