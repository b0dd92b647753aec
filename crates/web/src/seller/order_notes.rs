//! What only the shop's staff sees of an order: the mark by which it is found again, and what they write to each other.

use actions::Market;
use actions::order_notes::{set_mark, write_note};
use actions::shop_desk::OrderFile;
use axum::extract::{Form, Path, State};
use maud::{Markup, html};
use rules::orders::marks::Mark;
use rules::people::Permission;
use store::order_notes::{MARK, NoteRow};

use super::desk::{Desk, Page, Typed};
use super::notes::who;
use super::order::Tried;
use super::order_acts::{after, ask};
use crate::format::Reader;
use crate::ui::countdown::ago;
use crate::ui::forms::{Field, Input, Look, submit};
use crate::ui::icons::{Icon, icon};
use crate::visit::Visit;
use crate::words::Msg;

pub(super) const fn name(mark: Mark) -> Msg {
    match mark {
        Mark::Red => Msg::NotesMarkRed,
        Mark::Amber => Msg::NotesMarkAmber,
        Mark::Green => Msg::NotesMarkGreen,
        Mark::Blue => Msg::NotesMarkBlue,
        Mark::Violet => Msg::NotesMarkViolet,
    }
}

/// The mark of an order as it hangs in lists and beside its title; nothing where it has none.
pub(super) fn mark(r: &Reader, code: &str, word: &str) -> Option<Markup> {
    let mark = Mark::parse(code)?;
    let colour = r.t(name(mark)).into_owned();
    let said = if word.is_empty() { colour.clone() } else { word.to_owned() };
    Some(html! {
        span class={ "mark " (mark.code()) } title=(colour) { (icon(Icon::Flag)) span { (said) } }
    })
}

/// The choice of a mark, with `none` as what stands for no mark.
pub(super) fn choices(r: &Reader, none: Msg) -> Input {
    let mut all = vec![(String::new(), r.t(none).into_owned())];
    let marks = Mark::ALL.into_iter();
    all.extend(marks.map(|mark| (mark.code().to_owned(), r.t(name(mark)).into_owned())));
    Input::Choice(all)
}

pub(super) fn panel(desk: &Desk, file: &OrderFile, tried: &Tried) -> Markup {
    let r = &desk.reader;
    let (order, failure) = (&file.order, tried.failure.as_ref());
    let marked = Field::new("mark", r.t(Msg::NotesMark))
        .takes(choices(r, Msg::NotesMarkNone))
        .with_value(order.mark.as_str());
    let word = Field::new("mark_word", r.t(Msg::NotesMarkWord))
        .with_value(order.mark_word.as_str())
        .with_error(desk.field_error(failure, "mark_word"));
    let note = Field::new("note", r.t(Msg::NotesNew))
        .takes(Input::Long { rows: 3 })
        .with_value(tried.typed.get("note"))
        .with_error(desk.field_error(failure, "note"))
        .required();
    let action = |what: &str| desk.href(&format!("/orders/{}/{what}", order.id));
    html! {
        p.muted { (r.t(Msg::NotesLead)) }
        form.form method="post" action=(action("mark")) {
            (desk.hidden())
            (marked.draw(r.words))
            (word.draw(r.words))
            div.acts { (submit(Look::Plain, &r.t(Msg::NotesMarkDo))) }
        }
        form.form method="post" action=(action("notes")) {
            (desk.hidden())
            (note.draw(r.words))
            div.acts { (submit(Look::Plain, &r.t(Msg::NotesWrite))) }
        }
        @if file.notes.is_empty() {
            p.muted { (r.t(Msg::NotesNone)) }
        } @else {
            ul.notes { @for row in &file.notes { li { (one(desk, file, row)) } } }
        }
    }
}

fn one(desk: &Desk, file: &OrderFile, row: &NoteRow) -> Markup {
    let r = &desk.reader;
    html! {
        @if row.kind == MARK {
            @let (code, word) = row.body.split_once(' ').unwrap_or((row.body.as_str(), ""));
            p {
                @match mark(r, code, word) {
                    Some(mark) => { (r.t(Msg::NotesMarked)) " " (mark) }
                    None => { (r.t(Msg::NotesUnmarked)) }
                }
            }
        } @else {
            @for line in row.body.lines() { p { (line) } }
        }
        p.meta { (who(r, &row.author, &file.names)) " · " (ago(r, row.created_at)) }
    }
}

pub(super) async fn write(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::NoteOrders).await?;
    let done = async {
        let ask = ask(&desk, &order, &typed, "note")?;
        write_note(&market, ask, typed.get("note")).await.map(drop)
    };
    let done = done.await;
    after(&market, desk, &order, typed, done, Msg::SaidNotesWritten).await
}

pub(super) async fn set(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::NoteOrders).await?;
    let done = async {
        let ask = ask(&desk, &order, &typed, "mark")?;
        let mark = Mark::parse(typed.get("mark"));
        set_mark(&market, ask, mark, typed.get("mark_word")).await.map(drop)
    };
    let done = done.await;
    after(&market, desk, &order, typed, done, Msg::SaidNotesMarked).await
}
