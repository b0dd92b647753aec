//! The shop's parcels: where each is, under which number, and whether its carrier knows it.

use actions::Market;
use actions::shop_desk::parcels_page;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::html;
use rules::people::Permission;
use rules::shipping::parcels::ParcelState;
use serde::Deserialize;
use store::parcels::Parcel;

use super::desk::{Desk, Page, Refused};
use crate::csv::{self, Line, PART, Part, time};
use crate::ui::badges::parcel_badge;
use crate::ui::countdown::moment;
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, ListPage, Row, Tab, list_page};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

const PAGE: i64 = 50;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    before: Option<i64>,
}

impl Asked {
    fn state(&self) -> Option<ParcelState> {
        ParcelState::parse(&self.state)
    }

    fn query(&self) -> String {
        self.state().map_or_else(String::new, |state| format!("?state={}", state.code()))
    }
}

const SHOWN: [(Option<ParcelState>, Msg); 6] = [
    (None, Msg::SellerViewAll),
    (Some(ParcelState::HandedOver), Msg::ParcelsHandedOver),
    (Some(ParcelState::InTransit), Msg::ParcelsInTransit),
    (Some(ParcelState::Delivered), Msg::ParcelsDelivered),
    (Some(ParcelState::Lost), Msg::ParcelsLost),
    (Some(ParcelState::Returned), Msg::ParcelsReturned),
];

pub(super) async fn page(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let before = asked.before.unwrap_or(i64::MAX);
    let read = parcels_page(&market, desk.shop.id, asked.state(), before, PAGE).await;
    let rows = read.map_err(|failure| desk.refused(failure))?;
    let r = &desk.reader;
    let tab = |(state, name): (Option<ParcelState>, Msg)| {
        let of = Asked { state: state.map_or("", ParcelState::code).to_owned(), before: None };
        Tab {
            label: r.t(name).into_owned(),
            href: desk.href(&format!("/parcels{}", of.query())),
            count: None,
            current: state == asked.state(),
        }
    };
    let full = rows.len() as i64 >= PAGE;
    let here = desk.href(&format!("/parcels{}", asked.query()));
    let joint = if asked.state().is_some() { '&' } else { '?' };
    let list = ListPage {
        title: r.t(Msg::ParcelsTitle).into_owned(),
        acts: vec![html! { a.button.quiet href=(desk.href("/orders")) { (r.t(Msg::NavOrders)) } }],
        tabs: SHOWN.map(tab).into(),
        columns: vec![
            Column::new(r.t(Msg::SellerOrderParcel)).leading(),
            Column::new(r.t(Msg::SellerColumnOrder)),
            Column::new(r.t(Msg::SellerColumnState)),
            Column::new(r.t(Msg::ParcelsNumber)),
            Column::new(r.t(Msg::ParcelsHandedOver)),
            Column::new(r.t(Msg::ParcelsKnown)),
        ],
        rows: rows.iter().map(|parcel| row(&desk, parcel)).collect(),
        first: asked.before.map(|_| here.clone()),
        next: rows.last().filter(|_| full).map(|last| format!("{here}{joint}before={}", last.id)),
        csv: Some(desk.href(&format!("/parcels.csv{}", asked.query()))),
        empty: Empty {
            icon: Some(Icon::Package),
            title: r.t(Msg::ParcelsNone).into_owned(),
            text: r.t(Msg::ParcelsNoneText).into_owned(),
            next: Some((desk.href("/packing"), r.t(Msg::PackingTitle).into_owned())),
        },
        ..ListPage::default()
    };
    Ok(desk.page(r.t(Msg::ParcelsTitle), Place::SellerOrders, list_page(r.words, &list)))
}

fn row(desk: &Desk, parcel: &Parcel) -> Row {
    let r = &desk.reader;
    let order = desk.href(&format!("/orders/{}", parcel.order));
    Row {
        cells: vec![
            html! { span.num { (parcel.id) } },
            html! { a.num href=(order) { (parcel.order) } },
            parcel_badge(r.words, parcel.state.code()),
            html! { span.num { (parcel.tracking_number) } div.muted { (parcel.carrier) } },
            html! { @if let Some(at) = parcel.handed_over_at { (moment(r, at)) } },
            html! { @if let Some(at) = parcel.recognised_at { (moment(r, at)) } },
        ],
        ..Row::default()
    }
}

const HEAD: &[&str] = &[
    "parcel",
    "order",
    "state",
    "carrier",
    "service",
    "tracking_number",
    "weight_grams",
    "packed_at",
    "handed_over_at",
    "recognised_at",
    "progress_at",
    "override_reason",
];

pub(super) async fn file(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Result<Response, Refused> {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let (shop, state) = (desk.shop.id, asked.state());
    let written = csv::file("parcels", HEAD, i64::MAX, move |before| {
        let market = market.clone();
        async move {
            let rows = parcels_page(&market, shop, state, before, PART).await?;
            Ok(Part::of(&rows, PART, |row| row.id.number(), line))
        }
    });
    written.await.map_err(|failure| desk.refused(failure))
}

fn line(row: &Parcel) -> Line {
    vec![
        row.id.to_string(),
        row.order.to_string(),
        row.state.code().to_owned(),
        row.carrier.clone(),
        row.service.clone(),
        row.tracking_number.clone(),
        row.weight_grams.to_string(),
        time(Some(row.created_at)),
        time(row.handed_over_at),
        time(row.recognised_at),
        time(Some(row.progress_at)),
        row.override_reason.clone(),
    ]
}
