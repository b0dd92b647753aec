//! What a shop's staff read, and what they do for many orders at once.

use actions::shop_desk::{BulkAsk, home, order_file, pack_and_ship_many, shelf_page};
use actions::testing::Stage;
use actions::{Actor, Failure};
use rules::ids::{OrderId, PersonId};
use store::figures::Sales;
use store::lists::shelf::ShelfSearch;
use store::testing::on_both_databases;

#[test]
fn the_home_page_counts_what_was_paid_and_what_waits() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        stage.buys(stage.earbuds_black, 2).await.unwrap();
        stage.places(&[stage.line(stage.earbuds_blue, 1)]).await.unwrap();
        stage.hours_pass(30).await.unwrap();
        let cancelled = stage.buys(stage.earbuds_blue, 1).await.unwrap();
        let ask = stage.as_shop(stage.first, cancelled);
        let reason = rules::orders::CancelReason::OutOfStock;
        actions::orders::cancel_by_shop(&stage.market, ask, reason).await.unwrap();
        let seen = home(&stage.market, stage.first, stage.market.now()).await.unwrap();
        let paid = stage.order(stage.first, cancelled).await.unwrap().total_minor;
        let one = Sales { orders: 1, pieces: 1, paid_minor: paid };
        assert_eq!(seen.today, one, "a cancelled order stays in the day's sales");
        assert_eq!(
            (seen.yesterday.orders, seen.yesterday.pieces),
            (1, 2),
            "the unpaid one is none"
        );
        assert_eq!((seen.to_ship.count, seen.to_ship.late, seen.to_confirm.count), (1, 0, 0));
        assert_eq!(seen.queue.len(), 1);
        assert_eq!(seen.to_ship.soonest, seen.queue[0].state.due_at());
        assert_eq!(seen.things[0].quantity, 2);
        assert!(seen.running_out.is_empty());
        stage.days_pass(4).await.unwrap();
        let now = stage.market.now();
        let seen = home(&stage.market, stage.first, now).await.unwrap();
        assert_eq!((seen.to_ship.count, seen.to_ship.late), (1, 1), "the deadline has passed");
        let other = home(&stage.market, stage.second, now).await.unwrap();
        assert_eq!((other.today.orders, other.queue.len()), (0, 0), "another shop has its own day");
    });
}

#[test]
fn a_bulk_act_does_the_good_ones_and_says_why_not_of_the_others() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let ready = stage.buys(stage.earbuds_black, 3).await.unwrap();
        let theirs = stage.buys(stage.scarf, 1).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        let fresh = stage.buys(stage.earbuds_blue, 1).await.unwrap();
        let actor = Actor::Staff { person: PersonId::new(77), shop: stage.first };
        let orders = vec![ready, theirs, fresh, OrderId::new(5)];
        let ask = BulkAsk { shop: stage.first, orders, actor };
        let answers = pack_and_ship_many(&stage.market, &ask).await;
        let said: Vec<&str> = answers
            .iter()
            .map(|(_, answer)| match answer {
                Ok(()) => "done",
                Err(Failure::NotFound) => "not found",
                Err(Failure::Refused(refusal)) => refusal.code,
                Err(other) => panic!("{other}"),
            })
            .collect();
        assert_eq!(said, ["done", "not found", "not_in_this_state", "not found"]);
        let file = order_file(&stage.market, stage.first, ready).await.unwrap();
        let parcel = &file.parcels[0].0;
        assert_eq!(parcel.weight_grams, 600, "three pieces of 200 g");
        assert!(!parcel.tracking_number.is_empty());
        assert_eq!(stage.left(stage.first, stage.earbuds_black).await.unwrap(), 97);
        let again = pack_and_ship_many(&stage.market, &ask).await;
        assert!(again.iter().all(|(_, answer)| answer.is_err()), "nothing is shipped twice");
    });
}

#[test]
fn what_the_shop_gets_is_what_settlement_then_books() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = stage.buys(stage.earbuds_black, 2).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        stage.ships(stage.first, order).await.unwrap();
        let before = order_file(&stage.market, stage.first, order).await.unwrap();
        stage.days_pass(40).await.unwrap();
        let after = order_file(&stage.market, stage.first, order).await.unwrap();
        assert!(after.order.settled_at.is_some());
        let booked = |code: &str| -> i64 {
            let rows = after.transfers.iter().filter(|row| row.code.code() == code);
            rows.map(|row| row.amount_minor).sum()
        };
        assert_eq!(booked("sale_proceeds"), before.proceeds.available_minor);
        assert_eq!(booked("reserve_kept"), before.proceeds.reserve_minor);
        assert_eq!(booked("commission"), before.proceeds.commission_minor);
        let other = order_file(&stage.market, stage.second, order).await;
        assert_eq!(other.err(), Some(Failure::NotFound));
    });
}

#[test]
fn the_shelf_is_searched_in_both_languages_page_by_page() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let search = |text: &str, before| ShelfSearch {
            state: "listed".to_owned(),
            text: text.to_owned(),
            before,
            limit: 1,
        };
        let first = shelf_page(&stage.market, stage.first, search("", i64::MAX)).await.unwrap();
        assert_eq!((first.products.len(), first.more, first.listed), (1, true, 3));
        let last = first.products[0].id.number();
        let next = shelf_page(&stage.market, stage.first, search("", last)).await.unwrap();
        assert!(next.products[0].id < first.products[0].id);
        for (text, title) in [("BLACK ear", "Black earbuds"), ("蓝色", "Blue earbuds")] {
            let found =
                shelf_page(&stage.market, stage.first, search(text, i64::MAX)).await.unwrap();
            assert_eq!(found.products[0].title_en, title, "{text}");
            assert_eq!(found.products[0].left, 100);
        }
        let theirs =
            shelf_page(&stage.market, stage.first, search("scarf", i64::MAX)).await.unwrap();
        assert!(theirs.products.is_empty());
    });
}
