//! List pages: saved views as tabs, filters in the address, a table which becomes cards on a phone,
//! bulk acts, "next" by key, CSV, and an empty state with one next step.

use maud::{Markup, html};

use crate::format;
use crate::ui::forms::{Field, Look, csrf_field};
use crate::ui::icons::{Icon, icon};
use crate::words::{Msg, Words};

/// A saved view. `count` stops at 1,000 ("999+"), so that no list is ever counted to its end.
#[derive(Clone, Debug)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub count: Option<i64>,
    pub current: bool,
}

/// A form whose fields stand in the address, so that a filtered list can be shared.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The list's own path.
    pub action: String,
    /// What must stay in the address: the view, the sort.
    pub keep: Vec<(String, String)>,
    pub fields: Vec<Field>,
    /// Where "clear" leads, when something is filtered.
    pub clear: Option<String>,
}

/// A column's head. `sort` leads to the list sorted by it.
#[derive(Clone, Debug, Default)]
pub struct Column {
    pub label: String,
    pub numeric: bool,
    pub sort: Option<Sort>,
    /// Shown on a phone without its label: the row's name.
    pub leading: bool,
}

/// A head which sorts: where a click leads, and how the list is sorted by it now.
#[derive(Clone, Debug)]
pub struct Sort {
    pub href: String,
    pub now: Sorted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    Not,
    Up,
    Down,
}

impl Column {
    pub fn new(label: impl Into<String>) -> Column {
        Column { label: label.into(), ..Column::default() }
    }

    pub fn numeric(self) -> Column {
        Column { numeric: true, ..self }
    }

    pub fn leading(self) -> Column {
        Column { leading: true, ..self }
    }

    pub fn sorted(self, href: impl Into<String>, now: Sorted) -> Column {
        Column { sort: Some(Sort { href: href.into(), now }), ..self }
    }
}

/// A row. `key` is what a bulk act is told; empty when the row cannot be chosen.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub key: String,
    pub cells: Vec<Markup>,
    /// Drawn with a red edge: something in it is overdue.
    pub overdue: bool,
}

/// Acts on the chosen rows; each act is a button with its own form action.
#[derive(Clone, Debug, Default)]
pub struct Bulk {
    pub csrf: String,
    /// (address to post to, label); the chosen keys come as `chosen=…` fields.
    pub acts: Vec<(String, String)>,
    /// Fields sent along.
    pub hidden: Vec<(String, String)>,
}

/// What stands where rows would be: why it is empty and one thing to do next.
#[derive(Clone, Debug, Default)]
pub struct Empty {
    pub icon: Option<Icon>,
    pub title: String,
    pub text: String,
    /// (address, label).
    pub next: Option<(String, String)>,
}

/// A whole list.
#[derive(Clone, Debug, Default)]
pub struct ListPage {
    pub title: String,
    /// One sentence on what the list is for; may be empty.
    pub lead: String,
    /// Buttons at the right of the title, the primary one last.
    pub acts: Vec<Markup>,
    /// Between the title and the list, such as figures.
    pub above: Option<Markup>,
    pub tabs: Vec<Tab>,
    pub filter: Option<Filter>,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub bulk: Option<Bulk>,
    /// Back to the first page, when this is not it.
    pub first: Option<String>,
    pub next: Option<String>,
    pub csv: Option<String>,
    pub empty: Empty,
}

/// Draws the list.
pub fn list_page(words: Words, list: &ListPage) -> Markup {
    html! {
        (page_title(&list.title, &list.lead, &list.acts))
        @if let Some(above) = &list.above { (above) }
        @if !list.tabs.is_empty() { (tabs(words, &list.tabs)) }
        @if let Some(filter) = &list.filter { (filter_form(words, filter)) }
        @if list.rows.is_empty() {
            (empty_state(&list.empty))
        } @else {
            @match &list.bulk {
                Some(bulk) => { (chosen_form(words, bulk, table(words, &list.columns, &list.rows, true))) }
                None => { (table(words, &list.columns, &list.rows, false)) }
            }
            (below(words, list))
        }
    }
}

/// A page's title with its acts at the right.
pub fn page_title(title: &str, lead: &str, acts: &[Markup]) -> Markup {
    html! {
        header.page-title {
            div { h1 { (title) } @if !lead.is_empty() { p.lead { (lead) } } }
            @if !acts.is_empty() { div.acts { @for act in acts { (act) } } }
        }
    }
}

/// Saved views.
pub fn tabs(words: Words, tabs: &[Tab]) -> Markup {
    html! {
        nav.tabs aria-label=(words.t(Msg::ListViews)) {
            @for tab in tabs {
                a href=(tab.href) aria-current=[tab.current.then_some("page")] {
                    (tab.label)
                    @if let Some(count) = tab.count { span.count.num { (count_text(count)) } }
                }
            }
        }
    }
}

/// "12", "999+".
pub fn count_text(count: i64) -> String {
    if count > 999 { "999+".to_owned() } else { format::count(count) }
}

/// The filter row.
pub fn filter_form(words: Words, filter: &Filter) -> Markup {
    html! {
        form.filter method="get" action=(filter.action) role="search" {
            @for (name, value) in &filter.keep { input type="hidden" name=(name) value=(value); }
            @for field in &filter.fields { (field.draw_small()) }
            button.button type="submit" { (icon(Icon::Filter)) (words.t(Msg::ListFilter)) }
            @if let Some(clear) = &filter.clear { a.button.quiet href=(clear) { (words.t(Msg::ListClear)) } }
        }
    }
}

/// A table alone. With `choosing`, rows with a key get a tick box; the table must then stand in a form.
pub fn table(words: Words, columns: &[Column], rows: &[Row], choosing: bool) -> Markup {
    html! {
        div.table-frame {
            table.rows {
                thead {
                    tr {
                        @if choosing { th.choose { (choose_all(words)) } }
                        @for column in columns { (column_head(column)) }
                    }
                }
                tbody {
                    @for row in rows {
                        tr class=[row.overdue.then_some("overdue")] {
                            @if choosing { td.choose { (choose_one(words, row)) } }
                            @for (column, cell) in columns.iter().zip(&row.cells) {
                                td class={ @if column.numeric { "num " } @if column.leading { "leading" } }
                                    data-label=(column.label) { (cell) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// "Nothing here", why, and one next step.
pub fn empty_state(empty: &Empty) -> Markup {
    html! {
        div.empty {
            (icon(empty.icon.unwrap_or(Icon::Box)))
            h2 { (empty.title) }
            @if !empty.text.is_empty() { p { (empty.text) } }
            @if let Some((href, label)) = &empty.next { a class=(Look::Primary.class()) href=(href) { (label) } }
        }
    }
}

fn chosen_form(words: Words, bulk: &Bulk, table: Markup) -> Markup {
    html! {
        form.chosen method="post" data-chosen {
            (csrf_field(&bulk.csrf))
            @for (name, value) in &bulk.hidden { input type="hidden" name=(name) value=(value); }
            div.bulk-bar {
                span.bulk-count data-chosen-count=(words.with(Msg::ListChosen, &[("count", "%".into())])) {
                    (words.t(Msg::ListChoose))
                }
                @for (action, label) in &bulk.acts {
                    button.button type="submit" formaction=(action) { (label) }
                }
            }
            (table)
        }
    }
}

fn choose_all(words: Words) -> Markup {
    html! { input type="checkbox" data-choose-all hidden aria-label=(words.t(Msg::ListChooseAll)); }
}

fn choose_one(words: Words, row: &Row) -> Markup {
    html! {
        @if !row.key.is_empty() {
            input type="checkbox" name="chosen" value=(row.key)
                aria-label=(words.with(Msg::ListChooseRow, &[("key", row.key.as_str().into())]));
        }
    }
}

fn column_head(column: &Column) -> Markup {
    let sorted = column.sort.as_ref().map(|sort| match sort.now {
        Sorted::Not => "none",
        Sorted::Up => "ascending",
        Sorted::Down => "descending",
    });
    html! {
        th scope="col" class=[column.numeric.then_some("num")] aria-sort=[sorted] {
            @match &column.sort {
                Some(sort) => { a href=(sort.href) { (column.label) (icon(Icon::Sort)) } }
                None => { (column.label) }
            }
        }
    }
}

fn below(words: Words, list: &ListPage) -> Markup {
    html! {
        nav.below aria-label=(words.t(Msg::ListPages)) {
            @if let Some(first) = &list.first { a.button.quiet href=(first) { (words.t(Msg::ListFirst)) } }
            @if let Some(next) = &list.next { a.button href=(next) rel="next" { (words.t(Msg::ListNext)) (icon(Icon::Chevron)) } }
            @if let Some(csv) = &list.csv { (csv_link(words, csv)) }
        }
    }
}

/// Where the same list is a file; it stands under the list.
pub fn csv_link(words: Words, href: &str) -> Markup {
    html! { a.button.quiet.last href=(href) { (icon(Icon::Download)) (words.t(Msg::ListCsv)) } }
}
