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
    let agent = in_short(&session.agent).unwrap_or_else(|| shopper.t(Msg::SessionUnknown));
    html! {
        (icon(Icon::Key))
        div {
            p { span title=(session.agent) { (agent) } " " @if session.is_this { (badge(Tone::Good, Icon::Check, &r.t(Msg::SessionThis))) } }
            p.muted { (r.t(Msg::SessionSeen)) " " (ago(r, session.seen_at)) }
        }
        @if !session.is_this {
            (act(Look::Plain, "/account/sessions/end", &shopper.visit.csrf, &[("session", &session.handle)], &r.t(Msg::SessionEnd)))
        }
    }
}

/// "Firefox · Linux" out of what a browser says of itself; what names no browser is shown as it came.
fn in_short(agent: &str) -> Option<String> {
    // Nearly all say they are like the ones further down, so the order matters.
    const BROWSERS: [(&str, &str); 8] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => Some(format!("{browser} · {system}")),
        (Some(browser), None) => Some(browser.to_owned()),
        (None, Some(_) | None) => (!agent.is_empty()).then(|| agent.to_owned()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_in_short() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";
        assert_eq!(in_short(chrome).as_deref(), Some("Chrome · Linux"));
        assert_eq!(in_short(&format!("{chrome} Edg/140.0")).as_deref(), Some("Edge · Linux"));
        assert_eq!(in_short(phone).as_deref(), Some("Safari · iPhone"));
        assert_eq!((in_short("curl/8.9").as_deref(), in_short("")), (Some("curl/8.9"), None));
    }
}
