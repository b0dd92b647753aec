//! Small parts side by side, and every drawn picture.

use maud::{Markup, html};
use rules::catalog::categories::Categories;

use super::{head, said};
use crate::format::Reader;
use crate::illustrations::{self, Colour, Kind, Shot};
use crate::ui::badges::{Tone, order_badge, parcel_badge, payment_badge};
use crate::ui::countdown::{ago, countdown, day, moment};
use crate::ui::detail::section;
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input, Look, csrf_field, link_button, submit};
use crate::ui::icons::{Icon, icon};
use crate::ui::layout::{PageHead, bare_page, seller_page};
use crate::ui::nav::Place;
use crate::words::Msg;

const ORDER_STATES: [&str; 11] = [
    "unpaid",
    "on_hold",
    "awaiting_confirmation",
    "awaiting_shipment",
    "partially_shipped",
    "awaiting_collection",
    "in_transit",
    "delivered",
    "completed",
    "settled",
    "cancelled",
];
const PAYMENT_STATES: [&str; 6] =
    ["requested", "authorised", "captured", "failed", "partly_refunded", "refunded"];
const PARCEL_STATES: [&str; 9] = [
    "open",
    "packed",
    "label_bought",
    "handed_over",
    "in_transit",
    "delivered",
    "lost",
    "damaged",
    "returned",
];

pub(super) fn parts(r: &Reader) -> Markup {
    let w = r.words;
    seller_page(
        &head(r, Msg::NavSettings, Place::SellerSettings),
        html! {
            div.stack {
                (section(&r.t(Msg::SampleState), html! {
                    div.stack {
                        p.acts { @for state in ORDER_STATES { (order_badge(w, state)) } }
                        p.acts { @for state in PAYMENT_STATES { (payment_badge(w, state)) } }
                        p.acts { @for state in PARCEL_STATES { (parcel_badge(w, state)) } }
                        p.acts { @for hours in [-5, 3, 40] { (countdown(r, super::after(r, hours), &r.t(Msg::SampleLateConsequence))) } }
                        p.acts { (ago(r, super::after(r, -30))) (moment(r, r.now)) (day(r, r.now)) }
                    }
                }))
                (section(&r.t(Msg::SampleButtons), html! {
                    div.acts { @for look in [Look::Primary, Look::Plain, Look::Quiet, Look::Danger] { (link_button(look, "#", &r.t(Msg::SampleConfirm))) } }
                }))
                @for tone in [Tone::Quiet, Tone::Info, Tone::Good, Tone::Soon, Tone::Bad] {
                    (flash(&Flash { tone, text: said(r, Msg::SampleDone), next: Some(("#".to_owned(), said(r, Msg::SampleAll))) }))
                }
                (section(&r.t(Msg::SampleFields), fields(r)))
                (section(&r.t(Msg::SampleIcons), html! { p.acts { @for picture in Icon::all() { (icon(picture)) } } }))
            }
        },
    )
}

fn fields(r: &Reader) -> Markup {
    let w = r.words;
    let choices =
        vec![("1".to_owned(), said(r, Msg::SampleSage)), ("2".to_owned(), said(r, Msg::SampleInk))];
    html! {
        form.form method="post" action="/seller/settings" {
            (Field::new("title", r.t(Msg::SampleName)).required().draw(w))
            div.form-row {
                (Field::new("price", r.t(Msg::SampleTotal)).takes(Input::Money { currency: "GBP".to_owned() }).with_value("28.50").required().draw(w))
                (Field::new("colour", r.t(Msg::SampleColour)).takes(Input::Choice(choices)).with_value("2").draw(w))
                (Field::new("day", r.t(Msg::SampleDueBy)).takes(Input::Date).draw(w))
            }
            (Field::new("phone", r.t(Msg::SampleNote)).takes(Input::Phone).with_hint(r.t(Msg::SampleNoteHint)).draw(w))
            (Field::new("file", r.t(Msg::SamplePicture)).takes(Input::File { accept: "image/*".to_owned() }).draw(w))
            (Field::new("fragile", r.t(Msg::SampleFragile)).takes(Input::Tick).with_value("on").with_hint(r.t(Msg::SampleNoteHint)).draw(w))
            div.acts { (submit(Look::Primary, &r.t(Msg::SampleSave))) }
        }
    }
}

pub(super) fn sign_in(r: &Reader) -> Markup {
    let head = PageHead { person: None, ..head(r, Msg::SignIn, Place::Nowhere) };
    bare_page(
        &head,
        html! {
            section.panel {
                h1 { (r.t(Msg::SignIn)) }
                form method="post" action="/sign-in" {
                    (csrf_field("sample"))
                    (Field::new("email", r.t(Msg::SampleEmail)).takes(Input::Email).with_value("mei@example.com").required().autocomplete("username").draw(r.words))
                    (Field::new("password", r.t(Msg::SamplePassword)).takes(Input::Password { new: false }).required().with_error(Some(said(r, Msg::SamplePasswordWrong))).draw(r.words))
                    (submit(Look::Primary, &r.t(Msg::SignIn)))
                }
            }
        },
    )
}

pub(super) fn pictures(r: &Reader) -> Markup {
    let shots = Kind::ALL.iter().enumerate().map(|(place, kind)| {
        let colour = Colour::ALL[place * 8 % Colour::ALL.len()];
        Shot::ALL.map(|shot| illustrations::address(*kind, colour, shot, place as u32))
    });
    seller_page(
        &head(r, Msg::SamplePicture, Place::Nowhere),
        html! {
            ul.product-grid { @for (number, category) in (0_u32..).zip(Categories::shipped().iter()) { li { img src={ "/pictures/drawn/logo-" (category.code) "-" (format!("{:08x}", number * 11)) ".svg" } alt="" width="96" height="96"; } } }
            ul.product-grid {
                @for pictures in shots { @for picture in pictures { li { img src=(picture) alt="" width="200" height="200"; } } }
            }
            ul.product-grid {
                @for colour in Colour::ALL { li { img src=(super::drawn(Kind::Mug, colour)) alt="" width="200" height="200"; } }
            }
        },
    )
}
