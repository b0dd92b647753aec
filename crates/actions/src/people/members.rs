//! Who works for a shop or for the house, and as what.

use rules::ids::{EventId, HOUSE, PersonId, ShopId};
use rules::people::names::LoginName;
use rules::people::{Permission, Role, Side};
use rules::time::Timestamp;
use serde_json::json;
use store::events::EventRow;
use store::people::MemberRow;
use store::{Tx, events, people};

use super::sessions::role_of;
use crate::caller::Caller;
use crate::failure::{Failure, Refusal};
use crate::market::Market;

/// One line of the staff list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub since: Timestamp,
}

fn may_manage(caller: &Caller, home: ShopId) -> Result<(), Failure> {
    if home == HOUSE {
        caller.for_house(Permission::ManageHouseStaff)
    } else {
        caller.for_shop(home, Permission::ManageStaff)
    }
}

/// The staff of a shop, or of the house ([`HOUSE`]); one line a role.
pub async fn list_members(
    market: &Market,
    caller: &Caller,
    home: ShopId,
) -> Result<Vec<Member>, Failure> {
    may_manage(caller, home)?;
    let rows = market
        .store
        .read(async move |tx: &mut Tx| -> Result<Vec<MemberRow>, Failure> {
            Ok(people::list_members(tx, home).await?)
        })
        .await?;
    let member = |row: MemberRow| {
        let role = role_of(&row.role)?;
        let (person, name, email, since) = (row.person, row.name, row.email, row.since);
        Ok(Member { person, name, email, role, since })
    };
    rows.into_iter().map(member).collect()
}

/// Who gave or took which role: read by the operator, and by whoever asks later how this could happen.
struct Noted {
    id: EventId,
    actor: String,
    now: Timestamp,
}

impl Noted {
    fn by(market: &Market, caller: &Caller, home: ShopId) -> Self {
        Self { id: market.id(), actor: caller.actor_at(home).code(), now: market.now() }
    }

    async fn write(
        &self,
        tx: &mut Tx,
        home: ShopId,
        person: PersonId,
        kind: &'static str,
        role: Role,
    ) -> Result<(), Failure> {
        let event = EventRow {
            id: self.id,
            home_id: home.number(),
            subject: "member",
            subject_id: person.number(),
            kind,
            actor: self.actor.clone(),
            body: json!({ "role": role.code() }).to_string(),
            relay: false,
            created_at: self.now,
        };
        Ok(events::insert(tx, &[event]).await?)
    }
}

/// Gives somebody who has signed up a role. The same role twice changes nothing.
pub async fn add_member(
    market: &Market,
    caller: &Caller,
    home: ShopId,
    email: &str,
    role: Role,
) -> Result<PersonId, Failure> {
    caller.in_person()?;
    may_manage(caller, home)?;
    let unknown = || Failure::invalid("email", "nobody", "nobody has signed up with this address");
    let name = LoginName::parse(email)
        .map_err(|fault| Failure::invalid("email", fault.code(), fault.to_string()))?;
    check_role(home, role)?;
    let noted = Noted::by(market, caller, home);
    let person = market
        .store
        .write(async move |tx: &mut Tx| -> Result<PersonId, Failure> {
            let person = people::person_of_login_name(tx, name.as_str()).await?;
            let person = person.ok_or_else(unknown)?;
            if people::insert_member(tx, person, home, role.code(), noted.now).await? {
                noted.write(tx, home, person, "member_added", role).await?;
            }
            Ok(person)
        })
        .await?;
    market.forget_caller(person);
    Ok(person)
}

/// Takes a role away. The last owner of a shop and the last admin of the house stay.
pub async fn remove_member(
    market: &Market,
    caller: &Caller,
    home: ShopId,
    person: PersonId,
    role: Role,
) -> Result<(), Failure> {
    caller.in_person()?;
    may_manage(caller, home)?;
    let noted = Noted::by(market, caller, home);
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            // Two who remove each other at the same moment come here one after the other.
            people::lock_members(tx, home, role.code()).await?;
            let held = people::list_memberships(tx, person).await?;
            if !held.iter().any(|(at, code)| *at == home && code == role.code()) {
                return Err(Failure::NotFound);
            }
            let needed = matches!(role, Role::Owner | Role::Admin);
            if needed && people::count_members(tx, home, role.code()).await? == 1 {
                let sentence = format!("the last {role} cannot go; appoint another one first");
                return Err(Refusal::new("last_of_role", sentence).fact("role", role).into());
            }
            people::delete_member(tx, person, home, role.code()).await?;
            noted.write(tx, home, person, "member_removed", role).await
        })
        .await?;
    market.forget_caller(person);
    Ok(())
}

/// Gives a role without anybody's leave: first start, demo and command line. Never behind a route.
pub async fn appoint(
    market: &Market,
    person: PersonId,
    home: ShopId,
    role: Role,
) -> Result<(), Failure> {
    check_role(home, role)?;
    let now = market.now();
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            people::insert_member(tx, person, home, role.code(), now).await?;
            Ok(())
        })
        .await?;
    market.forget_caller(person);
    Ok(())
}

fn check_role(home: ShopId, role: Role) -> Result<(), Failure> {
    let side = if home == HOUSE { Side::House } else { Side::Shop };
    if role.side() == side {
        return Ok(());
    }
    Err(Failure::invalid("role", "not_a_role_here", format!("there is no {role} here")))
}
