//! The check of the ledger: runs it now, and shows in words what was compared and what was found.

use actions::books::{self, KeptCheck};
use actions::{Failure, Market};
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rules::people::Permission;

use super::{admit, answer, go, ledger, page};
use crate::format::Reader;
use crate::ui::badges::{Tone, badge};
use crate::ui::countdown::moment;
use crate::ui::detail::{DetailHead, detail_page, facts, section};
use crate::ui::forms::{Look, act};
use crate::ui::icons::Icon;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn show(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewLedger)?;
        let last = books::last_check(&market).await?;
        draw(&visit, last.as_ref())
    })
    .await
}

pub(super) async fn run(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewLedger)?;
        books::check_and_keep(&market, visit.caller()?.person).await?;
        Ok(go("/operator/ledger/check", "op-checked"))
    })
    .await
}

/// The invariants which are compared, by the texts which say them.
const COMPARED: [Msg; 7] = [
    Msg::OpInvariant1,
    Msg::OpInvariant2,
    Msg::OpInvariant3,
    Msg::OpInvariant4,
    Msg::OpInvariant5,
    Msg::OpInvariantReports,
    Msg::OpInvariantStatements,
];

fn draw(visit: &Visit, last: Option<&KeptCheck>) -> Result<Response, Failure> {
    let r = &visit.reader;
    let path = "/operator/ledger/check";
    let head = DetailHead {
        back: Some(("/operator/ledger".to_owned(), r.t(Msg::OpTrialBalance).into_owned())),
        title: r.t(Msg::OpCheckTitle).into_owned(),
        badges: last.map(|kept| verdict(r, kept)).into_iter().collect(),
        acts: vec![act(Look::Primary, path, &visit.csrf, &[], &r.t(Msg::OpCheckRun))],
        ..DetailHead::default()
    };
    let main = html! {
        (ledger::standing(r, last))
        @if let Some(kept) = last.filter(|kept| kept.faults > 0) {
            (section(&r.t(Msg::OpFaults), html! {
                ol.stack { @for sentence in &kept.sentences { li { code { (sentence) } } } }
            }))
        }
        (section(&r.t(Msg::OpCompared), html! {
            ol.invariants { @for msg in COMPARED { li { (r.t(msg)) } } }
        }))
    };
    let aside = match last {
        Some(kept) => section(
            &r.t(Msg::OpCheckLast),
            facts(&[
                (&r.t(Msg::OpWhen), moment(r, kept.at)),
                (&r.t(Msg::OpTransfers), counted(kept.transfers)),
                (&r.t(Msg::OpBalances), counted(kept.balances)),
                (&r.t(Msg::NavOrders), counted(kept.orders)),
                (&r.t(Msg::OpFaults), counted(kept.faults as u64)),
            ]),
        ),
        None => html! {},
    };
    page(visit, &r.t(Msg::OpCheckTitle), Place::OperatorLedger, detail_page(&head, main, aside))
}

fn counted(number: u64) -> Markup {
    html! { span.num { (crate::format::count(i64::try_from(number).unwrap_or(i64::MAX))) } }
}

fn verdict(r: &Reader, kept: &KeptCheck) -> Markup {
    if kept.faults == 0 {
        badge(Tone::Good, Icon::CheckCircle, &r.t(Msg::OpInOrder))
    } else {
        badge(Tone::Bad, Icon::Warning, &r.t(Msg::OpNotInOrder))
    }
}
