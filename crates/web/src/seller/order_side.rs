//! The facts beside an order: where it goes, what was promised, which versions govern it.

use actions::shop_desk::OrderFile;
use maud::{Markup, html};
use rules::checkout::address::Address;
use rules::people::Permission;
use store::orders::OrderRow;

use super::desk::Desk;
use super::order::{Tried, carrier_name, service_name};
use super::order_notes;
use crate::ui::copy::copyable;
use crate::ui::countdown::{day, moment};
use crate::ui::detail::{facts, section};
use crate::ui::icons::{Icon, icon};
use crate::words::Msg;

pub(super) fn side(desk: &Desk, file: &OrderFile, tried: &Tried) -> Markup {
    let r = &desk.reader;
    html! {
        (section(&r.t(Msg::SellerShipTo), address(desk, &file.order)))
        (section(&r.t(Msg::SellerPromise), promise(desk, file)))
        (section(&r.t(Msg::SellerDates), dates(desk, &file.order)))
        @if desk.may(Permission::NoteOrders) {
            (section(&r.t(Msg::NotesTitle), order_notes::panel(desk, file, tried)))
        }
        (section(&r.t(Msg::SellerGoverned), governed(desk, &file.order)))
    }
}

fn address(desk: &Desk, order: &OrderRow) -> Markup {
    let Ok(address) = serde_json::from_str::<Address>(&order.address) else {
        return html! { p { (order.buyer_name) } };
    };
    let lines = address_lines(&address);
    html! {
        address.lines { @for line in &lines { div { (line) } } }
        (copy_button(desk, &lines.join("\n")))
    }
}

/// Copies what stands above it; hidden without scripts.
fn copy_button(desk: &Desk, text: &str) -> Markup {
    let r = &desk.reader;
    html! {
        button.button.quiet type="button" hidden data-copy=(text) data-done=(r.t(Msg::Copied)) {
            (icon(Icon::Copy)) (r.t(Msg::SellerCopyAddress))
        }
    }
}

/// The address as it is written on a parcel, without empty lines.
pub(super) fn address_lines(address: &Address) -> Vec<String> {
    let town = [address.city.as_str(), address.region.as_str(), address.postcode.as_str()];
    let town: Vec<&str> = town.into_iter().filter(|part| !part.is_empty()).collect();
    let lines = [
        address.name.clone(),
        address.line1.clone(),
        address.line2.clone(),
        town.join(" "),
        address.country.to_string(),
        address.phone.clone(),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

fn promise(desk: &Desk, file: &OrderFile) -> Markup {
    let (r, order) = (&desk.reader, &file.order);
    let service = format!(
        "{} · {}",
        carrier_name(desk, file, &order.carrier),
        service_name(desk, file, &order.service)
    );
    facts(&[
        (&r.t(Msg::SellerPromisedService), html! { (service) }),
        (
            &r.t(Msg::SellerPromisedDates),
            html! { (day(r, order.promise_from)) " – " (day(r, order.promise_by)) },
        ),
    ])
}

fn dates(desk: &Desk, order: &OrderRow) -> Markup {
    let r = &desk.reader;
    let known = [
        (Msg::SellerDatePaid, order.paid_at),
        (Msg::SellerDateShipBy, order.ship_by),
        (Msg::SellerDateShipped, order.shipped_at),
        (Msg::SellerDateDelivered, order.delivered_at),
        (Msg::SellerDateCompleted, order.completed_at),
        (Msg::SellerDateSettled, order.settled_at),
        (Msg::SellerDateCancelled, order.cancelled_at),
    ];
    let names: Vec<_> =
        known.into_iter().filter_map(|(msg, at)| at.map(|at| (r.t(msg), moment(r, at)))).collect();
    let rows: Vec<(&str, Markup)> =
        names.iter().map(|(name, value)| (name.as_ref(), value.clone())).collect();
    facts(&rows)
}

fn governed(desk: &Desk, order: &OrderRow) -> Markup {
    let r = &desk.reader;
    facts(&[
        (&r.t(Msg::SellerMarket), html! { (order.market) " · " (order.currency.code()) }),
        (&r.t(Msg::SellerPolicyVersion), html! { span.num { (order.policy_version) } }),
        (&r.t(Msg::SellerOrderVersion), html! { span.num { (order.version) } }),
        (&r.t(Msg::SellerPayment), copyable(r.words, &order.payment.to_string())),
    ])
}
