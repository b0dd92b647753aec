//! The keys with which programs act for the shop. A key's text is shown once, when it is made.

use actions::api_keys::{self, KeyFor};
use actions::{Failure, Market};
use axum::extract::{Form, Path, State};
use maud::{Markup, html};
use rules::ids::ApiKeyId;
use rules::people::Permission;

use super::desk::{Desk, Page, Typed};
use super::settings::{Tried, answered, shown};
use crate::ui::badges::{Tone, badge};
use crate::ui::copy::copyable;
use crate::ui::countdown::day;
use crate::ui::detail::section;
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Look, act, submit};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Row, table};
use crate::visit::Visit;
use crate::words::Msg;

/// The part of the settings page about keys; empty for those who do not manage them.
pub(super) async fn keys(
    market: &Market,
    desk: &Desk,
    tried: &Tried<'_>,
) -> Result<Markup, Failure> {
    if !desk.may(Permission::ManageKeys) {
        return Ok(html! {});
    }
    let keys = api_keys::list(market, &desk.caller, KeyFor::Shop(desk.shop.id)).await?;
    let r = &desk.reader;
    let columns = [
        Column::new(r.t(Msg::SellerKeyName)).leading(),
        Column::new(r.t(Msg::SellerKeyBegins)),
        Column::new(r.t(Msg::SellerKeyMade)),
        Column::new(r.t(Msg::SellerColumnState)),
        Column::new(""),
    ];
    let rows: Vec<Row> = keys
        .iter()
        .map(|key| {
            let id = key.id.to_string();
            let action = desk.href("/settings/keys/revoke");
            let state = match key.revoked_at {
                Some(_) => badge(Tone::Quiet, Icon::Ban, &r.t(Msg::SellerKeyRevoked)),
                None => badge(Tone::Good, Icon::Check, &r.t(Msg::SellerKeyWorks)),
            };
            let revoke =
                act(Look::Quiet, &action, &desk.csrf, &[("id", &id)], &r.t(Msg::SellerKeyRevoke));
            Row {
                cells: vec![
                    html! { (key.name) },
                    html! { code { (key.prefix) "…" } },
                    day(r, key.created_at),
                    state,
                    html! { @if key.revoked_at.is_none() { (revoke) } },
                ],
                ..Row::default()
            }
        })
        .collect();
    let body = html! {
        p.muted { (r.t(Msg::SellerKeysHelp)) }
        @if let Some(text) = tried.new_key {
            (flash(&Flash::good(r.t(Msg::SellerKeyOnce))))
            p.new-key { (copyable(r.words, text)) }
        }
        @if !rows.is_empty() { (table(r.words, &columns, &rows, false)) }
        form.form method="post" action=(desk.href("/settings/keys")) {
            (desk.hidden())
            (Field::new("key-name", r.t(Msg::SellerKeyName)).required().with_hint(r.t(Msg::SellerKeyNameHint))
                .with_value(tried.value("keys", "key-name", "")).with_error(tried.error(desk, "keys", "name")).draw(r.words))
            div.acts { (submit(Look::Plain, &r.t(Msg::SellerKeyMake))) }
        }
    };
    Ok(section(&r.t(Msg::SellerKeys), body))
}

pub(super) async fn make(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ManageKeys).await?;
    let name = typed.get("key-name").trim().to_owned();
    let made = api_keys::create(&market, &desk.caller, KeyFor::Shop(desk.shop.id), &name).await;
    match made {
        // Not a redirect: the text of the key is nowhere but in this answer.
        Ok(made) => {
            let text = made.text.reveal().to_owned();
            let tried = Tried { new_key: Some(&text), ..Tried::default() };
            shown(&market, &desk, &tried).await
        }
        Err(failure) => {
            let tried = Tried { form: "keys", typed, failure: Some(&failure), new_key: None };
            shown(&market, &desk, &tried).await
        }
    }
}

pub(super) async fn revoke(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ManageKeys).await?;
    let done = async {
        let id: ApiKeyId = typed.get("id").parse().map_err(|_| Failure::NotFound)?;
        api_keys::revoke(&market, &desk.caller, KeyFor::Shop(desk.shop.id), id).await
    };
    let done = done.await;
    answered(&market, &desk, "revoke", typed, done, Msg::SaidSellerKeyRevoked).await
}
