//! Stock is never oversold, whoever asks at the same time; what leaves it leaves by batch, the oldest first.

use std::collections::BTreeMap;

use rules::ids::{ShopId, SkuId, StockBatchId, WarehouseId};
use rules::time::Timestamp;
use store::stock::{self, Batch, CountRefused, SoldOut, Stock};
use store::testing::on_both_databases;
use store::{DbError, Store, Tx};

const SHOP: ShopId = ShopId::new(7);
const OTHER_SHOP: ShopId = ShopId::new(8);
const NOW: Timestamp = Timestamp::from_ms(1_000);

fn sku(number: i64) -> SkuId {
    SkuId::new(number)
}

fn needs(list: &[(i64, i64)]) -> BTreeMap<SkuId, i64> {
    list.iter().map(|(id, count)| (sku(*id), *count)).collect()
}

async fn stocked(store: &Store, counts: &[(i64, i64)]) {
    let counts = counts.to_vec();
    let act = async move |tx: &mut Tx| -> Result<(), DbError> {
        for (id, count) in &counts {
            stock::insert(tx, SHOP, sku(*id), WarehouseId::new(1), NOW).await?;
            stock::set_count(tx, SHOP, sku(*id), *count).await?.expect("the row is new");
        }
        Ok(())
    };
    store.write(act).await.unwrap();
}

async fn reserve(store: &Store, shop: ShopId, list: &[(i64, i64)]) -> Result<(), SoldOut> {
    let needs = needs(list);
    let act =
        async move |tx: &mut Tx| -> Result<_, DbError> { stock::reserve(tx, shop, &needs).await };
    store.write(act).await.expect("the database answers")
}

async fn stock_of(store: &Store, id: i64) -> Stock {
    let act =
        async move |tx: &mut Tx| -> Result<_, DbError> { stock::load(tx, SHOP, [sku(id)]).await };
    store.read(act).await.unwrap()[&sku(id)]
}

async fn receive(store: &Store, batch: i64, id: i64, count: i64) {
    let batch = Batch {
        id: StockBatchId::new(batch),
        sku: sku(id),
        code: format!("B{batch}"),
        supplier: "Jade".to_owned(),
        received_count: count,
        remaining_count: count,
        received_at: NOW,
    };
    let act = async move |tx: &mut Tx| -> Result<bool, DbError> {
        stock::receive(tx, SHOP, &batch).await
    };
    assert_eq!(store.write(act).await, Ok(true));
}

/// Starts all of them at once and counts those which got what they asked for.
async fn race(store: &Store, asks: Vec<Vec<(i64, i64)>>) -> usize {
    let buyers = asks.into_iter().map(|ask| {
        let store = store.clone();
        async move { reserve(&store, SHOP, &ask).await.is_ok() }
    });
    let served = futures_util::future::join_all(buyers).await;
    served.into_iter().filter(|served| *served).count()
}

#[test]
fn of_many_buyers_exactly_as_many_are_served_as_there_are_units() {
    on_both_databases(async |store| {
        stocked(&store, &[(1, 10)]).await;
        assert_eq!(race(&store, vec![vec![(1, 1)]; 60]).await, 10);
        let stock = stock_of(&store, 1).await;
        assert_eq!((stock.on_hand, stock.reserved, stock.left()), (10, 10, 0));
    });
}

#[test]
fn a_bundle_and_its_part_compete_for_the_same_units() {
    on_both_databases(async |store| {
        stocked(&store, &[(1, 12), (2, 100)]).await;
        // A box needs two of SKU 1 and one of SKU 2; others want SKU 1 alone.
        let asks =
            (0..40).map(|n| if n % 2 == 0 { vec![(1, 2), (2, 1)] } else { vec![(1, 1)] }).collect();
        race(&store, asks).await;
        let (first, second) = (stock_of(&store, 1).await, stock_of(&store, 2).await);
        assert_eq!(first.reserved, 12, "all are sold, and none twice");
        let boxes = second.reserved;
        assert!(boxes <= 6 && first.reserved - 2 * boxes >= 0);
    });
}

#[test]
fn orders_which_name_the_same_skus_in_any_order_do_not_block_each_other() {
    on_both_databases(async |store| {
        stocked(&store, &[(1, 1_000), (2, 1_000), (3, 1_000)]).await;
        let asks = (0..60).map(|n| vec![(1 + n % 3, 1), (1 + (n + 1) % 3, 1)]).collect();
        assert_eq!(race(&store, asks).await, 60);
    });
}

#[test]
fn sold_out_names_the_sku_and_leaves_nothing_reserved() {
    on_both_databases(async |store| {
        stocked(&store, &[(1, 5), (2, 3)]).await;
        let refused = reserve(&store, SHOP, &[(1, 2), (2, 4)]).await;
        assert_eq!(refused, Err(SoldOut { sku: sku(2), asked: 4, left: 3 }));
        assert_eq!(stock_of(&store, 1).await.reserved, 0);
        let unknown = reserve(&store, SHOP, &[(99, 1)]).await;
        assert_eq!(unknown, Err(SoldOut { sku: sku(99), asked: 1, left: 0 }));
        let of_another = reserve(&store, OTHER_SHOP, &[(1, 1)]).await;
        assert_eq!(of_another, Err(SoldOut { sku: sku(1), asked: 1, left: 0 }));
    });
}

#[test]
fn what_is_released_can_be_sold_again_but_not_twice() {
    on_both_databases(async |store| {
        stocked(&store, &[(1, 4)]).await;
        reserve(&store, SHOP, &[(1, 4)]).await.unwrap();
        let release = async |tx: &mut Tx| stock::release(tx, SHOP, &needs(&[(1, 3)])).await;
        store.write(release).await.unwrap();
        assert_eq!(stock_of(&store, 1).await.left(), 3);
        let again = store.write(release).await;
        assert!(matches!(again, Err(DbError::Broken(_))), "only 1 is still reserved: {again:?}");
        reserve(&store, SHOP, &[(1, 3)]).await.unwrap();
    });
}

#[test]
fn goods_leave_by_batch_the_oldest_first() {
    on_both_databases(async |store| {
        stocked(&store, &[(1, 1)]).await;
        receive(&store, 11, 1, 3).await;
        receive(&store, 12, 1, 4).await;
        assert_eq!(stock_of(&store, 1).await.on_hand, 8);
        reserve(&store, SHOP, &[(1, 8)]).await.unwrap();
        let take = async |count: i64| {
            let act =
                async move |tx: &mut Tx| stock::take_out(tx, SHOP, &needs(&[(1, count)])).await;
            let taken: Vec<stock::Taken> = store.write(act).await.unwrap();
            taken
        };
        let shape = |taken: &[stock::Taken]| -> Vec<(Option<i64>, i64)> {
            taken.iter().map(|t| (t.batch.map(|id| id.number()), t.count)).collect()
        };
        let first = take(4).await;
        assert_eq!(shape(&first), [(Some(11), 3), (Some(12), 1)]);
        assert_eq!((first[0].batch_code.as_str(), first[0].supplier.as_str()), ("B11", "Jade"));
        assert_eq!(shape(&take(4).await), [(Some(12), 3), (None, 1)]);
        let stock = stock_of(&store, 1).await;
        assert_eq!((stock.on_hand, stock.reserved), (0, 0));

        store
            .write(async move |tx: &mut Tx| stock::put_back(tx, SHOP, &first).await)
            .await
            .unwrap();
        assert_eq!(stock_of(&store, 1).await.on_hand, 4);
        let list = async |tx: &mut Tx| stock::list_batches(tx, SHOP, sku(1), 10).await;
        let batches: Vec<Batch> = store.read(list).await.unwrap();
        let remaining: Vec<i64> = batches.iter().map(|batch| batch.remaining_count).collect();
        assert_eq!(remaining, [1, 3], "newest first");
    });
}

#[test]
fn a_count_is_never_below_what_is_promised_and_shortens_the_oldest_batch() {
    on_both_databases(async |store| {
        stocked(&store, &[(1, 0)]).await;
        receive(&store, 11, 1, 5).await;
        receive(&store, 12, 1, 5).await;
        reserve(&store, SHOP, &[(1, 2)]).await.unwrap();
        let count = async |to: i64| {
            let act = async move |tx: &mut Tx| stock::set_count(tx, SHOP, sku(1), to).await;
            store.write(act).await.unwrap()
        };
        assert_eq!(count(1).await, Err(CountRefused::BelowReserved { reserved: 2 }));
        assert_eq!(count(7).await, Ok(10));
        let list = async |tx: &mut Tx| stock::list_batches(tx, SHOP, sku(1), 10).await;
        let batches: Vec<Batch> = store.read(list).await.unwrap();
        let remaining: Vec<i64> = batches.iter().map(|batch| batch.remaining_count).collect();
        assert_eq!(remaining, [5, 2], "newest first");
    });
}
