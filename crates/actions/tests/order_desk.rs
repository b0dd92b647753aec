//! What a shop does with many orders at once, on both databases: sheets, the search by many numbers, notes and marks.

use actions::order_notes::{of_order, set_mark, write_note};
use actions::order_search::{Searched, search};
use actions::shop_desk::{BulkAct, Outcome, Worked, orders_page, pack_many, work_off};
use actions::testing::Stage;
use actions::{Actor, Failure};
use rules::ids::{OrderId, PersonId, ShopId};
use rules::orders::OrderStateName;
use rules::orders::marks::Mark;
use rules::shipping::dispatch_sheet::{SheetRow, read};
use store::lists::orders::ShopOrders;
use store::testing::on_both_databases;

const NUMBER: &str = "1Z999AA10123456784";

fn staff(stage: &Stage) -> (ShopId, Actor) {
    let shop = stage.first;
    (shop, Actor::Staff { person: PersonId::new(77), shop })
}

fn rows(text: &str) -> Vec<SheetRow> {
    read(text.as_bytes()).expect("a sheet").rows
}

fn said(worked: &[Worked]) -> Vec<String> {
    let word = |(_, outcome): &Worked| match outcome {
        Ok(outcome) => outcome.code().to_owned(),
        Err(Failure::NotFound) => "not_found".to_owned(),
        Err(Failure::Refused(refusal)) => refusal.code.to_owned(),
        Err(Failure::Invalid(faults)) => faults[0].code.to_owned(),
        Err(other) => panic!("{other}"),
    };
    worked.iter().map(word).collect()
}

async fn state(stage: &Stage, order: OrderId) -> OrderStateName {
    stage.order(stage.first, order).await.unwrap().state.name()
}

#[test]
fn a_sheet_ships_the_good_rows_and_the_same_sheet_again_changes_nothing() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let mut orders = Vec::new();
        for _ in 0..4 {
            orders.push(stage.buys(stage.earbuds_black, 1).await.unwrap());
        }
        let theirs = stage.buys(stage.scarf, 1).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        let [promised, by_ups, wrong, without_reason] = orders[..] else { panic!("four") };
        let sheet = format!(
            "order,carrier,service,tracking_number,reason\n\
             {promised},,,,\n\
             {by_ups},UPS,ups_ground,{NUMBER},cheaper\n\
             {wrong},ups,ups_ground,1Z999AA10123456785,cheaper\n\
             {without_reason},,ups_ground,1Z5R89390357567127,\n\
             {theirs},,,,\n"
        );
        let first = work_off(&stage.market, staff(&stage), BulkAct::Ship, rows(&sheet)).await;
        let expected =
            ["done", "done", "not_a_tracking_number", "override_reason_missing", "not_found"];
        assert_eq!(said(&first), expected);
        assert_eq!(state(&stage, promised).await, OrderStateName::AwaitingCollection);
        assert_eq!(state(&stage, wrong).await, OrderStateName::AwaitingShipment);
        let left = stage.left(stage.first, stage.earbuds_black).await.unwrap();
        let version = stage.order(stage.first, by_ups).await.unwrap().version;
        let again = work_off(&stage.market, staff(&stage), BulkAct::Ship, rows(&sheet)).await;
        assert_eq!(said(&again)[..2], ["already", "already"]);
        assert_eq!(stage.order(stage.first, by_ups).await.unwrap().version, version);
        assert_eq!(stage.left(stage.first, stage.earbuds_black).await.unwrap(), left);
        let other = format!("order,tracking_number\n{by_ups},1Z5R89390357567127\n");
        let other = work_off(&stage.market, staff(&stage), BulkAct::Ship, rows(&other)).await;
        assert_eq!(said(&other), ["shipped_under_another_number"]);
    });
}

#[test]
fn many_are_confirmed_and_packed_once() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        // Ten pieces are unusual: this one waits for the shop's check.
        let flagged = stage.buys(stage.earbuds_black, 10).await.unwrap();
        let plain = stage.buys(stage.earbuds_blue, 1).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        let sheet = format!("order\n{flagged}\n{plain}\n7\n");
        let does =
            async |act| said(&work_off(&stage.market, staff(&stage), act, rows(&sheet)).await);
        assert_eq!(does(BulkAct::Confirm).await, ["done", "already", "not_found"]);
        assert_eq!(does(BulkAct::Confirm).await, ["already", "already", "not_found"]);
        assert_eq!(does(BulkAct::Pack).await, ["done", "done", "not_found"]);
        assert_eq!(does(BulkAct::Pack).await, ["already", "already", "not_found"]);
        let (shop, actor) = staff(&stage);
        let ask = actions::shop_desk::BulkAsk { shop, orders: vec![plain], actor };
        let packed = pack_many(&stage.market, &ask).await;
        assert!(packed[0].1.is_err(), "nothing is packed twice");
    });
}

#[test]
fn orders_are_found_by_their_own_and_their_parcels_numbers() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let first = stage.buys(stage.earbuds_black, 1).await.unwrap();
        let second = stage.buys(stage.earbuds_blue, 1).await.unwrap();
        let theirs = stage.buys(stage.scarf, 1).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        let sheet =
            format!("order,service,tracking_number,reason\n{first},ups_ground,{NUMBER},faster\n");
        let worked = work_off(&stage.market, staff(&stage), BulkAct::Ship, rows(&sheet)).await;
        assert_eq!(worked[0].1, Ok(Outcome::Done));
        let text = format!("{second}\n{}; {theirs} 12345", NUMBER.to_lowercase());
        let find = async |shop| match search(&stage.market, shop, &text).await.unwrap() {
            Searched::Numbers(found) => found,
            other => panic!("{other:?}"),
        };
        let found = find(Some(stage.first)).await;
        let ids: Vec<OrderId> = found.orders.iter().map(|(order, _)| *order).collect();
        assert_eq!(ids, [second, first]);
        assert_eq!(found.missing, [theirs.to_string(), "12345".to_owned()]);
        let found = find(None).await;
        let ids: Vec<OrderId> = found.orders.iter().map(|(order, _)| *order).collect();
        assert_eq!(ids, [second, first, theirs], "the house sees all shops");
        assert_eq!(found.missing, ["12345"]);
        let many: Vec<String> = (1_000..1_101).map(|id| id.to_string()).collect();
        let refused = search(&stage.market, None, &many.join(" ")).await;
        let Err(Failure::Refused(refusal)) = refused else { panic!("{refused:?}") };
        assert_eq!(refusal.code, "too_many_numbers");
    });
}

#[test]
fn notes_are_added_and_marks_are_found() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = stage.buys(stage.earbuds_black, 1).await.unwrap();
        let plain = stage.buys(stage.earbuds_black, 1).await.unwrap();
        let ask = || stage.as_shop(stage.first, order);
        write_note(&stage.market, ask(), "Call first\nafter six").await.unwrap();
        set_mark(&stage.market, ask(), Some(Mark::Red), "call").await.unwrap();
        set_mark(&stage.market, ask(), Some(Mark::Red), "call").await.unwrap();
        let empty = write_note(&stage.market, ask(), "  ").await;
        assert!(matches!(empty, Err(Failure::Invalid(_))));
        let seen = of_order(&stage.market, stage.first, order).await.unwrap();
        assert_eq!((seen.mark, seen.word.as_str()), (Some(Mark::Red), "call"));
        let kinds: Vec<(&str, &str)> =
            seen.notes.iter().map(|note| (note.kind.as_str(), note.body.as_str())).collect();
        assert_eq!(kinds, [("mark", "red call"), ("note", "Call first\nafter six")]);
        assert!(seen.notes.iter().all(|note| note.author == "staff:77"));
        let now = stage.market.now();
        let marked = async |mark: &str| {
            let wanted = ShopOrders { mark: mark.to_owned(), limit: 10, ..ShopOrders::all() };
            let page = orders_page(&stage.market, stage.first, wanted, now).await.unwrap();
            page.rows.iter().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!(marked("red").await, [order]);
        assert_eq!(marked("").await, [plain, order]);
        assert!(marked("blue").await.is_empty());
        set_mark(&stage.market, ask(), None, "left over").await.unwrap();
        assert!(marked("red").await.is_empty());
        let theirs = stage.as_shop(stage.second, order);
        let other = write_note(&stage.market, theirs.clone(), "mine?").await;
        assert_eq!(other.err(), Some(Failure::NotFound));
        let other = set_mark(&stage.market, theirs, Some(Mark::Blue), "").await;
        assert_eq!(other.err(), Some(Failure::NotFound));
        let other = of_order(&stage.market, stage.second, order).await;
        assert_eq!(other.err(), Some(Failure::NotFound));
    });
}
