//! The simulation itself: its seeds hold, and one seed is one history.

use cli::simulation::play;
use store::testing::TestFolder;

fn plays(seed: u64, days: i64) -> cli::simulation::Played {
    let folder = TestFolder::make();
    let database = folder.path().join("market.db").display().to_string();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let played = runtime.block_on(play(&database, seed, days));
    played.unwrap_or_else(|error| panic!("seed {seed}, {days} days: {error:#}"))
}

#[test]
fn some_seeds_hold() {
    for seed in [2, 5, 9, 34] {
        let played = plays(seed, 4);
        assert!(played.orders > 0, "seed {seed} has no order at all");
    }
}

#[test]
fn the_same_seed_plays_the_same_history() {
    let first = plays(7, 3);
    assert_eq!(first, plays(7, 3));
    assert_ne!(first.history, plays(8, 3).history);
}
