//! Every transfer of the house, by day and by reason, newest first.

use actions::{Market, overview};
use axum::extract::{Query, State};
use axum::response::Response;
use maud::html;
use rules::ledger::TransferCode;
use rules::people::Permission;
use rules::time::Timestamp;
use serde::Deserialize;

use super::accounts::{transfer_columns, transfer_row};
use super::{PAGE, admit, answer, page, say};
use crate::ui::forms::{Field, Input};
use crate::ui::icons::{Icon, icon};
use crate::ui::list::{Empty, Filter, ListPage, list_page};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

const PATH: &str = "/operator/ledger/transfers";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// A day as in 2026-06-01, UTC; empty for all.
    day: String,
    pub(super) code: String,
    from: Option<i64>,
}

impl Asked {
    /// The day's beginning.
    pub(super) fn began(&self) -> Option<Timestamp> {
        Timestamp::parse(&format!("{}T00:00:00Z", self.day.trim())).ok()
    }

    fn address(&self, from: Option<i64>) -> String {
        let from = from.map(|from| format!("&from={from}")).unwrap_or_default();
        let code = TransferCode::parse(&self.code).map_or("", TransferCode::code);
        let day = self.began().map(|_| self.day.trim()).unwrap_or_default();
        format!("{PATH}?day={day}&code={code}{from}")
    }
}

pub(super) async fn show(
    visit: Visit,
    State(market): State<Market>,
    Query(asked): Query<Asked>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewLedger)?;
        let code = TransferCode::parse(&asked.code);
        let before = asked.from.unwrap_or(i64::MAX);
        let rows = overview::transfers(&market, asked.began(), code, before, PAGE).await?;
        let r = &visit.reader;
        let mut codes = vec![(String::new(), r.t(Msg::OpTransfersEvery).into_owned())];
        codes.extend(
            TransferCode::ALL.map(|code| (code.code().to_owned(), say::transfer_code(r, code))),
        );
        let filtered = !asked.day.is_empty() || code.is_some();
        let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= PAGE;
        let list = ListPage {
            title: r.t(Msg::OpTransfersAll).into_owned(),
            lead: r.t(Msg::OpTransfersLead).into_owned(),
            filter: Some(Filter {
                action: PATH.to_owned(),
                fields: vec![
                    Field::new("day", r.t(Msg::OpTransfersDay))
                        .takes(Input::Date)
                        .with_value(&asked.day),
                    Field::new("code", r.t(Msg::OpReason))
                        .takes(Input::Choice(codes))
                        .with_value(&asked.code),
                ],
                clear: filtered.then(|| PATH.to_owned()),
                ..Filter::default()
            }),
            columns: transfer_columns(r),
            next: rows.last().filter(|_| full).map(|row| asked.address(Some(row.id.number()))),
            first: asked.from.map(|_| asked.address(None)),
            csv: Some(asked.address(None).replacen(PATH, &format!("{PATH}.csv"), 1)),
            rows: rows.iter().map(|row| transfer_row(r, row, None)).collect(),
            empty: Empty {
                icon: Some(Icon::Ledger),
                title: r.t(Msg::OpTransfersNone).into_owned(),
                text: r.t(Msg::OpTransfersNoneText).into_owned(),
                next: None,
            },
            ..ListPage::default()
        };
        let body = html! {
            a.back href="/operator/ledger" { (icon(Icon::Arrow)) (r.t(Msg::OpTrialBalance)) }
            (list_page(r.words, &list))
        };
        page(&visit, &r.t(Msg::OpTransfersAll), Place::OperatorLedger, body)
    })
    .await
}
