//! Packing in words: what an order's page says of its parcels and what lies in them.

use actions::shop_desk::OrderFile;
use maud::{Markup, html};
use rules::ids::OrderId;
use rules::shipping::packing::PackingMode;
use serde_json::Value;
use store::parcels::Parcel;

use super::desk::Desk;
use crate::format::Reader;
use crate::ui::forms::{Look, link_button};
use crate::ui::icons::{Icon, icon};
use crate::words::Msg;

/// "612 g · each piece scanned · 2 × TR-RED-M".
pub(super) fn packed(reader: &Reader, body: &Value) -> String {
    let mut said = Vec::new();
    if let Some(grams) = body.get("weight_grams").and_then(Value::as_i64) {
        said.push(reader.with(Msg::SellerWhyPacked, &[("grams", grams.into())]));
    }
    let checked = body.get("checked").and_then(Value::as_str).and_then(PackingMode::parse);
    if let Some(mode) = checked {
        said.push(how(reader, mode));
    }
    let contents = body.get("contents").and_then(Value::as_array).cloned().unwrap_or_default();
    let one = |item: &Value| {
        let count = item.get("count").and_then(Value::as_i64).unwrap_or(0);
        let sku = item.get("sku").and_then(Value::as_str).unwrap_or_default();
        format!("{count} × {sku}")
    };
    let contents: Vec<String> = contents.iter().map(one).collect();
    if !contents.is_empty() {
        said.push(contents.join(", "));
    }
    said.join(" · ")
}

pub(super) fn how(reader: &Reader, mode: PackingMode) -> String {
    let msg = match mode {
        PackingMode::Scan => Msg::PackingCheckedScan,
        PackingMode::List => Msg::PackingCheckedList,
    };
    reader.t(msg).into_owned()
}

/// This shop scans: the order's page leads to the packing table.
pub(super) fn to_the_table(desk: &Desk, order: OrderId) -> Markup {
    let r = &desk.reader;
    html! {
        p { (r.t(Msg::PackingShopScans)) }
        div.acts { (link_button(Look::Primary, &desk.href(&format!("/packing/{order}")), &r.t(Msg::PackingToTable))) }
    }
}

/// What lies in one parcel, who checked it, its picture, and which orders share its box.
pub(super) fn contents(desk: &Desk, file: &OrderFile, parcel: &Parcel) -> Markup {
    let r = &desk.reader;
    let Some(row) = file.packed.rows.iter().find(|row| row.id == parcel.id) else {
        return html! {};
    };
    let items: Vec<String> = (file.packed.items.iter().filter(|item| item.parcel == parcel.id))
        .map(|item| {
            let line = file.lines.iter().find(|line| line.id == item.line);
            let name =
                line.map_or("", |line| super::things::title(r, &line.title_en, &line.title_zh));
            format!("{} × {name}", item.count)
        })
        .collect();
    let shared = row.box_id != row.id;
    html! {
        p { (items.join(" · ")) }
        @if let Some(mode) = row.checked { p.muted { (icon(Icon::Check)) (how(r, mode)) } }
        @if shared { p.muted { (r.t(Msg::PackingShared)) } }
        @if let Some(photo) = row.photo {
            a href=(format!("/pictures/{}/{photo}", desk.shop.id)) {
                img src=(format!("/pictures/{}/{photo}", desk.shop.id)) alt=(r.t(Msg::PackingPhoto)) width="120" height="90" loading="lazy";
            }
        }
    }
}
