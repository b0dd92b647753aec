//! The database and its counters since the server started.

use actions::{Failure, Market};
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rules::people::Permission;
use store::SchemaState;

use super::{admit, answer, due_work, page};
use crate::format::{Reader, count};
use crate::ui::badges::{Tone, badge};
use crate::ui::copy::definition;
use crate::ui::detail::{facts, figure, figures, section};
use crate::ui::icons::Icon;
use crate::ui::list::page_title;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn show(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewHouse)?;
        let schema = market.store.schema_state().await?;
        draw(&visit, &market, &schema)
    })
    .await
}

fn draw(visit: &Visit, market: &Market, schema: &SchemaState) -> Result<Response, Failure> {
    let r = &visit.reader;
    let read = market.store.counters();
    let card = |name: Msg, meaning: Msg, number: u64| {
        let shown = count(i64::try_from(number).unwrap_or(i64::MAX));
        figure(definition(&r.t(name), &r.t(meaning)), &shown, html! {})
    };
    let (version, policies) = market.policies();
    let markets = policies.markets().count();
    let body = html! {
        (page_title(&r.t(Msg::NavSystem), &r.t(Msg::OpDatabaseLead), &[]))
        (due_work::sections(visit, "/operator/system/database"))
        (figures(&[
            card(Msg::OpCountActs, Msg::OpCountActsMeaning, read.acts),
            card(Msg::OpCountBatches, Msg::OpCountBatchesMeaning, read.batches),
            card(Msg::OpCountReads, Msg::OpCountReadsMeaning, read.reads),
            card(Msg::OpCountReplays, Msg::OpCountReplaysMeaning, read.replays),
            card(Msg::OpCountRetries, Msg::OpCountRetriesMeaning, read.retries),
            card(Msg::OpCountTurnedAway, Msg::OpCountTurnedAwayMeaning, read.turned_away),
        ]))
        (section(&r.t(Msg::OpHouse), facts(&[
            (&r.t(Msg::OpEngine), html! { (market.store.engine_name()) }),
            (&r.t(Msg::OpSchema), schema_badge(r, schema)),
            (&r.t(Msg::OpPolicyVersion), html! { a href={ "/operator/policy/versions/" (version) } { span.num { (version) } } }),
            (&r.t(Msg::OpMarkets), html! { span.num { (markets) } }),
            (&r.t(Msg::OpProcess), html! { span.num { (market.ids.process()) } }),
        ])))
    };
    page(visit, &r.t(Msg::OpDatabase), Place::OperatorSystem, body)
}

fn schema_badge(r: &Reader, schema: &SchemaState) -> Markup {
    match schema {
        SchemaState::Current => badge(Tone::Good, Icon::Check, &r.t(Msg::OpSchemaCurrent)),
        SchemaState::Empty | SchemaState::Behind(_) => {
            badge(Tone::Soon, Icon::Warning, &r.t(Msg::OpSchemaBehind))
        }
        SchemaState::Newer(_) => badge(Tone::Bad, Icon::Warning, &r.t(Msg::OpSchemaNewer)),
    }
}
