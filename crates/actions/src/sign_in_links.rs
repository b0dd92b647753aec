//! Links which work once: the first start's, which makes the first admin, and the demo's.

use rules::ids::{HOUSE, PersonId};
use rules::people::Role;
use rules::time::Timestamp;
use store::sessions::LinkRow;
use store::{Tx, house, people, sessions};

use crate::failure::{Failure, Refusal};
use crate::market::{Market, Mode};
use crate::people::{CheckedPerson, NewSession, insert_person};
use crate::secrets::{Secret, SecretHash};

/// What a link is for; its code is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    SetUp,
    Demo,
}

impl Purpose {
    const fn code(self) -> &'static str {
        match self {
            Purpose::SetUp => "set_up",
            Purpose::Demo => "demo",
        }
    }
}

/// The setting which holds the name of the house.
pub const HOUSE_NAME: &str = "house_name";

/// The form behind the set-up link.
#[derive(Clone, PartialEq, Eq)]
pub struct SetUp {
    /// The secret in the link.
    pub token: String,
    pub name: String,
    pub email: String,
    pub password: String,
    /// `en` or `zh`.
    pub language: String,
    pub house_name: String,
    /// What the browser says it is.
    pub agent: String,
}

/// A link which signs a person in once and leads to `destination`, a path. In a sandbox only: a live market has people
/// behind its names. It replaces the person's older ones.
pub async fn demo_link(
    market: &Market,
    person: PersonId,
    destination: &str,
) -> Result<Secret, Failure> {
    match market.mode {
        Mode::Sandbox => {}
        Mode::Live => return Err(Failure::NotAllowed),
    }
    make_link(market, Purpose::Demo, Some(person), destination).await
}

/// The link for the first start; none when the house has an admin who can sign in. It replaces an older one, so that each start of a
/// house without an admin prints one which works.
pub async fn set_up_link(market: &Market) -> Result<Option<Secret>, Failure> {
    let admins = market
        .store
        .read(async move |tx: &mut Tx| -> Result<i64, Failure> {
            Ok(people::count_members_with_password(tx, HOUSE, Role::Admin.code()).await?)
        })
        .await?;
    if admins > 0 {
        return Ok(None);
    }
    make_link(market, Purpose::SetUp, None, "/operator").await.map(Some)
}

async fn make_link(
    market: &Market,
    purpose: Purpose,
    person: Option<PersonId>,
    destination: &str,
) -> Result<Secret, Failure> {
    let secret = Secret::new("", market.chance.secret());
    let now = market.now();
    let row = LinkRow {
        token_hash: secret.hash().to_text(),
        person,
        purpose: purpose.code().to_owned(),
        destination: destination.to_owned(),
        expires_at: now + market.policies().1.access().sign_in_link_lasts(),
        used_at: None,
        created_at: now,
    };
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            sessions::delete_links(tx, &row.purpose, row.person).await?;
            Ok(sessions::insert_link(tx, &row).await?)
        })
        .await?;
    Ok(secret)
}

/// Uses a sign-in link up: the session, and the path it leads to.
pub async fn use_link(
    market: &Market,
    token: &str,
    agent: &str,
) -> Result<(NewSession, String), Failure> {
    let now = market.now();
    let hash = SecretHash::of(token).to_text();
    let link = usable_link(market, &hash, Purpose::Demo, now).await?;
    let person = link.person.ok_or(Failure::NotFound)?;
    let (session, row) = NewSession::make(market, person, agent, now);
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            use_up(tx, &hash, now).await?;
            Ok(sessions::insert_session(tx, &row).await?)
        })
        .await?;
    Ok((session, link.destination))
}

/// Whether the set-up link still works, for the page which shows the form. Fails as [`complete_set_up`] would.
pub async fn check_set_up_link(market: &Market, token: &str) -> Result<(), Failure> {
    let hash = SecretHash::of(token).to_text();
    usable_link(market, &hash, Purpose::SetUp, market.now()).await.map(|_| ())
}

/// Makes the first admin, names the house, uses the link up, and signs the admin in.
pub async fn complete_set_up(market: &Market, ask: SetUp) -> Result<NewSession, Failure> {
    let now = market.now();
    let hash = SecretHash::of(&ask.token).to_text();
    // Before the costly hash of the password: only who holds the link may ask for it.
    usable_link(market, &hash, Purpose::SetUp, now).await?;
    let min = usize::try_from(market.policies().1.access().password_min_length_count);
    let password = Some((ask.password.as_str(), min.unwrap_or(usize::MAX)));
    let admin = CheckedPerson::check(&ask.name, &ask.email, &ask.language, password)?;
    let house_name = rules::people::names::display_name(&ask.house_name)
        .map_err(|fault| Failure::invalid("house_name", fault.code(), fault.to_string()))?;
    let password_hash = market.passwords.hash(&market.chance, ask.password).await?;
    let id = market.id();
    let (session, row) = NewSession::make(market, id, &ask.agent, now);
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            if people::count_members_with_password(tx, HOUSE, Role::Admin.code()).await? > 0 {
                return Err(Refusal::new("set_up_done", "the house has an admin already").into());
            }
            use_up(tx, &hash, now).await?;
            insert_person(tx, id, &admin, &password_hash, now).await?;
            people::insert_member(tx, id, HOUSE, Role::Admin.code(), now).await?;
            house::record_setting(tx, HOUSE_NAME, &house_name, now).await?;
            Ok(sessions::insert_session(tx, &row).await?)
        })
        .await?;
    Ok(session)
}

/// The link if it still works; else why not. A link for another purpose is not there.
async fn usable_link(
    market: &Market,
    hash: &str,
    purpose: Purpose,
    now: Timestamp,
) -> Result<LinkRow, Failure> {
    let hash = hash.to_owned();
    let link = market
        .store
        .read(async move |tx: &mut Tx| -> Result<Option<LinkRow>, Failure> {
            Ok(sessions::load_link(tx, &hash).await?)
        })
        .await?;
    let link = link.filter(|link| link.purpose == purpose.code()).ok_or(Failure::NotFound)?;
    if link.used_at.is_some() {
        return Err(used());
    }
    if link.expires_at <= now {
        return Err(Failure::refused("link_expired", "this link is too old; ask for a new one"));
    }
    Ok(link)
}

async fn use_up(tx: &mut Tx, hash: &str, now: Timestamp) -> Result<(), Failure> {
    if sessions::record_link_used(tx, hash, now).await? { Ok(()) } else { Err(used()) }
}

fn used() -> Failure {
    Failure::refused("link_used", "this link has been used; it works once")
}
