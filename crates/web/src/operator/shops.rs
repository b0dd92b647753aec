//! The shops of the house, by market.

use actions::{Failure, Market, overview};
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::people::Permission;
use serde::Deserialize;
use store::shops::{OPEN, Shop};

use super::{PAGE, admit, answer, may, page, say};
use crate::format::Reader;
use crate::ui::badges::{Tone, badge};
use crate::ui::countdown::day;
use crate::ui::forms::{Look, link_button_with};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, ListPage, Row, Tab, list_page};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::{Language, Msg};

const PATH: &str = "/operator/shops";

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    /// A market's code; empty for all.
    #[serde(default)]
    pub(super) market: String,
    #[serde(default)]
    from: Option<i64>,
}

pub(super) async fn show(
    visit: Visit,
    State(market): State<Market>,
    Query(wanted): Query<Wanted>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewShops)?;
        let only = Some(wanted.market.clone()).filter(|code| !code.is_empty());
        let before = wanted.from.unwrap_or(i64::MAX);
        let shops = overview::shops(&market, only, before, PAGE).await?;
        draw(&visit, &market, &wanted, &shops)
    })
    .await
}

fn draw(
    visit: &Visit,
    market: &Market,
    wanted: &Wanted,
    shops: &[Shop],
) -> Result<Response, Failure> {
    let r = &visit.reader;
    let shared = "/operator/shops/promotions";
    let shared = link_button_with(Look::Plain, shared, Icon::Tag, &r.t(Msg::OpPromotions));
    let new =
        link_button_with(Look::Primary, "/operator/shops/new", Icon::Plus, &r.t(Msg::OpShopNew));
    let opens = may(visit, Permission::CreateShop);
    let here = if wanted.market.is_empty() {
        PATH.to_owned()
    } else {
        format!("{PATH}?market={}", wanted.market)
    };
    let mark = if wanted.market.is_empty() { '?' } else { '&' };
    let full = i64::try_from(shops.len()).unwrap_or(i64::MAX) >= PAGE;
    let list = ListPage {
        title: r.t(Msg::NavShops).into_owned(),
        lead: r.t(Msg::OpShopsLead).into_owned(),
        acts: [may(visit, Permission::EditShops).then_some(shared), opens.then_some(new)]
            .into_iter()
            .flatten()
            .collect(),
        tabs: tabs(r, market, wanted),
        columns: vec![
            Column::new(r.t(Msg::OpShop)).leading(),
            Column::new(r.t(Msg::OpMarket)),
            Column::new(r.t(Msg::OpCategory)),
            Column::new(r.t(Msg::OpTier)),
            Column::new(r.t(Msg::OpState)),
            Column::new(r.t(Msg::OpOpened)),
        ],
        rows: shops.iter().map(|shop| row(r, shop)).collect(),
        next: shops.last().filter(|_| full).map(|last| format!("{here}{mark}from={}", last.id)),
        first: wanted.from.map(|_| here.clone()),
        csv: Some(here.replacen(PATH, &format!("{PATH}.csv"), 1)),
        empty: Empty {
            icon: Some(Icon::Shop),
            title: r.t(Msg::OpShopsNone).into_owned(),
            text: r.t(Msg::OpShopsNoneText).into_owned(),
            next: opens
                .then(|| ("/operator/shops/new".to_owned(), r.t(Msg::OpShopNew).into_owned())),
        },
        ..ListPage::default()
    };
    page(visit, &r.t(Msg::NavShops), Place::OperatorShops, list_page(r.words, &list))
}

fn tabs(r: &Reader, market: &Market, wanted: &Wanted) -> Vec<Tab> {
    let (_, policies) = market.policies();
    let all = Tab {
        label: r.t(Msg::OpMarketsAll).into_owned(),
        href: PATH.to_owned(),
        count: None,
        current: wanted.market.is_empty(),
    };
    let mut tabs = vec![all];
    tabs.extend(policies.markets().map(|one| {
        let name = match r.words.language() {
            Language::En => &one.name_en,
            Language::Zh => &one.name_zh,
        };
        Tab {
            label: name.clone(),
            href: format!("{PATH}?market={}", one.code),
            count: None,
            current: wanted.market == one.code.as_str(),
        }
    }));
    tabs
}

fn row(r: &Reader, shop: &Shop) -> Row {
    Row {
        cells: vec![
            html! { a href={ (PATH) "/" (shop.id) } { (shop.name) } },
            html! { (shop.market) },
            html! { (category(r, &shop.category)) },
            tier_badge(r, shop.tier_at(r.now)),
            state_badge(r, &shop.state),
            day(r, shop.created_at),
        ],
        ..Row::default()
    }
}

/// A category's name in the reader's language.
pub(super) fn category(r: &Reader, code: &str) -> String {
    let known = rules::catalog::categories::Categories::shipped().get(code);
    known.map_or_else(|| code.to_owned(), |one| one.name(r.words.language().code()).to_owned())
}

pub(super) fn tier_badge(r: &Reader, tier: &str) -> Markup {
    let tone = match tier {
        "new" => Tone::Soon,
        "accelerated" => Tone::Good,
        _ => Tone::Quiet,
    };
    badge(tone, Icon::Scale, &say::code(r, "tier", tier))
}

pub(super) fn state_badge(r: &Reader, state: &str) -> Markup {
    let (tone, picture) =
        if state == OPEN { (Tone::Good, Icon::Check) } else { (Tone::Bad, Icon::Pause) };
    badge(tone, picture, &say::code(r, "shop-state", state))
}
