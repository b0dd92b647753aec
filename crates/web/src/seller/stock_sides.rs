//! How large one piece of a SKU is: three fields on its stock page.

use actions::catalog::{LONGEST_SIDE_MM, set_sides};
use actions::{Failure, Market};
use axum::extract::{Form, Path, State};
use maud::{Markup, html};
use rules::ids::SkuId;
use rules::people::Permission;

use super::desk::{Desk, Page, Typed};
use super::stock_sku;
use crate::ui::forms::{Field, Input, Look, submit};
use crate::visit::Visit;
use crate::words::Msg;

/// The fields' names, in the order of the sides.
const NAMES: [&str; 3] = ["length_mm", "width_mm", "height_mm"];

pub(super) fn form(
    desk: &Desk,
    sku: SkuId,
    sides_mm: [i64; 3],
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let r = &desk.reader;
    let labels = [Msg::SellerSideLength, Msg::SellerSideWidth, Msg::SellerSideHeight];
    let field = |place: usize| {
        let (name, stored) = (NAMES[place], sides_mm[place]);
        let value = match (typed.get(name), stored) {
            ("", 0) => String::new(),
            ("", stored) => stored.to_string(),
            (typed, _) => typed.to_owned(),
        };
        Field::new(name, r.t(labels[place]))
            .takes(Input::Number { min: Some(0), max: Some(LONGEST_SIDE_MM) })
            .with_value(value)
            .with_error(desk.field_error(failure, name))
            .draw(r.words)
    };
    html! {
        form.form method="post" action=(desk.href(&format!("/stock/{sku}/sides"))) {
            (desk.hidden())
            p.muted { (r.t(Msg::SellerSidesHint)) }
            div.form-row { @for place in 0..NAMES.len() { (field(place)) } }
            div.acts { (submit(Look::Plain, &r.t(Msg::SellerSidesSave))) }
        }
    }
}

pub(super) async fn set(
    State(market): State<Market>,
    Path((shop, sku)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditStock).await?;
    let done = async {
        let id: SkuId = sku.parse().map_err(|_| Failure::NotFound)?;
        let sides = NAMES.map(|name| match typed.get(name).trim() {
            "" => 0,
            // What is no number is out of range, and said so next to its field.
            text => text.parse().unwrap_or(-1),
        });
        set_sides(&market, desk.actor(), desk.shop.id, id, sides).await
    };
    match done.await {
        Ok(()) => Ok(desk.see(&format!("/stock/{sku}"), Msg::SaidSellerSidesSaved)),
        Err(failure) => stock_sku::shown(&market, &desk, &sku, &typed, Some(&failure)).await,
    }
}
