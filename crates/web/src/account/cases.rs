//! A buyer's cases: the list, one case, and what can be done about it.

use actions::after_sales::{
    CaseAnswer, CaseAsk, CaseFile, accept_offer, appeal, asked_by_buyer, buyer_case_file,
    buyer_cases, escalate, finish_evidence, refuse_offer, send_back, withdraw,
};
use actions::requests::Answered;
use actions::{Actor, Failure};
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use maud::{Markup, html};
use rules::after_sales::{CaseState, Party};
use rules::ids::CaseId;
use serde::Deserialize;
use store::after_sales::CaseRow;

use crate::case_words;
use crate::storefront::shopper::{Page, Shopper, go};
use crate::storefront::typed::Typed;
use crate::storefront::{cards, pictures};
use crate::ui::copy::copyable;
use crate::ui::countdown::{countdown, moment};
use crate::ui::detail::{DetailHead, detail_page, section};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input, Look, csrf_field, link_button, submit};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Row, empty_state, page_title, table};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::ui::payout_steps::named;
use crate::ui::shop_window::{BoughtLine, bought_lines};
use crate::words::Msg;

const ON_A_PAGE: i64 = 25;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// The last case of the page before.
    before: String,
}

pub(super) async fn list(shopper: Shopper, Query(wanted): Query<Wanted>) -> Page {
    let buyer = shopper.buyer()?;
    let before = wanted.before.parse::<CaseId>().map_or(i64::MAX, CaseId::number);
    let mut found = buyer_cases(&shopper.market, buyer, before, ON_A_PAGE + 1)
        .await
        .map_err(|failure| shopper.problem(failure))?;
    let more = found.len() > ON_A_PAGE as usize;
    found.truncate(ON_A_PAGE as usize);
    let title = shopper.t(Msg::CaseMine);
    let cases: Vec<CaseRow> = found.iter().map(|(case, _)| case.clone()).collect();
    let body = html! {
        (page_title(&title, &shopper.t(Msg::CaseMineLead), &[link_button(Look::Quiet, "/orders", &shopper.t(Msg::NavMyOrders))]))
        @if cases.is_empty() {
            (empty_state(&Empty {
                icon: Some(Icon::Hand),
                title: shopper.t(Msg::CaseNone),
                text: shopper.t(Msg::CaseNoneText),
                next: Some(("/orders".to_owned(), shopper.t(Msg::NavMyOrders))),
            }))
        } @else { (short(&shopper, &cases)) }
        @if let (true, Some(last)) = (more, cases.last()) {
            nav.below aria-label=(shopper.t(Msg::ListPages)) {
                (link_button(Look::Plain, &format!("/cases?before={}", last.id), &shopper.t(Msg::StoreMore)))
            }
        }
    };
    Ok(shopper.page(&title, Place::StoreOrders, body))
}

/// Cases line by line.
pub(super) fn short(shopper: &Shopper, cases: &[CaseRow]) -> Markup {
    let r = &shopper.reader;
    let columns = [
        Column::new(r.t(Msg::CaseReasonTitle)).leading(),
        Column::new(r.t(Msg::CaseStateTitle)),
        Column::new(r.t(Msg::CaseWorth)).numeric(),
        Column::new(r.t(Msg::CaseUntilTitle)),
    ];
    let rows: Vec<Row> = cases
        .iter()
        .map(|case| {
            let then = named(r, "case-then", case.state.name().code());
            Row {
                cells: vec![
                    html! { a href={ "/cases/" (case.id) } { (case_words::reason(r, case.reason)) } },
                    case_words::state_badge(r, case.state),
                    amount(r, case.asked),
                    html! { @if let Some(due) = case.state.due_at() { (countdown(r, due, &then)) } },
                ],
                ..Row::default()
            }
        })
        .collect();
    table(r.words, &columns, &rows, false)
}

pub(super) async fn show(shopper: Shopper, Path(case): Path<CaseId>) -> Page {
    let file = read(&shopper, case).await?;
    Ok(draw(&shopper, &file, &Typed::default(), None))
}

async fn read(shopper: &Shopper, case: CaseId) -> Result<CaseFile, Response> {
    let buyer = shopper.buyer()?;
    buyer_case_file(&shopper.market, buyer, case).await.map_err(|failure| shopper.problem(failure))
}

fn draw(shopper: &Shopper, file: &CaseFile, typed: &Typed, wrong: Option<String>) -> Response {
    let (r, case) = (&shopper.reader, &file.case);
    let again = wrong.is_some();
    let head = DetailHead {
        back: Some(("/cases".to_owned(), shopper.t(Msg::CaseMine))),
        title: case_words::reason(r, case.reason),
        badges: vec![case_words::state_badge(r, case.state)],
        under: vec![copyable(r.words, &case.id.to_string()), moment(r, case.created_at)],
        ..DetailHead::default()
    };
    let me = Actor::Buyer(case.buyer).code();
    let main = html! {
        @if let Some(wrong) = wrong { (flash(&Flash::bad(wrong))) }
        (case_words::waits(r, case.state))
        (can_do(shopper, file, typed))
        (case_words::offers(r, file, &answer_offer(shopper, file)))
        (case_words::decisions(r, file))
        (section(&r.t(Msg::CaseThings), goods(shopper, file)))
        (case_words::story(r, file, Some(&me)))
    };
    let side = html! {
        (section(&r.t(Msg::CaseTitle), case_words::figures(r, case)))
        p { (link_button(Look::Quiet, &format!("/orders/{}", case.order), &r.t(Msg::CaseBackToOrder))) }
    };
    let body = detail_page(&head, main, side);
    let title = shopper.t(Msg::CaseTitle);
    if again {
        shopper.page_again(&title, Place::StoreOrders, None, body)
    } else {
        shopper.page(&title, Place::StoreOrders, body)
    }
}

fn goods(shopper: &Shopper, file: &CaseFile) -> Markup {
    let r = &shopper.reader;
    let lines: Vec<BoughtLine> = file
        .goods
        .iter()
        .map(|(of, line)| {
            let frozen = format!(
                "/listings/{}/{}?order={}",
                line.product, line.listing_version, file.order.id
            );
            let unit = rules::money::Money::new(line.price.unit_minor, file.order.currency);
            BoughtLine {
                picture: pictures::address(file.case.shop, line.product, &line.picture),
                title: cards::title(r, &line.title_en, &line.title_zh).to_owned(),
                href: frozen,
                options: crate::goods_words::chosen_values(r.words, &line.options),
                quantity: of.units_count,
                sum: rules::money::Money::new(unit.minor * of.units_count, unit.currency),
                note: None,
                acts: None,
            }
        })
        .collect();
    bought_lines(r, &lines)
}

/// The buyer's next steps. What cannot be done now is not shown.
fn can_do(shopper: &Shopper, file: &CaseFile, typed: &Typed) -> Markup {
    let r = &shopper.reader;
    let words = |label: Msg| {
        Field::new("words", r.t(label))
            .takes(Input::Long { rows: 3 })
            .required()
            .with_value(typed.get("words"))
    };
    let text = |name: &'static str, label: Msg| {
        Field::new(name, r.t(label)).required().with_value(typed.get(name))
    };
    let open = |act: &str, title: Msg, fields: Markup, button: Msg| {
        section(&r.t(title), form(shopper, file, act, fields, (Look::Primary, button)))
    };
    html! {
        @match file.case.state {
            CaseState::AwaitingReturn { .. } => {
                (open("send-back", Msg::CaseSendBackTitle, html! {
                    p { (r.with(Msg::CaseSendBackText, &[("payer", named(r, "case-payer", file.reason_policy.return_paid_by.code()).into())])) }
                    (text("carrier", Msg::CaseCarrier).draw(r.words))
                    (text("number", Msg::CaseNumber).draw(r.words))
                }, Msg::CaseSendBack))
            }
            CaseState::Rejected { .. } | CaseState::PartlyAccepted { .. } => {
                (open("escalate", Msg::CaseEscalateTitle, html! {
                    p { (r.t(Msg::CaseEscalateText)) }
                    (words(Msg::CaseEscalateWhy).draw(r.words))
                }, Msg::CaseEscalate))
            }
            CaseState::GatheringEvidence { buyer_by: Some(_), .. } => {
                (open("finish-evidence", Msg::CaseFinishTitle, html! { p { (r.t(Msg::CaseFinishText)) } }, Msg::CaseFinish))
            }
            CaseState::Decided { in_favour_of: Party::Shop, .. } if !file.case.appealed => {
                (open("appeal", Msg::CaseAppealTitle, html! {
                    p { (r.t(Msg::CaseAppealText)) }
                    (words(Msg::CaseAppealWhy).draw(r.words))
                }, Msg::CaseAppeal))
            }
            _ => {}
        }
        @if may_withdraw(file.case.state) {
            (form(shopper, file, "withdraw", html! {}, (Look::Quiet, Msg::CaseWithdraw)))
        }
    }
}

const fn may_withdraw(state: CaseState) -> bool {
    match state {
        CaseState::Requested { .. }
        | CaseState::Offered { .. }
        | CaseState::Rejected { .. }
        | CaseState::AwaitingReturn { .. }
        | CaseState::GatheringEvidence { .. }
        | CaseState::UnderReview { .. } => true,
        CaseState::PartlyAccepted { .. }
        | CaseState::ReturnInTransit { .. }
        | CaseState::Inspecting { .. }
        | CaseState::Decided { .. }
        | CaseState::UnderAppeal { .. }
        | CaseState::Replacing { .. }
        | CaseState::Refunding { .. }
        | CaseState::Closed { .. } => false,
    }
}

fn answer_offer(shopper: &Shopper, file: &CaseFile) -> Markup {
    html! {
        div.acts {
            (form(shopper, file, "accept-offer", html! {}, (Look::Primary, Msg::CaseAcceptOffer)))
            (form(shopper, file, "refuse-offer", html! {}, (Look::Plain, Msg::CaseRefuseOffer)))
        }
    }
}

fn form(
    shopper: &Shopper,
    file: &CaseFile,
    act: &str,
    fields: Markup,
    (look, button): (Look, Msg),
) -> Markup {
    html! {
        form.form method="post" action={ "/cases/" (file.case.id) "/" (act) } {
            (csrf_field(&shopper.visit.csrf))
            input type="hidden" name="key" value=(shopper.new_key());
            (fields)
            div.acts { (submit(look, &shopper.t(button))) }
        }
    }
}

/// Every step of a buyer. A step which is refused leaves the page with the reason and what was typed.
pub(super) async fn act(
    shopper: Shopper,
    Path((case, act)): Path<(CaseId, String)>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Page {
    let typed = Typed(typed);
    let buyer = shopper.buyer()?;
    let request = shopper.request(buyer, &format!("case {case} {act}"), &typed);
    let words = typed.get("words").to_owned();
    let ask = asked_by_buyer(&shopper.market, buyer, case, words, request)
        .await
        .map_err(|failure| shopper.problem(failure))?;
    let wrong = match step(&shopper, ask, &act, &typed).await {
        Ok(_) => return Ok(go(&format!("/cases/{case}?said=case-done"))),
        Err(Failure::Refused(refusal)) => shopper.refusal(&refusal),
        Err(Failure::Invalid(_)) => shopper.t(Msg::CaseSayIt),
        Err(failure) => return Err(shopper.problem(failure)),
    };
    let file = read(&shopper, case).await?;
    Ok(draw(&shopper, &file, &typed, Some(wrong)))
}

async fn step(
    shopper: &Shopper,
    ask: CaseAsk,
    act: &str,
    typed: &Typed,
) -> Result<Answered<CaseAnswer>, Failure> {
    let market = &shopper.market;
    match act {
        "withdraw" => withdraw(market, ask).await,
        "accept-offer" => accept_offer(market, ask).await,
        "refuse-offer" => refuse_offer(market, ask).await,
        "escalate" => escalate(market, ask).await,
        "send-back" => send_back(market, ask, typed.get("carrier"), typed.get("number")).await,
        "finish-evidence" => finish_evidence(market, ask).await,
        "appeal" => appeal(market, ask).await,
        _ => Err(Failure::NotFound),
    }
}
