//! Payments with providers outside, the whole way on both databases: the gateways are played on this machine, check our
//! signatures and sign their own.

use std::collections::BTreeMap;

use actions::orders::cancel_by_buyer;
use actions::payments::attempts::{AskProvider, ask_provider, look_after_payment};
use actions::payments::notices::{NoticeFault, take_provider_notice};
use actions::payments::{PaymentAnswer, show_payment};
use actions::requests::RequestKey;
use actions::testing::Stage;
use actions::{Failure, NextStep, ProviderName};
use gateways::{ForgedReason, GatewayError};
use rules::ids::{OrderId, PaymentId, ShopId};
use rules::ledger::Account;
use rules::orders::OrderStateName;
use rules::time::Span;
use scenarios::Gateways;
use scenarios::gateways::Sent;
use store::Store;
use store::jobs;
use store::payment_attempts::{self, PaymentAttempt};
use store::testing::on_both_databases;

const EACH: [ProviderName; 3] = ProviderName::ALL;

/// A market in yuan, and the three gateways on its clock.
struct Scene {
    stage: Stage,
    gateways: Gateways,
}

impl Scene {
    async fn on(store: Store) -> Scene {
        let stage = Stage::priced_in(store, "CNY").await.unwrap();
        let gateways = Gateways::open(stage.market.clock.clone()).await.unwrap();
        stage.market.take_providers(gateways.providers("https://market.example").unwrap());
        Scene { stage, gateways }
    }

    /// Places earbuds and a scarf: one payment, two shops.
    async fn places(&self) -> Placed {
        let lines =
            [self.stage.line(self.stage.earbuds_black, 2), self.stage.line(self.stage.scarf, 1)];
        let placed = self.stage.places(&lines).await.unwrap();
        Placed {
            payment: placed.payment,
            total: placed.total.minor,
            orders: placed.orders.iter().map(|order| (order.shop, order.id)).collect(),
        }
    }

    async fn asks(
        &self,
        placed: &Placed,
        provider: ProviderName,
    ) -> Result<PaymentAnswer, Failure> {
        let (buyer, payment) = (self.stage.buyer, placed.payment);
        let ask = AskProvider { buyer, payment, provider, request: None };
        ask_provider(&self.stage.market, ask).await.map(|answered| answered.answer)
    }

    /// The reference under which the provider knows the latest attempt.
    fn latest(&self, provider: ProviderName) -> String {
        self.gateways.desk(provider).latest().expect("the provider was asked")
    }

    async fn hears(&self, provider: ProviderName, sent: &Sent) -> Result<(), NoticeFault> {
        take_provider_notice(&self.stage.market, provider, &sent.headers, &sent.body).await
    }

    async fn hears_of(&self, provider: ProviderName, reference: &str) {
        let sent = self.gateways.payment_notice(provider, reference).unwrap();
        self.hears(provider, &sent).await.unwrap();
    }

    async fn stands(&self, placed: &Placed) -> PaymentAnswer {
        show_payment(&self.stage.market, self.stage.buyer, placed.payment).await.unwrap()
    }

    async fn state(&self, placed: &Placed) -> String {
        self.stands(placed).await.state
    }

    async fn attempts(&self, placed: &Placed) -> Vec<PaymentAttempt> {
        let (buyer, payment) = (self.stage.buyer, placed.payment);
        let read = async move |tx: &mut store::Tx| {
            Ok::<_, Failure>(payment_attempts::of_payment(tx, buyer, payment).await?)
        };
        self.stage.market.store.read(read).await.unwrap()
    }

    async fn order_states(&self, placed: &Placed) -> Vec<OrderStateName> {
        let mut states = Vec::new();
        for (shop, order) in &placed.orders {
            states.push(self.stage.order(*shop, *order).await.unwrap().state.name());
        }
        states
    }

    /// A minute at a time, as a running server would.
    async fn minutes_pass(&self, minutes: i64) {
        for _ in 0..minutes {
            self.stage.market.clock.move_forward(Span::from_minutes(1));
            self.stage.sweeps().await.unwrap();
        }
    }

    async fn shop_has(&self, shop: ShopId, account: Account) -> i64 {
        self.stage.holds(shop, account).await.unwrap()
    }

    async fn is_in_order(&self) {
        assert_eq!(self.stage.faults().await.unwrap(), Vec::<String>::new());
        for provider in EACH {
            assert_eq!(self.gateways.desk(provider).forged_requests(), 0, "{provider:?}");
        }
    }

    async fn jobs_given_up(&self) -> usize {
        let read = async |tx: &mut store::Tx| Ok::<_, Failure>(jobs::given_up(tx, 10).await?.len());
        self.stage.market.store.read(read).await.unwrap()
    }
}

struct Placed {
    payment: PaymentId,
    total: i64,
    orders: BTreeMap<ShopId, OrderId>,
}

fn refused_with(failure: &Failure, code: &str) -> bool {
    matches!(failure, Failure::Refused(refusal) if refusal.code == code)
}

#[test]
fn a_notice_pays_once_however_often_and_late_it_comes() {
    on_both_databases(async |store| {
        let scene = Scene::on(store).await;
        for provider in EACH {
            let placed = scene.places().await;
            let answer = scene.asks(&placed, provider).await.unwrap();
            assert!(answer.waiting, "{answer:?}");
            match (provider, answer.next_step) {
                (ProviderName::Stripe, Some(NextStep::Redirect { url })) => {
                    assert!(url.contains("/stripe/pay/"), "{url}");
                }
                (ProviderName::Alipay, Some(NextStep::Code { content })) => {
                    assert!(
                        content.starts_with("https://qr.alipay"),
                        "slashes as they are: {content}"
                    );
                }
                (ProviderName::WechatPay, Some(NextStep::Code { content })) => {
                    assert!(content.starts_with("weixin://"), "{content}");
                }
                (_, other) => panic!("{provider:?}: {other:?}"),
            }
            let reference = scene.latest(provider);
            let trade = scene.gateways.desk(provider).trade(&reference).unwrap();
            assert_eq!(trade.amount, placed.total, "in the gateway's unit");
            assert!(scene.gateways.desk(provider).is_paid(&reference));
            assert_eq!(scene.state(&placed).await, "requested", "nobody has told us yet");
            let sent = scene.gateways.payment_notice(provider, &reference).unwrap();
            for _ in 0..3 {
                scene.hears(provider, &sent).await.unwrap();
            }
            let stands = scene.stands(&placed).await;
            assert_eq!((stands.state.as_str(), stands.waiting), ("captured", false));
            assert_eq!(stands.provider, provider.code());
            assert_eq!(
                scene.order_states(&placed).await,
                [OrderStateName::OnHold, OrderStateName::OnHold]
            );
            // A day later the same news, signed anew.
            scene.minutes_pass(5).await;
            scene.hears_of(provider, &reference).await;
            assert_eq!(scene.state(&placed).await, "captured");
            scene.is_in_order().await;
        }
    });
}

#[test]
fn what_is_forged_old_or_anothers_is_refused_and_changes_nothing() {
    on_both_databases(async |store| {
        let scene = Scene::on(store).await;
        for provider in EACH {
            let placed = scene.places().await;
            scene.asks(&placed, provider).await.unwrap();
            let reference = scene.latest(provider);
            scene.gateways.desk(provider).is_paid(&reference);
            let sent = scene.gateways.payment_notice(provider, &reference).unwrap();
            let forged = |fault: &NoticeFault| {
                matches!(fault, NoticeFault::NotTaken(GatewayError::Forged(_)))
            };
            let mut touched = sent.clone();
            let middle = touched.body.len() / 2;
            touched.body[middle] ^= 1;
            let fault = scene.hears(provider, &touched).await.unwrap_err();
            assert!(forged(&fault) || provider == ProviderName::Alipay, "{provider:?} {fault:?}");
            let bare = Sent { headers: Default::default(), body: sent.body.clone() };
            let heard = scene.hears(provider, &bare).await;
            // Alipay's signature is in the body; it needs no headers.
            assert_eq!(heard.is_err(), provider != ProviderName::Alipay, "{heard:?}");
            for other in EACH.into_iter().filter(|other| *other != provider) {
                assert!(scene.hears(other, &sent).await.is_err(), "{other:?} takes it");
            }
            if provider == ProviderName::Alipay {
                continue;
            }
            assert_eq!(scene.state(&placed).await, "requested");
            // Kept back and sent again when nobody can tell what it is worth any more.
            scene.stage.market.clock.move_forward(Span::from_minutes(6));
            let fault = scene.hears(provider, &sent).await.unwrap_err();
            let late = NoticeFault::NotTaken(GatewayError::Forged(ForgedReason::OutOfTime));
            assert_eq!(fault, late);
            assert_eq!(scene.state(&placed).await, "requested");
        }
        scene.is_in_order().await;
    });
}

#[test]
fn a_lost_notice_is_made_up_for_by_asking() {
    on_both_databases(async |store| {
        let scene = Scene::on(store).await;
        for provider in EACH {
            let placed = scene.places().await;
            scene.asks(&placed, provider).await.unwrap();
            scene.minutes_pass(2).await;
            assert_eq!(scene.state(&placed).await, "requested", "nobody has paid");
            scene.gateways.desk(provider).is_paid(&scene.latest(provider));
            scene.minutes_pass(2).await;
            assert_eq!(scene.state(&placed).await, "captured", "{provider:?}");

            // The buyer who comes back from the provider's page need not wait for that.
            let placed = scene.places().await;
            scene.asks(&placed, provider).await.unwrap();
            scene.gateways.desk(provider).is_paid(&scene.latest(provider));
            let (buyer, payment) = (scene.stage.buyer, placed.payment);
            look_after_payment(&scene.stage.market, buyer, payment).await.unwrap();
            assert_eq!(scene.state(&placed).await, "captured", "{provider:?}");
        }
        scene.is_in_order().await;
    });
}

#[test]
fn whoever_pays_in_two_ways_gets_one_of_them_back() {
    on_both_databases(async |store| {
        let scene = Scene::on(store).await;
        let placed = scene.places().await;
        let mut references = Vec::new();
        for provider in EACH {
            scene.asks(&placed, provider).await.unwrap();
            references.push(scene.latest(provider));
        }
        for (provider, reference) in EACH.into_iter().zip(&references) {
            assert!(scene.gateways.desk(provider).is_paid(reference));
            scene.hears_of(provider, reference).await;
        }
        assert_eq!(scene.state(&placed).await, "captured");
        assert_eq!(scene.stands(&placed).await.provider, "stripe", "who told it first");
        scene.minutes_pass(3).await;
        let gone: Vec<i64> = EACH
            .into_iter()
            .zip(&references)
            .map(|(provider, reference)| scene.gateways.desk(provider).refunded(reference))
            .collect();
        assert_eq!(gone, [0, placed.total, placed.total]);
        let states: Vec<&str> =
            scene.attempts(&placed).await.iter().map(|attempt| attempt.state.code()).collect();
        assert_eq!(states, ["captured", "returned", "returned"]);
        scene.is_in_order().await;
    });
}

#[test]
fn an_attempt_which_nobody_needs_any_more_is_ended_at_the_provider() {
    on_both_databases(async |store| {
        let scene = Scene::on(store).await;
        let placed = scene.places().await;
        for provider in [ProviderName::WechatPay, ProviderName::Stripe, ProviderName::Alipay] {
            scene.asks(&placed, provider).await.unwrap();
        }
        scene.minutes_pass(2).await;
        for provider in [ProviderName::WechatPay, ProviderName::Stripe] {
            let paid = scene.gateways.desk(provider).is_paid(&scene.latest(provider));
            assert!(!paid, "{provider:?} still takes money for an attempt which was given up");
        }
        // The time to pay passes: the last one ends as well, and the orders with it.
        scene.stage.hours_pass(30).await.unwrap();
        assert_eq!(scene.state(&placed).await, "expired");
        let open: Vec<_> = scene
            .attempts(&placed)
            .await
            .into_iter()
            .filter(|attempt| attempt.state.is_open())
            .collect();
        assert_eq!(open, Vec::new());
        assert_eq!(scene.jobs_given_up().await, 0);
        scene.is_in_order().await;
    });
}

#[test]
fn money_which_comes_after_the_time_to_pay_goes_back() {
    on_both_databases(async |store| {
        let scene = Scene::on(store).await;
        for provider in EACH {
            let placed = scene.places().await;
            scene.asks(&placed, provider).await.unwrap();
            let reference = scene.latest(provider);
            assert!(scene.gateways.desk(provider).is_paid(&reference));
            // The provider cannot be asked until the time to pay is over.
            scene.gateways.desk(provider).falls_silent(true);
            scene.stage.hours_pass(30).await.unwrap();
            assert_eq!(scene.state(&placed).await, "expired");
            scene.gateways.desk(provider).falls_silent(false);
            scene.hears_of(provider, &reference).await;
            assert_eq!(scene.state(&placed).await, "returned_late");
            scene.stage.hours_pass(1).await.unwrap();
            let gone = scene.gateways.desk(provider).refunded(&reference);
            assert_eq!(gone, placed.total, "{provider:?}: order by order, all of it");
            assert_eq!(scene.shop_has(scene.stage.first, Account::RefundTransit).await, 0);
            scene.is_in_order().await;
        }
        assert_eq!(scene.jobs_given_up().await, 0);
    });
}

#[test]
fn a_refund_is_sent_once_and_confirmed_by_answer_query_or_notice() {
    on_both_databases(async |store| {
        let scene = Scene::on(store).await;
        for (provider, how) in EACH.into_iter().flat_map(|one| [(one, 0), (one, 1), (one, 2)]) {
            let placed = scene.places().await;
            scene.asks(&placed, provider).await.unwrap();
            let reference = scene.latest(provider);
            let desk = scene.gateways.desk(provider);
            desk.is_paid(&reference);
            scene.hears_of(provider, &reference).await;
            desk.takes_its_time_with_refunds(how > 0);
            // The buyer cancels one of the two orders in the free time.
            let (shop, order) = (scene.stage.first, placed.orders[&scene.stage.first]);
            let due = scene.stage.order(shop, order).await.unwrap().total_minor;
            cancel(&scene, order).await;
            scene.stage.sweeps().await.unwrap();
            assert_eq!(desk.refunded(&reference), due, "{provider:?}");
            let waits = scene.shop_has(shop, Account::RefundTransit).await;
            match how {
                0 => assert_eq!(waits, 0, "{provider:?} has confirmed at once"),
                1 => {
                    assert_eq!(waits, due, "{provider:?} takes its time");
                    scene.minutes_pass(2).await;
                    assert_eq!(scene.shop_has(shop, Account::RefundTransit).await, due);
                    desk.finishes_refunds();
                    scene.minutes_pass(5).await;
                }
                _ => {
                    assert_eq!(waits, due, "{provider:?} takes its time");
                    desk.finishes_refunds();
                    let trade = desk.trade(&reference).unwrap();
                    let refund = trade.refunds.keys().next().unwrap();
                    let sent = scene.gateways.refund_notice(provider, &reference, refund).unwrap();
                    for _ in 0..2 {
                        scene.hears(provider, &sent).await.unwrap();
                    }
                }
            }
            assert_eq!(scene.shop_has(shop, Account::RefundTransit).await, 0, "{provider:?} {how}");
            scene.stage.hours_pass(3).await.unwrap();
            assert_eq!(desk.refunded(&reference), due, "not a second time");
            assert_eq!(scene.state(&placed).await, "captured");
            scene.is_in_order().await;
        }
    });
}

async fn cancel(scene: &Scene, order: OrderId) {
    cancel_by_buyer(&scene.stage.market, scene.stage.buyer, order, None).await.unwrap();
}

#[test]
fn a_refund_outlives_a_provider_which_does_not_answer() {
    on_both_databases(async |store| {
        let scene = Scene::on(store).await;
        for provider in EACH {
            let placed = scene.places().await;
            scene.asks(&placed, provider).await.unwrap();
            let (reference, desk) = (scene.latest(provider), scene.gateways.desk(provider));
            desk.is_paid(&reference);
            scene.hears_of(provider, &reference).await;
            desk.falls_silent(true);
            let (shop, order) = (scene.stage.second, placed.orders[&scene.stage.second]);
            cancel(&scene, order).await;
            scene.minutes_pass(3).await;
            assert_eq!(desk.refunded(&reference), 0);
            assert!(scene.shop_has(shop, Account::RefundTransit).await > 0);
            desk.falls_silent(false);
            scene.stage.hours_pass(2).await.unwrap();
            assert!(desk.refunded(&reference) > 0, "{provider:?}");
            assert_eq!(scene.shop_has(shop, Account::RefundTransit).await, 0, "{provider:?}");
        }
        assert_eq!(scene.jobs_given_up().await, 0);
        scene.is_in_order().await;
    });
}

#[test]
fn an_order_taken_off_after_the_code_was_shown_gets_its_part_back() {
    on_both_databases(async |store| {
        let scene = Scene::on(store).await;
        let placed = scene.places().await;
        scene.asks(&placed, ProviderName::WechatPay).await.unwrap();
        let (reference, desk) =
            (scene.latest(ProviderName::WechatPay), scene.gateways.desk(ProviderName::WechatPay));
        let (shop, order) = (scene.stage.second, placed.orders[&scene.stage.second]);
        let taken_off = scene.stage.order(shop, order).await.unwrap().total_minor;
        cancel(&scene, order).await;
        let stands = scene.stands(&placed).await;
        assert_eq!(stands.next_step, None, "the old code asks for too much: {stands:?}");
        // The buyer had it on the phone already.
        assert!(desk.is_paid(&reference));
        scene.hears_of(ProviderName::WechatPay, &reference).await;
        assert_eq!(scene.state(&placed).await, "captured");
        scene.minutes_pass(2).await;
        assert_eq!(desk.refunded(&reference), taken_off);
        scene.is_in_order().await;
    });
}

#[test]
fn an_amount_nobody_asked_for_goes_back_whole() {
    on_both_databases(async |store| {
        let scene = Scene::on(store).await;
        for provider in EACH {
            let placed = scene.places().await;
            scene.asks(&placed, provider).await.unwrap();
            let (reference, desk) = (scene.latest(provider), scene.gateways.desk(provider));
            desk.takes_another_amount(&reference, placed.total - 1);
            scene.hears_of(provider, &reference).await;
            assert_eq!(scene.state(&placed).await, "requested", "{provider:?}");
            scene.minutes_pass(1).await;
            assert_eq!(desk.refunded(&reference), placed.total - 1, "{provider:?}");
            let states: Vec<&str> =
                scene.attempts(&placed).await.iter().map(|one| one.state.code()).collect();
            assert_eq!(states, ["returned"], "{provider:?}");
            // The buyer may try again.
            scene.asks(&placed, provider).await.unwrap();
            let again = scene.latest(provider);
            assert_ne!(again, reference);
            desk.is_paid(&again);
            scene.hears_of(provider, &again).await;
            assert_eq!(scene.state(&placed).await, "captured", "{provider:?}");
            scene.is_in_order().await;
        }
    });
}

#[test]
fn a_provider_which_does_not_answer_is_asked_again_with_the_same_reference() {
    on_both_databases(async |store| {
        let scene = Scene::on(store).await;
        for provider in EACH {
            let placed = scene.places().await;
            let desk = scene.gateways.desk(provider);
            let before = desk.references().len();
            desk.falls_silent(true);
            let failure = scene.asks(&placed, provider).await.unwrap_err();
            assert!(refused_with(&failure, "provider_unreachable"), "{failure:?}");
            assert!(!scene.stands(&placed).await.waiting, "there is nothing to wait for");
            desk.falls_silent(false);
            let first = scene.asks(&placed, provider).await.unwrap();
            let second = scene.asks(&placed, provider).await.unwrap();
            assert_eq!(first, second);
            assert_eq!(desk.references().len(), before + 1, "{provider:?}");
            assert_eq!(scene.attempts(&placed).await.len(), 1, "{provider:?}");
        }
        scene.is_in_order().await;
    });
}

#[test]
fn one_key_has_one_answer_and_what_is_not_set_up_is_refused() {
    on_both_databases(async |store| {
        let scene = Scene::on(store).await;
        let placed = scene.places().await;
        let (buyer, market) = (scene.stage.buyer, &scene.stage.market);
        let ask = |provider: ProviderName| AskProvider {
            buyer,
            payment: placed.payment,
            provider,
            request: Some(RequestKey::new(buyer, "one-key", "pay", provider.code().as_bytes())),
        };
        let first = ask_provider(market, ask(ProviderName::Alipay)).await.unwrap();
        let second = ask_provider(market, ask(ProviderName::Alipay)).await.unwrap();
        assert!(!first.replayed && second.replayed);
        assert_eq!(first.answer, second.answer);
        let other = ask_provider(market, ask(ProviderName::Stripe)).await.unwrap_err();
        assert_eq!(other, Failure::KeyReused);
        market.take_providers(actions::Providers::none());
        let placed = scene.places().await;
        let failure = scene.asks(&placed, ProviderName::Stripe).await.unwrap_err();
        assert!(refused_with(&failure, "no_provider"), "{failure:?}");
        let nothing = Sent { headers: Default::default(), body: Vec::new() };
        let nobody = scene.hears(ProviderName::Alipay, &nothing).await.unwrap_err();
        assert_eq!(nobody, NoticeFault::NotSetUp);
    });
}

#[test]
fn a_code_in_yuan_is_not_shown_for_dollars() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let gateways = Gateways::open(stage.market.clock.clone()).await.unwrap();
        stage.market.take_providers(gateways.providers("https://market.example").unwrap());
        let placed = stage.places(&[stage.line(stage.scarf, 1)]).await.unwrap();
        for provider in [ProviderName::Alipay, ProviderName::WechatPay] {
            let ask = AskProvider {
                buyer: stage.buyer,
                payment: placed.payment,
                provider,
                request: None,
            };
            let failure = ask_provider(&stage.market, ask).await.unwrap_err();
            assert!(refused_with(&failure, "provider_other_currency"), "{failure:?}");
        }
    });
}
