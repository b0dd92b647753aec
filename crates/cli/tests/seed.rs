//! A market which was filled in bulk is a market like any other: its books balance, its invariants hold, its pages open.

use actions::chance::Chance;
use actions::clock::Clock;
use actions::deadlines::{SweepSettings, sweep};
use actions::house::{Opening, open_store};
use actions::seeding::Profile;
use actions::{Mode, books};
use cli::bench::client::Client;
use cli::bench::hall::Hall;
use cli::life::Life;
use cli::seed::{Wanted, fill};
use cli::simulation::look_over;
use rules::orders::OrderStateName;
use rules::time::{Span, Timestamp};
use store::Store;
use store::testing::on_both_databases;

/// 2026-06-03T15:00:00Z.
const NOW: Timestamp = Timestamp::from_ms(1_780_498_800_000);

fn wanted(orders: u64) -> Wanted {
    Wanted { orders, seed: 3, days: 60, until: NOW, profile: Profile::Life }
}

async fn seeded(store: Store, wanted: &Wanted) -> Life {
    let start = wanted.until - Span::from_days(wanted.days);
    let opening = Opening {
        database: String::new(),
        mode: Mode::Sandbox,
        clock: Some(Clock::manual(start)),
        chance: Chance::seeded(wanted.seed),
    };
    let market = open_store(store, opening).await.unwrap();
    let life = Life::raise(market, Chance::seeded(wanted.seed), 1).await.unwrap();
    let report = fill(&life, wanted, |_| {}).await.unwrap();
    assert_eq!(report.orders, wanted.orders);
    life.market.clock.move_forward(wanted.until.since(life.market.now()));
    life
}

#[test]
fn a_seeded_market_holds_all_invariants_and_goes_on() {
    on_both_databases(async |store| {
        let life = seeded(store, &wanted(2_000)).await;
        let rows = look_over(&life).await.unwrap();
        for name in OrderStateName::ALL {
            let count = rows.iter().filter(|row| row.state.name() == name).count();
            assert!(count > 0, "no order is {}", name.code());
        }
        // It goes on from there: deadlines pass, parcels arrive, days are closed, and the books stay in order.
        for _ in 0..3 {
            life.market.clock.move_forward(Span::from_hours(31));
            let report = sweep(&life.market, SweepSettings::default()).await.unwrap();
            assert_eq!(report.failed, 0);
        }
        let report = books::check(&life.market).await.unwrap();
        assert!(report.faults.is_empty(), "{}", report.faults[0]);
    });
}

#[test]
fn the_same_seed_makes_the_same_market() {
    let seen = std::cell::RefCell::new(Vec::new());
    for _ in 0..2 {
        on_both_databases(async |store| {
            let life = seeded(store, &wanted(300)).await;
            let rows = look_over(&life).await.unwrap();
            seen.borrow_mut().push(rows);
        });
    }
    let seen = seen.into_inner();
    assert!(seen.windows(2).all(|two| two[0] == two[1]), "one seed made two markets");
}

#[test]
fn all_orders_of_a_tier_fall_due_together_where_they_were_received_at_once() {
    on_both_databases(async |store| {
        let wanted = Wanted { profile: Profile::ReceivedAtOnce, ..wanted(400) };
        let life = seeded(store, &wanted).await;
        let rows = look_over(&life).await.unwrap();
        let completed: Vec<_> =
            rows.iter().filter(|row| row.state.name() == OrderStateName::Completed).collect();
        assert!(completed.len() > 380, "{} of 400", completed.len());
        let mut due: Vec<_> = completed.iter().filter_map(|row| row.state.due_at()).collect();
        due.sort_unstable();
        due.dedup();
        assert!(due.len() <= 3, "one moment a tier: {due:?}");
    });
}

#[test]
fn pages_show_seeded_orders_like_others() {
    on_both_databases(async |store| {
        let life = seeded(store, &wanted(500)).await;
        let rows = look_over(&life).await.unwrap();
        let hall = Hall::over(life.market.clone(), None).await.unwrap();
        let mut operator = hall.signed_in(life.operator).await.unwrap();
        for path in
            ["/operator", "/operator/orders", "/operator/orders?view=cancelled", "/operator/ledger"]
        {
            sees(&mut operator, path, "").await;
        }
        let shop = &life.shops[0];
        let mut seller = hall.signed_in(shop.owner).await.unwrap();
        for view in ["to-ship", "shipped", "in-transit", "done", "cancelled", "all"] {
            sees(&mut seller, &format!("/seller/{}/orders?view={view}", shop.id), "").await;
        }
        sees(&mut seller, &format!("/seller/{}/statements", shop.id), "").await;
        for row in rows.iter().step_by(9) {
            let number = row.id.to_string();
            sees(&mut operator, &format!("/operator/orders/{number}"), &number).await;
            if row.shop == shop.id {
                sees(&mut seller, &format!("/seller/{}/orders/{number}", shop.id), &number).await;
            }
        }
        let row = &rows[rows.len() / 2];
        let mut buyer = hall.signed_in(row.buyer).await.unwrap();
        sees(&mut buyer, "/orders", &row.id.to_string()).await;
        sees(&mut buyer, &format!("/orders/{}", row.id), &row.buyer_name).await;
        hall.close().await.unwrap();
    });
}

async fn sees(client: &mut Client, path: &str, words: &str) {
    let (status, body) = client.get(path).await.unwrap();
    let page = String::from_utf8_lossy(&body).into_owned();
    assert_eq!(status, 200, "{path}: {page}");
    assert!(page.contains(words), "{path} does not say {words}");
}
