//! Money in rows: prices itemised, shares, what a confirmation will move. Figures are tabular and right-aligned.

use maud::{Markup, html};
use rules::money::Money;

use crate::format::Reader;

/// How a line stands in the sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    #[default]
    Part,
    Subtotal,
    Total,
}

/// One line: what it is, a note under it, and the amount (negative for what is taken off).
#[derive(Clone, Debug)]
pub struct MoneyLine {
    pub label: String,
    pub note: String,
    pub amount: Money,
    pub weight: Weight,
    /// Where the amount can be opened, if anywhere.
    pub href: Option<String>,
}

impl MoneyLine {
    pub fn part(label: impl Into<String>, amount: Money) -> MoneyLine {
        MoneyLine {
            label: label.into(),
            note: String::new(),
            amount,
            weight: Weight::Part,
            href: None,
        }
    }

    pub fn subtotal(label: impl Into<String>, amount: Money) -> MoneyLine {
        MoneyLine { weight: Weight::Subtotal, ..MoneyLine::part(label, amount) }
    }

    pub fn total(label: impl Into<String>, amount: Money) -> MoneyLine {
        MoneyLine { weight: Weight::Total, ..MoneyLine::part(label, amount) }
    }

    /// Adds the small line under the label.
    pub fn with_note(self, note: impl Into<String>) -> MoneyLine {
        MoneyLine { note: note.into(), ..self }
    }

    /// Makes the label open the page where the amount comes from.
    pub fn linked(self, href: impl Into<String>) -> MoneyLine {
        MoneyLine { href: Some(href.into()), ..self }
    }
}

/// The lines as a table; `caption` is read out and, unless empty, shown.
pub fn money_table(reader: &Reader, caption: &str, lines: &[MoneyLine]) -> Markup {
    html! {
        table.money {
            @if !caption.is_empty() { caption { (caption) } }
            tbody {
                @for line in lines {
                    tr class=(class(line.weight)) {
                        th scope="row" {
                            @match &line.href {
                                Some(href) => { a href=(href) { (line.label) } }
                                None => { (line.label) }
                            }
                            @if !line.note.is_empty() { small { (line.note) } }
                        }
                        td.num { (reader.money(line.amount)) }
                    }
                }
            }
        }
    }
}

/// An amount alone; larger than the text around it with class `figure`.
pub fn amount(reader: &Reader, money: Money) -> Markup {
    html! { span.num { (reader.money(money)) } }
}

const fn class(weight: Weight) -> &'static str {
    match weight {
        Weight::Part => "part",
        Weight::Subtotal => "subtotal",
        Weight::Total => "total",
    }
}
