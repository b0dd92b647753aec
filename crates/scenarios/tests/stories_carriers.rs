//! Journey 7, walked: the parcel that stopped moving. The operator makes the carrier's key, the carrier reports with it,
//! falls silent, and everybody reads on their own page what that means.

use actions::carrier_reports::{Outcome, Report, ReportedNews, take_report};
use actions::sandbox_provider::Instrument;
use actions::secrets::report_signature;
use anyhow::{Context, ensure};
use rules::ids::OrderId;
use rules::shipping::parcels::CarrierNews;
use rules::time::Span;
use scenarios::{Browser, House, Screen, in_browser};

const NUMBER: &str = "1Z999AA10123456784";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_parcel_that_stopped_moving() -> anyhow::Result<()> {
    in_browser("carriers", Screen::Desk, async |house, browser| {
        let key = a_key_is_made(&house, &browser).await?;
        let order = a_parcel_goes_with_another_carrier(&house, &browser).await?;
        let now = house.market().now();
        let first = vec![
            (CarrierNews::OutForDelivery, "scan-2", now),
            (CarrierNews::Collected, "scan-1", now - Span::from_hours(3)),
        ];
        ensure!(reports(&house, &key, &first).await? == [Outcome::Taken; 2]);
        ensure!(reports(&house, &key, &first).await? == [Outcome::Known; 2]);
        browser.goes_to(&format!("/seller/{}/orders/{order}", house.shop(0).id)).await?;
        browser.sees("Valid: the carrier knows the number").await?;
        browser.sees("closed for snow").await?;
        browser.shot("seller").await?;
        browser.signs_in(&house, house.buyer().person, "/orders").await?;
        browser.goes_to(&format!("/orders/{order}")).await?;
        browser.sees("Out for delivery").await?;
        browser.shot("on-its-way").await?;

        // Nothing more is heard for a week.
        house.hours_pass(7 * 24 - 1).await?;
        browser.signs_in(&house, house.buyer().person, "/orders").await?;
        browser.goes_to(&format!("/orders/{order}")).await?;
        browser.does_not_see("The parcel was lost.").await?;
        house.hours_pass(2).await?;
        browser.signs_in(&house, house.buyer().person, "/orders").await?;
        browser.goes_to(&format!("/orders/{order}")).await?;
        browser.sees("The parcel was lost.").await?;
        browser.sees("goes back to you").await?;
        browser.shot("lost").await?;
        browser.goes_to("/notices").await?;
        browser.sees("Your order was cancelled.").await?;
        browser.signs_in(&house, house.shop(0).owner, "/seller").await?;
        browser.goes_to(&format!("/seller/{}/orders/{order}", house.shop(0).id)).await?;
        browser.sees("Lost on the way").await?;
        browser.shot("kept").await
    })
    .await
}

/// The operator's page shows the text of the key once.
async fn a_key_is_made(house: &House, browser: &Browser) -> anyhow::Result<String> {
    browser.signs_in(house, house.operator(), "/operator").await?;
    browser.goes_to("/operator/system/carriers").await?;
    browser.sees("Make a key").await?;
    browser.shot("keys").await?;
    browser.clicks_on("form:has(input[value='ups']) button[type=submit]").await?;
    browser.sees("it is shown this once").await?;
    browser.shot("key").await?;
    let text = browser.text().await?;
    let key =
        text.split_whitespace().find(|word| word.starts_with("gh_carrier_") && word.len() > 40);
    key.map(str::to_owned).context("the key's text is on the page")
}

/// The clerk does not take the promised service, is asked why, and types the number of the label.
async fn a_parcel_goes_with_another_carrier(
    house: &House,
    browser: &Browser,
) -> anyhow::Result<OrderId> {
    let placed = house.places(house.buyer(), &[(0, 0, 1)]).await?;
    house.pays(house.buyer(), &placed, Instrument::CardOk).await?;
    house.hours_pass(3).await?;
    let order = placed.orders.first().context("one order")?.id;
    browser.signs_in(house, house.shop(0).owner, "/seller").await?;
    browser.goes_to(&format!("/seller/{}/orders/{order}", house.shop(0).id)).await?;
    browser.clicks_on("input[name=confirmed]").await?;
    browser.fills("Weight of the packed parcel", "400").await?;
    browser.clicks("Packed").await?;
    browser.sees("Why not the promised service?").await?;
    browser.reads("document.querySelector(\"input[name=service][value=ups_ground]\").checked = true; return 1").await?;
    browser.fills("Tracking number", NUMBER).await?;
    browser.shot("services").await?;
    browser.clicks_on("form[action$='/ship'] button[type=submit]").await?;
    browser.sees("Say why it goes by another service").await?;
    browser
        .reads(
            "document.querySelector('select[name=override_reason]').value = 'no_pick_up'; return 1",
        )
        .await?;
    browser.fills("In your words", "closed for snow").await?;
    browser.clicks_on("form[action$='/ship'] button[type=submit]").await?;
    browser.sees("Awaiting carrier").await?;
    browser.sees("The carrier has not recognised the number yet").await?;
    Ok(order)
}

type Told<'a> = (CarrierNews, &'a str, rules::time::Timestamp);

async fn reports(house: &House, key: &str, told: &[Told<'_>]) -> anyhow::Result<Vec<Outcome>> {
    let market = house.market();
    let piece = |(news, carrier_ref, happened_at): &Told<'_>| ReportedNews {
        tracking_number: NUMBER.to_owned(),
        carrier_ref: (*carrier_ref).to_owned(),
        news: *news,
        place: "Oakland, CA".to_owned(),
        happened_at: *happened_at,
    };
    let body = serde_json::to_vec(&Report { news: told.iter().map(piece).collect() })?;
    let seconds = market.now().ms() / 1_000;
    let header = format!("t={seconds},v1={}", report_signature(key, seconds, &body));
    let taken = take_report(market, "ups", &header, &body).await?;
    let taken = taken.context("the report is signed")?;
    Ok(taken.into_iter().map(|answer| answer.outcome).collect())
}
