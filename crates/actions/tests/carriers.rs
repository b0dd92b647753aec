//! Carriers, on both databases: what they report, who may report it, what silence does, and which service takes a parcel.

use actions::caller::{Caller, Via};
use actions::carrier_keys::{self, MadeCarrierKey, roll_for_cli};
use actions::carrier_reports::{Outcome, Report, ReportedNews, take_report};
use actions::catalog::set_sides;
use actions::checkout::{Checkout, quote};
use actions::orders::{PackOrder, ShipOrder, pack_order, ship_order};
use actions::secrets::{SecretHash, report_signature};
use actions::testing::{Stage, address};
use actions::tracking::{ChangeTracking, change_tracking};
use actions::{Actor, Failure};
use rules::ids::{HOUSE, OrderId, PersonId, ShopId};
use rules::ledger::Account;
use rules::orders::{CancelReason, CancelledBy, Fault, OrderState, OrderStateName};
use rules::people::Role;
use rules::shipping::overrides::{OverrideReason, ServiceOverride};
use rules::shipping::parcels::{CarrierNews, ParcelState};
use rules::time::{Span, Timestamp};
use store::Tx;
use store::parcels::{Parcel, of_order};
use store::people::list_notices;
use store::testing::on_both_databases;

const NUMBER: &str = "1Z999AA10123456784";
const OTHER_NUMBER: &str = "1Z5R89390357567127";

/// An order which is handed to UPS under a real number: the sandbox's own carrier keeps out of it.
async fn shipped(stage: &Stage) -> Result<OrderId, Failure> {
    let order = stage.buys(stage.earbuds_black, 1).await?;
    stage.hours_pass(2).await?;
    let ask = stage.as_shop(stage.first, order);
    pack_order(&stage.market, PackOrder { ask: ask.clone(), weight_grams: 300 }).await?;
    let why = ServiceOverride { reason: OverrideReason::Other, note: "their van".to_owned() };
    let ship = ShipOrder {
        ask,
        service: "ups_ground".to_owned(),
        tracking_number: NUMBER.to_owned(),
        instead: Some(why),
    };
    ship_order(&stage.market, ship).await?;
    Ok(order)
}

async fn parcel(stage: &Stage, order: OrderId) -> Parcel {
    let shop = stage.first;
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(of_order(tx, shop, order).await?);
    stage.market.store.read(read).await.unwrap().pop().expect("one parcel")
}

fn news(number: &str, reference: &str, news: CarrierNews, at: Timestamp) -> ReportedNews {
    ReportedNews {
        tracking_number: number.to_owned(),
        carrier_ref: reference.to_owned(),
        news,
        place: "Oakland, CA".to_owned(),
        happened_at: at,
    }
}

/// Signs and sends; nothing where the door stays shut.
async fn sends(
    stage: &Stage,
    key: &MadeCarrierKey,
    carrier: &str,
    news: Vec<ReportedNews>,
) -> Option<Vec<Outcome>> {
    let body = serde_json::to_vec(&Report { news }).unwrap();
    let seconds = stage.market.now().ms() / 1_000;
    let signature = report_signature(key.text.reveal(), seconds, &body);
    let header = format!("t={seconds},v1={signature}");
    let taken = take_report(&stage.market, carrier, &header, &body).await.unwrap();
    taken.map(|answers| answers.into_iter().map(|answer| answer.outcome).collect())
}

async fn told(stage: &Stage) -> Vec<String> {
    let buyer = stage.buyer;
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(list_notices(tx, buyer, None, 50).await?);
    let notices = stage.market.store.read(read).await.unwrap();
    notices.into_iter().map(|notice| notice.kind).collect()
}

/// Journey 7.
#[test]
fn a_parcel_which_stops_moving_is_paid_by_the_carrier_and_the_shop_keeps_its_money() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = shipped(&stage).await.unwrap();
        let key = roll_for_cli(&stage.market, "ups").await.unwrap();
        let now = stage.market.now();
        let first = vec![
            news(NUMBER, "a", CarrierNews::Recognised, now),
            news(NUMBER, "b", CarrierNews::Collected, now),
        ];
        assert_eq!(sends(&stage, &key, "ups", first).await.unwrap(), [Outcome::Taken; 2]);
        stage.days_pass(4).await.unwrap();
        let scanned = stage.market.now();
        let moved = vec![news(NUMBER, "c", CarrierNews::Moved, scanned)];
        sends(&stage, &key, "ups", moved).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        let OrderState::InTransit { lost_at, .. } = row.state else { panic!("{:?}", row.state) };
        assert_eq!(lost_at, scanned + Span::from_days(7));
        stage.hours_pass(7 * 24 - 1).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::InTransit);
        stage.hours_pass(1).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        let (by, reason) = (CancelledBy::Deadline, CancelReason::LostInTransit);
        assert_eq!(row.state, OrderState::Cancelled { by, reason, fault: Fault::Carrier });
        let claims = stage.holds(stage.first, Account::CarrierClaims).await.unwrap();
        assert_eq!(claims, row.total_minor);
        let kept = row.total_minor - row.tax_minor - row.commission_minor;
        assert_eq!(stage.holds(stage.first, Account::Available).await.unwrap(), kept);
        assert_eq!(stage.holds(stage.first, Account::Escrow).await.unwrap(), 0);
        assert!(told(&stage).await.contains(&"cancelled".to_owned()));
        stage.days_pass(2).await.unwrap();
        assert!(told(&stage).await.contains(&"refunded".to_owned()));
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
        // Found again after all: the parcel is there, the money stays where it is.
        let late = vec![news(NUMBER, "d", CarrierNews::Delivered, stage.market.now())];
        assert_eq!(sends(&stage, &key, "ups", late).await.unwrap(), [Outcome::Taken]);
        assert_eq!(parcel(&stage, order).await.state, ParcelState::Delivered);
        let row = stage.order(stage.first, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::Cancelled);
    });
}

#[test]
fn news_which_comes_twice_and_in_the_wrong_order_leaves_the_parcel_where_it_is() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = shipped(&stage).await.unwrap();
        assert_eq!(parcel(&stage, order).await.recognised_at, None);
        stage.days_pass(2).await.unwrap();
        let key = roll_for_cli(&stage.market, "ups").await.unwrap();
        let now = stage.market.now();
        let ago = |hours: i64| now - Span::from_hours(hours);
        let reports = vec![
            news(NUMBER, "3", CarrierNews::Delivered, ago(1)),
            news(NUMBER, "2", CarrierNews::OutForDelivery, ago(5)),
            // As it is written on a label.
            news("1z 999 aa1 01 2345 6784", "1", CarrierNews::Collected, ago(30)),
            news(NUMBER, "2", CarrierNews::OutForDelivery, ago(5)),
            news("1Z0000000000000000", "9", CarrierNews::Lost, ago(1)),
        ];
        let taken = sends(&stage, &key, "ups", reports).await.unwrap();
        let expected = [
            Outcome::Taken,
            Outcome::Taken,
            Outcome::Taken,
            Outcome::Known,
            Outcome::UnknownNumber,
        ];
        assert_eq!(taken, expected);
        let parcel = parcel(&stage, order).await;
        assert_eq!((parcel.state, parcel.recognised_at), (ParcelState::Delivered, Some(ago(30))));
        let row = stage.order(stage.first, order).await.unwrap();
        assert_eq!(row.state.name(), OrderStateName::Delivered);
    });
}

#[test]
fn only_the_carriers_own_key_opens_and_only_for_a_few_minutes() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        shipped(&stage).await.unwrap();
        let key = roll_for_cli(&stage.market, "ups").await.unwrap();
        let other = roll_for_cli(&stage.market, "fedex").await.unwrap();
        let piece = || vec![news(NUMBER, "x", CarrierNews::Collected, stage.market.now())];
        assert_eq!(sends(&stage, &other, "ups", piece()).await, None);
        assert_eq!(sends(&stage, &key, "fedex", piece()).await, None);
        let body = serde_json::to_vec(&Report { news: piece() }).unwrap();
        let seconds = stage.market.now().ms() / 1_000;
        let signature = report_signature(key.text.reveal(), seconds, &body);
        let header = format!("t={seconds},v1={signature}");
        let mut changed = body.clone();
        changed[10] ^= 1;
        assert_eq!(take_report(&stage.market, "ups", &header, &changed).await.unwrap(), None);
        assert_eq!(take_report(&stage.market, "ups", "", &body).await.unwrap(), None);
        stage.market.clock.move_forward(Span::from_minutes(6));
        assert_eq!(take_report(&stage.market, "ups", &header, &body).await.unwrap(), None);
        // A new key, and the old one still opens for a day.
        let new = roll_for_cli(&stage.market, "ups").await.unwrap();
        assert_eq!(sends(&stage, &key, "ups", piece()).await.unwrap(), [Outcome::Taken]);
        assert_eq!(sends(&stage, &new, "ups", piece()).await.unwrap(), [Outcome::Known]);
        stage.market.clock.move_forward(Span::from_hours(24));
        assert_eq!(sends(&stage, &key, "ups", piece()).await, None);
        let admin = house_admin();
        carrier_keys::end(&stage.market, &admin, "ups").await.unwrap();
        assert_eq!(sends(&stage, &new, "ups", piece()).await, None);
        let desk = carrier_keys::desk(&stage.market, &admin).await.unwrap();
        let ups = desk.iter().find(|desk| desk.code == "ups").unwrap();
        assert_eq!(ups.keys.len(), 2);
        assert!(ups.keys.iter().all(|key| key.used_at.is_some()));
        let unknown = carrier_keys::roll(&stage.market, &admin, "nobody").await;
        assert!(matches!(unknown, Err(Failure::Invalid(_))), "{unknown:?}");
    });
}

fn house_admin() -> Caller {
    Caller {
        person: PersonId::new(5),
        name: "Morgan".to_owned(),
        email: "morgan@example.com".to_owned(),
        language: "en".to_owned(),
        memberships: vec![(HOUSE, Role::Admin)],
        via: Via::Session { token_hash: SecretHash::of("token") },
    }
}

#[test]
fn what_a_carrier_breaks_it_pays_and_what_comes_back_is_paid_back() {
    on_both_databases(async |store| {
        for (last, reason, fault) in [
            (CarrierNews::Damaged, CancelReason::DamagedInTransit, Fault::Carrier),
            (CarrierNews::Lost, CancelReason::LostInTransit, Fault::Carrier),
            (CarrierNews::Returned, CancelReason::ReturnedToSender, Fault::Nobody),
        ] {
            let stage = Stage::on(store.clone()).await.unwrap();
            let order = shipped(&stage).await.unwrap();
            let key = roll_for_cli(&stage.market, "ups").await.unwrap();
            let now = stage.market.now();
            let way = vec![
                news(NUMBER, &format!("{order}-1"), CarrierNews::Collected, now),
                news(NUMBER, &format!("{order}-2"), CarrierNews::Returning, now),
                news(NUMBER, &format!("{order}-3"), last, now),
            ];
            sends(&stage, &key, "ups", way).await.unwrap();
            let row = stage.order(stage.first, order).await.unwrap();
            let by = CancelledBy::Carrier;
            assert_eq!(row.state, OrderState::Cancelled { by, reason, fault });
            let claims = stage.holds(stage.first, Account::CarrierClaims).await.unwrap();
            let owed = if fault == Fault::Carrier { row.total_minor } else { 0 };
            assert_eq!(claims, owed, "{last:?}");
            assert_eq!(stage.holds(stage.first, Account::Escrow).await.unwrap(), 0);
            stage.sweeps().await.unwrap();
            let told = told(&stage).await;
            assert!(told.contains(&"parcel_returning".to_owned()), "{told:?}");
            assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
        }
    });
}

#[test]
fn a_number_is_corrected_once_and_within_three_days() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = shipped(&stage).await.unwrap();
        let id = parcel(&stage, order).await.id;
        let change = |number: &str| ChangeTracking {
            ask: stage.as_shop(stage.first, order),
            parcel: id,
            service: String::new(),
            tracking_number: number.to_owned(),
        };
        let wrong = change_tracking(&stage.market, change("1Z999AA10123456785")).await;
        assert!(matches!(wrong, Err(Failure::Invalid(_))), "{wrong:?}");
        refused(change_tracking(&stage.market, change(NUMBER)).await, "same_number");
        change_tracking(&stage.market, change(OTHER_NUMBER)).await.unwrap();
        let again = change_tracking(&stage.market, change(NUMBER)).await;
        refused(again, "number_changed_before");
        let key = roll_for_cli(&stage.market, "ups").await.unwrap();
        let now = stage.market.now();
        let both = vec![
            news(NUMBER, "old", CarrierNews::Delivered, now),
            news(OTHER_NUMBER, "new", CarrierNews::Collected, now),
        ];
        let taken = sends(&stage, &key, "ups", both).await.unwrap();
        assert_eq!(taken, [Outcome::UnknownNumber, Outcome::Taken]);
        stage.sweeps().await.unwrap();
        assert!(told(&stage).await.contains(&"tracking_changed".to_owned()));

        let stage = Stage::on(stage.market.store.clone()).await.unwrap();
        let order = shipped(&stage).await.unwrap();
        let id = parcel(&stage, order).await.id;
        stage.market.clock.move_forward(Span::from_hours(73));
        let late = ChangeTracking {
            ask: stage.as_shop(stage.first, order),
            parcel: id,
            service: String::new(),
            tracking_number: OTHER_NUMBER.to_owned(),
        };
        refused(change_tracking(&stage.market, late).await, "number_change_too_late");
    });
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Failure>, code: &str) {
    match outcome {
        Err(Failure::Refused(refusal)) if refusal.code == code => {}
        other => panic!("expected {code}, got {other:?}"),
    }
}

#[test]
fn another_service_than_the_promised_one_needs_a_reason_which_is_kept() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = stage.buys(stage.earbuds_black, 1).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        let ask = stage.as_shop(stage.first, order);
        pack_order(&stage.market, PackOrder { ask: ask.clone(), weight_grams: 300 }).await.unwrap();
        let ship = |service: &str, instead| ShipOrder {
            ask: ask.clone(),
            service: service.to_owned(),
            tracking_number: String::new(),
            instead,
        };
        let why = |reason, note: &str| Some(ServiceOverride { reason, note: note.to_owned() });
        invalid(ship_order(&stage.market, ship("ups_ground", None)).await, "override_reason");
        let wordless = ship("ups_ground", why(OverrideReason::Other, ""));
        invalid(ship_order(&stage.market, wordless).await, "override_reason");
        let barred = ship("yun_from_china", why(OverrideReason::Cheaper, ""));
        invalid(ship_order(&stage.market, barred).await, "service");
        let good = ship("ups_ground", why(OverrideReason::NoPickUp, "closed for snow"));
        ship_order(&stage.market, good).await.unwrap();
        let parcel = parcel(&stage, order).await;
        assert_eq!(parcel.override_reason, "no_pick_up: closed for snow");
        assert_eq!(parcel.carrier, "ups");
    });
}

fn invalid<T: std::fmt::Debug>(outcome: Result<T, Failure>, field: &str) {
    match outcome {
        Err(Failure::Invalid(faults)) if faults[0].field == field => {}
        other => panic!("expected a fault of {field}, got {other:?}"),
    }
}

/// From Oakland: the same goods across the continent, and the same once they are measured.
#[test]
fn a_parcel_is_priced_by_distance_and_by_the_space_it_takes() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let price = async |postcode: &str| {
            let mut address = address();
            address.postcode = postcode.to_owned();
            let lines = vec![stage.line(stage.earbuds_black, 1)];
            let checkout = Checkout { lines, address, services: Default::default() };
            let quote = quote(&stage.market, checkout).await.unwrap();
            let shop = quote.shops.into_iter().next().unwrap();
            (shop.ranking, shop.promise_by)
        };
        let minor = |ranking: &rules::shipping::rates::Ranking, code: &str| {
            ranking.offers.iter().find(|offer| offer.service == code).map(|o| o.price_minor)
        };
        let (near, near_by) = price("94105").await;
        let (far, far_by) = price("10001").await;
        assert!(far_by > near_by, "{near_by} {far_by}");
        let near_ups = minor(&near, "ups_ground").unwrap();
        assert_eq!(
            minor(&far, "ups_ground"),
            Some(near_ups + near_ups * 3 / 10 + 1),
            "30 % more, rounded"
        );
        let actor = Actor::Staff { person: PersonId::new(77), shop: stage.first };
        let sides =
            |sides| set_sides(&stage.market, actor, stage.first, stage.earbuds_black, sides);
        sides([600, 400, 200]).await.unwrap();
        let (large, _) = price("94105").await;
        assert_eq!(minor(&large, "ups_ground"), Some(near_ups + 9 * 180));
        sides([2_800, 100, 100]).await.unwrap();
        let (long, _) = price("94105").await;
        let why =
            long.excluded.iter().find(|(code, _)| code == "ups_ground").map(|(_, w)| w.code());
        assert_eq!(why, Some("too_long"));
        invalid(sides([100, 0, 100]).await, "width_mm");
        let nobodys = set_sides(&stage.market, actor, ShopId::new(3), stage.earbuds_black, [1; 3]);
        assert_eq!(nobodys.await, Err(Failure::NotFound));
    });
}

/// The sandbox's carrier signs as every other one, and its parcels end somewhere.
#[test]
fn the_sandbox_carrier_comes_through_the_same_door() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await.unwrap();
        let order = stage.buys(stage.earbuds_black, 1).await.unwrap();
        stage.hours_pass(2).await.unwrap();
        stage.ships(stage.first, order).await.unwrap();
        stage.hours_pass(1).await.unwrap();
        assert!(parcel(&stage, order).await.recognised_at.is_some());
        let desk = carrier_keys::desk(&stage.market, &house_admin()).await.unwrap();
        let carrier = parcel(&stage, order).await.carrier;
        let own = desk.iter().find(|desk| desk.code == carrier).unwrap();
        assert!(own.keys.first().is_some_and(|key| key.used_at.is_some()));
        stage.days_pass(45).await.unwrap();
        let row = stage.order(stage.first, order).await.unwrap();
        let name = row.state.name();
        assert!(matches!(name, OrderStateName::Settled | OrderStateName::Cancelled), "{name:?}");
    });
}
