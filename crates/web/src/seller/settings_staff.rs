//! Who works in the shop, and with which role.

use actions::people::{add_member, list_members, remove_member};
use actions::{Failure, Market};
use axum::extract::{Form, Path, State};
use maud::{Markup, html};
use rules::ids::PersonId;
use rules::people::{Permission, Role, Side};

use super::desk::{Desk, Page, Typed};
use super::notes::by_code;
use super::settings::{Tried, answered};
use crate::format::Reader;
use crate::ui::countdown::day;
use crate::ui::detail::section;
use crate::ui::forms::{CardChoice, Field, Input, Look, act, card_choices, submit};
use crate::ui::list::{Column, Row, table};
use crate::visit::Visit;
use crate::words::Msg;

/// The part of the settings page about staff; empty for those who do not manage it.
pub(super) async fn staff(
    market: &Market,
    desk: &Desk,
    tried: &Tried<'_>,
) -> Result<Markup, Failure> {
    if !desk.may(Permission::ManageStaff) {
        return Ok(html! {});
    }
    let members = list_members(market, &desk.caller, desk.shop.id).await?;
    let r = &desk.reader;
    let columns = [
        Column::new(r.t(Msg::SellerStaffName)).leading(),
        Column::new(r.t(Msg::SellerStaffEmail)),
        Column::new(r.t(Msg::SellerStaffRole)),
        Column::new(r.t(Msg::SellerStaffSince)),
        Column::new(""),
    ];
    let rows: Vec<Row> = members
        .iter()
        .map(|member| {
            let person = member.person.to_string();
            let hidden = [("person", person.as_str()), ("role", member.role.code())];
            let action = desk.href("/settings/staff/remove");
            let remove =
                act(Look::Quiet, &action, &desk.csrf, &hidden, &r.t(Msg::SellerStaffRemove));
            Row {
                cells: vec![
                    html! { (member.name) },
                    html! { (member.email) },
                    html! { (role_name(r, member.role)) },
                    day(r, member.since),
                    remove,
                ],
                ..Row::default()
            }
        })
        .collect();
    let body = html! { (table(r.words, &columns, &rows, false)) (add_form(desk, tried)) };
    Ok(section(&r.t(Msg::SellerStaff), body))
}

fn role_name(reader: &Reader, role: Role) -> String {
    by_code(reader, "seller-role", role.code())
}

fn add_form(desk: &Desk, tried: &Tried<'_>) -> Markup {
    let r = &desk.reader;
    let roles: Vec<CardChoice> = Role::ALL
        .into_iter()
        .filter(|role| role.side() == Side::Shop)
        .map(|role| CardChoice {
            value: role.code().to_owned(),
            title: role_name(r, role),
            note: by_code(r, "seller-role-means", role.code()),
            ..CardChoice::default()
        })
        .collect();
    let chosen = tried.value("staff", "role", Role::Fulfilment.code());
    html! {
        details open[tried.form == "staff"] {
            summary { (r.t(Msg::SellerStaffAdd)) }
            form.form method="post" action=(desk.href("/settings/staff")) {
                (desk.hidden())
                (Field::new("email", r.t(Msg::SellerStaffEmail)).takes(Input::Email).required()
                    .with_value(tried.value("staff", "email", "")).with_hint(r.t(Msg::SellerStaffEmailHint))
                    .with_error(tried.error(desk, "staff", "email")).draw(r.words))
                (card_choices(&r.t(Msg::SellerStaffRole), "role", &chosen, &roles))
                div.acts { (submit(Look::Plain, &r.t(Msg::SellerStaffAdd))) }
            }
        }
    }
}

pub(super) async fn add(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ManageStaff).await?;
    let done = async {
        let role = role_of(typed.get("role"))?;
        let email = typed.get("email").trim();
        add_member(&market, &desk.caller, desk.shop.id, email, role).await.map(drop)
    };
    let done = done.await;
    answered(&market, &desk, "staff", typed, done, Msg::SaidSellerStaffAdded).await
}

fn role_of(code: &str) -> Result<Role, Failure> {
    Role::parse(code).map_err(|error| Failure::invalid("role", "unknown_role", error.to_string()))
}

pub(super) async fn remove(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ManageStaff).await?;
    let done = async {
        let person: PersonId = typed.get("person").parse().map_err(|_| Failure::NotFound)?;
        let role = role_of(typed.get("role"))?;
        remove_member(&market, &desk.caller, desk.shop.id, person, role).await
    };
    let done = done.await;
    answered(&market, &desk, "remove", typed, done, Msg::SaidSellerStaffRemoved).await
}
