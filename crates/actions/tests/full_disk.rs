//! A disk which is full: writes are refused as such, reads go on, and nothing is half done.

use actions::chance::Chance;
use actions::clock::Clock;
use actions::house::{Opening, open_store};
use actions::sandbox_provider::Instrument;
use actions::testing::{BEGIN, Stage};
use actions::{Failure, Market, Mode};
use rules::ids::PersonId;
use rules::time::Span;
use store::testing::TestFolder;
use store::{Store, StoreOptions, Tx, lists, stock};

/// SQLite's pages.
const PAGE_BYTES: u64 = 4096;

async fn opened(address: &str, largest_pages: Option<u32>) -> Market {
    let options = StoreOptions { largest_pages, ..StoreOptions::default() };
    let store = Store::open(address, options).await.unwrap();
    store.migrate().await.unwrap();
    let opening = Opening {
        database: String::new(),
        mode: Mode::Sandbox,
        clock: Some(Clock::manual(BEGIN + Span::from_hours(1))),
        chance: Chance::seeded(8),
    };
    open_store(store, opening).await.unwrap()
}

/// The small market on a disk which has room for a few orders more.
async fn on_a_small_disk(address: &str) -> Stage {
    let store = Store::open(address, StoreOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    let Stage { market, buyer, first, second, earbuds_black, earbuds_blue, earbuds_set, scarf } =
        Stage::on(store).await.unwrap();
    // The last one to go writes the log into the file: then its length is what is used.
    drop(market);
    let pages = std::fs::metadata(address).unwrap().len() / PAGE_BYTES;
    let market = opened(address, Some(u32::try_from(pages).unwrap() + 12)).await;
    Stage { market, buyer, first, second, earbuds_black, earbuds_blue, earbuds_set, scarf }
}

/// Pieces of the scarf which orders hold, and how many orders there are.
async fn held(stage: &Stage) -> (i64, usize) {
    let (shop, scarf) = (stage.second, stage.scarf);
    let read = async move |tx: &mut Tx| {
        let stock = stock::load(tx, shop, [scarf]).await?;
        let orders = lists::orders::of_house(tx, None, None, i64::MAX, 1_000).await?;
        Ok::<_, Failure>((stock[&scarf].reserved, orders.len()))
    };
    stage.market.store.read(read).await.unwrap()
}

#[test]
fn on_a_full_disk_nothing_is_half_done_and_with_room_again_the_market_goes_on() {
    let folder = TestFolder::make();
    let address = folder.path().join("market.db").display().to_string();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut stage = on_a_small_disk(&address).await;
        let mut placed = Vec::new();
        let failure = loop {
            let buyer = PersonId::new(1_000 + placed.len() as i64);
            match stage.places_as(buyer, &[stage.line(stage.scarf, 1)]).await {
                Ok(done) => placed.push((buyer, done)),
                Err(failure) => break failure,
            }
        };
        assert_eq!(failure, Failure::Full);
        assert!(!placed.is_empty(), "there was room for one order at least");
        let all = (placed.len() as i64, placed.len());
        assert_eq!(held(&stage).await, all);
        let mut refused = 0;
        for (buyer, done) in &placed {
            // Served whole, or not at all.
            if let Err(failure) = stage.pays_as(*buyer, done, Instrument::CardOk).await {
                assert_eq!(failure, Failure::Full);
                refused += 1;
            }
        }
        assert!(refused > 0, "a payment needs room too");
        assert_eq!(held(&stage).await, all);
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
        stage.market = opened(&address, None).await;
        stage.places(&[stage.line(stage.scarf, 1)]).await.unwrap();
        assert_eq!(held(&stage).await, (all.0 + 1, all.1 + 1));
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
    });
}
