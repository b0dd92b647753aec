//! Journey 4, walked: a morning's shipping. Forty orders are confirmed at once, one file holds their slips, and at the
//! packing table a green pair of trousers does not get into an order of brown ones.

use actions::Actor;
use actions::catalog::set_stock;
use actions::packing::{place_of_sku, set_packing_mode};
use actions::sandbox_provider::Instrument;
use anyhow::{Context, ensure};
use cli::life::{LifeBuyer, LifeShop};
use rules::ids::{OrderId, SkuId};
use rules::shipping::packing::PackingMode;
use scenarios::{Browser, House, Screen, in_browser};

/// Fen & Feather of Great Britain: it sells trousers in forest green and in cocoa.
const SHOP: usize = 3;
/// From this many pieces on the policy has a person look at an order.
const MANY: i64 = 10;
const MORNING: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mornings_shipping() -> anyhow::Result<()> {
    in_browser("packing", Screen::Desk, async |house, browser| {
        let shop = house.shop(SHOP);
        let (brown, green, small) = goods(&house, shop).await?;
        set_packing_mode(house.market(), shop.id, PackingMode::Scan).await?;
        let flagged = morning(&house, brown.0).await?;
        let one =
            order(&house, british(&house)?, &[(SHOP, brown.0, 1), (SHOP, small.0, 2)]).await?;
        house.hours_pass(3).await?;
        browser.signs_in(&house, shop.owner, "/seller").await?;
        nothing_unconfirmed_is_packed(&browser, shop, flagged[0]).await?;
        forty_are_confirmed(&browser, shop).await?;
        one_file_of_slips(&browser, shop, &flagged).await?;
        the_list_does_not_go_round_the_scanner(&browser, shop, one).await?;
        packed_with_a_scanner(&browser, shop, one, [&brown.1, &green.1, &small.1]).await?;
        labelled_and_shipped(&browser, shop, one).await
    })
    .await
}

/// Place among the shop's goods and code of: brown trousers, green ones of the same size, a cap.
async fn goods(
    house: &House,
    shop: &LifeShop,
) -> anyhow::Result<((usize, String), (usize, String), (usize, String))> {
    let mut all = Vec::new();
    for (place, goods) in shop.goods.iter().enumerate() {
        all.push((place, code(house, shop, goods.sku).await?));
    }
    let find = |part: &str| {
        let found = all.iter().find(|(_, code)| code.contains(part)).cloned();
        found.with_context(|| format!("the shop sells {part}"))
    };
    let chosen = (find("TROUSERS-COCOA-M")?, find("TROUSERS-FOREST-M")?, find("CAP-GREY")?);
    let actor = Actor::Staff { person: shop.owner, shop: shop.id };
    for place in [chosen.0.0, chosen.1.0, chosen.2.0] {
        set_stock(house.market(), actor, shop.id, shop.goods[place].sku, 1_000).await?;
    }
    Ok(chosen)
}

async fn code(house: &House, shop: &LifeShop, sku: SkuId) -> anyhow::Result<String> {
    Ok(place_of_sku(house.market(), shop.id, sku).await?.good.code)
}

fn british(house: &House) -> anyhow::Result<&LifeBuyer> {
    house.life.buyers.iter().find(|buyer| buyer.market == "GB").context("somebody in Britain")
}

async fn order(
    house: &House,
    buyer: &LifeBuyer,
    lines: &[(usize, usize, i64)],
) -> anyhow::Result<OrderId> {
    let placed = house.places(buyer, lines).await?;
    house.pays(buyer, &placed, Instrument::CardOk).await?;
    Ok(placed.orders.first().context("one order")?.id)
}

/// Orders which somebody has to look at: more pieces than a household orders.
async fn morning(house: &House, place: usize) -> anyhow::Result<Vec<OrderId>> {
    let mut orders = Vec::with_capacity(MORNING);
    for _ in 0..MORNING {
        orders.push(order(house, british(house)?, &[(SHOP, place, MANY)]).await?);
    }
    Ok(orders)
}

async fn nothing_unconfirmed_is_packed(
    browser: &Browser,
    shop: &LifeShop,
    flagged: OrderId,
) -> anyhow::Result<()> {
    browser.goes_to(&format!("/seller/{}/packing", shop.id)).await?;
    browser.fills("Scan or type", &flagged.to_string()).await?;
    browser.clicks("Take it").await?;
    browser.sees("Confirm it first, then pack it").await?;
    browser.shot("confirm-first").await
}

async fn forty_are_confirmed(browser: &Browser, shop: &LifeShop) -> anyhow::Result<()> {
    browser.goes_to(&format!("/seller/{}/orders?view=due-soon", shop.id)).await?;
    browser.sees("Due in 24 h").await?;
    browser.goes_to(&format!("/seller/{}/orders?view=to-confirm", shop.id)).await?;
    let chosen = browser
        .reads(
            "const all = [...document.querySelectorAll('input[name=chosen]')]; \
             all.forEach(one => { if (!one.checked) one.click(); }); return all.length",
        )
        .await?;
    ensure!(chosen.as_u64() == Some(MORNING as u64), "{chosen} orders wait to be confirmed");
    browser.shot("to-confirm").await?;
    browser.clicks_on("button[formaction$='/orders/confirm']").await?;
    browser.sees("All chosen orders are confirmed.").await
}

/// The file which the clerk prints: every order's slip, in one PDF.
async fn one_file_of_slips(
    browser: &Browser,
    shop: &LifeShop,
    orders: &[OrderId],
) -> anyhow::Result<()> {
    let ids: Vec<String> = orders.iter().map(ToString::to_string).collect();
    let path = format!("/seller/{}/packing/slips.pdf?orders={}", shop.id, ids.join(","));
    let answer = browser
        .reads(&format!(
            "const ask = new XMLHttpRequest(); ask.open('GET', '{path}', false); \
             ask.overrideMimeType('text/plain; charset=x-user-defined'); ask.send(); \
             return [ask.status, ask.getResponseHeader('content-type'), \
             ask.responseText.split('/Type /Page').length - 1, ask.responseText.slice(0, 5)]"
        ))
        .await?;
    ensure!(answer[0] == 200 && answer[1] == "application/pdf", "{answer}");
    ensure!(answer[3] == "%PDF-", "{answer}");
    Ok(())
}

/// In a shop which scans, the list of orders packs nothing either.
async fn the_list_does_not_go_round_the_scanner(
    browser: &Browser,
    shop: &LifeShop,
    order: OrderId,
) -> anyhow::Result<()> {
    browser.goes_to(&format!("/seller/{}/orders?view=to-ship&q={order}", shop.id)).await?;
    browser.clicks_on("input[name=chosen]").await?;
    browser.clicks_on("button[formaction$='/orders/ship']").await?;
    browser.sees("This shop scans each piece").await?;
    browser.shot("bulk-refused").await
}

async fn scans(browser: &Browser, text: &str) -> anyhow::Result<()> {
    browser.fills("Scan or type", text).await?;
    browser.clicks("Take it").await
}

async fn packed_with_a_scanner(
    browser: &Browser,
    shop: &LifeShop,
    order: OrderId,
    [brown, green, small]: [&str; 3],
) -> anyhow::Result<()> {
    browser.goes_to(&format!("/seller/{}/packing", shop.id)).await?;
    scans(browser, &order.to_string()).await?;
    browser.sees("Scan what the order needs.").await?;
    scans(browser, green).await?;
    browser.sees(&format!("Wrong colour or size: {green} (Forest · M)")).await?;
    browser.sees(&format!("1 × {brown} (Cocoa · M)")).await?;
    browser.shot("stopped").await?;
    scans(browser, brown).await?;
    browser.sees("Right. Next piece.").await?;
    scans(browser, small).await?;
    browser.sees("Right. Next piece.").await?;
    scans(browser, small).await?;
    browser.sees("Right, and the last one").await?;
    scans(browser, small).await?;
    browser.sees("Wrong count").await?;
    // The slip once more closes the parcel.
    scans(browser, &order.to_string()).await?;
    browser.sees("The parcel is closed.").await?;
    browser.shot("closed").await
}

async fn labelled_and_shipped(
    browser: &Browser,
    shop: &LifeShop,
    order: OrderId,
) -> anyhow::Result<()> {
    browser.clicks("Buy the label").await?;
    browser.sees("The label is bought.").await?;
    browser.goes_to(&format!("/seller/{}/orders/{order}", shop.id)).await?;
    browser.sees("Each piece is scanned").await?;
    browser.clicks_on("form[action$='/ship'] button[type=submit]").await?;
    browser.sees("Awaiting carrier").await?;
    browser.shot("shipped").await
}
