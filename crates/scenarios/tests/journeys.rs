//! The market's journeys told through its acts: what has to come true whichever pages people use.

use actions::baskets::{add_to_basket, read_basket};
use actions::catalog::{product_page, search_page};
use actions::checkout::{Checkout, LineWanted, PlaceOrders, Placed, place_orders, quote};
use actions::orders::{OrderAsk, PackOrder, ShipOrder, pack_order, ship_order};
use actions::payments::show_payment;
use actions::sandbox_provider::Instrument;
use actions::{Actor, Failure, books};
use anyhow::Context;
use cli::life::LifeBuyer;
use rules::ids::{OrderId, ShopId};
use rules::ledger::Account;
use rules::orders::OrderStateName;
use rules::policy::MarketCode;
use rules::time::Span;
use scenarios::House;
use store::events::{self, EventSeen};
use store::orders::OrderRow;
use store::{Tx, orders};

/// Journey 1: two shops, one basket.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_basket_of_two_shops_is_paid_once_and_becomes_two_orders() -> anyhow::Result<()> {
    let house = House::raise().await?;
    let (market, buyer) = (house.market(), house.buyer());
    let place = MarketCode::parse(&buyer.market)?;
    // Both words lead to the same earbuds; the colour makes the SKU.
    let chinese = search_page(market, place, "蓝牙", None, None).await?.cards;
    let english = search_page(market, place, "earbuds", None, None).await?.cards;
    let earbuds = english.first().context("somebody sells earbuds")?;
    assert!(chinese.iter().any(|found| found.card.id == earbuds.card.id), "{chinese:?}");
    let page = product_page(market, earbuds.card.shop, earbuds.card.id).await?;
    let mint = page
        .skus
        .iter()
        .find(|view| view.sku.values.iter().any(|value| value.eq_ignore_ascii_case("mint")));
    let mint = mint.context("the earbuds come in mint")?.sku.sku;
    let towel = house.shop(1).goods[0].sku;
    let lines = [
        LineWanted { shop: page.shop.id, sku: mint, quantity: 1 },
        LineWanted { shop: house.shop(1).id, sku: towel, quantity: 2 },
    ];
    for line in &lines {
        add_to_basket(market, buyer.person, *line).await?;
    }

    let checkout =
        Checkout { lines: lines.to_vec(), address: buyer.address.clone(), services: [].into() };
    let quoted = quote(market, checkout.clone()).await?;
    assert_eq!(quoted.shops.len(), 2);
    assert!(quoted.shops.iter().all(|shop| shop.promise_by > market.now()));
    let itemised: i64 = quoted.shops.iter().map(|shop| shop.price.total_minor).sum();
    assert_eq!(quoted.total.minor, itemised);

    let ask = PlaceOrders {
        buyer: buyer.person,
        buyer_name: buyer.name.clone(),
        checkout,
        expected_total: Some(quoted.total),
        from_basket: true,
        request: None,
    };
    let placed = place_orders(market, ask).await?.answer;
    assert_eq!(read_basket(market, buyer.person).await?.pieces, 0, "the basket is empty again");
    let paid = house.pays(buyer, &placed, Instrument::CardOk).await?;
    assert_eq!((paid.state.as_str(), paid.amount), ("captured", quoted.total));
    assert_eq!(placed.orders.len(), 2);
    for order in &placed.orders {
        let kinds = told(&house, order.shop, order.id).await?;
        assert_eq!(kinds, ["placed", "paid"]);
    }
    the_books_are_in_order(&house).await
}

/// Journey 2: the last one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_piece_in_two_baskets_goes_to_one_and_the_other_pays_nothing() -> anyhow::Result<()>
{
    let house = House::raise().await?;
    let (market, shop) = (house.market(), house.shop(1));
    let goods = shop.goods[0];
    let left = product_page(market, shop.id, goods.product).await?;
    let left = left.skus.iter().find(|view| view.sku.sku == goods.sku);
    let left = left.context("the goods are listed")?.available;
    // Somebody buys all but one.
    let many = house.places(house.buyer(), &[(1, 0, left - 1)]).await?;
    house.pays(house.buyer(), &many, Instrument::CardOk).await?;
    let (first, second) = (&house.life.buyers[1], &house.life.buyers[2]);
    let last = LineWanted { shop: shop.id, sku: goods.sku, quantity: 1 };
    for buyer in [first, second] {
        add_to_basket(market, buyer.person, last).await?;
    }
    let (one, other) =
        tokio::join!(places_basket(&house, first, last), places_basket(&house, second, last));
    let (placed, refused, winner, loser) = match (one, other) {
        (Ok(placed), Err(refused)) => (placed, refused, first, second),
        (Err(refused), Ok(placed)) => (placed, refused, second, first),
        (one, other) => anyhow::bail!("exactly one of them gets it: {one:?} {other:?}"),
    };
    let Failure::Refused(refusal) = refused else { anyhow::bail!("{refused:?}") };
    assert_eq!(refusal.code, "sold_out");
    house.pays(winner, &placed, Instrument::CardOk).await?;
    assert!(house.orders_of(loser).await?.is_empty(), "nothing was ordered, so nothing is charged");
    let kept = read_basket(market, loser.person).await?;
    assert_eq!(kept.pieces, 1, "the basket keeps what could not be ordered, and says so");
    assert_eq!(kept.shops[0].items[0].available, 0);
    the_books_are_in_order(&house).await
}

/// Journey 3: paid twice, told late.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_provider_tells_three_times_and_it_is_one_payment_of_one_order() -> anyhow::Result<()> {
    let house = House::raise().await?;
    let (market, buyer, shop) = (house.market(), house.buyer(), house.shop(0).id);
    let placed = house.places(buyer, &[(0, 0, 1)]).await?;
    let order = placed.orders[0].id;
    let paid = house.pays(buyer, &placed, Instrument::CardTwice).await?;
    assert_eq!(paid.state, "captured");
    let received = holds(&house, shop, Account::ProviderClearing).await?;
    assert_eq!(received, placed.total.minor);
    // The first notice comes before the buyer's page is back, the second right after it, the third a day later.
    for hours in [0, 1, 30] {
        house.hours_pass(hours).await?;
        market.clock.move_forward(Span::from_minutes(1));
        actions::deadlines::sweep(market, house.life.sweep).await?;
        assert_eq!(holds(&house, shop, Account::ProviderClearing).await?, received);
    }
    let payment = show_payment(market, buyer.person, placed.payment).await?;
    assert_eq!(payment.state, "captured");
    let kinds = told(&house, shop, order).await?;
    assert_eq!(kinds.iter().filter(|kind| *kind == "paid").count(), 1, "{kinds:?}");
    assert_eq!(house.orders_of(buyer).await?.len(), 1);
    the_books_are_in_order(&house).await
}

/// Journey 8, first half: from delivered to the shop's money, with the reserve kept back for its time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivered_order_settles_and_its_reserve_follows() -> anyhow::Result<()> {
    let house = House::raise().await?;
    let (buyer, shop) = (house.buyer(), house.shop(0).id);
    let placed = house.places(buyer, &[(0, 0, 2)]).await?;
    let order = placed.orders[0].id;
    house.pays(buyer, &placed, Instrument::CardOk).await?;
    house.hours_pass(2).await?;
    ships(&house, shop, order).await?;
    let delivered = passes_until(&house, shop, order, OrderStateName::Delivered).await?;
    assert!(delivered > 0);
    assert!(holds(&house, shop, Account::Escrow).await? > 0, "the house still holds the money");
    passes_until(&house, shop, order, OrderStateName::Settled).await?;
    let mut kinds = told(&house, shop, order).await?;
    // How many scans there are on the way is the carrier's business.
    kinds.retain(|kind| kind != "progressed");
    let way = [
        "placed",
        "paid",
        "confirmed",
        "packed",
        "shipped",
        "collected",
        "delivered",
        "completed",
        "settled",
    ];
    assert_eq!(kinds, way);

    let row = row(&house, shop, order).await?;
    // The house pays its own share of a discount: the shop gets it as if the buyer had paid it.
    let proceeds =
        row.total_minor + row.house_discount_minor - row.tax_minor - row.commission_minor;
    let reserve = holds(&house, shop, Account::Reserve).await?;
    assert!(reserve > 0, "a standard shop keeps a reserve");
    assert_eq!(holds(&house, shop, Account::Escrow).await?, 0);
    assert_eq!(holds(&house, shop, Account::Commission).await?, row.commission_minor);
    assert_eq!(holds(&house, shop, Account::TaxPayable).await?, row.tax_minor);
    assert_eq!(came_to_the_shop(&house, shop).await? + reserve, proceeds);
    house.days_pass(31).await?;
    assert_eq!(holds(&house, shop, Account::Reserve).await?, 0);
    assert_eq!(came_to_the_shop(&house, shop).await?, proceeds);
    the_books_are_in_order(&house).await
}

async fn places_basket(
    house: &House,
    buyer: &LifeBuyer,
    line: LineWanted,
) -> Result<Placed, Failure> {
    let ask = PlaceOrders {
        buyer: buyer.person,
        buyer_name: buyer.name.clone(),
        checkout: Checkout {
            lines: vec![line],
            address: buyer.address.clone(),
            services: [].into(),
        },
        expected_total: None,
        from_basket: true,
        request: None,
    };
    place_orders(house.market(), ask).await.map(|answered| answered.answer)
}

async fn ships(house: &House, shop: ShopId, order: OrderId) -> anyhow::Result<()> {
    let actor = Actor::Staff { person: house.shop(0).owner, shop };
    let ask = OrderAsk { shop, order, actor, expected: None, request: None };
    pack_order(house.market(), PackOrder { ask: ask.clone(), weight_grams: 300 }).await?;
    let ask =
        ShipOrder { ask, service: String::new(), tracking_number: String::new(), instead: None };
    ship_order(house.market(), ask).await?;
    Ok(())
}

/// Lets hours pass until the order is in a state; answers how many.
async fn passes_until(
    house: &House,
    shop: ShopId,
    order: OrderId,
    state: OrderStateName,
) -> anyhow::Result<i64> {
    for hours in 0..30 * 24 {
        if row(house, shop, order).await?.state.name() == state {
            return Ok(hours);
        }
        house.hours_pass(1).await?;
    }
    anyhow::bail!("after 30 days the order is {:?}", row(house, shop, order).await?.state)
}

async fn row(house: &House, shop: ShopId, order: OrderId) -> anyhow::Result<OrderRow> {
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(orders::show(tx, shop, order).await?);
    house.market().store.read(read).await?.context("the order is there")
}

/// What the order's timeline tells, oldest first.
async fn told(house: &House, shop: ShopId, order: OrderId) -> anyhow::Result<Vec<String>> {
    let read = async move |tx: &mut Tx| -> Result<Vec<EventSeen>, Failure> {
        Ok(events::of_subject(tx, shop.number(), order.number()).await?)
    };
    let seen = house.market().store.read(read).await?;
    Ok(seen.into_iter().map(|event| event.kind).collect())
}

async fn holds(house: &House, shop: ShopId, account: Account) -> anyhow::Result<i64> {
    let rows = books::balances(house.market(), shop.number()).await?;
    let of_account = rows.iter().filter(|row| row.account == account);
    Ok(of_account.map(|row| row.balance.posted(account)).sum())
}

/// What has become the shop's own, whether it still stands here or was paid out since.
async fn came_to_the_shop(house: &House, shop: ShopId) -> anyhow::Result<i64> {
    let rows = books::balances(house.market(), shop.number()).await?;
    let own = rows.iter().filter(|row| row.account == Account::Available);
    Ok(own.map(|row| row.balance.credits_posted).sum())
}

async fn the_books_are_in_order(house: &House) -> anyhow::Result<()> {
    let faults = books::check(house.market()).await?.faults;
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(faults, Vec::<String>::new());
    Ok(())
}
