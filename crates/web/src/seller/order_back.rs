//! Money which a shop gives back of its own will once the goods have left; and a rest of an order which will not follow.

use actions::orders::{GiveBack, LineBack, drop_rest, give_back};
use actions::shop_desk::OrderFile;
use actions::{Failure, Market};
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use rules::money::Money;
use rules::orders::OrderState;
use rules::orders::refunds::BackReason;
use rules::people::Permission;
use store::orders::{LineRow, OrderRow};

use super::desk::{Desk, Page, Typed};
use super::{notes, order, order_acts, things};
use crate::ui::flash::{Confirm, Flash, confirm, flash};
use crate::ui::forms::{CardChoice, Field, Input, Look, card_choices, link_button, submit};
use crate::ui::list::page_title;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// The goods have left, and something is left which can go back.
pub(super) const fn may_give_back(order: &OrderRow) -> bool {
    let left = order.left();
    left.total_minor > left.duty_minor
        && matches!(
            order.state,
            OrderState::AwaitingCollection { .. }
                | OrderState::InTransit { .. }
                | OrderState::Delivered { .. }
                | OrderState::Completed { .. }
                | OrderState::Settled
        )
}

/// A part has left, and a part has not.
pub(super) const fn may_drop_rest(state: OrderState) -> bool {
    matches!(state, OrderState::PartiallyShipped { .. })
}

pub(super) async fn page(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::CancelOrders).await?;
    let file = order::open(&market, &desk, &order).await.map_err(|f| desk.refused(f))?;
    if !may_give_back(&file.order) {
        return Ok(back_to(&desk, &file));
    }
    Ok(drawn(&desk, &file, &Typed::default(), None))
}

fn back_to(desk: &Desk, file: &OrderFile) -> Response {
    Redirect::to(&desk.href(&format!("/orders/{}", file.order.id))).into_response()
}

fn drawn(desk: &Desk, file: &OrderFile, typed: &Typed, failure: Option<&Failure>) -> Response {
    let r = &desk.reader;
    let path = desk.href(&format!("/orders/{}", file.order.id));
    let title = r.t(Msg::CareBackTitle).into_owned();
    let number = file.order.id.to_string();
    let back = link_button(
        Look::Quiet,
        &path,
        &r.with(Msg::SellerOrderTitle, &[("order", number.into())]),
    );
    let duty = file.order.left().duty_minor;
    let settled = file.order.state == OrderState::Settled;
    let text = if settled { Msg::CareBackSettledText } else { Msg::CareBackText };
    let whole = Field::new("whole", r.t(Msg::CareBackWhole))
        .takes(Input::Tick)
        .with_value(typed.get("whole"));
    let note = Field::new("note", r.t(Msg::CareBackNote))
        .takes(Input::Long { rows: 3 })
        .with_value(typed.get("note"))
        .with_error(desk.field_error(failure, "note"));
    let wrong = |field: &str| desk.field_error(failure, field);
    let body = html! {
        (page_title(&title, &r.t(text), &[back]))
        @if let Some(failure) = failure { (flash(&Flash::bad(desk.in_words(failure)))) }
        section.panel {
            form.form method="post" action={ (path) "/refund" } {
                (desk.hidden())
                input type="hidden" name="version" value=(file.order.version);
                @for line in &file.lines { (of_line(desk, file, line, typed, failure)) }
                (whole.draw(r.words))
                @if let Some(wrong) = wrong("lines") { p.error { (wrong) } }
                @if duty > 0 {
                    @let money = r.money(desk.money_in(duty, file.order.currency));
                    p.muted { (r.with(Msg::CareBackDuty, &[("amount", money.into())])) }
                }
                (card_choices(&r.t(Msg::CareBackReason), "reason", typed.get("reason"), &reasons(desk)))
                @if let Some(wrong) = wrong("reason") { p.error { (wrong) } }
                (note.draw(r.words))
                div.acts {
                    (submit(Look::Primary, &r.t(Msg::CareBackYes)))
                    (link_button(Look::Quiet, &path, &r.t(Msg::ConfirmNo)))
                }
            }
        }
    };
    desk.page(title, Place::SellerOrders, body)
}

fn reasons(desk: &Desk) -> Vec<CardChoice> {
    let choice = |reason: BackReason| CardChoice {
        value: reason.code().to_owned(),
        title: notes::by_code(&desk.reader, "care-back", reason.code()),
        ..CardChoice::default()
    };
    BackReason::OF_SHOP.map(choice).to_vec()
}

/// One line: what is left of it, how many pieces go back, and how much money on top.
fn of_line(
    desk: &Desk,
    file: &OrderFile,
    line: &LineRow,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let (r, currency) = (&desk.reader, file.order.currency);
    let left = line.left(file.order.tax_included).having_left();
    let money = r.money(desk.money_in(left.shares.paid_minor, currency));
    let facts = [("count", left.units.into()), ("amount", money.into())];
    let (count, amount) = (format!("count_{}", line.id), format!("amount_{}", line.id));
    let field = |name: &str, label: Msg, input: Input| {
        Field::new(name, r.t(label))
            .takes(input)
            .with_value(typed.get(name))
            .with_error(desk.field_error(failure, name))
    };
    let pieces = Input::Number { min: Some(0), max: Some(left.units) };
    let more = Input::Money { currency: currency.code().to_owned() };
    html! {
        @if left.shares.paid_minor > 0 {
            fieldset.line-back {
                legend { (things::title(r, &line.title_en, &line.title_zh)) " " code { (line.sku_code) } }
                p.muted { (r.with(Msg::CareBackLeft, &facts)) }
                div.form-row {
                    (field(&count, Msg::CareBackCount, pieces).draw(r.words))
                    (field(&amount, Msg::CareBackAmount, more).draw(r.words))
                }
            }
        }
    }
}

pub(super) async fn give(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::CancelOrders).await?;
    let file = order::open(&market, &desk, &order).await.map_err(|f| desk.refused(f))?;
    let done = async {
        let ask = asked(&desk, &file, &order, &typed)?;
        give_back(&market, ask).await.map(drop)
    };
    match done.await {
        Ok(()) => Ok(desk.see(&format!("/orders/{order}"), Msg::SaidCareBack)),
        Err(failure @ Failure::Invalid(_)) => Ok(drawn(&desk, &file, &typed, Some(&failure))),
        Err(failure) => {
            let done = Err(failure);
            order_acts::after(&market, desk, &order, typed, done, Msg::SaidCareBack).await
        }
    }
}

/// What was typed, line by line; nothing at all is refused by the act unless everything was ticked.
fn asked(desk: &Desk, file: &OrderFile, order: &str, typed: &Typed) -> Result<GiveBack, Failure> {
    let unknown = || Failure::invalid("reason", "missing", "choose a reason");
    let reason = BackReason::parse(typed.get("reason")).ok_or_else(unknown)?;
    let mut lines = Vec::new();
    if typed.get("whole").is_empty() {
        for line in &file.lines {
            lines.push(typed_line(file, line, typed)?);
        }
    }
    let ask = order_acts::ask(desk, order, typed, "refund")?;
    Ok(GiveBack { ask, reason, note: typed.get("note").to_owned(), lines })
}

fn typed_line(file: &OrderFile, line: &LineRow, typed: &Typed) -> Result<LineBack, Failure> {
    let (count, amount) = (format!("count_{}", line.id), format!("amount_{}", line.id));
    let units = match typed.get(&count).trim() {
        "" => 0,
        text => text.parse().map_err(|_| {
            Failure::invalid(count, "out_of_range", "a whole number within the limits")
        })?,
    };
    let amount_minor = match typed.get(&amount).trim() {
        "" => 0,
        text => {
            let read = Money::parse(text, file.order.currency);
            read.map_err(|error| Failure::invalid(amount, "not_an_amount", error.to_string()))?
                .minor
        }
    };
    Ok(LineBack { line: line.id, count: units, amount_minor })
}

pub(super) async fn rest_page(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::CancelOrders).await?;
    let file = order::open(&market, &desk, &order).await.map_err(|f| desk.refused(f))?;
    if !may_drop_rest(file.order.state) {
        return Ok(back_to(&desk, &file));
    }
    let r = &desk.reader;
    let mut hidden = desk.hidden_pairs();
    hidden.push(("version".to_owned(), file.order.version.to_string()));
    let path = desk.href(&format!("/orders/{}", file.order.id));
    let ask = Confirm {
        title: r.t(Msg::CareRestTitle).into_owned(),
        text: r.t(Msg::CareRestText).into_owned(),
        money: Vec::new(),
        action: format!("{path}/rest"),
        csrf: desk.csrf.clone(),
        hidden,
        fields: None,
        yes: r.t(Msg::CareRestYes).into_owned(),
        no: path,
        danger: true,
    };
    Ok(desk.page(ask.title.clone(), Place::SellerOrders, confirm(r, &ask)))
}

pub(super) async fn give_up_rest(
    State(market): State<Market>,
    Path((shop, order)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::CancelOrders).await?;
    let done = async {
        let ask = order_acts::ask(&desk, &order, &typed, "rest")?;
        drop_rest(&market, ask).await.map(drop)
    };
    let done = done.await;
    order_acts::after(&market, desk, &order, typed, done, Msg::SaidCareRest).await
}
