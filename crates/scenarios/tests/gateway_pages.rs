//! Paying with providers outside, over HTTP and in a browser: the webhooks' own words, the hosted page, the code to scan.

use actions::ProviderName;
use actions::payments::attempts::{AskProvider, ask_provider};
use anyhow::Context as _;
use scenarios::gateways::Sent;
use scenarios::{Browser, Gateways, House, Screen, in_browser_at};

/// Each webhook answers in its provider's own words, over HTTP as a provider sends it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_answers_in_its_providers_words() -> anyhow::Result<()> {
    let house = House::raise_in("CNY").await?;
    let gateways = house_with_gateways(&house).await?;
    for (provider, thanks) in [
        (ProviderName::Stripe, (200, r#"{"received":true}"#)),
        (ProviderName::Alipay, (200, "success")),
        (ProviderName::WechatPay, (204, "")),
    ] {
        let reference = asked(&house, &gateways, provider).await?;
        assert!(gateways.desk(provider).is_paid(&reference));
        let to = house.market().providers().notify_at(provider);
        let sent = gateways.payment_notice(provider, &reference)?;
        for _ in 0..2 {
            let (status, words) = gateways.delivers(&to, &sent).await?;
            assert_eq!((status, words.as_str()), thanks, "{provider:?}");
        }
        let mut forged = sent.clone();
        forged.body.push(b' ');
        forged.body.extend_from_slice(b"&total_amount=0.01");
        let (status, words) = gateways.delivers(&to, &forged).await?;
        assert_eq!(status, 400, "{provider:?}");
        assert_ne!(words, thanks.1, "{provider:?}");
        let huge = Sent { headers: sent.headers.clone(), body: vec![b'x'; 256 * 1024 + 1] };
        assert_eq!(gateways.delivers(&to, &huge).await?.0, 413, "{provider:?}");
        let nowhere = to.replace(provider.code(), "nobody");
        assert_eq!(gateways.delivers(&nowhere, &sent).await?.0, 404);
    }
    assert!(actions::books::check(house.market()).await?.faults.is_empty());
    Ok(())
}

async fn house_with_gateways(house: &House) -> anyhow::Result<Gateways> {
    let gateways = Gateways::open(house.market().clock.clone()).await?;
    house.market().take_providers(gateways.providers(&house.address)?);
    Ok(gateways)
}

/// The buyer places something and chooses the provider; answers the provider's reference.
async fn asked(
    house: &House,
    gateways: &Gateways,
    provider: ProviderName,
) -> anyhow::Result<String> {
    let buyer = house.buyer();
    let placed = house.places(buyer, &[(0, 0, 1)]).await?;
    let ask = AskProvider { buyer: buyer.person, payment: placed.payment, provider, request: None };
    ask_provider(house.market(), ask).await?;
    gateways.desk(provider).latest().context("the provider was asked")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_buyer_pays_on_a_hosted_page_and_by_code() -> anyhow::Result<()> {
    in_browser_at("gateways", Screen::Desk, "CNY", async |house, browser| {
        pays_in_three_ways(&house, &browser, ["Card or wallet", "Alipay", "WeChat Pay"]).await
    })
    .await
}

async fn pays_in_three_ways(
    house: &House,
    browser: &Browser,
    [card, alipay, wechat]: [&str; 3],
) -> anyhow::Result<()> {
    let gateways = house_with_gateways(house).await?;
    let buyer = house.buyer();
    let placed = house.places(buyer, &[(0, 0, 1)]).await?;
    browser.signs_in(house, buyer.person, &format!("/payments/{}", placed.payment)).await?;
    browser.sees(wechat).await?;
    browser.shot("ways").await?;
    browser.clicks(card).await?;
    browser.clicks_on("form.form button[type=submit]").await?;
    // The page leads on by itself; back from there, the provider is asked.
    browser.sees("Pay on the hosted page").await?;
    browser.clicks("Pay on the hosted page").await?;
    browser.sees("Paid. Thank you!").await?;
    browser.shot("paid").await?;

    for (provider, way) in [(ProviderName::Alipay, alipay), (ProviderName::WechatPay, wechat)] {
        let placed = house.places(buyer, &[(0, 0, 1)]).await?;
        browser.goes_to(&format!("/payments/{}", placed.payment)).await?;
        browser.clicks(way).await?;
        browser.clicks_on("form.form button[type=submit]").await?;
        browser.sees("scan this code").await?;
        browser.does_not_scroll_sideways().await?;
        browser.shot(&format!("code-{}", provider.code())).await?;
        let reference = gateways.desk(provider).latest().context("the provider was asked")?;
        assert!(gateways.desk(provider).is_paid(&reference));
        let sent = gateways.payment_notice(provider, &reference)?;
        let to = gateways.desk(provider).trade(&reference).context("it is there")?.notify_at;
        gateways.delivers(&to, &sent).await?;
        // The page has looked again by itself.
        browser.sees("Paid. Thank you!").await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_code_fits_a_phone_in_chinese() -> anyhow::Result<()> {
    in_browser_at("gateways-phone", Screen::Phone, "CNY", async |house, browser| {
        let gateways = house_with_gateways(&house).await?;
        asked(&house, &gateways, ProviderName::Alipay).await?;
        let placed = house.places(house.buyer(), &[(0, 0, 1)]).await?;
        let page = format!("/payments/{}", placed.payment);
        browser.signs_in(&house, house.buyer().person, &page).await?;
        browser.clicks("中文").await?;
        browser.sees("选择").await?;
        browser.clicks("支付宝").await?;
        browser.clicks_on("form.form button[type=submit]").await?;
        browser.sees("请打开手机支付宝").await?;
        browser.does_not_scroll_sideways().await?;
        browser.shot("code").await
    })
    .await
}
