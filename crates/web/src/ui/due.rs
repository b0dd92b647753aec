//! The due queue: what must be done next, by when, and what happens if nobody does.

use maud::{Markup, html};
use rules::time::Timestamp;

use crate::format::Reader;
use crate::ui::badges::Tone;
use crate::ui::countdown::{countdown, urgency};
use crate::ui::icons::{Icon, icon};
use crate::ui::list::count_text;
use crate::words::Msg;

/// A kind of work, with how much of it waits.
#[derive(Clone, Debug)]
pub struct DueTile {
    pub icon: Icon,
    /// "Orders to ship".
    pub label: String,
    pub href: String,
    pub count: i64,
    /// How many of them are past their deadline.
    pub overdue: i64,
    /// The earliest deadline, if anything waits.
    pub soonest: Option<Timestamp>,
}

/// The tiles, in the order given.
pub fn due_tiles(reader: &Reader, tiles: &[DueTile]) -> Markup {
    html! {
        ul.due-tiles {
            @for tile in tiles {
                li class=(tile_tone(reader, tile).class()) {
                    a href=(tile.href) {
                        span.due-icon { (icon(tile.icon)) }
                        span.due-count.num { (count_text(tile.count)) }
                        span.due-label { (tile.label) }
                        span.due-when {
                            @if tile.overdue > 0 {
                                (reader.with(Msg::DueOverdue, &[("count", tile.overdue.into())]))
                            } @else if let Some(soonest) = tile.soonest {
                                (reader.with(Msg::DueNext, &[("when", reader.relative(soonest).into())]))
                            } @else {
                                (reader.t(Msg::DueNothing))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One thing to do.
#[derive(Clone, Debug)]
pub struct DueItem {
    pub icon: Icon,
    /// "Ship order 7341 00".
    pub what: String,
    pub href: String,
    /// "2 × Linen shirt, to Leeds".
    pub about: String,
    pub due: Timestamp,
    /// "Then it is cancelled and refunded, at your fault."
    pub consequence: String,
}

/// The queue itself, the nearest deadline first.
pub fn due_list(reader: &Reader, items: &[DueItem]) -> Markup {
    html! {
        ol.due-list {
            @for item in items {
                li class=(urgency(reader, item.due).class()) {
                    span.due-icon { (icon(item.icon)) }
                    div.due-text {
                        a href=(item.href) { (item.what) }
                        p.muted { (item.about) }
                    }
                    div.due-by {
                        (countdown(reader, item.due, &item.consequence))
                        p.muted { (item.consequence) }
                    }
                }
            }
        }
    }
}

fn tile_tone(reader: &Reader, tile: &DueTile) -> Tone {
    match tile.soonest {
        _ if tile.overdue > 0 => Tone::Bad,
        Some(soonest) if tile.count > 0 => urgency(reader, soonest),
        Some(_) | None => Tone::Quiet,
    }
}
