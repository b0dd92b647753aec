//! The carriers and their keys. A key's text is shown once, when it is made or rolled.

use actions::carrier_keys::{self, CarrierDesk, MadeCarrierKey};
use actions::{Failure, Market};
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rules::people::Permission;
use serde::Deserialize;

use super::{admit, answer, due_work, go, may, page, page_again};
use crate::ui::badges::{Tone, badge};
use crate::ui::copy::copyable;
use crate::ui::countdown::{ago, moment};
use crate::ui::detail::section;
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Look, act};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Row, page_title, table};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::{Language, Msg};

pub(super) const PATH: &str = "/operator/system/carriers";

#[derive(Debug, Default, Deserialize)]
pub(super) struct CarrierForm {
    #[serde(default)]
    carrier: String,
}

pub(super) async fn show(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewHouse)?;
        let desks = carrier_keys::desk(&market, visit.caller()?).await?;
        let body = draw(&visit, &desks, None, None);
        page(&visit, &visit.reader.t(Msg::OpCarriers), Place::OperatorSystem, body)
    })
    .await
}

/// Answers with the page itself and not with a way to it: the key's text must not stand in an address.
pub(super) async fn roll(
    visit: Visit,
    State(market): State<Market>,
    Form(form): Form<CarrierForm>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ManageHouseStaff)?;
        let caller = visit.caller()?;
        let title = visit.reader.t(Msg::OpCarriers);
        match carrier_keys::roll(&market, caller, &form.carrier).await {
            Ok(made) => {
                let desks = carrier_keys::desk(&market, caller).await?;
                let body = draw(&visit, &desks, Some(&made), None);
                page(&visit, &title, Place::OperatorSystem, body)
            }
            Err(Failure::Invalid(_)) => {
                let desks = carrier_keys::desk(&market, caller).await?;
                let wrong = visit.reader.t(Msg::OpCarrierUnknown);
                page_again(
                    &visit,
                    &title,
                    Place::OperatorSystem,
                    draw(&visit, &desks, None, Some(wrong.as_ref())),
                )
            }
            Err(failure) => Err(failure),
        }
    })
    .await
}

pub(super) async fn end(
    visit: Visit,
    State(market): State<Market>,
    Form(form): Form<CarrierForm>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ManageHouseStaff)?;
        carrier_keys::end(&market, visit.caller()?, &form.carrier).await?;
        Ok(go(PATH, "op-carrier-ended"))
    })
    .await
}

fn draw(
    visit: &Visit,
    desks: &[CarrierDesk],
    made: Option<&MadeCarrierKey>,
    wrong: Option<&str>,
) -> Markup {
    let r = &visit.reader;
    html! {
        (page_title(&r.t(Msg::NavSystem), &r.t(Msg::OpCarriersLead), &[]))
        (due_work::sections(visit, PATH))
        div.stack {
            @if let Some(wrong) = wrong { (flash(&Flash::bad(wrong))) }
            @if let Some(made) = made {
                (flash(&Flash::good(r.with(
                    Msg::OpCarrierMade,
                    &[("carrier", made.carrier.as_str().into()), ("until", r.moment(made.old_until).into())],
                ))))
                p { (copyable(r.words, made.text.reveal())) }
            }
            (section(&r.t(Msg::OpCarriers), table_of(visit, desks)))
            (section(&r.t(Msg::OpCarrierHow), html! {
                p { (r.t(Msg::OpCarrierHowText)) }
                pre { code { (EXAMPLE) } }
            }))
        }
    }
}

/// What a carrier sends; the words around it are the reader's, this is the contract's.
const EXAMPLE: &str = "POST /hooks/carriers/ups
Guildhall-Signature: t=1700000000,v1=<HMAC-SHA256 of \"1700000000.\" + body, in hexadecimal>

{\"news\": [{\"tracking_number\": \"1Z999AA10123456784\", \"carrier_ref\": \"scan-1\",
  \"news\": \"collected\", \"place\": \"Oakland, CA\", \"happened_at\": \"2026-11-22T08:30:00Z\"}]}";

fn table_of(visit: &Visit, desks: &[CarrierDesk]) -> Markup {
    let r = &visit.reader;
    let columns = [
        Column::new(r.t(Msg::OpCarrier)).leading(),
        Column::new(r.t(Msg::OpKeyBegins)),
        Column::new(r.t(Msg::OpCarrierHeard)),
        Column::new(""),
    ];
    let rows: Vec<Row> = desks.iter().map(|desk| row(visit, desk)).collect();
    table(r.words, &columns, &rows, false)
}

fn row(visit: &Visit, desk: &CarrierDesk) -> Row {
    let r = &visit.reader;
    let name = match r.words.language() {
        Language::En => &desk.name_en,
        Language::Zh => &desk.name_zh,
    };
    let live: Vec<_> = desk.keys.iter().filter(|k| k.ends_at.is_none_or(|at| at > r.now)).collect();
    let heard = desk.keys.iter().filter_map(|key| key.used_at).max();
    let make = if live.is_empty() { Msg::OpCarrierMake } else { Msg::OpCarrierRoll };
    let hidden = [("carrier", desk.code.as_str())];
    let acts = html! {
        @if may(visit, Permission::ManageHouseStaff) {
            (act(Look::Plain, PATH, &visit.csrf, &hidden, &r.t(make)))
            @if !live.is_empty() {
                " " (act(Look::Quiet, &format!("{PATH}/end"), &visit.csrf, &hidden, &r.t(Msg::OpCarrierEnd)))
            }
        }
    };
    Row {
        cells: vec![
            html! { (name) " " code { (desk.code) } },
            html! {
                @if live.is_empty() { (badge(Tone::Quiet, Icon::Lock, &r.t(Msg::OpCarrierNoKey))) }
                @for key in &live {
                    div {
                        code { (key.prefix) "…" }
                        @if let Some(at) = key.ends_at { span.muted { " " (r.t(Msg::OpCarrierUntil)) " " (moment(r, at)) } }
                    }
                }
            },
            html! {
                @match heard { Some(at) => { (ago(r, at)) } None => { span.muted { (r.t(Msg::OpCarrierNever)) } } }
            },
            acts,
        ],
        ..Row::default()
    }
}
