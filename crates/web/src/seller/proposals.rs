//! Shared promotions which the house proposed: what each party would pay, and the shop's answer.

use actions::Market;
use actions::catalog::{ACCEPTED, DECLINED, answer_promotion};
use axum::extract::{Form, Path, State};
use maud::{Markup, html};
use rules::ids::PromotionId;
use rules::people::Permission;
use store::promotions::PromotionRow;

use super::desk::{Desk, Page, Typed};
use super::things;
use crate::ui::badges::{Tone, badge};
use crate::ui::countdown::{countdown, day};
use crate::ui::detail::section;
use crate::ui::forms::{Look, act};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Row, table};
use crate::words::Msg;

/// Whether a promotion is one which the house proposed.
pub(super) fn is_shared(row: &PromotionRow) -> bool {
    row.funded_by == "shared"
}

/// The proposals with their answers; nothing where there are none.
pub(super) fn panel(desk: &Desk, rows: &[PromotionRow]) -> Markup {
    let r = &desk.reader;
    let rows: Vec<Row> =
        rows.iter().filter(|row| is_shared(row)).map(|row| one(desk, row)).collect();
    if rows.is_empty() {
        return html! {};
    }
    let columns = [
        Column::new(r.t(Msg::SellerColumnTitle)).leading(),
        Column::new(r.t(Msg::SellerColumnState)),
        Column::new(r.t(Msg::SellerPromotionPercent)).numeric(),
        Column::new(r.t(Msg::SellerPromotionYourPart)).numeric(),
        Column::new(r.t(Msg::SellerPromotionHousePart)).numeric(),
        Column::new(r.t(Msg::SellerPromotionRuns)),
        Column::new(""),
    ];
    section(
        &r.t(Msg::SellerPromotionProposals),
        html! {
            p.muted { (r.t(Msg::SellerPromotionProposalsLead)) }
            (table(r.words, &columns, &rows, false))
        },
    )
}

fn one(desk: &Desk, row: &PromotionRow) -> Row {
    let r = &desk.reader;
    let open = row.answer.is_empty() && row.starts_at > r.now;
    // Basis points of basis points: what each party gives of the goods' price.
    let house_bp = row.percent_bp * row.house_bp / 10_000;
    let answer = desk.href(&format!("/promotions/{}/answer", row.id));
    Row {
        cells: vec![
            html! { (things::title(r, &row.title_en, &row.title_zh)) },
            state(desk, row),
            html! { (r.share(row.percent_bp)) },
            html! { (r.share(row.percent_bp - house_bp)) },
            html! { (r.share(house_bp)) },
            html! {
                (day(r, row.starts_at)) " – " (day(r, row.ends_at))
                @if open { " " (countdown(r, row.starts_at, &r.t(Msg::SellerPromotionAnswerThen))) }
            },
            html! {
                @if open {
                    (act(Look::Primary, &answer, &desk.csrf, &[("answer", ACCEPTED)], &r.t(Msg::SellerPromotionAccept)))
                    " "
                    (act(Look::Plain, &answer, &desk.csrf, &[("answer", DECLINED)], &r.t(Msg::SellerPromotionDecline)))
                }
            },
        ],
        ..Row::default()
    }
}

fn state(desk: &Desk, row: &PromotionRow) -> Markup {
    let r = &desk.reader;
    let (begun, over) = (row.starts_at <= r.now, row.ends_at <= r.now);
    let (tone, icon, msg) = match (row.answer.as_str(), begun, over) {
        (DECLINED, _, _) => (Tone::Quiet, Icon::Ban, Msg::SellerPromotionDeclined),
        (ACCEPTED, _, true) => (Tone::Quiet, Icon::Ban, Msg::SellerPromotionOver),
        (ACCEPTED, true, false) => (Tone::Good, Icon::Check, Msg::SellerPromotionRunning),
        (ACCEPTED, false, false) => (Tone::Info, Icon::Clock, Msg::SellerPromotionComing),
        (_, true, _) => (Tone::Quiet, Icon::Ban, Msg::SellerPromotionLapsed),
        (_, false, _) => (Tone::Soon, Icon::Clock, Msg::SellerPromotionUnanswered),
    };
    badge(tone, icon, &r.t(msg))
}

pub(super) async fn answer(
    State(market): State<Market>,
    Path((shop, promotion)): Path<(String, String)>,
    visit: crate::visit::Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditProducts).await?;
    let accept = typed.get("answer") == ACCEPTED;
    let done = async {
        let id: PromotionId = promotion.parse().map_err(|_| actions::Failure::NotFound)?;
        answer_promotion(&market, desk.actor(), desk.shop.id, id, accept).await
    };
    done.await.map_err(|failure| desk.refused(failure))?;
    let said = match accept {
        true => Msg::SaidSellerPromotionAccepted,
        false => Msg::SaidSellerPromotionDeclined,
    };
    Ok(desk.see("/promotions", said))
}
