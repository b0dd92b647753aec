//! API keys of the house. A key's text is shown once, when it is made.

use actions::api_keys::{self, ApiKey, KeyFor, MadeKey};
use actions::{Failure, Market};
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rules::ids::ApiKeyId;
use rules::people::Permission;
use serde::Deserialize;

use super::{admit, answer, due_work, go, page, page_again, say};
use crate::ui::badges::{Tone, badge};
use crate::ui::copy::copyable;
use crate::ui::countdown::day;
use crate::ui::detail::section;
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Look, act, csrf_field, submit};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Row, csv_link, empty_state, page_title, table};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

const PATH: &str = "/operator/system/keys";

#[derive(Debug, Default, Deserialize)]
pub(super) struct KeyForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    id: i64,
}

pub(super) async fn show(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ManageHouseStaff)?;
        let keys = api_keys::list(&market, visit.caller()?, KeyFor::House).await?;
        let body = draw(&visit, &keys, &KeyForm::default(), None, None);
        page(&visit, &visit.reader.t(Msg::OpKeys), Place::OperatorSystem, body)
    })
    .await
}

/// Answers with the page itself and not with a way to it: the key's text must not stand in an address.
pub(super) async fn create(
    visit: Visit,
    State(market): State<Market>,
    Form(form): Form<KeyForm>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ManageHouseStaff)?;
        let caller = visit.caller()?;
        let title = visit.reader.t(Msg::OpKeys);
        match api_keys::create(&market, caller, KeyFor::House, &form.name).await {
            Ok(made) => {
                let keys = api_keys::list(&market, caller, KeyFor::House).await?;
                let body = draw(&visit, &keys, &KeyForm::default(), None, Some(&made));
                page(&visit, &title, Place::OperatorSystem, body)
            }
            Err(Failure::Invalid(faults)) => {
                let keys = api_keys::list(&market, caller, KeyFor::House).await?;
                let wrong =
                    faults.first().map(|fault| say::code(&visit.reader, "wrong", fault.code));
                let body = draw(&visit, &keys, &form, wrong, None);
                page_again(&visit, &title, Place::OperatorSystem, body)
            }
            Err(failure) => Err(failure),
        }
    })
    .await
}

pub(super) async fn revoke(
    visit: Visit,
    State(market): State<Market>,
    Form(form): Form<KeyForm>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ManageHouseStaff)?;
        let key = ApiKeyId::new(form.id);
        api_keys::revoke(&market, visit.caller()?, KeyFor::House, key).await?;
        Ok(go(PATH, "op-key-revoked"))
    })
    .await
}

fn draw(
    visit: &Visit,
    keys: &[ApiKey],
    form: &KeyForm,
    wrong: Option<String>,
    made: Option<&MadeKey>,
) -> Markup {
    let r = &visit.reader;
    let name = Field::new("name", r.t(Msg::OpKeyName))
        .with_value(form.name.clone())
        .with_hint(r.t(Msg::OpKeyHint))
        .with_error(wrong)
        .required();
    html! {
        (page_title(&r.t(Msg::NavSystem), &r.t(Msg::OpKeysLead), &[]))
        (due_work::sections(visit, PATH))
        div.stack {
            @if let Some(made) = made {
                (flash(&Flash::good(r.t(Msg::OpKeyMade))))
                p { (copyable(r.words, made.text.reveal())) }
            }
            (section(&r.t(Msg::OpKeys), table_of(visit, keys)))
            nav.below { (csv_link(r.words, "/operator/system/keys.csv")) }
            (section(&r.t(Msg::OpKeyNew), html! {
                form.stack method="post" action=(PATH) {
                    (csrf_field(&visit.csrf))
                    (name.draw(r.words))
                    (submit(Look::Primary, &r.t(Msg::OpKeyNew)))
                }
            }))
        }
    }
}

fn table_of(visit: &Visit, keys: &[ApiKey]) -> Markup {
    let r = &visit.reader;
    if keys.is_empty() {
        return empty_state(&Empty {
            icon: Some(Icon::Key),
            title: r.t(Msg::OpKeysNone).into_owned(),
            text: r.t(Msg::OpKeysNoneText).into_owned(),
            next: None,
        });
    }
    let rows: Vec<Row> = keys
        .iter()
        .map(|key| {
            let id = key.id.to_string();
            let path = "/operator/system/keys/revoke";
            Row {
                cells: vec![
                    html! { (key.name) },
                    html! { code { (key.prefix) "…" } },
                    day(r, key.created_at),
                    html! {
                        @match key.revoked_at {
                            Some(at) => { (badge(Tone::Quiet, Icon::Ban, &r.t(Msg::OpKeyRevoked))) " " (day(r, at)) }
                            None => { (act(Look::Quiet, path, &visit.csrf, &[("id", &id)], &r.t(Msg::OpKeyRevoke))) }
                        }
                    },
                ],
                ..Row::default()
            }
        })
        .collect();
    let columns = [
        Column::new(r.t(Msg::OpKeyName)).leading(),
        Column::new(r.t(Msg::OpKeyBegins)),
        Column::new(r.t(Msg::OpSince)),
        Column::new(""),
    ];
    table(r.words, &columns, &rows, false)
}
