//! Walked in a browser, page by page: what a buyer, a shop's clerk and the operator do on an ordinary day.
//!
//! Each story leaves pictures of its pages in `target/screenshots/`.

use actions::sandbox_provider::Instrument;
use anyhow::ensure;
use rules::time::Span;
use scenarios::browser::{ENTER, TAB};
use scenarios::{Browser, House, Screen, in_browser};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_buyer_orders_from_two_shops_and_pays_once() -> anyhow::Result<()> {
    in_browser("buyer", Screen::Desk, async |house, browser| {
        browser.goes_to("/").await?;
        browser.sees("New here").await?;
        browser.shot("home").await?;
        searches(&browser, "蓝牙").await?;
        browser.sees("Wireless earbuds with charging case").await?;
        searches(&browser, "earbuds").await?;
        browser.sees("Wireless earbuds with charging case").await?;
        browser.shot("search").await?;
        browser.clicks("Wireless earbuds with charging case").await?;
        browser.clicks("Mint").await?;
        browser.sees("Your money is held until it arrives").await?;
        browser.shot("product").await?;
        browser.clicks("Add to basket").await?;
        searches(&browser, "towel").await?;
        browser.clicks("Waffle towel").await?;
        browser.clicks("Add to basket").await?;

        // What a visitor put in is still there after signing in.
        browser.signs_in(&house, house.buyer().person, "/basket").await?;
        for text in ["Bay Sound", "Prairie Home", "Wireless earbuds", "Waffle towel"] {
            browser.sees(text).await?;
        }
        browser.shot("basket").await?;
        browser.clicks("Go to checkout").await?;
        browser.sees("1 Market Street").await?;
        browser.shot("checkout").await?;
        browser.clicks("Order and pay").await?;
        browser.sees("Choose a test card").await?;
        browser.shot("payment").await?;
        browser.clicks("now").await?;
        browser.sees("Paid. Thank you!").await?;
        browser.shot("paid").await?;
        browser.clicks("See my orders").await?;
        for text in ["Bay Sound", "Prairie Home", "Paid"] {
            browser.sees(text).await?;
        }
        browser.shot("orders").await?;
        for shop in [0, 1] {
            let order = newest_order(&house, shop).await?;
            browser.goes_to(&format!("/orders/{order}")).await?;
            browser.sees("What happened").await?;
            browser.sees("in which you can cancel without asking").await?;
        }
        browser.shot("order").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_works_the_queue_and_the_shop_is_paid() -> anyhow::Result<()> {
    in_browser("seller", Screen::Desk, async |house, browser| {
        // Somebody orders one thing, and somebody so many that the shop has to look.
        let usual = buys(&house, 0, 1).await?;
        let many = buys(&house, 0, 20).await?;
        house.hours_pass(3).await?;
        browser.signs_in(&house, house.shop(0).owner, "/seller").await?;
        browser.sees("What to do next").await?;
        browser.sees(&format!("Confirm order {many}")).await?;
        browser.shot("home").await?;
        browser.clicks(&format!("Confirm order {many}")).await?;
        browser.sees("buyers usually take at most").await?;
        browser.shot("confirm").await?;
        browser.clicks("Confirm order").await?;
        browser.sees("Weight of the packed parcel").await?;

        browser.goes_to("/seller").await?;
        browser.clicks(&format!("Ship order {usual}")).await?;
        browser.clicks_on("input[name=confirmed]").await?;
        browser.fills("Weight of the packed parcel", "400").await?;
        browser.clicks("Packed").await?;
        browser.sees("Tracking number").await?;
        browser.shot("ship").await?;
        browser.clicks_on("form[action$='/ship'] button[type=submit]").await?;
        browser.sees("Awaiting carrier").await?;
        browser.shot("shipped").await?;

        let path = browser.path().await?;
        house.days_pass(40).await?;
        browser.signs_in(&house, house.shop(0).owner, "/seller").await?;
        browser.goes_to(path.split('?').next().unwrap_or_default()).await?;
        browser.sees("Settled").await?;
        browser.sees("Money settled").await?;
        browser.shot("settled").await?;
        browser.clicks("Money").await?;
        browser.sees("Reserve").await?;
        browser.shot("money").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operator_follows_the_money_and_moves_the_clock() -> anyhow::Result<()> {
    in_browser("operator", Screen::Desk, async |house, browser| {
        let order = buys(&house, 0, 1).await?;
        browser.signs_in(&house, house.operator(), "/operator").await?;
        browser.sees("What waits for the house").await?;
        browser.shot("home").await?;
        browser.goes_to(&format!("/operator/orders/{order}/money")).await?;
        for text in ["Payment captured", "At the payment provider", "Escrow"] {
            browser.sees(text).await?;
        }
        browser.shot("order-money").await?;
        browser.goes_to("/operator/ledger").await?;
        browser.sees("Both sides are equal").await?;
        browser.shot("ledger").await?;
        browser.goes_to("/operator/ledger/check").await?;
        browser.clicks("Check now").await?;
        browser.sees("The ledger was in order").await?;

        browser.goes_to("/operator/system/clock").await?;
        let before = house.market().now();
        browser.shot("clock").await?;
        browser.clicks("3 days").await?;
        browser.sees("The clock was last moved forward by 3").await?;
        let moved = house.market().now().since(before);
        ensure!(moved == Span::from_days(3), "the clock moved by {moved:?}");
        browser.shot("clock-moved").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_pages_read_chinese() -> anyhow::Result<()> {
    in_browser("chinese", Screen::Desk, async |house, browser| {
        browser.goes_to("/").await?;
        browser.sees("New here").await?;
        // The choice of a language is a form without a place to look at first.
        browser.clicks("中文").await?;
        browser.sees("购物车").await?;
        browser.shot("home").await?;
        let menu = ["My orders", "Basket", "Sign in", "Search", "Categories", "Add to", "Checkout"];
        let pages = [
            ("/".to_owned(), "购物车"),
            ("/search?q=耳机".to_owned(), "搜索"),
            ("/sign-in".to_owned(), "登录"),
            (product_path(&house, 0), "加入购物车"),
        ];
        for (path, shows) in pages {
            browser.goes_to(&path).await?;
            browser.sees(shows).await?;
            for text in menu {
                browser.does_not_see(text).await?;
            }
        }
        browser.sees("蓝牙耳机").await?;
        browser.shot("product").await?;
        browser.clicks("加入购物车").await?;
        browser.signs_in(&house, house.buyer().person, "/basket").await?;
        browser.sees("购物车").await?;
        browser.shot("basket").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_fit_a_phone() -> anyhow::Result<()> {
    in_browser("phone", Screen::Phone, async |house, browser| {
        let order = buys(&house, 0, 1).await?;
        let mut seen = vec![
            ("home", "/".to_owned()),
            ("search", "/search?q=earbuds".to_owned()),
            ("product", product_path(&house, 0)),
            ("sign-in", "/sign-in".to_owned()),
        ];
        fit(&browser, &seen).await?;
        browser.goes_to(&product_path(&house, 0)).await?;
        browser.clicks("Add to basket").await?;
        seen = vec![
            ("basket", "/basket".to_owned()),
            ("checkout", "/checkout?market=US".to_owned()),
            ("orders", "/orders".to_owned()),
            ("order", format!("/orders/{order}")),
        ];
        browser.signs_in(&house, house.buyer().person, "/basket").await?;
        fit(&browser, &seen).await?;
        house.hours_pass(3).await?;
        let shop = house.shop(0).id;
        seen = vec![
            ("seller-home", format!("/seller/{shop}")),
            ("seller-orders", format!("/seller/{shop}/orders")),
            ("seller-order", format!("/seller/{shop}/orders/{order}")),
            ("seller-products", format!("/seller/{shop}/products")),
        ];
        browser.signs_in(&house, house.shop(0).owner, "/seller").await?;
        fit(&browser, &seen).await?;
        seen = vec![
            ("operator-home", "/operator".to_owned()),
            ("operator-money", format!("/operator/orders/{order}/money")),
            ("operator-ledger", "/operator/ledger".to_owned()),
        ];
        browser.signs_in(&house, house.operator(), "/operator").await?;
        fit(&browser, &seen).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_product_gets_into_the_basket_without_a_mouse() -> anyhow::Result<()> {
    in_browser("keyboard", Screen::Desk, async |house, browser| {
        browser.goes_to(&product_path(&house, 0)).await?;
        browser.sees("Add to basket").await?;
        // The first stop leads past the head of the page.
        browser.presses(&TAB.to_string()).await?;
        browser.shot("first-stop").await?;
        browser.tabs_to("Mint").await?;
        browser.presses(&ENTER.to_string()).await?;
        browser.sees("mint").await?;
        browser.tabs_to("Add to basket").await?;
        browser.shot("add").await?;
        browser.presses(&ENTER.to_string()).await?;
        browser.goes_to("/").await?;
        browser.tabs_to("Basket").await?;
        browser.presses(&ENTER.to_string()).await?;
        browser.sees("Go to checkout").await?;
        browser.sees("Wireless earbuds").await?;
        browser.sees("mint").await
    })
    .await
}

/// Opens each page, looks whether it is too wide, and takes its picture.
async fn fit(browser: &Browser, pages: &[(&str, String)]) -> anyhow::Result<()> {
    for (name, path) in pages {
        browser.goes_to(path).await?;
        let status = browser.status().await?;
        ensure!(status == 200, "{path} answers {status}");
        browser.shot(name).await?;
        browser.does_not_scroll_sideways().await?;
    }
    Ok(())
}

async fn searches(browser: &Browser, words: &str) -> anyhow::Result<()> {
    browser.fills("Search products and shops", words).await?;
    browser.clicks("Search").await?;
    browser.sees(&format!("Results for “{words}”")).await
}

/// The first product of a shop: Bay Sound's are the earbuds.
fn product_path(house: &House, shop: usize) -> String {
    let shop = house.shop(shop);
    format!("/shops/{}/products/{}", shop.id, shop.goods[0].product)
}

/// The house's first buyer orders and pays pieces of a shop's first goods; answers the order's number.
async fn buys(house: &House, shop: usize, quantity: i64) -> anyhow::Result<String> {
    let placed = house.places(house.buyer(), &[(shop, 0, quantity)]).await?;
    house.pays(house.buyer(), &placed, Instrument::CardOk).await?;
    Ok(placed.orders[0].id.to_string())
}

async fn newest_order(house: &House, shop: usize) -> anyhow::Result<String> {
    let id = house.shop(shop).id;
    let orders = house.orders_of(house.buyer()).await?;
    let found = orders.iter().find(|order| order.shop == id);
    found.map(|order| order.id.to_string()).ok_or_else(|| anyhow::anyhow!("no order of that shop"))
}
