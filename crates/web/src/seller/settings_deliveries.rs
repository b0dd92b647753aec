//! Which markets a shop delivers to beside its own.

use actions::Market;
use actions::catalog::{reachable, read_deliveries, set_deliveries};
use axum::extract::{Form, Path, State};
use maud::{Markup, html};
use rules::people::Permission;
use rules::policy::MarketCode;

use super::desk::{Desk, Page, Refused, Typed};
use super::settings::answered;
use crate::ui::detail::section;
use crate::ui::forms::{Field, Input, Look, submit};
use crate::visit::Visit;
use crate::words::{Language, Msg};

/// The panel of the settings page.
pub(super) async fn panel(market: &Market, desk: &Desk) -> Result<Markup, Refused> {
    let kept = read_deliveries(market, desk.shop.id).await;
    let kept = kept.map_err(|failure| desk.refused(failure))?;
    let r = &desk.reader;
    let currency = desk.shop.currency.as_str();
    let all = reachable(market, &desk.shop.market, currency);
    let (_, policies) = market.policies();
    let name = |code: MarketCode| {
        policies.market(code).map_or_else(
            || code.to_string(),
            |place| match r.words.language() {
                Language::En => place.name_en.clone(),
                Language::Zh => place.name_zh.clone(),
            },
        )
    };
    let tick = |code: MarketCode| {
        let on = kept.iter().any(|kept| kept == code.as_str());
        Field::new(format!("market-{code}"), name(code))
            .takes(Input::Tick)
            .with_value(if on { "on" } else { "" })
            .draw(r.words)
    };
    let may = desk.may(Permission::EditShop);
    let body = html! {
        @if all.is_empty() {
            p.muted { (r.with(Msg::SellerDeliveriesNone, &[("currency", currency.into())])) }
        } @else {
            p.muted { (r.with(Msg::SellerDeliveriesLead, &[("currency", currency.into())])) }
            @if may {
                form.form method="post" action=(desk.href("/settings/deliveries")) {
                    (desk.hidden())
                    @for code in &all { (tick(*code)) }
                    p.muted { (r.t(Msg::SellerDeliveriesService)) }
                    div.acts { (submit(Look::Plain, &r.t(Msg::SellerDeliveriesSave))) }
                }
            } @else {
                p { (kept.join(", ")) }
            }
        }
    };
    Ok(section(&r.t(Msg::SellerDeliveries), body))
}

pub(super) async fn save(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditShop).await?;
    let chosen: Vec<String> = reachable(&market, &desk.shop.market, &desk.shop.currency)
        .into_iter()
        .filter(|code| !typed.get(&format!("market-{code}")).is_empty())
        .map(|code| code.to_string())
        .collect();
    let done = set_deliveries(&market, desk.actor(), desk.shop.id, chosen).await;
    answered(&market, &desk, "deliveries", typed, done, Msg::SaidSellerDeliveriesSaved).await
}
