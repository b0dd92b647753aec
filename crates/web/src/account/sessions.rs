//! Where one is signed in, and the way to end it.

use actions::people::{self, SessionSeen};
use axum::Form;
use maud::{Markup, html};

use crate::storefront::shopper::{Page, Shopper, go};
use crate::storefront::typed::Typed;
use crate::ui::badges::{Tone, badge};
use crate::ui::countdown::ago;
use crate::ui::forms::{Look, act, link_button};
use crate::ui::icons::{Icon, icon};
use crate::ui::list::page_title;
use crate::ui::nav::Place;
use crate::words::Msg;

pub(super) async fn show(shopper: Shopper) -> Page {
    shopper.buyer()?;
    let fail = |failure| shopper.problem(failure);
    let caller = shopper.visit.caller().map_err(fail)?;
    let sessions = people::list_sessions(&shopper.market, caller).await.map_err(fail)?;
    let r = &shopper.reader;
    let title = shopper.t(Msg::SessionsTitle);
    let mut acts = vec![link_button(Look::Quiet, "/account", &r.t(Msg::NavAccount))];
    if sessions.len() > 1 {
        acts.push(act(
            Look::Plain,
            "/account/sessions/end-others",
            &shopper.visit.csrf,
            &[],
            &r.t(Msg::SessionsEndOthers),
        ));
    }
    let body = html! {
        (page_title(&title, &r.t(Msg::SessionsLead), &acts))
        ul.notices { @for session in &sessions { li { (one(&shopper, session)) } } }
    };
    Ok(shopper.page(&title, Place::StoreAccount, body))
}

fn one(shopper: &Shopper, session: &SessionSeen) -> Markup {
    let r = &shopper.reader;
    let agent = if session.agent.is_empty() {
        shopper.t(Msg::SessionUnknown)
    } else {
        session.agent.clone()
    };
    html! {
        (icon(Icon::Key))
        div {
            p { (agent) " " @if session.is_this { (badge(Tone::Good, Icon::Check, &r.t(Msg::SessionThis))) } }
            p.muted { (r.t(Msg::SessionSeen)) " " (ago(r, session.seen_at)) }
        }
        @if !session.is_this {
            (act(Look::Plain, "/account/sessions/end", &shopper.visit.csrf, &[("session", &session.handle)], &r.t(Msg::SessionEnd)))
        }
    }
}

pub(super) async fn end(shopper: Shopper, Form(typed): Form<Vec<(String, String)>>) -> Page {
    let typed = Typed(typed);
    let fail = |failure| shopper.problem(failure);
    let caller = shopper.visit.caller().map_err(fail)?;
    let handle = typed.get("session").to_owned();
    people::end_session(&shopper.market, caller, handle).await.map_err(fail)?;
    Ok(go("/account/sessions"))
}

pub(super) async fn end_others(shopper: Shopper) -> Page {
    let fail = |failure| shopper.problem(failure);
    let caller = shopper.visit.caller().map_err(fail)?;
    people::end_other_sessions(&shopper.market, caller).await.map_err(fail)?;
    Ok(go("/account/sessions"))
}
