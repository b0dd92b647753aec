//! Orders which do not go straight through: requests to cancel, missing goods, flags; on both databases.

use actions::cancellations::{AnswerRequest, AskToCancel, approve, ask_to_cancel, refuse};
use actions::checks;
use actions::orders::{
    CancelLine, cancel_by_buyer, cancel_line, confirm_order, pack_order, ship_order,
};
use actions::orders::{GiveBack, LineBack, PackOrder, ShipOrder, give_back};
use actions::payments::{Pay, pay};
use actions::sandbox_provider::Instrument;
use actions::shortages::{
    OfferSubstitute, ReportShortage, ShortageAnswer, StepShortage, accept_substitute,
    give_up_shortage, offer_substitute, refuse_substitute, report_shortage, withdraw_shortage,
};
use actions::testing::{Stage, address};
use actions::{Actor, Failure};
use rules::ids::{OrderId, PersonId, ShopId, ShortageId, SkuId};
use rules::ledger::Account;
use rules::orders::refunds::BackReason;
use rules::orders::shortages::ShortageCause;
use rules::orders::{CancelReason, CancelledBy, Fault, OrderState, OrderStateName};
use store::orders::LineRow;
use store::testing::on_both_databases;
use store::{Tx, orders};

fn refused_with(failure: &Failure, code: &str) -> bool {
    matches!(failure, Failure::Refused(refusal) if refusal.code == code)
}

fn staff(shop: ShopId) -> Actor {
    Actor::Staff { person: PersonId::new(77), shop }
}

async fn lines(stage: &Stage, order: OrderId) -> Vec<LineRow> {
    let shop = stage.first;
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(orders::lines(tx, shop, order).await?);
    stage.market.store.read(read).await.unwrap()
}

async fn in_order(stage: &Stage) {
    assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
}

/// An order which is ready to be packed.
async fn ready(stage: &Stage, sku: SkuId, count: i64) -> OrderId {
    let order = stage.buys(sku, count).await.unwrap();
    stage.hours_pass(2).await.unwrap();
    order
}

async fn asks(
    stage: &Stage,
    order: OrderId,
    reason: CancelReason,
) -> Result<AnswerRequest, Failure> {
    let note = "Found one at home".to_owned();
    let ask = AskToCancel { buyer: stage.buyer, order, reason, note, request: None };
    let id = ask_to_cancel(&stage.market, ask).await?.answer;
    Ok(AnswerRequest { shop: stage.first, id, actor: staff(stage.first), request: None })
}

async fn reports(stage: &Stage, order: OrderId, count: i64) -> ShortageAnswer {
    let line = lines(stage, order).await[0].id;
    let ask = ReportShortage {
        shop: stage.first,
        order,
        line,
        missing_count: count,
        cause: ShortageCause::Counted,
        actor: staff(stage.first),
        request: None,
    };
    report_shortage(&stage.market, ask).await.unwrap().answer
}

async fn offers(stage: &Stage, shortage: ShortageId, sku: SkuId, waived: bool) -> ShortageAnswer {
    let (shop, actor) = (stage.first, staff(stage.first));
    let ask = OfferSubstitute { shop, shortage, sku, waived, actor, request: None };
    offer_substitute(&stage.market, ask).await.unwrap().answer
}

#[test]
fn within_the_free_hour_nobody_is_asked_and_afterwards_the_shop_is() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = stage.buys(stage.earbuds_black, 1).await.unwrap();
        let early = asks(&stage, order, CancelReason::ChangedMind).await.unwrap_err();
        assert!(refused_with(&early, "not_in_this_state"), "{early:?}");
        stage.hours_pass(2).await.unwrap();
        let late = cancel_by_buyer(&stage.market, stage.buyer, order, None).await.unwrap_err();
        assert!(refused_with(&late, "not_in_this_state"), "{late:?}");
        let not_theirs = asks(&stage, order, CancelReason::OutOfStock).await.unwrap_err();
        assert!(refused_with(&not_theirs, "not_a_reason_for_buyers"), "{not_theirs:?}");
        let request = asks(&stage, order, CancelReason::ChangedMind).await.unwrap();
        let twice = asks(&stage, order, CancelReason::ChangedMind).await.unwrap_err();
        assert!(refused_with(&twice, "already_asked"), "{twice:?}");
        approve(&stage.market, request.clone()).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        let (by, reason, fault) = (CancelledBy::Buyer, CancelReason::ChangedMind, Fault::Nobody);
        assert_eq!(row.state, OrderState::Cancelled { by, reason, fault });
        assert_eq!(row.given.shares.paid_minor, row.total_minor);
        assert_eq!(stage.left(stage.first, stage.earbuds_black).await.unwrap(), 100);
        let again = approve(&stage.market, request).await.unwrap_err();
        assert!(refused_with(&again, "already_answered"), "{again:?}");
        stage.days_pass(1).await.unwrap();
        in_order(&stage).await;
    });
}

#[test]
fn a_request_nobody_answers_is_approved_after_two_days() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = ready(&stage, stage.earbuds_black, 1).await;
        asks(&stage, order, CancelReason::OrderedByMistake).await.unwrap();
        stage.hours_pass(47).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::AwaitingShipment);
        stage.hours_pass(1).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::Cancelled);
        in_order(&stage).await;
    });
}

#[test]
fn goods_do_not_leave_while_their_buyer_waits_for_an_answer() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = ready(&stage, stage.earbuds_black, 1).await;
        let request = asks(&stage, order, CancelReason::ChangedMind).await.unwrap();
        let failure = stage.ships(stage.first, order).await.unwrap_err();
        assert!(refused_with(&failure, "cancel_asked"), "{failure:?}");
        let silent = refuse(&stage.market, request.clone(), " ").await.unwrap_err();
        assert!(matches!(silent, Failure::Invalid(_)), "a refusal has words: {silent:?}");
        refuse(&stage.market, request, "It is on the packing table").await.unwrap();
        let ask = ShipOrder {
            ask: stage.as_shop(stage.first, order),
            service: String::new(),
            tracking_number: String::new(),
            instead: None,
        };
        ship_order(&stage.market, ask).await.unwrap();
        in_order(&stage).await;
    });
}

#[test]
fn who_leaves_a_late_order_because_it_is_slow_leaves_because_of_the_shop() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = ready(&stage, stage.earbuds_black, 1).await;
        stage.hours_pass(97).await.unwrap();
        let request = asks(&stage, order, CancelReason::TooSlow).await.unwrap();
        approve(&stage.market, request).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        assert!(matches!(row.state, OrderState::Cancelled { fault: Fault::Shop, .. }), "{row:?}");
    });
}

#[test]
fn a_shop_takes_lines_off_where_its_market_allows_it() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let placed = stage
            .places(&[stage.line(stage.earbuds_black, 3), stage.line(stage.earbuds_blue, 1)])
            .await
            .unwrap();
        stage.pays(&placed, Instrument::CardOk).await.unwrap();
        let order = placed.orders[0].id;
        stage.hours_pass(2).await.unwrap();
        let before = stage.order(stage.first, order).await.unwrap();
        let line = lines(&stage, order).await[0].clone();
        let take =
            |count| CancelLine { ask: stage.as_shop(stage.first, order), line: line.id, count };
        cancel_line(&stage.market, take(1)).await.unwrap();
        cancel_line(&stage.market, take(2)).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        let of_line = rules::orders::refunds::Shares::of_line(&line.price, row.tax_included);
        assert_eq!(row.given.shares, of_line, "the parts sum to the line");
        assert_eq!(row.total_minor, before.total_minor, "placed orders are not priced anew");
        assert_eq!(stage.left(stage.first, stage.earbuds_black).await.unwrap(), 100);
        let too_many = cancel_line(&stage.market, take(1)).await.unwrap_err();
        assert!(matches!(too_many, Failure::Invalid(_)), "{too_many:?}");
        stage.ships_and_arrives(stage.first, order).await.unwrap();
        stage.days_pass(40).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::Settled);
        assert_eq!(stage.holds(stage.first, Account::Escrow).await.unwrap(), 0);
        let commission = stage.holds(stage.first, Account::Commission).await.unwrap();
        assert_eq!(commission, row.left().commission_minor);
        in_order(&stage).await;
    });
}

#[test]
fn a_dearer_substitute_is_waived_refused_or_answered_by_silence() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let waived = ready(&stage, stage.earbuds_black, 1).await;
        let refused = ready(&stage, stage.earbuds_black, 1).await;
        let silent = ready(&stage, stage.earbuds_black, 1).await;
        for order in [waived, refused, silent] {
            let found = reports(&stage, order, 1).await;
            let failure = stage.ships(stage.first, order).await.unwrap_err();
            assert!(refused_with(&failure, "shortage_open"), "{failure:?}");
            let offered = offers(&stage, found.id, stage.earbuds_blue, true).await;
            assert_eq!(offered.state, "offered");
        }
        assert_eq!(stage.left(stage.first, stage.earbuds_blue).await.unwrap(), 97);
        assert_eq!(stage.left(stage.first, stage.earbuds_black).await.unwrap(), 97);
        let of = async |order| {
            let shop = stage.first;
            let read = async move |tx: &mut Tx| {
                Ok::<_, Failure>(store::shortages::of_order(tx, shop, order).await?)
            };
            stage.market.store.read(read).await.unwrap()[0].id
        };
        let accepted =
            accept_substitute(&stage.market, stage.buyer, waived, of(waived).await, None);
        assert_eq!(accepted.await.unwrap().answer.state, "accepted");
        let line = lines(&stage, waived).await[0].clone();
        assert_eq!((line.sku, line.instead_of), (stage.earbuds_blue, Some(stage.earbuds_black)));
        let row = stage.order(stage.first, waived).await.unwrap();
        assert_eq!(row.given.shares.paid_minor, 0, "the shop bears the difference");
        let other = refuse_substitute(&stage.market, stage.buyer, waived, of(refused).await, None);
        assert!(matches!(other.await, Err(Failure::NotFound)), "a shortage of another order");
        let no = refuse_substitute(&stage.market, stage.buyer, refused, of(refused).await, None);
        assert_eq!(no.await.unwrap().answer.state, "refunded");
        stage.hours_pass(25).await.unwrap();
        for (order, by) in [(refused, CancelledBy::Buyer), (silent, CancelledBy::Deadline)] {
            let row = stage.order(stage.first, order).await.unwrap();
            let (reason, fault) = (CancelReason::OutOfStock, Fault::Shop);
            assert_eq!(row.state, OrderState::Cancelled { by, reason, fault });
        }
        assert_eq!(stage.left(stage.first, stage.earbuds_blue).await.unwrap(), 99);
        stage.ships_and_arrives(stage.first, waived).await.unwrap();
        stage.days_pass(40).await.unwrap();
        let row = stage.order(stage.first, waived).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::Settled, "{:?}", row.state);
        in_order(&stage).await;
    });
}

#[test]
fn part_of_a_line_is_replaced_by_something_dearer_and_the_buyer_pays_the_difference() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = ready(&stage, stage.earbuds_black, 3).await;
        let before = stage.order(stage.first, order).await.unwrap();
        let found = reports(&stage, order, 2).await;
        offers(&stage, found.id, stage.earbuds_blue, false).await;
        let accepted = accept_substitute(&stage.market, stage.buyer, order, found.id, None);
        let accepted = accepted.await.unwrap().answer;
        assert_eq!(accepted.state, "awaiting_payment");
        let payment = accepted.payment.unwrap();
        let try_with = |instrument| Pay { buyer: stage.buyer, payment, instrument, request: None };
        pay(&stage.market, try_with(Instrument::CardDeclined)).await.unwrap();
        let paid = pay(&stage.market, try_with(Instrument::CardOk)).await.unwrap().answer;
        assert_eq!(paid.state, "captured");
        let row = stage.order(stage.first, order).await.unwrap();
        assert_eq!(row.total_minor, before.total_minor + paid.amount.minor);
        let all = lines(&stage, order).await;
        let packed: Vec<(SkuId, i64)> =
            all.iter().map(|line| (line.sku, line.to_pack_count())).collect();
        assert_eq!(packed, [(stage.earbuds_black, 1), (stage.earbuds_blue, 2)]);
        let sum = all.iter().fold(rules::orders::refunds::Shares::NOTHING, |sum, line| {
            sum.plus(line.left(row.tax_included).shares)
        });
        assert_eq!(sum, row.left().shares(), "the order is the sum of its lines");
        in_order(&stage).await;
        let ask = stage.as_shop(stage.first, order);
        actions::orders::cancel_by_shop(&stage.market, ask, CancelReason::OutOfStock)
            .await
            .unwrap();
        stage.hours_pass(5).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        assert_eq!(row.left().total_minor, 0);
        assert_eq!(stage.holds(stage.first, Account::RefundTransit).await.unwrap(), 0);
        in_order(&stage).await;
    });
}

#[test]
fn something_cheaper_gives_the_difference_back_and_missing_pieces_may_turn_up() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = ready(&stage, stage.earbuds_blue, 2).await;
        let found = reports(&stage, order, 1).await;
        let step = StepShortage {
            shop: stage.first,
            shortage: found.id,
            actor: staff(stage.first),
            request: None,
        };
        let nowhere = withdraw_shortage(&stage.market, step.clone()).await;
        assert!(nowhere.is_ok(), "97 others are free: {nowhere:?}");
        assert_eq!(lines(&stage, order).await[0].to_pack_count(), 2);
        let found = reports(&stage, order, 1).await;
        offers(&stage, found.id, stage.earbuds_black, false).await;
        let accepted = accept_substitute(&stage.market, stage.buyer, order, found.id, None);
        assert_eq!(accepted.await.unwrap().answer.state, "accepted");
        let row = stage.order(stage.first, order).await.unwrap();
        let back = row.given.shares.paid_minor;
        assert!((100..=110).contains(&back), "one dollar and its tax came back: {back}");
        let found = reports(&stage, order, 1).await;
        let step = StepShortage { shortage: found.id, ..step };
        give_up_shortage(&stage.market, step).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::AwaitingShipment, "one piece is left");
        stage.ships(stage.first, order).await.unwrap();
        in_order(&stage).await;
    });
}

#[test]
fn a_late_payment_of_the_difference_goes_back() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = ready(&stage, stage.earbuds_black, 1).await;
        let found = reports(&stage, order, 1).await;
        offers(&stage, found.id, stage.earbuds_blue, false).await;
        let accepted = accept_substitute(&stage.market, stage.buyer, order, found.id, None);
        let payment = accepted.await.unwrap().answer.payment.unwrap();
        let late =
            Pay { buyer: stage.buyer, payment, instrument: Instrument::CardLate, request: None };
        pay(&stage.market, late).await.unwrap();
        stage.days_pass(3).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::Cancelled, "silence refunded it");
        assert_eq!(stage.holds(stage.first, Account::ProviderClearing).await.unwrap(), 0);
        assert_eq!(stage.left(stage.first, stage.earbuds_blue).await.unwrap(), 100);
        in_order(&stage).await;
    });
}

#[test]
fn what_is_flagged_waits_and_each_flag_is_resolved_with_a_reason() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let quiet = stage.buys(stage.earbuds_black, 1).await.unwrap();
        let large = stage.buys(stage.earbuds_black, 20).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        let row = stage.order(stage.first, quiet).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::AwaitingShipment, "nobody is asked");
        let row = stage.order(stage.first, large).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::AwaitingConfirmation);
        let flags = checks::of_order(&stage.market, stage.first, large).await.unwrap().flags;
        let kinds: Vec<&str> = flags.iter().map(|flag| flag.kind.as_str()).collect();
        assert_eq!(kinds, ["unusual_quantity", "new_buyer_high_value"]);
        let ask = stage.as_shop(stage.first, large);
        checks::write_message(&stage.market, ask.clone(), "All twenty?").await.unwrap();
        checks::write_as_buyer(&stage.market, stage.buyer, large, "Yes, for the team", None)
            .await
            .unwrap();
        checks::resolve_flag(&stage.market, ask.clone(), flags[0].id, "The buyer says yes")
            .await
            .unwrap();
        let row = stage.order(stage.first, large).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::AwaitingConfirmation, "one is open");
        let twice = checks::resolve_flag(&stage.market, ask.clone(), flags[0].id, "Again").await;
        assert!(refused_with(&twice.unwrap_err(), "already_resolved"));
        checks::resolve_flag(&stage.market, ask, flags[1].id, "A known club").await.unwrap();
        let row = stage.order(stage.first, large).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::AwaitingShipment, "the last one confirms");
        let care = checks::of_order(&stage.market, stage.first, large).await.unwrap();
        let (flags, messages) = (care.flags, care.messages);
        assert!(flags.iter().all(|flag| !flag.open && flag.resolved_by == "staff:77"));
        assert_eq!(messages.len(), 2);
        in_order(&stage).await;
    });
}

#[test]
fn an_address_is_corrected_only_with_the_buyers_word() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = ready(&stage, stage.earbuds_black, 1).await;
        let ask = stage.as_shop(stage.first, order);
        let mut moved = address();
        moved.line1 = "2 Market Street".to_owned();
        checks::propose_address(&stage.market, ask.clone(), moved.clone(), "House 1 is gone?")
            .await
            .unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        assert!(row.address.contains("1 Market Street"), "nothing changes by proposing");
        let messages = checks::of_order(&stage.market, stage.first, order).await.unwrap().messages;
        let answer = (messages[0].id, true);
        checks::answer_address(&stage.market, stage.buyer, order, answer, None).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        assert!(row.address.contains("2 Market Street"));
        let twice = checks::answer_address(&stage.market, stage.buyer, order, answer, None).await;
        assert!(refused_with(&twice.unwrap_err(), "already_answered"));
        let abroad = rules::checkout::address::Address {
            country: rules::policy::MarketCode::parse("GB").unwrap(),
            postcode: "SW1Y 4LE".to_owned(),
            region: String::new(),
            city: "London".to_owned(),
            ..address()
        };
        let other = checks::correct_address(&stage.market, stage.buyer, order, abroad, None).await;
        assert!(matches!(other, Err(Failure::Invalid(_))), "taxes were frozen: {other:?}");
        moved.postcode = "nowhere".to_owned();
        let wrong = checks::propose_address(&stage.market, ask, moved.clone(), "").await;
        assert!(matches!(wrong, Err(Failure::Invalid(_))));
        let stranger = PersonId::new(4_711);
        let theirs = checks::correct_address(&stage.market, stranger, order, address(), None).await;
        assert!(matches!(theirs, Err(Failure::NotFound)));
    });
}

#[test]
fn a_fallen_price_is_honoured_and_the_order_goes_on() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = stage.buys(stage.earbuds_black, 2).await.unwrap();
        let (shop, sku) = (stage.first, stage.earbuds_black);
        let halve = async move |tx: &mut Tx| {
            let found = store::catalog::load_sku(tx, shop, sku).await?.ok_or(Failure::NotFound)?;
            let half = store::catalog::Sku { price_minor: 1_499, version: 2, ..found };
            assert!(store::catalog::update_sku(tx, shop, &half).await?);
            Ok::<_, Failure>(())
        };
        stage.market.store.write(halve).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        let row = stage.order(shop, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::AwaitingConfirmation);
        assert!(row.flags.contains("price_changed"), "{}", row.flags);
        checks::honour_price(&stage.market, stage.as_shop(shop, order)).await.unwrap();
        let row = stage.order(shop, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::AwaitingShipment);
        let back = row.given.shares.paid_minor;
        assert!((3_000..=3_250).contains(&back), "two half prices with their tax: {back}");
        stage.ships_and_arrives(shop, order).await.unwrap();
        stage.days_pass(40).await.unwrap();
        assert_eq!(stage.holds(shop, Account::Escrow).await.unwrap(), 0);
        in_order(&stage).await;
    });
}

#[test]
fn a_count_below_what_is_promised_makes_shortages_of_the_newest_orders() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let old = ready(&stage, stage.earbuds_black, 2).await;
        let new = ready(&stage, stage.earbuds_black, 2).await;
        let (actor, shop, sku) = (staff(stage.first), stage.first, stage.earbuds_black);
        actions::catalog::count_short(&stage.market, actor, shop, sku, 3, None).await.unwrap();
        assert_eq!(stage.left(shop, sku).await.unwrap(), 0);
        assert_eq!(lines(&stage, old).await[0].short_count, 0);
        assert_eq!(lines(&stage, new).await[0].short_count, 1, "who came last waits");
        stage.ships(shop, old).await.unwrap();
        let ask = PackOrder { ask: stage.as_shop(shop, new), weight_grams: 100 };
        pack_order(&stage.market, ask).await.unwrap();
        stage.days_pass(2).await.unwrap();
        let row = stage.order(shop, new).await.unwrap();
        assert!(row.given.shares.paid_minor > 0, "nothing was offered: the money went back");
        assert_eq!(row.state.name(), OrderStateName::AwaitingShipment);
        in_order(&stage).await;
    });
}

#[test]
fn a_shop_gives_back_units_then_money_then_the_rest_and_the_sum_is_what_was_paid() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let placed = stage
            .places(&[stage.line(stage.earbuds_black, 3), stage.line(stage.earbuds_blue, 1)])
            .await
            .unwrap();
        stage.pays(&placed, Instrument::CardOk).await.unwrap();
        let (order, shop) = (placed.orders[0].id, stage.first);
        stage.hours_pass(2).await.unwrap();
        let ask = |reason, note: &str, lines: &[LineBack]| GiveBack {
            ask: stage.as_shop(shop, order),
            reason,
            note: note.to_owned(),
            lines: lines.to_vec(),
        };
        let here = ask(BackReason::Damaged, "", &[]);
        let early = give_back(&stage.market, here).await.unwrap_err();
        assert!(refused_with(&early, "not_in_this_state"), "{early:?}");
        stage.ships_and_arrives(shop, order).await.unwrap();
        let line = lines(&stage, order).await[0].clone();
        let back = |count, amount_minor| LineBack { line: line.id, count, amount_minor };
        let reason = BackReason::Shortage;
        let wrong = give_back(&stage.market, ask(reason, "", &[])).await.unwrap_err();
        assert!(matches!(wrong, Failure::Invalid(_)), "a shortage is not reported afterwards");
        for wrong in [back(4, 0), back(0, 1_000_000), back(0, 0), back(-1, 0)] {
            let ask = ask(BackReason::Damaged, "", &[wrong]);
            let refused = give_back(&stage.market, ask).await.unwrap_err();
            assert!(matches!(refused, Failure::Invalid(_)), "{wrong:?}: {refused:?}");
        }
        let one = ask(BackReason::Damaged, "One was broken", &[back(1, 0)]);
        give_back(&stage.market, one).await.unwrap();
        give_back(&stage.market, ask(BackReason::Late, "", &[back(0, 500)])).await.unwrap();
        let row = stage.order(shop, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::Delivered, "the order goes on");
        assert!(row.given.fee_minor > 0, "the house keeps its fee for the work");
        let said = checks::of_order(&stage.market, shop, order).await.unwrap().messages;
        assert_eq!(said[0].body, "One was broken");
        in_order(&stage).await;
        give_back(&stage.market, ask(BackReason::Goodwill, "", &[])).await.unwrap();
        let row = stage.order(shop, order).await.unwrap();
        assert_eq!(row.given.shares, row.amounts().shares(), "all of it, to the cent");
        let nothing = give_back(&stage.market, ask(BackReason::Goodwill, "", &[])).await;
        assert!(matches!(nothing, Err(Failure::Invalid(_))));
        stage.days_pass(40).await.unwrap();
        let row = stage.order(shop, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::Settled);
        for account in
            [Account::Escrow, Account::Available, Account::TaxPayable, Account::RefundTransit]
        {
            assert_eq!(stage.holds(shop, account).await.unwrap(), 0, "{}", account.code());
        }
        assert_eq!(stage.holds(shop, Account::Debt).await.unwrap(), row.given.fee_minor);
        in_order(&stage).await;
    });
}

#[test]
fn confirming_settles_every_flag() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = stage.buys(stage.earbuds_black, 12).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        confirm_order(&stage.market, stage.as_shop(stage.first, order)).await.unwrap();
        let flags = checks::of_order(&stage.market, stage.first, order).await.unwrap().flags;
        assert!(!flags.is_empty() && flags.iter().all(|flag| flag.resolution == "confirmed"));
    });
}
