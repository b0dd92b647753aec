//! The house's staff and their roles.

use std::collections::BTreeMap;

use actions::people::{Member, add_member, list_members, remove_member};
use actions::{Failure, Market};
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rules::ids::{HOUSE, PersonId};
use rules::people::{Permission, Role, Side};
use serde::Deserialize;

use super::{admit, answer, due_work, go, page, page_again, say};
use crate::format::Reader;
use crate::ui::countdown::day;
use crate::ui::detail::section;
use crate::ui::forms::{Field, Input, Look, act, csrf_field, submit};
use crate::ui::list::{Column, Row, csv_link, page_title, table};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

const PATH: &str = "/operator/system/people";

#[derive(Debug, Default, Deserialize)]
pub(super) struct Staff {
    #[serde(default)]
    email: String,
    #[serde(default)]
    person: i64,
    #[serde(default)]
    role: String,
}

pub(super) async fn show(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ManageHouseStaff)?;
        let members = list_members(&market, visit.caller()?, HOUSE).await?;
        let body = draw(&visit, &members, &Staff::default(), None);
        page(&visit, &visit.reader.t(Msg::OpPeople), Place::OperatorSystem, body)
    })
    .await
}

pub(super) async fn add(
    visit: Visit,
    State(market): State<Market>,
    Form(form): Form<Staff>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ManageHouseStaff)?;
        let role = role_of(&form.role)?;
        let caller = visit.caller()?;
        match add_member(&market, caller, HOUSE, &form.email, role).await {
            Ok(_) => Ok(go(PATH, "op-staff-added")),
            Err(Failure::Invalid(faults)) => {
                let members = list_members(&market, caller, HOUSE).await?;
                let wrong =
                    faults.first().map(|fault| say::code(&visit.reader, "wrong", fault.code));
                let body = draw(&visit, &members, &form, wrong);
                page_again(&visit, &visit.reader.t(Msg::OpPeople), Place::OperatorSystem, body)
            }
            Err(failure) => Err(failure),
        }
    })
    .await
}

pub(super) async fn remove(
    visit: Visit,
    State(market): State<Market>,
    Form(form): Form<Staff>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ManageHouseStaff)?;
        let role = role_of(&form.role)?;
        let person = PersonId::new(form.person);
        remove_member(&market, visit.caller()?, HOUSE, person, role).await?;
        Ok(go(PATH, "op-staff-removed"))
    })
    .await
}

fn role_of(code: &str) -> Result<Role, Failure> {
    Role::parse(code).map_err(|error| Failure::invalid("role", "unknown", error.to_string()))
}

fn draw(visit: &Visit, members: &[Member], form: &Staff, wrong: Option<String>) -> Markup {
    let r = &visit.reader;
    let house = Role::ALL.into_iter().filter(|role| role.side() == Side::House);
    let roles: Vec<(String, String)> =
        house.map(|role| (role.code().to_owned(), say::code(r, "role", role.code()))).collect();
    let email = Field::new("email", r.t(Msg::OpEmail))
        .takes(Input::Email)
        .with_value(form.email.clone())
        .with_hint(r.t(Msg::OpStaffHint))
        .with_error(wrong)
        .required();
    let role = Field::new("role", r.t(Msg::OpRole))
        .takes(Input::Choice(roles))
        .with_value(form.role.clone());
    html! {
        (page_title(&r.t(Msg::NavSystem), &r.t(Msg::OpPeopleLead), &[]))
        (due_work::sections(visit, PATH))
        div.stack {
            (section(&r.t(Msg::OpStaff), table(r.words, &columns(r), &rows(visit, members), false)))
            nav.below { (csv_link(r.words, "/operator/system/people.csv")) }
            (section(&r.t(Msg::OpStaffAdd), html! {
                form.stack method="post" action=(PATH) {
                    (csrf_field(&visit.csrf))
                    (email.draw(r.words))
                    (role.draw(r.words))
                    (submit(Look::Primary, &r.t(Msg::OpStaffAdd)))
                }
            }))
            (section(&r.t(Msg::OpRoles), meanings(r)))
        }
    }
}

fn columns(r: &Reader) -> [Column; 4] {
    [
        Column::new(r.t(Msg::OpName)).leading(),
        Column::new(r.t(Msg::OpRole)),
        Column::new(r.t(Msg::OpSince)),
        Column::new(""),
    ]
}

fn rows(visit: &Visit, members: &[Member]) -> Vec<Row> {
    let r = &visit.reader;
    members
        .iter()
        .map(|member| {
            let person = member.person.to_string();
            let hidden = [("person", person.as_str()), ("role", member.role.code())];
            let path = "/operator/system/people/remove";
            Row {
                cells: vec![
                    html! { div { (member.name) } small.muted { (member.email) } },
                    html! { (say::code(r, "role", member.role.code())) },
                    day(r, member.since),
                    act(Look::Quiet, path, &visit.csrf, &hidden, &r.t(Msg::OpStaffRemove)),
                ],
                ..Row::default()
            }
        })
        .collect()
}

/// Which role may do what, from the one table that decides it.
fn meanings(r: &Reader) -> Markup {
    let mut held: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for permission in Permission::ALL.into_iter().filter(|one| one.side() == Side::House) {
        for role in permission.held_by() {
            let list = held.entry(role.code()).or_default();
            list.push(say::code(r, "may", permission.code()));
        }
    }
    html! {
        dl.facts {
            @for (role, list) in &held {
                div { dt { (say::code(r, "role", role)) } dd { (list.join(" · ")) } }
            }
        }
    }
}
