//! A shop's after-sales cases: the list by what is waited for, one case with its facts, and the shop's answers.

use actions::after_sales::{
    AnswerReturn, CaseAnswer, CaseAsk, CaseFile, Offer, accept_partly, accept_return, appeal,
    approve, asked_by_shop, case_file, finish_evidence, offer, receive_return, reject,
    reject_return, shop_cases,
};
use actions::requests::Answered;
use actions::{Failure, Market};
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use rules::after_sales::{CaseState, CaseStateName, Party, Remedy};
use rules::ids::CaseId;
use rules::money::Money;
use rules::people::Permission;
use serde::Deserialize;
use store::after_sales::CaseRow;

use super::desk::{Desk, Page, Typed};
use crate::case_words;
use crate::csv::{self, Line, PART, Part, time};
use crate::storefront::cards;
use crate::ui::copy::copyable;
use crate::ui::countdown::{countdown, moment};
use crate::ui::detail::{DetailHead, detail_page, facts, section};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{CardChoice, Field, Input, Look, card_choices, submit};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, ListPage, Row, Tab, list_page, table};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::ui::payout_steps::named;
use crate::visit::Visit;
use crate::words::Msg;

const PAGE: i64 = 50;

/// The tabs: a word of the address, its label, and the states behind it.
const VIEWS: [(&str, Msg, &[CaseStateName]); 6] = [
    ("answer", Msg::CaseViewAnswer, &[CaseStateName::Requested]),
    ("inspect", Msg::CaseViewInspect, &[CaseStateName::Inspecting, CaseStateName::ReturnInTransit]),
    (
        "disputed",
        Msg::CaseViewDisputed,
        &[
            CaseStateName::GatheringEvidence,
            CaseStateName::UnderReview,
            CaseStateName::Decided,
            CaseStateName::UnderAppeal,
        ],
    ),
    (
        "waiting",
        Msg::CaseViewWaiting,
        &[
            CaseStateName::Offered,
            CaseStateName::Rejected,
            CaseStateName::AwaitingReturn,
            CaseStateName::PartlyAccepted,
            CaseStateName::Replacing,
            CaseStateName::Refunding,
        ],
    ),
    ("closed", Msg::CaseViewClosed, &[CaseStateName::Closed]),
    ("all", Msg::CaseViewAll, &[]),
];

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    view: String,
    before: Option<i64>,
}

pub(super) async fn list(
    visit: Visit,
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let view = VIEWS.iter().find(|(word, ..)| *word == asked.view).unwrap_or(&VIEWS[0]);
    let before = asked.before.unwrap_or(i64::MAX);
    let found = shop_cases(&market, desk.shop.id, view.2.to_vec(), before, PAGE + 1).await;
    let mut cases = found.map_err(|failure| desk.refused(failure))?;
    let more = cases.len() > PAGE as usize;
    cases.truncate(PAGE as usize);
    let r = &desk.reader;
    let tab = |(word, label, _): &(&str, Msg, &[CaseStateName])| Tab {
        label: r.t(*label).into_owned(),
        href: desk.href(&format!("/cases?view={word}")),
        count: None,
        current: *word == view.0,
    };
    let last = cases.last().filter(|_| more).map(|case| case.id);
    let page = ListPage {
        title: r.t(Msg::CaseShopTitle).into_owned(),
        lead: r.t(Msg::CaseShopLead).into_owned(),
        tabs: VIEWS.iter().map(tab).collect(),
        columns: columns(r),
        rows: cases.iter().map(|case| row(&desk, case)).collect(),
        first: asked.before.map(|_| desk.href(&format!("/cases?view={}", view.0))),
        next: last.map(|id| desk.href(&format!("/cases?view={}&before={id}", view.0))),
        csv: Some(desk.href(&format!("/cases.csv?view={}", view.0))),
        empty: Empty {
            icon: Some(Icon::CheckCircle),
            title: r.t(Msg::CaseNone).into_owned(),
            text: r.t(Msg::CaseShopNoneText).into_owned(),
            next: None,
        },
        ..ListPage::default()
    };
    let title = r.t(Msg::CaseShopTitle).into_owned();
    Ok(desk.page(title, Place::SellerCases, list_page(r.words, &page)))
}

pub(crate) const CASE_HEAD: [&str; 12] = [
    "id",
    "order",
    "reason",
    "class",
    "asked",
    "remedy",
    "worth",
    "refunded",
    "state",
    "waits_for",
    "due",
    "opened",
];

/// A case as a line of a file: codes as in the API, money with its currency.
pub(crate) fn case_line(case: &CaseRow) -> Line {
    vec![
        case.id.to_string(),
        case.order.to_string(),
        case.reason.code().to_owned(),
        case.class.code().to_owned(),
        case.asked_remedy.code().to_owned(),
        case.remedy.code().to_owned(),
        case.asked.to_string(),
        Money::new(case.refunded_minor, case.asked.currency).to_string(),
        case.state.name().code().to_owned(),
        case.state.waits_for().code().to_owned(),
        time(case.state.due_at()),
        time(Some(case.created_at)),
    ]
}

/// The list of a tab, whole.
pub(super) async fn list_file(
    visit: Visit,
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let view = VIEWS.iter().find(|(word, ..)| *word == asked.view).unwrap_or(&VIEWS[0]);
    let (shop, states) = (desk.shop.id, view.2.to_vec());
    let written = csv::file("cases", &CASE_HEAD, i64::MAX, move |before| {
        let (market, states) = (market.clone(), states.clone());
        async move {
            let rows = shop_cases(&market, shop, states, before, PART).await?;
            Ok(Part::of(&rows, PART, |row| row.id.number(), case_line))
        }
    });
    written.await.map_err(|failure| desk.refused(failure))
}

pub(crate) fn columns(r: &crate::format::Reader) -> Vec<Column> {
    vec![
        Column::new(r.t(Msg::CaseReasonTitle)).leading(),
        Column::new(r.t(Msg::CaseAsked)),
        Column::new(r.t(Msg::CaseWorth)).numeric(),
        Column::new(r.t(Msg::CaseStateTitle)),
        Column::new(r.t(Msg::CaseUntilTitle)),
    ]
}

/// The cells which every list of cases has.
pub(crate) fn cells(r: &crate::format::Reader, case: &CaseRow, href: &str) -> Vec<Markup> {
    let then = named(r, "case-then", case.state.name().code());
    vec![
        html! { a href=(href) { (case_words::reason(r, case.reason)) } },
        html! { (case_words::remedy(r, case.remedy)) },
        amount(r, case.asked),
        case_words::state_badge(r, case.state),
        html! { @if let Some(due) = case.state.due_at() { (countdown(r, due, &then)) } },
    ]
}

fn row(desk: &Desk, case: &CaseRow) -> Row {
    let href = desk.href(&format!("/cases/{}", case.id));
    Row { cells: cells(&desk.reader, case, &href), ..Row::default() }
}

pub(super) async fn show(
    visit: Visit,
    State(market): State<Market>,
    Path((shop, case)): Path<(String, CaseId)>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let read = case_file(&market, desk.shop.id, case).await;
    let file = read.map_err(|failure| desk.refused(failure))?;
    Ok(drawn(&desk, &file, &Typed::default(), None))
}

fn drawn(desk: &Desk, file: &CaseFile, typed: &Typed, failure: Option<&Failure>) -> Response {
    let (r, case) = (&desk.reader, &file.case);
    let head = DetailHead {
        back: Some((desk.href("/cases"), r.t(Msg::CaseShopTitle).into_owned())),
        title: case_words::reason(r, case.reason),
        badges: vec![case_words::state_badge(r, case.state)],
        under: vec![copyable(r.words, &case.id.to_string()), moment(r, case.created_at)],
        ..DetailHead::default()
    };
    let main = html! {
        @if let Some(failure) = failure { (flash(&Flash::bad(desk.in_words(failure)))) }
        (case_words::waits(r, case.state))
        (section(&r.t(Msg::CaseBuyerSays), html! { blockquote { (case.words) } }))
        @if desk.may(Permission::AnswerCases) { (can_do(desk, file, typed)) }
        (case_words::offers(r, file, &html! {}))
        (case_words::decisions(r, file))
        (section(&r.t(Msg::CaseOurFacts), our_facts(r, file)))
        (case_words::story(r, file, None))
    };
    let side = html! {
        (section(&r.t(Msg::CaseTitle), case_words::figures(r, case)))
        p { a href=(desk.href(&format!("/orders/{}", case.order))) { (r.t(Msg::CaseBackToOrder)) } }
    };
    let page = desk.page(r.t(Msg::CaseTitle), Place::SellerCases, detail_page(&head, main, side));
    match failure {
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, page).into_response(),
        None => page,
    }
}

/// The claim beside what the house knows: the listing as it was, what was packed, where the parcels are.
pub(crate) fn our_facts(r: &crate::format::Reader, file: &CaseFile) -> Markup {
    let goods = [
        Column::new(r.t(Msg::CaseThings)).leading(),
        Column::new(r.t(Msg::CaseUnits)).numeric(),
        Column::new(r.t(Msg::CasePacked)).numeric(),
    ];
    let packed = |line| -> i64 {
        file.packed.iter().filter(|item| item.line == line).map(|item| item.count).sum()
    };
    let rows: Vec<Row> = file
        .goods
        .iter()
        .map(|(of, line)| {
            let listing = format!(
                "/listings/{}/{}?order={}",
                line.product, line.listing_version, file.order.id
            );
            let title = cards::title(r, &line.title_en, &line.title_zh);
            Row {
                cells: vec![
                    html! { a href=(listing) { (title) } " " code { (line.sku_code) } },
                    html! { span.num { (of.units_count) } },
                    html! { span.num { (packed(line.id)) } },
                ],
                ..Row::default()
            }
        })
        .collect();
    let parcels: Vec<(String, Markup)> = file
        .parcels
        .iter()
        .map(|parcel| {
            let name = format!("{} {}", parcel.carrier, parcel.tracking_number);
            (name, crate::ui::badges::parcel_badge(r.words, parcel.state.code()))
        })
        .collect();
    let parcels: Vec<(&str, Markup)> =
        parcels.iter().map(|(name, badge)| (name.as_str(), badge.clone())).collect();
    html! {
        (table(r.words, &goods, &rows, false))
        (facts(&parcels))
        @for packing in &file.packings {
            @if let Some(photo) = packing.photo {
                p { a href={ "/pictures/" (file.case.shop) "/" (photo) } { (r.t(Msg::CasePackingPhoto)) } }
            }
        }
    }
}

/// The shop's next steps. What cannot be done now is not shown.
fn can_do(desk: &Desk, file: &CaseFile, typed: &Typed) -> Markup {
    let r = &desk.reader;
    let words = |label: Msg| {
        Field::new("words", r.t(label))
            .takes(Input::Long { rows: 3 })
            .required()
            .with_value(typed.get("words"))
    };
    let money = |label: Msg, most: i64| {
        let most = desk.money_in(most, file.case.asked.currency);
        Field::new("amount", r.t(label))
            .takes(Input::Money { currency: most.currency.code().to_owned() })
            .required()
            .with_value(typed.get("amount"))
            .with_hint(r.with(Msg::CaseAtMost, &[("most", r.money(most).into())]))
    };
    let plain = |act: &str, look, button| form(desk, file, act, html! {}, (look, button));
    let open = |act: &str, title: Msg, fields: Markup, button: Msg| {
        section(&r.t(title), form(desk, file, act, fields, (Look::Plain, button)))
    };
    html! {
        @match file.case.state {
            CaseState::Requested { .. } => {
                (plain("approve", Look::Primary, Msg::CaseApprove))
                (open("offer", Msg::CaseOfferTitle, html! {
                    p { (r.t(Msg::CaseOfferText)) }
                    (remedies(desk, typed))
                    (money(Msg::CaseAmount, file.case.asked.minor).draw(r.words))
                    (words(Msg::CaseOfferWords).draw(r.words))
                }, Msg::CaseMakeOffer))
                (open("reject", Msg::CaseRejectTitle, html! {
                    p { (r.t(Msg::CaseRejectText)) }
                    (words(Msg::CaseRejectWhy).draw(r.words))
                }, Msg::CaseReject))
            }
            CaseState::ReturnInTransit { .. } => {
                (plain("receive", Look::Primary, Msg::CaseReceive))
            }
            CaseState::Inspecting { .. } => {
                (plain("accept-return", Look::Primary, Msg::CaseAcceptReturn))
                (open("accept-partly", Msg::CasePartlyTitle, html! {
                    (money(Msg::CaseAmount, file.promised_minor - 1).draw(r.words))
                    (words(Msg::CasePartlyWhy).draw(r.words))
                }, Msg::CaseAcceptPartly))
                (open("reject-return", Msg::CaseRejectReturnTitle, words(Msg::CaseRejectWhy).draw(r.words), Msg::CaseRejectReturn))
            }
            CaseState::GatheringEvidence { shop_by: Some(_), .. } => {
                (open("finish-evidence", Msg::CaseFinishTitle, html! { p { (r.t(Msg::CaseFinishText)) } }, Msg::CaseFinish))
            }
            CaseState::Decided { in_favour_of: Party::Buyer, .. } if !file.case.appealed => {
                (open("appeal", Msg::CaseAppealTitle, html! {
                    p { (r.t(Msg::CaseAppealText)) }
                    (words(Msg::CaseAppealWhy).draw(r.words))
                }, Msg::CaseAppeal))
            }
            _ => {}
        }
    }
}

fn remedies(desk: &Desk, typed: &Typed) -> Markup {
    let r = &desk.reader;
    let choices: Vec<CardChoice> = [Remedy::RefundOnly, Remedy::ReturnAndRefund]
        .into_iter()
        .map(|remedy| CardChoice {
            value: remedy.code().to_owned(),
            title: case_words::remedy(r, remedy),
            note: named(r, "case-remedy-means", remedy.code()),
            ..CardChoice::default()
        })
        .collect();
    let chosen = if typed.get("remedy").is_empty() { "refund_only" } else { typed.get("remedy") };
    card_choices(&r.t(Msg::CaseWhatYouOffer), "remedy", chosen, &choices)
}

fn form(
    desk: &Desk,
    file: &CaseFile,
    act: &str,
    fields: Markup,
    (look, button): (Look, Msg),
) -> Markup {
    html! {
        form.form method="post" action=(desk.href(&format!("/cases/{}/{act}", file.case.id))) {
            (desk.hidden())
            (fields)
            div.acts { (submit(look, &desk.reader.t(button))) }
        }
    }
}

/// Every step of a shop. A step which is refused leaves the page with the reason and what was typed.
pub(super) async fn act(
    visit: Visit,
    State(market): State<Market>,
    Path((shop, case, act)): Path<(String, CaseId, String)>,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::AnswerCases).await?;
    match step(&market, &desk, case, &act, &typed).await {
        Ok(_) => Ok(desk.see(&format!("/cases/{case}"), Msg::SaidCaseDone)),
        Err(failure @ (Failure::Refused(_) | Failure::Invalid(_))) => {
            let read = case_file(&market, desk.shop.id, case).await;
            let file = read.map_err(|failure| desk.refused(failure))?;
            Ok(drawn(&desk, &file, &typed, Some(&failure)))
        }
        Err(failure) => Err(desk.refused(failure)),
    }
}

async fn step(
    market: &Market,
    desk: &Desk,
    case: CaseId,
    act: &str,
    typed: &Typed,
) -> Result<Answered<CaseAnswer>, Failure> {
    let request = desk.request_key(typed, &format!("case {case} {act}"));
    let words = typed.get("words").to_owned();
    let ask: CaseAsk = asked_by_shop(&desk.caller, desk.shop.id, case, words, request)?;
    let money = || {
        let text = typed.get("amount").trim();
        let wrong = || Failure::invalid("amount", "not_an_amount", "write an amount, as 12.50");
        Money::parse(text, desk.currency()).map(|money| money.minor).map_err(|_| wrong())
    };
    match act {
        "approve" => approve(market, ask).await,
        "reject" => reject(market, ask).await,
        "offer" => {
            let wrong = || Failure::invalid("remedy", "remedy_not_offered", "choose one");
            let remedy = Remedy::parse(typed.get("remedy")).ok_or_else(wrong)?;
            offer(market, Offer { ask, remedy, amount_minor: money()? }).await
        }
        "receive" => receive_return(market, ask).await,
        "accept-return" => accept_return(market, ask).await,
        "accept-partly" => {
            accept_partly(market, AnswerReturn { ask, amount_minor: money()? }).await
        }
        "reject-return" => reject_return(market, ask).await,
        "finish-evidence" => finish_evidence(market, ask).await,
        "appeal" => appeal(market, ask).await,
        _ => Err(Failure::NotFound),
    }
}
