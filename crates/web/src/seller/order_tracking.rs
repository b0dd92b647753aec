//! The seller's side of tracking: whether the carrier knows a number, how to correct it, and why another service was taken.

use actions::shop_desk::OrderFile;
use actions::tracking::{ChangeTracking, change_tracking};
use actions::{Failure, Market};
use axum::extract::{Form, Path, State};
use maud::{Markup, html};
use rules::people::Permission;
use rules::shipping::overrides::{OverrideReason, ServiceOverride};
use rules::shipping::parcels::{ParcelState, may_change};
use store::parcels::Parcel;

use super::desk::{Desk, Page, Typed};
use super::notes;
use super::order::{Tried, service_name};
use super::order_acts::{after, ask};
use crate::ui::badges::{Tone, badge};
use crate::ui::countdown::moment;
use crate::ui::forms::{Field, Input, Look, submit};
use crate::ui::icons::Icon;
use crate::visit::Visit;
use crate::words::Msg;

/// Below the services: why not the promised one. Needed only when another one is chosen.
pub(super) fn override_fields(desk: &Desk, tried: &Tried) -> Markup {
    let r = &desk.reader;
    let mut choices = vec![(String::new(), r.t(Msg::SellerOverrideNone).into_owned())];
    choices.extend(OverrideReason::ALL.map(|reason| {
        (reason.code().to_owned(), notes::by_code(r, "seller-override", reason.code()))
    }));
    let reason = Field::new("override_reason", r.t(Msg::SellerOverride))
        .takes(Input::Choice(choices))
        .with_value(tried.typed.get("override_reason"))
        .with_hint(r.t(Msg::SellerOverrideHint))
        .with_error(desk.field_error(tried.failure.as_ref(), "override_reason"));
    let note = Field::new("override_note", r.t(Msg::SellerOverrideNote))
        .with_value(tried.typed.get("override_note"));
    html! { div.form-row { (reason.draw(r.words)) (note.draw(r.words)) } }
}

/// What was chosen in [`override_fields`].
pub(super) fn instead(typed: &Typed) -> Option<ServiceOverride> {
    let reason = OverrideReason::parse(typed.get("override_reason"))?;
    Some(ServiceOverride { reason, note: typed.get("override_note").to_owned() })
}

/// Under a shipped parcel: is the number valid, why this service, and the one correction.
pub(super) fn panel(desk: &Desk, file: &OrderFile, parcel: &Parcel, tried: &Tried) -> Markup {
    if parcel.state == ParcelState::Packed {
        return html! {};
    }
    let r = &desk.reader;
    html! {
        p {
            @match parcel.recognised_at {
                Some(at) => { (badge(Tone::Good, Icon::CheckCircle, &r.t(Msg::SellerTrackingValid))) " " (moment(r, at)) }
                None => { (badge(Tone::Soon, Icon::Question, &r.t(Msg::SellerTrackingUnknown))) }
            }
        }
        @if let Some(why) = ServiceOverride::read(&parcel.override_reason) {
            p.muted {
                (r.t(Msg::SellerOverridden)) " " (notes::by_code(r, "seller-override", why.reason.code()))
                @if !why.note.is_empty() { " · " (why.note) }
            }
        }
        @if desk.may(Permission::ShipOrders) { (correction(desk, file, parcel, tried)) }
    }
}

fn correction(desk: &Desk, file: &OrderFile, parcel: &Parcel, tried: &Tried) -> Markup {
    let r = &desk.reader;
    let (handed_over, changes) = (parcel.handed_over_at, parcel.tracking_changes);
    let may = may_change(parcel.state, handed_over, changes, file.tracking_change, r.now);
    let until = match may {
        Ok(until) => until,
        Err(refusal) => {
            let why = notes::by_code(r, "seller-number", refusal.code());
            return html! { @if !parcel.state.ended() { p.muted { (why) } } };
        }
    };
    let action = desk.href(&format!("/orders/{}/parcels/{}/tracking", file.order.id, parcel.id));
    let typed = tried.typed.get("service");
    let service = if typed.is_empty() { parcel.service.as_str() } else { typed };
    let offered = file.ranking.offers.iter().map(|offer| offer.service.clone());
    let mut codes: Vec<String> = offered.collect();
    if !codes.contains(&parcel.service) {
        codes.insert(0, parcel.service.clone());
    }
    let choices = codes.into_iter().map(|code| (code.clone(), service_name(desk, file, &code)));
    let service = Field::new("service", r.t(Msg::SellerService))
        .takes(Input::Choice(choices.collect()))
        .with_value(service);
    let number = Field::new("tracking_number", r.t(Msg::SellerTracking))
        .with_value(tried.typed.get("tracking_number"))
        .with_error(desk.field_error(tried.failure.as_ref(), "tracking_number"))
        .required();
    let hint = r.with(Msg::SellerNumberUntil, &[("until", r.moment(until).into())]);
    html! {
        details.more open[tried.failure.is_some()] {
            summary { (r.t(Msg::SellerNumberChange)) }
            p.muted { (hint) }
            form.form method="post" action=(action) {
                (desk.hidden())
                input type="hidden" name="version" value=(file.order.version);
                div.form-row { (service.draw(r.words)) (number.draw(r.words)) }
                div.acts { (submit(Look::Plain, &r.t(Msg::SellerNumberChange))) }
            }
        }
    }
}

pub(super) async fn change(
    State(market): State<Market>,
    Path((shop, order, parcel)): Path<(String, String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ShipOrders).await?;
    let done = async {
        let change = ChangeTracking {
            ask: ask(&desk, &order, &typed, "tracking")?,
            parcel: parcel.parse().map_err(|_| Failure::NotFound)?,
            service: typed.get("service").to_owned(),
            tracking_number: typed.get("tracking_number").to_owned(),
        };
        change_tracking(&market, change).await.map(drop)
    };
    let done = done.await;
    after(&market, desk, &order, typed, done, Msg::SaidSellerNumberChanged).await
}
