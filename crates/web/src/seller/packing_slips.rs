//! What stands on one packing slip and on one label.

use actions::packing::PaperParcel;
use documents::{Label, Slip, SlipLine};
use rules::catalog::nature::Nature;
use rules::checkout::address::Address;
use rules::policy::ShippingPolicy;
use store::shops::{Shop, Warehouse};

use super::order_side::address_lines;
use super::{notes, things};
use crate::format::Reader;
use crate::goods_words;
use crate::words::Msg;

pub(super) fn slip_of(
    r: &Reader,
    shop: &Shop,
    shipping: &ShippingPolicy,
    paper: &PaperParcel,
) -> Slip {
    let order = &paper.order;
    let (place, count) = paper.place;
    let mut facts = vec![
        (r.t(Msg::PackingOrdered).into_owned(), r.day(order.created_at)),
        (r.t(Msg::PackingService).into_owned(), service(r, shipping, &order.service)),
    ];
    if count > 1 {
        let of = r.with(Msg::PackingParcelOf, &[("place", place.into()), ("count", count.into())]);
        facts.push((r.t(Msg::PackingParcels).into_owned(), of));
    }
    if paper.boxed.len() > 1 {
        let with: Vec<String> = paper.boxed.iter().map(ToString::to_string).collect();
        facts.push((r.t(Msg::PackingTogether).into_owned(), with.join(", ")));
    }
    if let Some(parcel) = paper.parcel.as_ref().filter(|p| !p.tracking_number.is_empty()) {
        facts.push((r.t(Msg::SellerTracking).into_owned(), parcel.tracking_number.clone()));
    }
    Slip {
        shop: shop.name.clone(),
        title: r.t(Msg::PackingSlip).into_owned(),
        code: order.id.to_string(),
        facts,
        to_title: r.t(Msg::SellerShipTo).into_owned(),
        to: address(&order.address, &order.buyer_name),
        columns: [Msg::PackingPiecesTitle, Msg::SellerColumnGoods, Msg::PackingSku]
            .map(|msg| r.t(msg).into_owned()),
        lines: lines(r, paper),
        advice: cares(paper)
            .into_iter()
            .map(|care| notes::by_code(r, "seller-pack", care.code()))
            .collect(),
        foot: r.with(Msg::PackingSlipFoot, &[("shop", shop.name.as_str().into())]),
    }
}

/// Of the parcel where something is packed, else of the whole order.
fn lines(r: &Reader, paper: &PaperParcel) -> Vec<SlipLine> {
    let mut lines = Vec::new();
    for line in &paper.lines {
        let items = paper.items.iter().filter(|item| item.line == line.id);
        let packed: i64 = items.map(|item| item.count).sum();
        let pieces = if paper.items.is_empty() { line.price.quantity } else { packed };
        if pieces == 0 {
            continue;
        }
        let mut notes = Vec::new();
        let options = goods_words::chosen_options(r.words, &line.options);
        if !options.is_empty() {
            notes.push(options);
        }
        for serial in paper.serials.iter().filter(|serial| serial.line == Some(line.id)) {
            notes.push(format!("{} {}", r.t(Msg::PackingSerial), serial.serial));
        }
        lines.push(SlipLine {
            pieces,
            goods: things::title(r, &line.title_en, &line.title_zh).to_owned(),
            notes,
            sku: line.sku_code.clone(),
        });
    }
    lines
}

fn cares(paper: &PaperParcel) -> Vec<rules::catalog::nature::Care> {
    let mut nature = Nature::default();
    for line in &paper.lines {
        nature = nature.together(serde_json::from_str(&line.nature).unwrap_or_default());
    }
    nature.cares()
}

fn address(json: &str, name: &str) -> Vec<String> {
    match serde_json::from_str::<Address>(json) {
        Ok(address) => address_lines(&address),
        Err(_) => vec![name.to_owned()],
    }
}

fn service(r: &Reader, shipping: &ShippingPolicy, code: &str) -> String {
    let service = shipping.service(code);
    let name = service.map_or(code, |service| things::title(r, &service.name_en, &service.name_zh));
    let carrier = service.and_then(|service| shipping.carrier(&service.carrier));
    let carrier = carrier.map_or("", |c| things::title(r, &c.name_en, &c.name_zh));
    if carrier.is_empty() { name.to_owned() } else { format!("{carrier} · {name}") }
}

pub(super) fn label_of(
    r: &Reader,
    (shop, from): (&Shop, Option<&Warehouse>),
    shipping: &ShippingPolicy,
    paper: &PaperParcel,
) -> Label {
    let empty = String::new();
    let (code, number, grams) = paper.parcel.as_ref().map_or((&empty, &empty, 0), |parcel| {
        (&parcel.service, &parcel.tracking_number, parcel.weight_grams)
    });
    let service = shipping.service(code);
    let carrier = service.and_then(|service| shipping.carrier(&service.carrier));
    let mut facts = vec![(
        r.t(Msg::SellerWeight).into_owned(),
        r.with(Msg::SellerWhyPacked, &[("grams", grams.into())]),
    )];
    let orders: Vec<String> = paper.boxed.iter().map(ToString::to_string).collect();
    facts.push((r.t(Msg::NavOrders).into_owned(), orders.join(", ")));
    let mut sender = vec![shop.name.clone()];
    if let Some(house) = from {
        sender.extend(address(&house.address, &house.name).into_iter().filter(|l| *l != shop.name));
    }
    let care = |care: rules::catalog::nature::Care| notes::by_code(r, "seller-care", care.code());
    Label {
        carrier: carrier
            .map_or(String::new(), |c| things::title(r, &c.name_en, &c.name_zh).to_owned()),
        service: service
            .map_or(code.clone(), |s| things::title(r, &s.name_en, &s.name_zh).to_owned()),
        from_title: r.t(Msg::PackingFrom).into_owned(),
        from: sender,
        to_title: r.t(Msg::SellerShipTo).into_owned(),
        to: address(&paper.order.address, &paper.order.buyer_name),
        facts,
        cares: cares(paper).into_iter().map(care).collect(),
        tracking_number: number.clone(),
        qr: number.clone(),
    }
}
