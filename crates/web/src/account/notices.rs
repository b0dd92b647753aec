//! What the buyer should know: written by the relay of events, read and ticked off here.

use actions::people::{self, Notice};
use axum::Form;
use axum::extract::Query;
use maud::{Markup, html};
use rules::ids::NoticeId;
use rules::money::Money;
use serde::Deserialize;
use serde_json::Value;

use crate::storefront::shopper::{Page, Shopper, go};
use crate::storefront::typed::Typed;
use crate::ui::countdown::ago;
use crate::ui::forms::{Look, act, link_button};
use crate::ui::icons::{Icon, icon};
use crate::ui::list::{Empty, empty_state, page_title};
use crate::ui::nav::Place;
use crate::words::Msg;

const ON_A_PAGE: i64 = 30;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    before: String,
}

pub(super) async fn show(shopper: Shopper, Query(wanted): Query<Wanted>) -> Page {
    let buyer = shopper.buyer()?;
    let before = wanted.before.parse().ok();
    let found = people::list_notices(&shopper.market, buyer, before, ON_A_PAGE).await;
    let found = found.map_err(|failure| shopper.problem(failure))?;
    let unread = found.iter().any(|notice| notice.read_at.is_none());
    let title = shopper.t(Msg::NoticesTitle);
    let newest = found.first().map(|notice| notice.id.to_string()).unwrap_or_default();
    let acts = if unread {
        let hidden = [("until", newest.as_str())];
        vec![act(
            Look::Plain,
            "/notices/read",
            &shopper.visit.csrf,
            &hidden,
            &shopper.t(Msg::NoticesReadAll),
        )]
    } else {
        Vec::new()
    };
    let body = html! {
        (page_title(&title, &shopper.t(Msg::NoticesLead), &acts))
        @if found.is_empty() {
            (empty_state(&Empty { icon: Some(Icon::Bell), title: shopper.t(Msg::NoticesNone), text: shopper.t(Msg::NoticesNoneText), next: None }))
        } @else {
            ul.notices { @for notice in &found { li class=[notice.read_at.is_none().then_some("unread")] { (one(&shopper, notice)) } } }
        }
        @if let (true, Some(last)) = (found.len() as i64 == ON_A_PAGE, found.last()) {
            nav.below aria-label=(shopper.t(Msg::ListPages)) {
                (link_button(Look::Plain, &format!("/notices?before={}", last.id), &shopper.t(Msg::StoreMore)))
            }
        }
    };
    Ok(shopper.page(&title, Place::StoreOrders, body))
}

fn one(shopper: &Shopper, notice: &Notice) -> Markup {
    let r = &shopper.reader;
    let said = Msg::named(&format!("notice-{}", notice.kind.replace('_', "-")));
    let is_case = notice.subject == "case";
    let other = if is_case { Msg::NoticeCaseOther } else { Msg::NoticeOther };
    let said = said.map_or_else(|| shopper.t(other), |msg| shopper.t(msg));
    let body: Value = serde_json::from_str(&notice.body).unwrap_or_default();
    let refund = serde_json::from_value::<Money>(body["refund"].clone()).ok();
    let refund = refund.filter(|refund| refund.minor > 0);
    html! {
        (icon(if notice.read_at.is_none() { Icon::Bell } else { Icon::Check }))
        div {
            p {
                @if notice.subject == "order" { a href={ "/orders/" (notice.subject_id) } { (said) } }
                @else if is_case { a href={ "/cases/" (notice.subject_id) } { (said) } }
                @else { (said) }
                @if let Some(refund) = refund { " " (r.with(Msg::EventRefund, &[("amount", r.money(refund).into())])) }
            }
            p.muted { (ago(r, notice.created_at)) }
        }
    }
}

/// Ticks off everything up to the newest one which was shown.
pub(super) async fn read(shopper: Shopper, Form(typed): Form<Vec<(String, String)>>) -> Page {
    let typed = Typed(typed);
    let buyer = shopper.buyer()?;
    if let Ok(until) = typed.get("until").parse::<NoticeId>() {
        let done = people::mark_all_read(&shopper.market, buyer, until).await;
        done.map_err(|failure| shopper.problem(failure))?;
    }
    Ok(go("/notices"))
}
