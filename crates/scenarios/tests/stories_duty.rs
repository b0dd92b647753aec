//! Journey 10, "To Rotterdam", in a browser: the basket, checkout, the order and the house's ledger name each charge; and
//! a shop which accepts a shared discount on its page.

use actions::checkout::LineWanted;
use actions::payments::{Pay, pay};
use actions::sandbox_provider::Instrument;
use actions::{baskets, books};
use anyhow::{Context, ensure};
use cli::life::{LifeBuyer, LifeShop};
use rules::ledger::Account;
use rules::time::Span;
use scenarios::{House, Screen, in_browser};

/// The shop of the German market which sends from Shenzhen: the only one which delivers to Italy.
fn shenzhen(house: &House) -> anyhow::Result<&LifeShop> {
    house.life.shops.iter().find(|shop| shop.reaches("IT")).context("Pearl River Outfitters")
}

fn joost(house: &House) -> anyhow::Result<&LifeBuyer> {
    house.life.buyers.iter().find(|buyer| buyer.market == "NL").context("Joost in Rotterdam")
}

/// Three shirts of two products and a pair of shoes: two tariff lines, three products.
async fn fills_basket(house: &House) -> anyhow::Result<()> {
    let (shop, buyer) = (shenzhen(house)?, joost(house)?);
    let mut products = Vec::new();
    for goods in &shop.goods {
        if !products.contains(&goods.product) {
            products.push(goods.product);
            let quantity = if products.len() == 1 { 2 } else { 1 };
            let line = LineWanted { shop: shop.id, sku: goods.sku, quantity };
            baskets::add_to_basket(house.market(), buyer.person, line).await?;
        }
    }
    ensure!(products.len() == 3, "two shirts and the shoes");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_shirts_and_a_pair_of_shoes_to_rotterdam() -> anyhow::Result<()> {
    in_browser("rotterdam", Screen::Desk, async |house, browser| {
        // To 3 August 2026: the duty has begun, the handling fee has not.
        house.market().clock.move_forward(Span::from_days(63));
        house.hours_pass(1).await?;
        fills_basket(&house).await?;
        let buyer = joost(&house)?;
        browser.signs_in(&house, buyer.person, "/basket").await?;
        browser.reads("document.cookie = 'market=NL; path=/'; return true").await?;
        browser.goes_to("/basket").await?;
        for text in ["EU customs duty", "2 tariff lines", "Dutch fee", "3 products", "€6.00"] {
            browser.sees(text).await?;
        }
        browser.shot("basket").await?;
        browser.clicks("Go to checkout").await?;
        for text in ["Coolsingel 40", "2 tariff lines", "3 products", "IOSS"] {
            browser.sees(text).await?;
        }
        browser.shot("checkout").await?;
        browser.clicks("Order and pay").await?;
        browser.sees("Choose a test card").await?;
        let orders = house.orders_of(buyer).await?;
        let order = orders.first().context("the order is placed")?;
        ensure!(order.duty_minor == 600 + 600, "duty and Dutch fee: {}", order.duty_minor);
        let (buyer, payment) = (buyer.person, order.payment);
        let ask = Pay { buyer, payment, instrument: Instrument::CardOk, request: None };
        pay(house.market(), ask).await?;
        browser.goes_to(&format!("/orders/{}", order.id)).await?;
        for text in ["2 tariff lines", "3 products", "if the goods never leave"] {
            browser.sees(text).await?;
        }
        browser.shot("order").await?;
        let path = format!("/operator/orders/{}/money", order.id);
        browser.signs_in(&house, house.operator(), &path).await?;
        for text in ["Charges at the border set apart", "EU customs duty", "2 tariff lines"] {
            browser.sees(text).await?;
        }
        browser.shot("ledger").await?;
        let held = books::balances(house.market(), order.shop.number()).await?;
        let duty = held.iter().find(|row| row.account == Account::DutyPayable);
        let duty = duty.context("duty is set apart")?.balance.posted(Account::DutyPayable);
        ensure!(duty == 1_200, "what the authorities get: {duty}");
        let report = books::check(house.market()).await?;
        ensure!(report.faults.is_empty(), "{:?}", report.faults);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_accepts_a_shared_discount_and_reads_its_fees() -> anyhow::Result<()> {
    in_browser("sharing", Screen::Phone, async |house, browser| {
        let shop = shenzhen(&house)?;
        let path = format!("/seller/{}/promotions", shop.id);
        browser.signs_in(&house, shop.owner, &path).await?;
        browser.sees("Waits for you").await?;
        browser.does_not_scroll_sideways().await?;
        browser.shot("proposal").await?;
        browser.clicks("Accept").await?;
        browser.sees("It begins by itself").await?;
        browser.does_not_see("Waits for you").await?;
        browser.goes_to(&format!("/seller/{}/money/fees", shop.id)).await?;
        for text in ["each tariff line", "Settlement by tier", "Commission"] {
            browser.sees(text).await?;
        }
        browser.does_not_scroll_sideways().await?;
        browser.shot("fees").await?;
        browser.goes_to(&format!("/seller/{}/settings", shop.id)).await?;
        browser.sees("Delivery to other countries").await?;
        browser.clicks("Save countries").await?;
        browser.sees("Buyers there see your goods now").await?;
        browser.shot("countries").await?;
        browser.signs_in(&house, house.operator(), "/operator/shops/promotions").await?;
        for text in ["Neighbours’ weeks", "Accepted", "Propose a shared promotion"] {
            browser.sees(text).await?;
        }
        browser.shot("proposals").await
    })
    .await
}
