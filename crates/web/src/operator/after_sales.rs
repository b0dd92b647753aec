//! The house's after-sales desk: the queue, one case with both sides, the decision with its reasons.

use actions::after_sales::{
    CaseAnswer, CaseAsk, CaseFile, Verdict, case_file, decide_appeal, decide_case, house_cases,
    take_case, take_over,
};
use actions::requests::Answered;
use actions::{Actor, Failure, Market};
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::after_sales::{CaseState, CaseStateName, Party, Remedy};
use rules::ids::{CaseId, ShopId};
use rules::money::Money;
use rules::orders::liability::Liable;
use rules::people::Permission;
use serde::Deserialize;

use super::{PAGE, answer, go, may, page, page_again};
use crate::case_words;
use crate::csv::{self, PART, Part};
use crate::seller::{CASE_HEAD, case_cells, case_columns, case_facts, case_line};
use crate::ui::copy::copyable;
use crate::ui::countdown::moment;
use crate::ui::detail::{DetailHead, detail_page, facts, section};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{CardChoice, Field, Input, Look, act, card_choices, csrf_field, submit};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, ListPage, Row, Tab, list_page};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::ui::payout_steps::named;
use crate::visit::Visit;
use crate::words::Msg;

/// The tabs: a word of the address, its label, and the states behind it.
const VIEWS: [(&str, Msg, &[CaseStateName]); 5] = [
    ("decide", Msg::CaseViewDecide, &[CaseStateName::UnderReview, CaseStateName::UnderAppeal]),
    ("evidence", Msg::CaseViewEvidence, &[CaseStateName::GatheringEvidence]),
    ("decided", Msg::CaseViewDecided, &[CaseStateName::Decided]),
    (
        "between",
        Msg::CaseViewBetween,
        &[
            CaseStateName::Requested,
            CaseStateName::Offered,
            CaseStateName::Rejected,
            CaseStateName::AwaitingReturn,
            CaseStateName::ReturnInTransit,
            CaseStateName::Inspecting,
            CaseStateName::PartlyAccepted,
            CaseStateName::Replacing,
            CaseStateName::Refunding,
        ],
    ),
    ("closed", Msg::CaseViewClosed, &[CaseStateName::Closed]),
];

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    view: String,
    before: Option<i64>,
}

/// What people type here.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    in_favour_of: String,
    remedy: String,
    amount: String,
    liable: String,
    facts: String,
    rule: String,
    redress: String,
    words: String,
}

pub(super) async fn list(
    visit: Visit,
    State(market): State<Market>,
    Query(asked): Query<Asked>,
) -> Response {
    answer(&visit, async {
        let view = VIEWS.iter().find(|(word, ..)| *word == asked.view).unwrap_or(&VIEWS[0]);
        let before = asked.before.unwrap_or(i64::MAX);
        let states = view.2.to_vec();
        let mut found = house_cases(&market, visit.caller()?, states, before, PAGE + 1).await?;
        let more = found.len() > PAGE as usize;
        found.truncate(PAGE as usize);
        let last = found.last().filter(|_| more).map(|(case, _)| case.id);
        // Overdue ones first, then by what is due soonest.
        found.sort_by_key(|(case, _)| {
            (case.state.is_open() && case.state.due_at().is_some(), case.state.due_at())
        });
        let r = &visit.reader;
        let tab = |(word, label, _): &(&str, Msg, &[CaseStateName])| Tab {
            label: r.t(*label).into_owned(),
            href: format!("/operator/cases?view={word}"),
            count: None,
            current: *word == view.0,
        };
        let mut heads = case_columns(r);
        heads.push(Column::new(r.t(Msg::OpShop)));
        let rows: Vec<Row> = found
            .iter()
            .map(|(case, shop)| {
                let href = format!("/operator/cases/{}/{}", case.shop, case.id);
                let mut cells = case_cells(r, case, &href);
                cells.push(html! { a href={ "/operator/shops/" (case.shop) } { (shop) } });
                let overdue = case.state.is_open() && case.state.due_at().is_none();
                Row { cells, overdue, ..Row::default() }
            })
            .collect();
        let list = ListPage {
            title: r.t(Msg::CaseHouseTitle).into_owned(),
            lead: r.t(Msg::CaseHouseLead).into_owned(),
            tabs: VIEWS.iter().map(tab).collect(),
            columns: heads,
            rows,
            first: asked.before.map(|_| format!("/operator/cases?view={}", view.0)),
            next: last.map(|id| format!("/operator/cases?view={}&before={id}", view.0)),
            csv: Some(format!("/operator/cases.csv?view={}", view.0)),
            empty: Empty {
                icon: Some(Icon::CheckCircle),
                title: r.t(Msg::CaseNone).into_owned(),
                text: r.t(Msg::CaseHouseNoneText).into_owned(),
                next: None,
            },
            ..ListPage::default()
        };
        let title = r.t(Msg::CaseHouseTitle).into_owned();
        page(&visit, &title, Place::OperatorCases, list_page(r.words, &list))
    })
    .await
}

/// The list of a tab, whole.
pub(super) async fn list_file(
    visit: Visit,
    State(market): State<Market>,
    Query(asked): Query<Asked>,
) -> Response {
    answer(&visit, async {
        let view = VIEWS.iter().find(|(word, ..)| *word == asked.view).unwrap_or(&VIEWS[0]);
        let (caller, states) = (visit.caller()?.clone(), view.2.to_vec());
        csv::file("cases", &CASE_HEAD, i64::MAX, move |before| {
            let (market, caller, states) = (market.clone(), caller.clone(), states.clone());
            async move {
                let rows = house_cases(&market, &caller, states, before, PART).await?;
                Ok(Part::of(&rows, PART, |row| row.0.id.number(), |row| case_line(&row.0)))
            }
        })
        .await
    })
    .await
}

pub(super) async fn show(
    visit: Visit,
    State(market): State<Market>,
    Path((shop, case)): Path<(ShopId, CaseId)>,
) -> Response {
    answer(&visit, async {
        visit.caller()?.for_house(Permission::ViewCases)?;
        let file = case_file(&market, shop, case).await?;
        let body = body(&visit, &file, &Said::default(), None);
        page(&visit, &visit.reader.t(Msg::CaseTitle), Place::OperatorCases, body)
    })
    .await
}

fn body(visit: &Visit, file: &CaseFile, typed: &Said, failure: Option<&Failure>) -> Markup {
    let (r, case) = (&visit.reader, &file.case);
    let head = DetailHead {
        back: Some(("/operator/cases".to_owned(), r.t(Msg::CaseHouseTitle).into_owned())),
        title: case_words::reason(r, case.reason),
        badges: vec![case_words::state_badge(r, case.state)],
        under: vec![copyable(r.words, &case.id.to_string()), moment(r, case.created_at)],
        ..DetailHead::default()
    };
    let refusal = |failure: &Failure| {
        crate::problem::Problem::from(failure.clone()).words(visit.reader.words)
    };
    let main = html! {
        @if let Some(failure) = failure { (flash(&Flash::bad(refusal(failure)))) }
        (case_words::waits(r, case.state))
        (section(&r.t(Msg::CaseBuyerSays), html! { blockquote { (case.words) } }))
        (section(&r.t(Msg::CaseOurFacts), case_facts(r, file)))
        @if may(visit, Permission::DecideCases) { (can_do(visit, file, typed)) }
        (case_words::offers(r, file, &html! {}))
        (case_words::decisions(r, file))
        (case_words::story(r, file, None))
    };
    let side = html! {
        (section(&r.t(Msg::CaseTitle), case_words::figures(r, case)))
        (section(&r.t(Msg::CaseRuleInForce), in_force(visit, file)))
        p { a href={ "/operator/orders/" (case.order) } { (r.t(Msg::CaseBackToOrder)) } }
        p { a href={ "/operator/shops/" (case.shop) } { (file.shop.name) } }
    };
    detail_page(&head, main, side)
}

/// The numbers of the policy version which governs this case.
fn in_force(visit: &Visit, file: &CaseFile) -> Markup {
    let r = &visit.reader;
    let (policy, reason) = (&file.policy, &file.reason_policy);
    let days = |count: i64| html! { (r.with(Msg::CaseDays, &[("count", count.into())])) };
    let hours = |count: i64| html! { (r.with(Msg::CaseHours, &[("count", count.into())])) };
    let told = [
        (r.t(Msg::CasePolicyVersion), html! { span.num { (file.case.policy_version) } }),
        (r.t(Msg::CaseRuleWindow), days(reason.window_days)),
        (r.t(Msg::CaseRuleAnswer), hours(policy.answer_hours)),
        (r.t(Msg::CaseRuleBuyerEvidence), hours(reason.buyer_evidence_hours)),
        (r.t(Msg::CaseRuleShopEvidence), hours(reason.shop_evidence_hours)),
        (r.t(Msg::CaseRuleDecide), hours(reason.decide_hours)),
        (r.t(Msg::CaseRuleAppeal), days(policy.appeal_days)),
        (r.t(Msg::CaseLiable), html! { (named(r, "case-liable", reason.liable.code())) }),
    ];
    let told: Vec<(&str, Markup)> =
        told.iter().map(|(label, value)| (label.as_ref(), value.clone())).collect();
    facts(&told)
}

fn path(file: &CaseFile) -> String {
    format!("/operator/cases/{}/{}", file.case.shop, file.case.id)
}

fn can_do(visit: &Visit, file: &CaseFile, typed: &Said) -> Markup {
    let r = &visit.reader;
    let here = path(file);
    let mine = visit.caller().is_ok_and(|caller| file.case.arbiter == Some(caller.person));
    html! {
        @if file.case.state.is_disputed() && !mine {
            div.acts { (act(Look::Plain, &format!("{here}/take"), &visit.csrf, &[], &r.t(Msg::CaseTake))) }
        }
        @match file.case.state {
            CaseState::UnderReview { .. } => (verdict(visit, file, typed, "decide")),
            CaseState::UnderAppeal { .. } => (verdict(visit, file, typed, "decide-appeal")),
            CaseState::Requested { .. } | CaseState::Offered { .. } | CaseState::Rejected { .. } | CaseState::PartlyAccepted { .. } => {
                (section(&r.t(Msg::CaseTakeOverTitle), html! {
                    form.form method="post" action={ (here) "/take-over" } {
                        (csrf_field(&visit.csrf))
                        p { (r.t(Msg::CaseTakeOverText)) }
                        (Field::new("words", r.t(Msg::CaseTakeOverWhy)).takes(Input::Long { rows: 2 }).required().with_value(&typed.words).draw(r.words))
                        div.acts { (submit(Look::Plain, &r.t(Msg::CaseTakeOver))) }
                    }
                }))
            }
            _ => {}
        }
    }
}

/// The decision's form, with the money each choice moves.
fn verdict(visit: &Visit, file: &CaseFile, typed: &Said, act: &str) -> Markup {
    let r = &visit.reader;
    let most = Money::new(file.open_minor, file.case.asked.currency);
    let card = |prefix: &'static str, code: &str, note: String| CardChoice {
        value: code.to_owned(),
        title: named(r, prefix, code),
        note,
        ..CardChoice::default()
    };
    let text = r.money(most);
    let parties = [
        card(
            "case-party",
            "buyer",
            r.with(Msg::CaseForBuyerMeans, &[("most", text.as_str().into())]),
        ),
        card("case-party", "shop", r.t(Msg::CaseForShopMeans).into_owned()),
    ];
    let remedies = [Remedy::RefundOnly, Remedy::ReturnAndRefund].map(|remedy| {
        card("case-remedy", remedy.code(), named(r, "case-remedy-means", remedy.code()))
    });
    let bearers = Liable::ALL.map(|bearer| {
        card("case-liable", bearer.code(), named(r, "case-liable-means", bearer.code()))
    });
    let or = |value: &str, usual: &str| {
        if value.is_empty() { usual.to_owned() } else { value.to_owned() }
    };
    let long = |name: &'static str, label: Msg, value: &str| {
        Field::new(name, r.t(label)).takes(Input::Long { rows: 3 }).required().with_value(value)
    };
    let money = Field::new("amount", r.t(Msg::CaseAmount))
        .takes(Input::Money { currency: most.currency.code().to_owned() })
        .with_value(&typed.amount)
        .with_hint(r.with(Msg::CaseAmountHint, &[("most", text.as_str().into())]));
    let redress = or(
        &typed.redress,
        &r.with(Msg::CaseRedressUsual, &[("days", file.policy.appeal_days.into())]),
    );
    let rule = or(
        &typed.rule,
        &r.with(
            Msg::CaseRuleUsual,
            &[
                ("class", named(r, "case-class", file.case.class.code()).into()),
                ("version", file.case.policy_version.into()),
            ],
        ),
    );
    section(
        &r.t(Msg::CaseDecide),
        html! {
            p.muted { (r.t(Msg::CaseDecideText)) " " (amount(r, most)) }
            form.form method="post" action={ (path(file)) "/" (act) } {
                (csrf_field(&visit.csrf))
                (card_choices(&r.t(Msg::CaseDecidedFor), "in_favour_of", &or(&typed.in_favour_of, "buyer"), &parties))
                (card_choices(&r.t(Msg::CaseGoods), "remedy", &or(&typed.remedy, "refund_only"), &remedies))
                (money.draw(r.words))
                (card_choices(&r.t(Msg::CaseLiable), "liable", &or(&typed.liable, file.case.liable.code()), &bearers))
                (long("facts", Msg::CaseFacts, &typed.facts).draw(r.words))
                (long("rule", Msg::CaseRule, &rule).draw(r.words))
                (long("redress", Msg::CaseRedress, &redress).draw(r.words))
                div.acts { (submit(Look::Primary, &r.t(Msg::CaseDecide))) }
            }
        },
    )
}

/// Every step of the house. A step which is refused leaves the page with the reason and what was typed.
pub(super) async fn act_on(
    visit: Visit,
    State(market): State<Market>,
    Path((shop, case, act)): Path<(ShopId, CaseId, String)>,
    Form(said): Form<Said>,
) -> Response {
    answer(&visit, async {
        // Before anything is read: a step which is refused shows the case again.
        visit.caller()?.for_house(Permission::ViewCases)?;
        let done = step(&visit, &market, (shop, case), &act, &said).await;
        match done {
            Ok(_) => Ok(go(&format!("/operator/cases/{shop}/{case}"), "case-done")),
            Err(failure @ (Failure::Invalid(_) | Failure::Refused(_))) => {
                let file = case_file(&market, shop, case).await?;
                let body = body(&visit, &file, &said, Some(&failure));
                page_again(&visit, &visit.reader.t(Msg::CaseTitle), Place::OperatorCases, body)
            }
            Err(failure) => Err(failure),
        }
    })
    .await
}

async fn step(
    visit: &Visit,
    market: &Market,
    (shop, case): (ShopId, CaseId),
    act: &str,
    said: &Said,
) -> Result<Option<Answered<CaseAnswer>>, Failure> {
    let caller = visit.caller()?;
    match act {
        "take" => take_case(market, caller, shop, case).await.map(|()| None),
        "take-over" => {
            let ask = CaseAsk {
                shop,
                case,
                actor: Actor::House(caller.person),
                words: said.words.clone(),
                expected: None,
                request: None,
            };
            take_over(market, caller, ask).await.map(Some)
        }
        "decide" => {
            let verdict = read_verdict(market, (shop, case), said).await?;
            decide_case(market, caller, verdict).await.map(Some)
        }
        "decide-appeal" => {
            let verdict = read_verdict(market, (shop, case), said).await?;
            decide_appeal(market, caller, verdict).await.map(Some)
        }
        _ => Err(Failure::NotFound),
    }
}

async fn read_verdict(
    market: &Market,
    (shop, case): (ShopId, CaseId),
    said: &Said,
) -> Result<Verdict, Failure> {
    let unknown = |field: &str| Failure::invalid(field, "missing", "choose one");
    let in_favour_of = Party::parse(&said.in_favour_of).ok_or_else(|| unknown("in_favour_of"))?;
    let currency = case_file(market, shop, case).await?.case.asked.currency;
    let wrong = |_| Failure::invalid("amount", "not_an_amount", "write an amount, as 12.50");
    let amount_minor = match said.amount.trim() {
        "" => 0,
        text => Money::parse(text, currency).map_err(wrong)?.minor,
    };
    Ok(Verdict {
        shop,
        case,
        in_favour_of,
        remedy: Remedy::parse(&said.remedy).ok_or_else(|| unknown("remedy"))?,
        amount_minor,
        liable: Liable::parse(&said.liable).ok_or_else(|| unknown("liable"))?,
        facts: said.facts.clone(),
        rule: said.rule.clone(),
        redress: said.redress.clone(),
        request: None,
    })
}
