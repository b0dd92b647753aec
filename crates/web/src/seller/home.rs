//! The seller's home: what to do next and by when, then today against yesterday, then the balances.

use actions::shop_desk::{self, Home};
use actions::{Failure, Market};
use axum::extract::{Path, State};
use maud::{Markup, html};
use rules::ids::OrderId;
use rules::orders::OrderState;
use rules::orders::shortages::ShortageState;
use rules::people::Permission;
use store::after_sales::CaseRow;
use store::cancellations::CancelRequest;
use store::lists::seller::{OrderedThing, Waiting};
use store::orders::OrderRow;
use store::shortages::Shortage;

use super::desk::{Desk, Page};
use super::money_rows::balance_flow;
use super::{notes, things};
use crate::case_words;
use crate::format::{Reader, count};
use crate::ui::copy::definition;
use crate::ui::detail::{figure, figures, section, section_with};
use crate::ui::due::{DueItem, DueTile, due_list, due_tiles};
use crate::ui::icons::Icon;
use crate::ui::list::{Empty, empty_state, page_title};
use crate::ui::nav::Place;
use crate::ui::payout_steps::named;
use crate::visit::Visit;
use crate::words::Msg;

/// SKUs which are named under "running out"; the tile counts up to a hundred.
const SHOWN: usize = 8;

pub(super) async fn page(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let home = read(&market, &desk).await.map_err(|failure| desk.refused(failure))?;
    let title = desk.reader.t(Msg::NavHome).into_owned();
    Ok(desk.page(title, Place::SellerHome, view(&desk, &home)))
}

async fn read(market: &Market, desk: &Desk) -> Result<Home, Failure> {
    let now = desk.reader.now;
    shop_desk::home(market, desk.shop.id, now).await
}

fn view(desk: &Desk, home: &Home) -> Markup {
    let r = &desk.reader;
    html! {
        (page_title(&r.t(Msg::SellerHomeTitle), &r.t(Msg::SellerHomeLead), &[]))
        (due_tiles(r, &tiles(desk, home)))
        div.panels {
        (section(&r.t(Msg::SellerHomeQueue), queue(desk, home)))
        (section(&r.t(Msg::SellerHomeToday), today(desk, home)))
        @if desk.may(Permission::ViewMoney) {
            (section_with(&r.t(Msg::SellerHomeBalances),
                html! { a.button.quiet href=(desk.href("/money")) { (r.t(Msg::NavMoney)) } },
                balance_flow(desk, &home.balances)))
        }
        @if !home.running_out.is_empty() { (section(&r.t(Msg::SellerHomeRunningOut), running_out(desk, home))) }
        }
    }
}

fn tiles(desk: &Desk, home: &Home) -> Vec<DueTile> {
    let r = &desk.reader;
    let orders = |view: &str| desk.href(&format!("/orders?view={view}"));
    let tile = |icon, label, href, waiting: &Waiting, overdue| DueTile {
        icon,
        label: r.t(label).into_owned(),
        href,
        count: waiting.count,
        overdue,
        soonest: waiting.soonest,
    };
    let soon = Waiting {
        count: home.to_confirm.soon + home.to_ship.soon,
        soonest: home.to_confirm.soonest.into_iter().chain(home.to_ship.soonest).min(),
        ..Waiting::default()
    };
    let late = Waiting {
        count: home.to_ship.late,
        soonest: home.to_ship.soonest_late,
        ..Waiting::default()
    };
    // A parcel is forgotten when less than a day is left for its first scan.
    let waiting = &home.awaiting_collection;
    let soonest = waiting.soonest.filter(|_| waiting.soon > 0);
    let forgotten = Waiting { count: waiting.soon, soonest, ..Waiting::default() };
    vec![
        tile(Icon::Flag, Msg::SellerTileToConfirm, orders("to-confirm"), &home.to_confirm, 0),
        tile(Icon::Box, Msg::SellerTileToShip, orders("to-ship"), &home.to_ship, 0),
        tile(Icon::Clock, Msg::SellerTileDueSoon, orders("due-soon"), &soon, 0),
        tile(Icon::Warning, Msg::SellerTileLate, orders("late"), &late, home.to_ship.late),
        tile(Icon::Truck, Msg::SellerTileAwaitingCollection, orders("shipped"), &forgotten, 0),
        DueTile {
            icon: Icon::Layers,
            label: r.t(Msg::SellerTileRunningOut).into_owned(),
            href: desk.href("/stock?view=low"),
            count: home.running_out.len() as i64,
            overdue: 0,
            soonest: None,
        },
    ]
}

fn queue(desk: &Desk, home: &Home) -> Markup {
    let r = &desk.reader;
    let mut items: Vec<DueItem> =
        home.queue.iter().filter_map(|order| item(desk, home, order)).collect();
    let orders = items.len() as i64;
    items.extend(home.requests.iter().filter_map(|request| asked(desk, home, request)));
    items.extend(home.shortages.iter().filter_map(|shortage| short(desk, home, shortage)));
    items.extend(home.cases.iter().filter_map(|case| helped(desk, home, case)));
    items.sort_by_key(|item| item.due);
    if items.is_empty() {
        return empty_state(&Empty {
            icon: Some(Icon::CheckCircle),
            title: r.t(Msg::SellerQueueEmpty).into_owned(),
            text: r.t(Msg::SellerQueueEmptyText).into_owned(),
            next: None,
        });
    }
    html! {
        (due_list(r, &items))
        @if home.to_confirm.count + home.to_ship.count > orders {
            p { a href=(desk.href("/orders?view=due-soon")) { (r.t(Msg::SellerQueueAll)) } }
        }
    }
}

fn item(desk: &Desk, home: &Home, order: &OrderRow) -> Option<DueItem> {
    let r = &desk.reader;
    let due = order.state.due_at()?;
    let (icon, msg) = match order.state {
        OrderState::AwaitingConfirmation { .. } => (Icon::Flag, Msg::SellerDoConfirm),
        _ => (Icon::Box, Msg::SellerDoShip),
    };
    Some(DueItem {
        icon,
        what: r.with(msg, &[("order", order.id.to_string().into())]),
        href: desk.href(&format!("/orders/{}", order.id)),
        about: format!("{} · {}", goods(desk, home, order.id), order.buyer_name),
        due,
        consequence: notes::consequence(r, order.state)?,
    })
}

/// What is in an order, in a few words.
fn goods(desk: &Desk, home: &Home, order: OrderId) -> String {
    let within: Vec<&OrderedThing> =
        home.things.iter().filter(|thing| thing.order == order).collect();
    things::in_words(&desk.reader, &within)
}

fn asked(desk: &Desk, home: &Home, request: &CancelRequest) -> Option<DueItem> {
    let r = &desk.reader;
    Some(DueItem {
        icon: Icon::Question,
        what: r.with(Msg::CareHomeAsked, &[("order", request.order.to_string().into())]),
        href: desk.href(&format!("/orders/{}", request.order)),
        about: goods(desk, home, request.order),
        due: request.state.due_at()?,
        consequence: r.t(Msg::CareThenApproved).into_owned(),
    })
}

fn short(desk: &Desk, home: &Home, shortage: &Shortage) -> Option<DueItem> {
    let r = &desk.reader;
    let (what, then) = match shortage.state {
        ShortageState::Found { .. } => (Msg::CareHomeShort, Msg::CareThenRefundUnoffered),
        _ => (Msg::CareHomeOffered, Msg::CareThenRefundUnanswered),
    };
    Some(DueItem {
        icon: Icon::Warning,
        what: r.with(what, &[("order", shortage.order.to_string().into())]),
        href: desk.href(&format!("/orders/{}", shortage.order)),
        about: goods(desk, home, shortage.order),
        due: shortage.state.due_at()?,
        consequence: r.t(then).into_owned(),
    })
}

fn helped(desk: &Desk, home: &Home, case: &CaseRow) -> Option<DueItem> {
    let r = &desk.reader;
    Some(DueItem {
        icon: Icon::Hand,
        what: case_words::reason(r, case.reason),
        href: desk.href(&format!("/cases/{}", case.id)),
        about: goods(desk, home, case.order),
        due: case.state.due_at()?,
        consequence: named(r, "case-then", case.state.name().code()),
    })
}

fn today(desk: &Desk, home: &Home) -> Markup {
    let r = &desk.reader;
    let (now, before) = (&home.today, &home.yesterday);
    let card = |name: Msg, meaning: Msg, value: String, whole: String| {
        figure(
            definition(&r.t(name), &r.t(meaning)),
            &value,
            html! { (r.with(Msg::SellerYesterday, &[("whole", whole.into())])) },
        )
    };
    let money = |minor| r.money(desk.money(minor));
    figures(&[
        card(
            Msg::SellerFigureOrders,
            Msg::SellerFigureOrdersMeans,
            count(now.orders),
            count(before.orders),
        ),
        card(
            Msg::SellerFigurePieces,
            Msg::SellerFigurePiecesMeans,
            count(now.pieces),
            count(before.pieces),
        ),
        card(
            Msg::SellerFigureSales,
            Msg::SellerFigureSalesMeans,
            money(now.paid_minor),
            money(before.paid_minor),
        ),
    ])
}

fn running_out(desk: &Desk, home: &Home) -> Markup {
    let r = &desk.reader;
    html! {
        ul.thing-list {
            @for sku in home.running_out.iter().take(SHOWN) {
                li {
                    (things::thumb(desk.shop.id, sku.product, &sku.picture))
                    span {
                        a href=(desk.href(&format!("/stock/{}", sku.sku))) { (things::title(r, &sku.title_en, &sku.title_zh)) }
                        " " code { (sku.code) }
                    }
                    strong.num { (left(r, sku.left)) }
                }
            }
        }
    }
}

fn left(reader: &Reader, left: i64) -> String {
    reader.with(Msg::SellerLeft, &[("count", left.into())])
}
