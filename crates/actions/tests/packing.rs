//! Packing as stories, on both databases: a wrong colour is stopped, an order leaves in parts, orders travel together.

use actions::orders::{ShipOrder, confirm_order, drop_rest, ship_order, ship_parcel};
use actions::packing::{
    BuyLabel, Combine, EndParcel, Scan, ScanAnswer, buy_label, combine_orders, empty_parcel,
    end_parcel, packing_desk, part_orders, pick_list, receive_serials, scan, set_packing_mode,
    set_place, to_the_table,
};
use actions::parcels::{TakeNews, take_news};
use actions::sandbox_provider::Instrument;
use actions::shop_desk::{BulkAsk, pack_and_ship_many};
use actions::testing::Stage;
use actions::{Actor, Failure};
use rules::ids::{OrderId, ParcelId, PersonId, SkuId};
use rules::ledger::Account;
use rules::orders::OrderStateName;
use rules::shipping::packing::PackingMode;
use rules::shipping::parcels::{CarrierNews, ParcelState};
use store::packing::Serial;
use store::parcels::Parcel;
use store::testing::on_both_databases;
use store::{Tx, packing, parcels};

fn refused_with(failure: &Failure, code: &str) -> bool {
    matches!(failure, Failure::Refused(refusal) if refusal.code == code)
}

fn fact(failure: &Failure, name: &str) -> String {
    let Failure::Refused(refusal) = failure else { return String::new() };
    let found = refusal.facts.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// A stage whose first shop scans.
struct Bench(Stage);

impl Bench {
    async fn on(store: store::Store) -> Bench {
        let stage = Stage::on(store).await.unwrap();
        set_packing_mode(&stage.market, stage.first, PackingMode::Scan).await.unwrap();
        Bench(stage)
    }

    async fn order(&self, sku: SkuId, quantity: i64) -> OrderId {
        let order = self.0.buys(sku, quantity).await.unwrap();
        self.0.hours_pass(2).await.unwrap();
        order
    }

    async fn code(&self, sku: SkuId) -> String {
        let place = actions::packing::place_of_sku(&self.0.market, self.0.first, sku);
        place.await.unwrap().good.code
    }

    async fn scans(&self, order: OrderId, text: &str) -> Result<ScanAnswer, Failure> {
        let ask = self.0.as_shop(self.0.first, order);
        let scan = scan(&self.0.market, Scan { ask, text: text.to_owned() });
        scan.await.map(|answered| answered.answer)
    }

    async fn closes(&self, order: OrderId, split: bool) -> Result<ParcelId, Failure> {
        let ask = self.0.as_shop(self.0.first, order);
        let end = EndParcel { ask, weight_grams: None, split };
        end_parcel(&self.0.market, end).await.map(|answered| answered.answer)
    }

    async fn ships(&self, order: OrderId) -> Result<String, Failure> {
        let ask = self.0.as_shop(self.0.first, order);
        let ask = ShipOrder {
            ask,
            service: String::new(),
            tracking_number: String::new(),
            instead: None,
        };
        ship_order(&self.0.market, ask).await.map(|answered| answered.answer.state)
    }

    async fn parcels(&self, order: OrderId) -> Vec<Parcel> {
        let shop = self.0.first;
        let read = async move |tx: &mut Tx| -> Result<Vec<Parcel>, Failure> {
            Ok(parcels::of_order(tx, shop, order).await?)
        };
        self.0.market.store.read(read).await.unwrap()
    }

    async fn serials(&self, order: OrderId) -> Vec<Serial> {
        let shop = self.0.first;
        let read = async move |tx: &mut Tx| -> Result<Vec<Serial>, Failure> {
            Ok(packing::serials_of(tx, shop, [order]).await?)
        };
        self.0.market.store.read(read).await.unwrap()
    }

    async fn on_hand(&self, sku: SkuId) -> i64 {
        let shop = self.0.first;
        let read = async move |tx: &mut Tx| -> Result<i64, Failure> {
            Ok(store::stock::load(tx, shop, [sku]).await?[&sku].on_hand)
        };
        self.0.market.store.read(read).await.unwrap()
    }

    async fn news(&self, parcel: ParcelId, carrier_ref: &str, news: CarrierNews) {
        let ask = TakeNews {
            shop: self.0.first,
            parcel,
            carrier_ref: carrier_ref.to_owned(),
            news,
            place: String::new(),
            happened_at: self.0.market.now(),
        };
        take_news(&self.0.market, ask).await.unwrap();
    }

    async fn state(&self, order: OrderId) -> OrderStateName {
        self.0.order(self.0.first, order).await.unwrap().state.name()
    }
}

#[test]
fn a_blue_one_does_not_get_into_an_order_of_black_ones() {
    on_both_databases(async |store| {
        let bench = Bench::on(store).await;
        let order = bench.order(bench.0.earbuds_black, 2).await;
        let (black, blue) =
            (bench.code(bench.0.earbuds_black).await, bench.code(bench.0.earbuds_blue).await);
        let refused = bench.scans(order, &blue).await.unwrap_err();
        assert!(refused_with(&refused, "scan_not_in_order"), "{refused:?}");
        assert_eq!(fact(&refused, "expected"), format!("2 × {black}"));
        assert!(bench.parcels(order).await.is_empty(), "a refused scan opens no parcel");
        let unknown = bench.scans(order, "nonsense").await.unwrap_err();
        assert!(refused_with(&unknown, "scan_unknown"));
        // A scanner with the shift key stuck reads the same piece.
        let first = bench.scans(order, &black.to_lowercase()).await;
        assert_eq!(first.unwrap().missing, 1);
        let early = bench.closes(order, false).await.unwrap_err();
        assert!(refused_with(&early, "parcel_incomplete"));
        assert_eq!(bench.scans(order, &black).await.unwrap().missing, 0);
        let third = bench.scans(order, &black).await.unwrap_err();
        assert!(refused_with(&third, "scan_enough"));
        let not_yet = bench.ships(order).await.unwrap_err();
        assert!(refused_with(&not_yet, "not_packed"), "an open parcel does not leave");
        bench.closes(order, false).await.unwrap();
        assert_eq!(bench.ships(order).await.unwrap(), "awaiting_collection");
        assert_eq!(bench.on_hand(bench.0.earbuds_black).await, 98);
        assert_eq!(bench.0.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn an_order_with_open_flags_does_not_come_onto_the_table() {
    on_both_databases(async |store| {
        let bench = Bench::on(store).await;
        let (market, shop) = (&bench.0.market, bench.0.first);
        // So many pieces that somebody has to look first.
        let order = bench.order(bench.0.earbuds_black, 12).await;
        assert_eq!(bench.state(order).await, OrderStateName::AwaitingConfirmation);
        let early = to_the_table(market, shop, order).await.unwrap_err();
        assert!(refused_with(&early, "confirm_first"), "{early:?}");
        let black = bench.code(bench.0.earbuds_black).await;
        let scanned = bench.scans(order, &black).await.unwrap_err();
        assert!(refused_with(&scanned, "confirm_first"), "{scanned:?}");
        confirm_order(market, bench.0.as_shop(shop, order)).await.unwrap();
        assert_eq!(to_the_table(market, shop, order).await.unwrap().missing(), 12);
    });
}

#[test]
fn a_bulk_act_does_not_go_round_the_scanner() {
    on_both_databases(async |store| {
        let bench = Bench::on(store).await;
        let (market, shop) = (&bench.0.market, bench.0.first);
        let order = bench.order(bench.0.earbuds_black, 1).await;
        let half = bench.order(bench.0.earbuds_black, 2).await;
        let black = bench.code(bench.0.earbuds_black).await;
        bench.scans(half, &black).await.unwrap();
        let actor = Actor::Staff { person: PersonId::new(77), shop };
        let ask = BulkAsk { shop, orders: vec![order, half], actor };
        let answers = pack_and_ship_many(market, &ask).await;
        let codes: Vec<bool> = answers
            .iter()
            .zip(["scan_needed", "not_packed"])
            .map(|((_, answer), code)| refused_with(answer.as_ref().unwrap_err(), code))
            .collect();
        assert_eq!(codes, [true, true], "{answers:?}");
        assert!(bench.parcels(order).await.is_empty());
        assert_eq!(bench.on_hand(bench.0.earbuds_black).await, 100);
    });
}

#[test]
fn a_shop_which_scans_ships_nothing_unchecked() {
    on_both_databases(async |store| {
        let bench = Bench::on(store).await;
        let order = bench.order(bench.0.earbuds_black, 1).await;
        let by_list = bench.0.ships(bench.0.first, order).await.unwrap_err();
        assert!(refused_with(&by_list, "scan_needed"), "{by_list:?}");
        set_packing_mode(&bench.0.market, bench.0.first, PackingMode::List).await.unwrap();
        bench.0.ships(bench.0.first, order).await.unwrap();
        let desk = packing_desk(&bench.0.market, bench.0.first, order).await.unwrap();
        let how = desk.parcels[0].packing.clone().unwrap();
        assert_eq!(how.checked, Some(PackingMode::List));
        assert_eq!(how.packed_by, "staff:77", "who confirmed the list is written down");
    });
}

#[test]
fn a_set_is_packed_piece_by_piece() {
    on_both_databases(async |store| {
        let bench = Bench::on(store).await;
        let order = bench.order(bench.0.earbuds_set, 1).await;
        for sku in [bench.0.earbuds_black, bench.0.earbuds_blue] {
            let code = bench.code(sku).await;
            bench.scans(order, &code).await.unwrap();
            assert!(refused_with(&bench.scans(order, &code).await.unwrap_err(), "scan_enough"));
        }
        bench.closes(order, false).await.unwrap();
    });
}

#[test]
fn serial_numbers_go_with_the_order_and_never_twice() {
    on_both_databases(async |store| {
        let bench = Bench::on(store).await;
        let (market, shop) = (&bench.0.market, bench.0.first);
        let black = bench.0.earbuds_black;
        set_place(market, shop, black, "A-01".to_owned(), true).await.unwrap();
        receive_serials(market, shop, black, "BI-001\nBI-002\n").await.unwrap();
        let order = bench.order(black, 2).await;
        let code = bench.code(black).await;
        assert_eq!(bench.scans(order, "BI-001").await.unwrap().serial, "BI-001");
        assert!(bench.scans(order, &code).await.unwrap().serial_next);
        let early = bench.closes(order, false).await.unwrap_err();
        assert!(refused_with(&early, "scan_serial_first"), "{early:?}");
        let again = bench.scans(order, "BI-001").await.unwrap_err();
        assert!(refused_with(&again, "scan_serial_used"));
        bench.scans(order, "NEW-777").await.unwrap();
        let parcel = bench.closes(order, false).await.unwrap();
        let known: Vec<String> =
            bench.serials(order).await.into_iter().map(|serial| serial.serial).collect();
        assert_eq!(known, ["BI-001", "NEW-777"]);
        // Unpacked again, the pieces are in stock and may be sent with the same order.
        let ask = bench.0.as_shop(shop, order);
        empty_parcel(market, ask, parcel).await.unwrap();
        assert!(bench.serials(order).await.is_empty());
        bench.scans(order, "NEW-777").await.unwrap();
        bench.scans(order, "BI-002").await.unwrap();
        bench.closes(order, false).await.unwrap();
        bench.ships(order).await.unwrap();
        let other = bench.order(black, 1).await;
        let sent = bench.scans(other, "BI-002").await.unwrap_err();
        assert!(refused_with(&sent, "scan_serial_used"));
        assert_eq!(fact(&sent, "order"), order.to_string());
    });
}

#[test]
fn an_order_in_two_parcels_waits_for_its_last_one() {
    on_both_databases(async |store| {
        let bench = Bench::on(store).await;
        let black = bench.0.earbuds_black;
        let order = bench.order(black, 3).await;
        let code = bench.code(black).await;
        bench.scans(order, &code).await.unwrap();
        let first = bench.closes(order, true).await.unwrap();
        assert_eq!(bench.ships(order).await.unwrap(), "partially_shipped");
        assert_eq!(bench.on_hand(black).await, 99);
        assert_eq!(bench.0.left(bench.0.first, black).await.unwrap(), 97);
        bench.news(first, "a", CarrierNews::Delivered).await;
        assert_eq!(bench.state(order).await, OrderStateName::PartiallyShipped);
        for _ in 0..2 {
            bench.scans(order, &code).await.unwrap();
        }
        let second = bench.closes(order, false).await.unwrap();
        let ask = ShipOrder {
            ask: bench.0.as_shop(bench.0.first, order),
            service: String::new(),
            tracking_number: String::new(),
            instead: None,
        };
        let shipped = ship_parcel(&bench.0.market, ask, Some(second)).await.unwrap();
        assert_eq!(shipped.answer.state, "awaiting_collection");
        assert_eq!(bench.on_hand(black).await, 97);
        bench.news(second, "b", CarrierNews::Collected).await;
        assert_eq!(bench.state(order).await, OrderStateName::InTransit);
        bench.news(second, "c", CarrierNews::Delivered).await;
        assert_eq!(bench.state(order).await, OrderStateName::Delivered);
        bench.0.days_pass(60).await.unwrap();
        assert_eq!(bench.state(order).await, OrderStateName::Settled);
        assert_eq!(bench.0.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn orders_to_one_door_share_a_number_and_move_together() {
    on_both_databases(async |store| {
        let bench = Bench::on(store).await;
        let (market, shop) = (&bench.0.market, bench.0.first);
        let black = bench.0.earbuds_black;
        let code = bench.code(black).await;
        let mut orders = Vec::new();
        for _ in 0..3 {
            orders.push(bench.order(black, 1).await);
        }
        let desk = packing_desk(market, shop, orders[0]).await.unwrap();
        assert_eq!(desk.neighbours, orders[1..]);
        let actor = Actor::Staff { person: PersonId::new(77), shop };
        let ask = Combine { shop, orders: orders.clone(), actor };
        let unpacked = combine_orders(market, ask.clone()).await.unwrap_err();
        assert!(refused_with(&unpacked, "combine_not_packed"));
        for order in &orders {
            bench.scans(*order, &code).await.unwrap();
            bench.closes(*order, false).await.unwrap();
        }
        combine_orders(market, ask.clone()).await.unwrap();
        part_orders(market, shop, orders[1], actor).await.unwrap();
        combine_orders(market, ask).await.unwrap();
        let label = BuyLabel {
            ask: bench.0.as_shop(shop, orders[0]),
            parcel: None,
            service: String::new(),
            tracking_number: String::new(),
            instead: None,
        };
        let label = buy_label(market, label).await.unwrap().answer;
        assert_eq!(bench.ships(orders[1]).await.unwrap(), "awaiting_collection");
        let mut numbers = Vec::new();
        for order in &orders {
            assert_eq!(bench.state(*order).await, OrderStateName::AwaitingCollection);
            let parcels = bench.parcels(*order).await;
            assert_eq!(parcels[0].state, ParcelState::HandedOver);
            numbers.push(parcels[0].tracking_number.clone());
        }
        assert!(numbers.iter().all(|number| *number == label.tracking_number), "{numbers:?}");
        let one = bench.parcels(orders[2]).await[0].id;
        bench.news(one, "x", CarrierNews::Delivered).await;
        for order in &orders {
            assert_eq!(bench.state(*order).await, OrderStateName::Delivered);
        }
        assert_eq!(bench.on_hand(black).await, 97);
        assert_eq!(bench.0.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn a_rest_which_never_leaves_gives_back_its_own_share_and_the_order_goes_on() {
    on_both_databases(async |store| {
        let bench = Bench::on(store).await;
        let (stage, black) = (&bench.0, bench.0.earbuds_black);
        let order = bench.order(black, 3).await;
        let code = bench.code(black).await;
        bench.scans(order, &code).await.unwrap();
        let first = bench.closes(order, true).await.unwrap();
        bench.ships(order).await.unwrap();
        bench.news(first, "a", CarrierNews::Delivered).await;
        // Packed, and never handed over: it does not count as sent.
        bench.scans(order, &code).await.unwrap();
        bench.closes(order, true).await.unwrap();
        let before = stage.order(stage.first, order).await.unwrap();
        stage.hours_pass(24 * 7 - 3).await.unwrap();
        assert_eq!(bench.state(order).await, OrderStateName::PartiallyShipped);
        stage.hours_pass(4).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::Delivered, "what had left had been brought");
        let read = async move |tx: &mut Tx| -> Result<_, Failure> {
            Ok(store::orders::lines(tx, before.shop, order).await?)
        };
        let line = stage.market.store.read(read).await.unwrap().remove(0);
        let whole = rules::orders::refunds::Shares::of_line(&line.price, row.tax_included);
        let one = rules::orders::refunds::LineLeft { units: 3, shares: whole };
        assert_eq!(row.given.shares, rules::orders::refunds::of_units(&one, 2), "two of three");
        assert_eq!((line.back_count, line.to_pack_count()), (2, 1));
        assert_eq!(bench.on_hand(black).await, 99);
        assert_eq!(stage.left(stage.first, black).await.unwrap(), 99, "the rest can be sold again");
        stage.days_pass(20).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::Settled);
        let commission = stage.holds(stage.first, Account::Commission).await.unwrap();
        assert_eq!(commission, row.left().commission_minor, "only what was sent is charged");
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn a_shop_may_say_at_once_that_the_rest_will_not_follow() {
    on_both_databases(async |store| {
        let bench = Bench::on(store).await;
        let (stage, black, set) = (&bench.0, bench.0.earbuds_black, bench.0.earbuds_set);
        let placed = stage.places(&[stage.line(black, 1), stage.line(set, 1)]).await.unwrap();
        stage.pays(&placed, Instrument::CardOk).await.unwrap();
        let order = placed.orders[0].id;
        stage.hours_pass(2).await.unwrap();
        let ask = || stage.as_shop(stage.first, order);
        let early = drop_rest(&stage.market, ask()).await.unwrap_err();
        assert!(refused_with(&early, "nothing_has_left"), "{early:?}");
        let code = bench.code(black).await;
        bench.scans(order, &code).await.unwrap();
        let first = bench.closes(order, true).await.unwrap();
        bench.ships(order).await.unwrap();
        let answer = drop_rest(&stage.market, ask()).await.unwrap().answer;
        assert_eq!(answer.state, "awaiting_collection");
        let twice = drop_rest(&stage.market, ask()).await.unwrap_err();
        assert!(refused_with(&twice, "not_in_this_state"), "{twice:?}");
        assert_eq!(stage.left(stage.first, bench.0.earbuds_blue).await.unwrap(), 100);
        bench.news(first, "a", CarrierNews::Delivered).await;
        assert_eq!(bench.state(order).await, OrderStateName::Delivered);
        let row = stage.order(stage.first, order).await.unwrap();
        assert!(row.given.shares.paid_minor > row.left().total_minor, "the set cost more");
        stage.days_pass(1).await.unwrap();
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn a_pick_list_adds_up_over_orders_and_leaves_out_what_is_packed() {
    on_both_databases(async |store| {
        let bench = Bench::on(store).await;
        let (market, shop) = (&bench.0.market, bench.0.first);
        set_place(market, shop, bench.0.earbuds_blue, "A-01".to_owned(), false).await.unwrap();
        set_place(market, shop, bench.0.earbuds_black, "B-07".to_owned(), false).await.unwrap();
        let first = bench.order(bench.0.earbuds_black, 2).await;
        bench.order(bench.0.earbuds_set, 1).await;
        let code = bench.code(bench.0.earbuds_black).await;
        bench.scans(first, &code).await.unwrap();
        let (orders, lists) = pick_list(market, shop, Vec::new(), 100).await.unwrap();
        assert_eq!(orders.len(), 2);
        let rows: Vec<(String, i64)> =
            lists[0].rows.iter().map(|row| (row.good.shelf.clone(), row.count)).collect();
        assert_eq!(rows, [("A-01".to_owned(), 1), ("B-07".to_owned(), 2)]);
    });
}
