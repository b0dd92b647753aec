//! The sale as stories, on both databases: from a checkout to the shop's money, and the ends in between.

use actions::catalog::{ReceiveBatch, receive_batch};
use actions::payments::{Pay, pay};
use actions::requests::{RequestKey, forget_old};
use actions::sandbox_provider::Instrument;
use actions::testing::Stage;
use actions::{Actor, Failure};
use rules::ids::PersonId;
use rules::ledger::Account;
use rules::orders::{CancelReason, OrderStateName};
use rules::time::Span;
use store::testing::on_both_databases;
use store::{Tx, stock};

fn refused_with(failure: &Failure, code: &str) -> bool {
    matches!(failure, Failure::Refused(refusal) if refusal.code == code)
}

#[test]
fn an_order_goes_from_a_click_to_the_sellers_money() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = stage.buys(stage.earbuds_black, 2).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::OnHold);
        assert_eq!(stage.left(stage.first, stage.earbuds_black).await.unwrap(), 98);
        stage.hours_pass(2).await.unwrap();
        stage.ships(stage.first, order).await.unwrap();
        stage.days_pass(40).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::Settled, "{row:?}");
        assert_eq!(stage.holds(stage.first, Account::Escrow).await.unwrap(), 0);
        let (commission, tax) = (row.commission_minor, row.tax_minor);
        let proceeds = row.total_minor - tax - commission;
        let reserve = stage.holds(stage.first, Account::Reserve).await.unwrap();
        assert!(reserve > 0, "a standard shop keeps a reserve");
        assert_eq!(stage.holds(stage.first, Account::Available).await.unwrap(), proceeds - reserve);
        assert_eq!(stage.holds(stage.first, Account::TaxPayable).await.unwrap(), tax);
        stage.days_pass(31).await.unwrap();
        assert_eq!(stage.holds(stage.first, Account::Available).await.unwrap(), proceeds);
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn two_shops_in_one_basket_are_two_orders_under_one_payment() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let lines = [stage.line(stage.earbuds_blue, 1), stage.line(stage.scarf, 3)];
        let placed = stage.places(&lines).await.unwrap();
        assert_eq!(placed.orders.len(), 2);
        let sum: i64 = placed.orders.iter().map(|order| order.total.minor).sum();
        assert_eq!(placed.total.minor, sum);
        stage.pays(&placed, Instrument::CardOk).await.unwrap();
        for order in &placed.orders {
            let row = stage.order(order.shop, order.id).await.unwrap();
            assert_eq!(row.state.name(), OrderStateName::OnHold);
        }
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn lines_and_bundles_which_share_stock_are_never_oversold() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        stage.buys(stage.earbuds_set, 60).await.unwrap();
        assert_eq!(stage.left(stage.first, stage.earbuds_black).await.unwrap(), 40);
        // 30 sets and 11 black ones need 41 black ones.
        let lines = [stage.line(stage.earbuds_set, 30), stage.line(stage.earbuds_black, 11)];
        let failure = stage.places(&lines).await.unwrap_err();
        assert!(refused_with(&failure, "sold_out"), "{failure:?}");
        assert_eq!(stage.left(stage.first, stage.earbuds_black).await.unwrap(), 40);
        stage.places(&[stage.line(stage.earbuds_set, 40)]).await.unwrap();
        assert_eq!(stage.left(stage.first, stage.earbuds_blue).await.unwrap(), 0);
    });
}

#[test]
fn one_sold_out_line_places_nothing_at_all() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        stage.buys(stage.scarf, 99).await.unwrap();
        let lines = [stage.line(stage.earbuds_blue, 1), stage.line(stage.scarf, 2)];
        let failure = stage.places(&lines).await.unwrap_err();
        assert!(refused_with(&failure, "sold_out"), "{failure:?}");
        assert_eq!(stage.left(stage.first, stage.earbuds_blue).await.unwrap(), 100);
    });
}

#[test]
fn the_last_piece_goes_to_exactly_one_of_many() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        stage.buys(stage.scarf, 99).await.unwrap();
        let lines = [stage.line(stage.scarf, 1)];
        let tries = (1..=20).map(|buyer| stage.places_as(PersonId::new(1_000 + buyer), &lines));
        let outcomes = futures_util::future::join_all(tries).await;
        let sold = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(sold, 1);
        for failure in outcomes.into_iter().filter_map(Result::err) {
            assert!(refused_with(&failure, "sold_out"), "{failure:?}");
        }
    });
}

#[test]
fn the_provider_tells_three_times_and_it_is_one_payment() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let placed = stage.places(&[stage.line(stage.scarf, 1)]).await.unwrap();
        stage.pays(&placed, Instrument::CardTwice).await.unwrap();
        let paid = stage.holds(stage.second, Account::ProviderClearing).await.unwrap();
        stage.days_pass(3).await.unwrap();
        assert_eq!(stage.holds(stage.second, Account::ProviderClearing).await.unwrap(), paid);
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn a_declined_card_may_be_followed_by_a_good_one() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let placed = stage.places(&[stage.line(stage.scarf, 1)]).await.unwrap();
        let declined = stage.pays(&placed, Instrument::CardDeclined).await.unwrap();
        assert_eq!(
            (declined.state.as_str(), declined.failure.as_str()),
            ("requested", "card_declined")
        );
        let paid = stage.pays(&placed, Instrument::CardOk).await.unwrap();
        assert_eq!(paid.state, "captured");
        let again = stage.pays(&placed, Instrument::CardOk).await.unwrap_err();
        assert!(refused_with(&again, "already_paid"), "{again:?}");
    });
}

#[test]
fn nobody_pays_in_time_and_the_stock_is_free_again() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let placed = stage
            .places(&[stage.line(stage.scarf, 5), stage.line(stage.earbuds_set, 5)])
            .await
            .unwrap();
        stage.days_pass(2).await.unwrap();
        for order in &placed.orders {
            let row = stage.order(order.shop, order.id).await.unwrap();
            assert_eq!(row.state.name(), OrderStateName::Cancelled);
        }
        assert_eq!(stage.left(stage.second, stage.scarf).await.unwrap(), 100);
        assert_eq!(stage.left(stage.first, stage.earbuds_blue).await.unwrap(), 100);
        let late = stage.pays(&placed, Instrument::CardOk).await.unwrap_err();
        assert!(refused_with(&late, "payment_expired"), "{late:?}");
    });
}

#[test]
fn money_which_comes_too_late_goes_back_whole() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let placed = stage
            .places(&[stage.line(stage.scarf, 1), stage.line(stage.earbuds_blue, 1)])
            .await
            .unwrap();
        let slow = stage.pays(&placed, Instrument::CardLate).await.unwrap();
        assert!(slow.waiting);
        stage.days_pass(3).await.unwrap();
        for shop in [stage.first, stage.second] {
            assert_eq!(stage.holds(shop, Account::ProviderClearing).await.unwrap(), 0);
            assert_eq!(stage.holds(shop, Account::RefundTransit).await.unwrap(), 0);
        }
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn late_money_goes_back_for_the_orders_it_was_asked_for() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let lines = [stage.line(stage.earbuds_blue, 1), stage.line(stage.scarf, 5)];
        let placed = stage.places(&lines).await.unwrap();
        let earbuds = placed.orders.iter().find(|order| order.shop == stage.first).unwrap();
        // Taken off before the provider is asked, and cheaper than what is left.
        actions::orders::cancel_by_buyer(&stage.market, stage.buyer, earbuds.id, None)
            .await
            .unwrap();
        stage.pays(&placed, Instrument::CardLate).await.unwrap();
        stage.days_pass(3).await.unwrap();
        for (shop, transfers) in [(stage.first, 0), (stage.second, 2)] {
            let order = placed.orders.iter().find(|order| order.shop == shop).unwrap();
            let moved =
                actions::books::of_order(&stage.market, shop.number(), order.id.number()).await;
            assert_eq!(moved.unwrap().len(), transfers, "came in late and went back, or nothing");
            assert_eq!(stage.holds(shop, Account::RefundTransit).await.unwrap(), 0);
        }
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn late_money_finds_its_order_when_two_ended_in_one_millisecond() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        // The clock stands still: only the provider knows which of the two it was asked for.
        for kept_shop in [stage.first, stage.second] {
            let lines = [stage.line(stage.earbuds_blue, 1), stage.line(stage.scarf, 5)];
            let placed = stage.places(&lines).await.unwrap();
            let (kept, gone): (Vec<_>, Vec<_>) =
                placed.orders.iter().partition(|order| order.shop == kept_shop);
            let cancel = async |order| {
                actions::orders::cancel_by_buyer(&stage.market, stage.buyer, order, None).await
            };
            cancel(gone[0].id).await.unwrap();
            assert!(stage.pays(&placed, Instrument::CardLate).await.unwrap().waiting);
            cancel(kept[0].id).await.unwrap();
            stage.days_pass(3).await.unwrap();
            for (order, transfers) in [(kept[0], 2), (gone[0], 0)] {
                let (home, id) = (order.shop.number(), order.id.number());
                let moved = actions::books::of_order(&stage.market, home, id).await.unwrap();
                assert_eq!(moved.len(), transfers, "came in late and went back, or nothing");
            }
        }
        for shop in [stage.first, stage.second] {
            assert_eq!(stage.holds(shop, Account::ProviderClearing).await.unwrap(), 0);
            assert_eq!(stage.holds(shop, Account::RefundTransit).await.unwrap(), 0);
        }
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn the_answer_to_a_request_is_kept_as_long_as_the_policy_says() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let placed = stage.places(&[stage.line(stage.scarf, 1)]).await.unwrap();
        let key = RequestKey::new(stage.buyer, "once", "pay", b"card_ok");
        let ask = Pay {
            buyer: stage.buyer,
            payment: placed.payment,
            instrument: Instrument::CardOk,
            request: Some(key),
        };
        assert!(!pay(&stage.market, ask.clone()).await.unwrap().replayed);
        let keep = stage.market.policies().1.access().idempotency_kept();
        stage.market.clock.move_forward(keep);
        assert_eq!(forget_old(&stage.market).await.unwrap(), 0);
        assert!(pay(&stage.market, ask.clone()).await.unwrap().replayed);
        stage.market.clock.move_forward(Span::from_ms(1));
        assert_eq!(forget_old(&stage.market).await.unwrap(), 1);
        let anew = pay(&stage.market, ask).await.unwrap_err();
        assert!(refused_with(&anew, "already_paid"), "asked anew, not answered anew: {anew:?}");
    });
}

#[test]
fn a_flash_sale_sells_exactly_what_is_there() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        stage.buys(stage.scarf, 80).await.unwrap();
        let lines = [stage.line(stage.scarf, 1)];
        let tries = (1..=500).map(|buyer| stage.places_as(PersonId::new(1_000 + buyer), &lines));
        let outcomes = futures_util::future::join_all(tries).await;
        let mut sold = Vec::new();
        for outcome in outcomes {
            match outcome {
                Ok(placed) => sold.extend(placed.orders),
                Err(failure) => assert!(refused_with(&failure, "sold_out"), "{failure:?}"),
            }
        }
        assert_eq!(sold.len(), 20);
        assert_eq!(stage.left(stage.second, stage.scarf).await.unwrap(), 0);
        for order in sold {
            let row = stage.order(stage.second, order.id).await.unwrap();
            assert_eq!(row.state.name(), OrderStateName::Unpaid);
        }
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn a_buyer_cancels_in_the_free_hour_and_is_refunded_whole() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = stage.buys(stage.scarf, 1).await.unwrap();
        actions::orders::cancel_by_buyer(&stage.market, stage.buyer, order, None).await.unwrap();
        stage.hours_pass(4).await.unwrap();
        assert_eq!(stage.holds(stage.second, Account::ProviderClearing).await.unwrap(), 0);
        assert_eq!(stage.left(stage.second, stage.scarf).await.unwrap(), 100);
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
        let again = actions::orders::cancel_by_buyer(&stage.market, stage.buyer, order, None)
            .await
            .unwrap_err();
        assert!(refused_with(&again, "not_in_this_state"), "{again:?}");
        let other = PersonId::new(5);
        let not_theirs = actions::orders::cancel_by_buyer(&stage.market, other, order, None).await;
        assert_eq!(not_theirs.unwrap_err(), Failure::NotFound);
    });
}

#[test]
fn one_order_taken_off_an_unpaid_checkout_lowers_what_is_paid() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let placed = stage
            .places(&[stage.line(stage.scarf, 1), stage.line(stage.earbuds_blue, 1)])
            .await
            .unwrap();
        let (gone, stays) = (&placed.orders[0], &placed.orders[1]);
        actions::orders::cancel_by_buyer(&stage.market, stage.buyer, gone.id, None).await.unwrap();
        let paid = stage.pays(&placed, Instrument::CardOk).await.unwrap();
        assert_eq!(paid.amount, stays.total);
        assert_eq!(stage.holds(gone.shop, Account::ProviderClearing).await.unwrap(), 0);
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn a_silent_shop_is_late_then_cancelled_at_its_own_fault() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = stage.buys(stage.scarf, 1).await.unwrap();
        stage.days_pass(20).await.unwrap();
        let row = stage.order(stage.second, order).await.unwrap();
        let text = format!("{:?}", row.state);
        assert!(text.contains("NotShippedInTime") && text.contains("Shop"), "{text}");
        assert_eq!(stage.left(stage.second, stage.scarf).await.unwrap(), 100);
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn goods_which_no_carrier_collected_are_in_stock_again() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let batch = ReceiveBatch {
            sku: stage.earbuds_black,
            code: "B1".to_owned(),
            supplier: "Jade".to_owned(),
            count: 5,
        };
        let actor = Actor::Staff { person: PersonId::new(77), shop: stage.first };
        receive_batch(&stage.market, actor, stage.first, batch).await.unwrap();
        let order = stage.buys(stage.earbuds_set, 3).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        stage.ships(stage.first, order).await.unwrap();
        assert_eq!(remaining_of_batches(&stage).await, [2]);
        // No scan: the clock passes the deadline before the sandbox's carrier says a word.
        stage.market.clock.move_forward(Span::from_days(30));
        actions::orders::pass_deadline(&stage.market, stage.first, order).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        assert!(format!("{:?}", row.state).contains("NeverCollected"), "{row:?}");
        assert_eq!(stage.left(stage.first, stage.earbuds_black).await.unwrap(), 105);
        assert_eq!(stage.left(stage.first, stage.earbuds_blue).await.unwrap(), 100);
        assert_eq!(remaining_of_batches(&stage).await, [5]);
        // What the carrier still says finds an ended order, and moves no goods.
        stage.days_pass(5).await.unwrap();
        assert_eq!(stage.left(stage.first, stage.earbuds_black).await.unwrap(), 105);
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

/// Pieces left in each batch of black earbuds, the newest first.
async fn remaining_of_batches(stage: &Stage) -> Vec<i64> {
    let (shop, sku) = (stage.first, stage.earbuds_black);
    let read =
        async move |tx: &mut Tx| Ok::<_, Failure>(stock::list_batches(tx, shop, sku, 9).await?);
    let batches = stage.market.store.read(read).await.unwrap();
    batches.iter().map(|batch| batch.remaining_count).collect()
}

#[test]
fn an_unusual_quantity_waits_for_the_shop() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = stage.buys(stage.scarf, 80).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        let row = stage.order(stage.second, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::AwaitingConfirmation);
        let ask = stage.as_shop(stage.second, order);
        let stale = actions::orders::OrderAsk { expected: Some(1), ..ask.clone() };
        let failure = actions::orders::confirm_order(&stage.market, stale).await.unwrap_err();
        assert_eq!(failure, Failure::Stale);
        actions::orders::confirm_order(&stage.market, ask).await.unwrap();
        let row = stage.order(stage.second, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::AwaitingShipment);
    });
}

#[test]
fn a_shop_cancels_and_says_why() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = stage.buys(stage.scarf, 1).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        let ask = stage.as_shop(stage.second, order);
        let wrong = CancelReason::NotPaidInTime;
        let failure =
            actions::orders::cancel_by_shop(&stage.market, ask.clone(), wrong).await.unwrap_err();
        assert!(refused_with(&failure, "not_a_reason_for_shops"), "{failure:?}");
        actions::orders::cancel_by_shop(&stage.market, ask, CancelReason::OutOfStock)
            .await
            .unwrap();
        stage.hours_pass(4).await.unwrap();
        assert_eq!(stage.holds(stage.second, Account::ProviderClearing).await.unwrap(), 0);
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn what_is_not_for_sale_or_not_a_quantity_is_refused() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let unknown = stage.line(rules::ids::SkuId::new(99), 1);
        assert!(refused_with(&stage.places(&[unknown]).await.unwrap_err(), "not_for_sale"));
        let mut elsewhere = stage.line(stage.scarf, 1);
        elsewhere.shop = stage.first;
        assert!(refused_with(&stage.places(&[elsewhere]).await.unwrap_err(), "not_for_sale"));
        for quantity in [0, -1, i64::MAX, i64::MIN] {
            let failure = stage.places(&[stage.line(stage.scarf, quantity)]).await.unwrap_err();
            assert!(matches!(failure, Failure::Invalid(_)), "{quantity}: {failure:?}");
        }
        assert!(matches!(stage.places(&[]).await.unwrap_err(), Failure::Invalid(_)));
    });
}
