//! The house's clock: real time beside house time, and in a sandbox the way forward.

use actions::clock::system_now;
use actions::clock_moves::{self, ClockMove};
use actions::{Failure, Market, Mode, overview};
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rules::people::Permission;
use rules::time::{Span, Timestamp};
use serde::Deserialize;

use super::{admit, answer, due_work, go, may, page, page_again, say};
use crate::format::{Reader, count};
use crate::ui::badges::Tone;
use crate::ui::detail::{figure, figures, section};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input, Look, csrf_field, submit};
use crate::ui::list::{Column, Row, page_title, table};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Move {
    /// Set by one of the three buttons.
    #[serde(default)]
    hours: Option<i64>,
    /// Typed.
    #[serde(default)]
    amount: String,
    #[serde(default)]
    unit: String,
}

/// The three steps which are asked for most: one hour, one day, three days.
const STEPS: [(i64, Msg); 3] =
    [(1, Msg::OpClockHour), (24, Msg::OpClockDay), (72, Msg::OpClockThreeDays)];

pub(super) async fn show(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewDueWork)?;
        let body = body(&visit, &market, &Move::default(), None).await?;
        page(&visit, &visit.reader.t(Msg::OpClock), Place::OperatorSystem, body)
    })
    .await
}

pub(super) async fn move_forward(
    visit: Visit,
    State(market): State<Market>,
    Form(form): Form<Move>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::MoveClock)?;
        let moved = match span_of(&form) {
            Some(span) => clock_moves::move_and_sweep(&market, visit.caller()?.person, span).await,
            None => Err(Failure::invalid("by", "out_of_range", "")),
        };
        match moved {
            Ok(_) => Ok(go("/operator/system/clock", "op-clock-moved")),
            Err(Failure::Invalid(_)) => {
                let says = visit.reader.t(Msg::OpClockWrong).into_owned();
                let body = body(&visit, &market, &form, Some(says)).await?;
                page_again(&visit, &visit.reader.t(Msg::OpClock), Place::OperatorSystem, body)
            }
            Err(failure) => Err(failure),
        }
    })
    .await
}

fn span_of(form: &Move) -> Option<Span> {
    let (number, unit) = match form.hours {
        Some(hours) => (hours, "hours"),
        None => (form.amount.trim().parse().ok()?, form.unit.as_str()),
    };
    let minutes = match unit {
        "minutes" => 1,
        "hours" => 60,
        "days" => 24 * 60,
        _ => return None,
    };
    i64::checked_mul(number, minutes * 60_000).map(Span::from_ms)
}

async fn body(
    visit: &Visit,
    market: &Market,
    form: &Move,
    wrong: Option<String>,
) -> Result<Markup, Failure> {
    let r = &visit.reader;
    let last = clock_moves::last_move(market).await?;
    let done = match &last {
        Some(moved) => overview::done_by_itself(market, moved.first_event).await?,
        None => Vec::new(),
    };
    let due = overview::due_work(market, 1).await?;
    let next = due.iter().filter_map(|kind| kind.soonest.first()).map(|one| one.due_at).min();
    let sandbox = market.mode == Mode::Sandbox;
    Ok(html! {
        (page_title(&r.t(Msg::NavSystem), &r.t(Msg::OpClockLead), &[]))
        (due_work::sections(visit, "/operator/system/clock"))
        (dials(r, market.now(), next))
        @if !sandbox {
            (flash(&Flash { tone: Tone::Info, text: r.t(Msg::OpClockLive).into_owned(), next: None }))
        } @else if may(visit, Permission::MoveClock) {
            (ways(visit, form, wrong))
        }
        @if let Some(moved) = &last { (what_followed(r, moved, &done)) }
    })
}

fn dials(r: &Reader, house: Timestamp, next: Option<Timestamp>) -> Markup {
    let real = system_now();
    let ahead = house.since(real);
    // A few milliseconds pass between the two readings. A house whose clock is set by hand may also be behind.
    let second = Span::from_seconds(1);
    let beside = if ahead >= second {
        r.with(Msg::OpClockAhead, &[("length", r.length(ahead).into())])
    } else if real.since(house) >= second {
        r.with(Msg::OpClockBehind, &[("length", r.length(real.since(house)).into())])
    } else {
        r.t(Msg::OpClockSame).into_owned()
    };
    let soonest = next.map_or_else(|| r.t(Msg::DueNothing).into_owned(), |at| r.relative(at));
    let exact = next.map(|at| r.moment_with_zone(at)).unwrap_or_default();
    figures(&[
        figure(html! { (r.t(Msg::OpClockHouse)) }, &r.moment(house), html! { (beside) }),
        figure(html! { (r.t(Msg::OpClockReal)) }, &r.moment(real), html! {}),
        figure(html! { (r.t(Msg::OpClockNext)) }, &soonest, html! { (exact) }),
    ])
}

/// Three buttons and a field of one's own.
fn ways(visit: &Visit, form: &Move, wrong: Option<String>) -> Markup {
    let r = &visit.reader;
    let path = "/operator/system/clock";
    let amount = Field::new("amount", r.t(Msg::OpClockAmount))
        .takes(Input::Number { min: Some(1), max: Some(576_000) })
        .with_value(form.amount.clone())
        .with_error(wrong)
        .required();
    let unit = |code: &str, msg| (code.to_owned(), r.t(msg).into_owned());
    let units = vec![
        unit("hours", Msg::OpUnitHours),
        unit("days", Msg::OpUnitDays),
        unit("minutes", Msg::OpUnitMinutes),
    ];
    let unit = Field::new("unit", r.t(Msg::OpClockUnit))
        .takes(Input::Choice(units))
        .with_value(form.unit.clone());
    section(
        &r.t(Msg::OpClockForward),
        html! {
            div.stack {
                p { (r.t(Msg::OpClockForwardText)) }
                form method="post" action=(path) {
                    (csrf_field(&visit.csrf))
                    div.acts {
                        @for (hours, msg) in STEPS {
                            button class=(Look::Plain.class()) type="submit" name="hours" value=(hours) { (r.t(msg)) }
                        }
                    }
                }
                form.inline-form method="post" action=(path) {
                    (csrf_field(&visit.csrf))
                    (amount.draw(r.words))
                    (unit.draw(r.words))
                    (submit(Look::Primary, &r.t(Msg::OpClockGo)))
                }
            }
        },
    )
}

/// What the passed deadlines, carriers and the provider have done since the last move.
fn what_followed(r: &Reader, moved: &ClockMove, done: &[(String, String, i64)]) -> Markup {
    let said = r.with(
        Msg::OpClockLast,
        &[
            ("length", r.length(moved.to.since(moved.from)).into()),
            ("from", r.moment(moved.from).into()),
            ("to", r.moment(moved.to).into()),
        ],
    );
    let rows: Vec<Row> = done
        .iter()
        .map(|(subject, kind, number)| Row {
            cells: vec![
                html! { (say::event(r, kind)) },
                html! { span.muted { (say::code(r, "subject", subject)) } },
                html! { (count(*number)) },
            ],
            ..Row::default()
        })
        .collect();
    let columns = [
        Column::new(r.t(Msg::OpWhat)).leading(),
        Column::new(r.t(Msg::OpBelongsTo)),
        Column::new(r.t(Msg::OpHowMany)).numeric(),
    ];
    section(
        &r.t(Msg::OpClockFollowed),
        html! {
            div.stack {
                p { (said) }
                @if !moved.finished { p.muted { (r.t(Msg::OpClockGoesOn)) } }
                @if rows.is_empty() { p.muted { (r.t(Msg::OpClockNothing)) } }
                @else { (table(r.words, &columns, &rows, false)) }
            }
        },
    )
}
