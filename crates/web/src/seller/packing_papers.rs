//! Pick lists, packing slips and labels: on the page and as PDF, one or many.

use actions::packing::{PaperParcel, Picked, papers, pick_list};
use actions::{Failure, Market};
use axum::extract::{Form, Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use documents::{Column as PaperColumn, Fonts, Part, Report};
use maud::{Markup, html};
use rules::ids::OrderId;
use rules::people::Permission;
use rules::policy::MarketCode;
use rules::shipping::packing::too_many_papers;
use serde::Deserialize;

use super::desk::{Desk, Page, Typed};
use super::packing_slips::{label_of, slip_of};
use super::things;
use crate::csv;
use crate::format::Reader;
use crate::goods_words;
use crate::ui::detail::section;
use crate::ui::forms::{Look, link_button};
use crate::ui::list::{Column, Row, csv_link, page_title, table};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::{Language, Msg, Words};

/// What stands in the address of a paper.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// Numbers, with commas between them; without any: all orders which wait to be shipped.
    orders: String,
    /// `en` or `zh`; the reader's own when left out.
    language: String,
}

impl Asked {
    fn orders(&self) -> Vec<OrderId> {
        self.orders.split(',').filter_map(|id| id.trim().parse().ok()).collect()
    }

    fn language(&self, desk: &Desk) -> Language {
        Language::parse(&self.language).unwrap_or(desk.reader.words.language())
    }
}

fn chosen(typed: &Typed) -> Vec<OrderId> {
    let mut orders: Vec<OrderId> = typed.all("chosen").filter_map(|id| id.parse().ok()).collect();
    orders.sort_unstable();
    orders.dedup();
    orders
}

fn most(market: &Market, desk: &Desk) -> Result<rules::policy::PackingPolicy, Failure> {
    let code =
        MarketCode::parse(&desk.shop.market).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok(*market.policies().1.packing(code))
}

/// The orders asked for, or those which wait; at most as many as one file holds.
async fn wanted(
    market: &Market,
    desk: &Desk,
    orders: Vec<OrderId>,
) -> Result<Vec<OrderId>, Failure> {
    let policy = most(market, desk)?;
    if too_many_papers(orders.len(), &policy) {
        let refusal = actions::Refusal::new("too_many_papers", "too many for one file");
        return Err(refusal.fact("most", policy.print_most_count).into());
    }
    if !orders.is_empty() {
        return Ok(orders);
    }
    pick_list(market, desk.shop.id, Vec::new(), policy.print_most_count).await.map(|(all, _)| all)
}

/// A file which is made beside the thread that serves others: five hundred slips take a while.
async fn pdf(
    name: &'static str,
    make: impl FnOnce(&Fonts) -> Vec<u8> + Send + 'static,
) -> Result<Response, Failure> {
    let made = tokio::task::spawn_blocking(move || make(&crate::papers::fonts().read())).await;
    let bytes = made.map_err(|error| Failure::Broken(format!("a paper was not made: {error}")))?;
    let head = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, format!("inline; filename=\"{name}.pdf\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((head, bytes).into_response())
}

pub(super) async fn slip_file(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let language = asked.language(&desk);
    slips(&market, &desk, asked.orders(), language).await.map_err(|failure| desk.refused(failure))
}

pub(super) async fn slips_of_chosen(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let orders = chosen(&typed);
    if orders.is_empty() {
        return Ok(desk.see("/orders?view=to-ship", Msg::SaidSellerNothingChosen));
    }
    let language = desk.reader.words.language();
    slips(&market, &desk, orders, language).await.map_err(|failure| desk.refused(failure))
}

async fn slips(
    market: &Market,
    desk: &Desk,
    orders: Vec<OrderId>,
    language: Language,
) -> Result<Response, Failure> {
    let orders = wanted(market, desk, orders).await?;
    let (shop, _, parcels) = papers(market, desk.shop.id, orders).await?;
    let reader = in_language(desk, language);
    let shipping = shipping(market, desk)?;
    pdf("packing-slips", move |fonts| {
        let all: Vec<_> =
            parcels.iter().map(|paper| slip_of(&reader, &shop, &shipping, paper)).collect();
        documents::slips(fonts, &reader.t(Msg::PackingSlips), language.tag(), &all)
    })
    .await
}

fn in_language(desk: &Desk, language: Language) -> Reader {
    Reader { words: Words::of(language), ..desk.reader.clone() }
}

fn shipping(market: &Market, desk: &Desk) -> Result<rules::policy::ShippingPolicy, Failure> {
    let code =
        MarketCode::parse(&desk.shop.market).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok(market.policies().1.shipping(code).clone())
}

pub(super) async fn label_file(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let language = asked.language(&desk);
    labels(&market, &desk, asked.orders(), language).await.map_err(|failure| desk.refused(failure))
}

pub(super) async fn labels_of_chosen(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let orders = chosen(&typed);
    if orders.is_empty() {
        return Ok(desk.see("/orders?view=to-ship", Msg::SaidSellerNothingChosen));
    }
    let language = desk.reader.words.language();
    labels(&market, &desk, orders, language).await.map_err(|failure| desk.refused(failure))
}

/// One label a number: orders which share a box share its label. Parcels without a number have none yet.
async fn labels(
    market: &Market,
    desk: &Desk,
    orders: Vec<OrderId>,
    language: Language,
) -> Result<Response, Failure> {
    let orders = wanted(market, desk, orders).await?;
    let (shop, houses, parcels) = papers(market, desk.shop.id, orders).await?;
    let mut seen = std::collections::BTreeSet::new();
    let numbered: Vec<PaperParcel> = parcels
        .into_iter()
        .filter(|paper| {
            let number = paper.parcel.as_ref().map_or("", |parcel| parcel.tracking_number.as_str());
            !number.is_empty() && seen.insert(number.to_owned())
        })
        .collect();
    if numbered.is_empty() {
        return Err(Failure::refused("no_labels", "none of these parcels has a number yet"));
    }
    let reader = in_language(desk, language);
    let shipping = shipping(market, desk)?;
    pdf("labels", move |fonts| {
        let from = houses.first();
        let all: Vec<_> = numbered
            .iter()
            .map(|paper| label_of(&reader, (&shop, from), &shipping, paper))
            .collect();
        documents::labels(fonts, &reader.t(Msg::PackingLabels), language.tag(), &all)
    })
    .await
}

pub(super) async fn pick_page(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    picked(&market, desk, asked.orders()).await
}

pub(super) async fn pick_of_chosen(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let orders = chosen(&typed);
    if orders.is_empty() {
        return Ok(desk.see("/orders?view=to-ship", Msg::SaidSellerNothingChosen));
    }
    picked(&market, desk, orders).await
}

async fn picked(market: &Market, desk: Desk, orders: Vec<OrderId>) -> Page {
    let (orders, lists) = lists(market, &desk, orders).await.map_err(|f| desk.refused(f))?;
    let r = &desk.reader;
    let title = r.t(Msg::PackingPickList).into_owned();
    let lead = r.with(Msg::PackingPickLead, &[("count", orders.len().into())]);
    let ids: Vec<String> = orders.iter().map(ToString::to_string).collect();
    let file = desk.href(&format!("/packing/pick.pdf?orders={}", ids.join(",")));
    let sheet = desk.href(&format!("/packing/pick.csv?orders={}", ids.join(",")));
    let slips = desk.href(&format!("/packing/slips.pdf?orders={}", ids.join(",")));
    let acts = [
        link_button(Look::Primary, &file, &r.t(Msg::PackingPickFile)),
        link_button(Look::Plain, &slips, &r.t(Msg::PackingSlips)),
    ];
    let body = html! {
        (page_title(&title, &lead, &acts))
        @for list in &lists { (section(&house_name(&desk, list), pick_table(&desk, list))) }
        @if lists.is_empty() { p.muted { (r.t(Msg::PackingNothing)) } }
        @else { (csv_link(r.words, &sheet)) }
    };
    Ok(desk.page(title, Place::SellerOrders, body))
}

async fn lists(
    market: &Market,
    desk: &Desk,
    orders: Vec<OrderId>,
) -> Result<(Vec<OrderId>, Vec<Picked>), Failure> {
    let most = most(market, desk)?.print_most_count;
    let orders = wanted(market, desk, orders).await?;
    pick_list(market, desk.shop.id, orders, most).await
}

fn house_name(desk: &Desk, list: &Picked) -> String {
    let name = list.warehouse.as_ref().map(|house| house.name.clone());
    name.unwrap_or_else(|| desk.reader.t(Msg::PackingNoWarehouse).into_owned())
}

fn pick_table(desk: &Desk, list: &Picked) -> Markup {
    let r = &desk.reader;
    let columns = [
        Column::new(r.t(Msg::PackingShelf)).leading(),
        Column::new(r.t(Msg::PackingPiecesTitle)).numeric(),
        Column::new(r.t(Msg::SellerColumnGoods)),
        Column::new(r.t(Msg::PackingSku)),
        Column::new(r.t(Msg::NavOrders)).numeric(),
    ];
    let rows: Vec<Row> = (list.rows.iter())
        .map(|row| Row {
            cells: vec![
                html! { strong { (row.good.shelf) } },
                html! { strong.num { (row.count) } },
                html! { (things::title(r, &row.good.title_en, &row.good.title_zh)) " " span { (goods_words::chosen_values(r.words, &row.good.options)) } },
                html! { code { (row.good.code) } },
                html! { span.num { (row.orders.len()) } },
            ],
            ..Row::default()
        })
        .collect();
    table(r.words, &columns, &rows, false)
}

pub(super) async fn pick_file(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let language = asked.language(&desk);
    let made = async {
        let (orders, lists) = lists(&market, &desk, asked.orders()).await?;
        let reader = in_language(&desk, language);
        let report = pick_report(&desk, &reader, &orders, &lists);
        pdf("pick-list", move |fonts| documents::report(fonts, &report)).await
    };
    made.await.map_err(|failure| desk.refused(failure))
}

const PICK_HEAD: [&str; 6] = ["warehouse", "shelf", "count", "title", "sku", "orders"];

/// The same list as a table for other programs; the orders' numbers with spaces between them.
pub(super) async fn pick_csv(
    State(market): State<Market>,
    Path(shop): Path<String>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::PackOrders).await?;
    let read = lists(&market, &desk, asked.orders()).await;
    let (_, found) = read.map_err(|failure| desk.refused(failure))?;
    let mut lines: Vec<csv::Line> = Vec::new();
    for list in &found {
        let house = house_name(&desk, list);
        for row in &list.rows {
            let orders: Vec<String> =
                row.orders.iter().map(|(order, _)| order.to_string()).collect();
            lines.push(vec![
                house.clone(),
                row.good.shelf.clone(),
                row.count.to_string(),
                things::title(&desk.reader, &row.good.title_en, &row.good.title_zh).to_owned(),
                row.good.code.clone(),
                orders.join(" "),
            ]);
        }
    }
    let file = csv::file("pick-list", &PICK_HEAD, (), move |()| {
        let lines = lines.clone();
        async move { Ok(csv::Part { lines, next: None }) }
    });
    file.await.map_err(|failure| desk.refused(failure))
}

fn pick_report(desk: &Desk, r: &Reader, orders: &[OrderId], lists: &[Picked]) -> Report {
    let mut parts = Vec::new();
    for list in lists {
        let columns = vec![
            PaperColumn::new(r.t(Msg::PackingShelf), 1.6),
            PaperColumn::new(r.t(Msg::PackingPiecesTitle), 0.9).numeric(),
            PaperColumn::new(r.t(Msg::SellerColumnGoods), 5.0),
            PaperColumn::new(r.t(Msg::PackingSku), 2.6),
            PaperColumn::new(r.t(Msg::NavOrders), 0.9).numeric(),
        ];
        let row = |row: &actions::packing::PickRow| {
            let name = things::title(r, &row.good.title_en, &row.good.title_zh);
            let options = goods_words::chosen_values(r.words, &row.good.options);
            let name =
                if options.is_empty() { name.to_owned() } else { format!("{name} ({options})") };
            let (count, orders) = (row.count.to_string(), row.orders.len().to_string());
            vec![row.good.shelf.clone(), count, name, row.good.code.clone(), orders]
        };
        let sum: i64 = list.rows.iter().map(|row| row.count).sum();
        parts.push(Part::Heading(house_name(desk, list)));
        parts.push(Part::Table {
            columns,
            rows: list.rows.iter().map(row).collect(),
            sums: vec![String::new(), sum.to_string(), String::new(), String::new(), String::new()],
        });
    }
    Report {
        title: r.t(Msg::PackingPickList).into_owned(),
        under: vec![
            format!("{} · {}", desk.shop.name, r.moment_with_zone(r.now)),
            r.with(Msg::PackingPickLead, &[("count", orders.len().into())]),
        ],
        language: r.words.language().tag().to_owned(),
        parts,
        foot: desk.shop.name.clone(),
    }
}
