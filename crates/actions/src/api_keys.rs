//! Keys for programs: made by a person, shown once, and never able to do more than that person.

use rules::ids::{ApiKeyId, HOUSE, PersonId, ShopId};
use rules::people::names::{self, LoginName};
use rules::people::{Permission, Role};
use rules::time::Timestamp;
use store::api_keys::ApiKeyRow;
use store::events::EventRow;
use store::{Tx, api_keys, events, people, shops};

use crate::caller::{Caller, KeyScope, Via};
use crate::failure::{Failure, Refusal};
use crate::market::{Actor, Market};
use crate::people::{CheckedPerson, insert_person, load_caller};
use crate::secrets::{Secret, SecretHash};

/// Every key begins with this, so that scanners of source code find a leaked one.
const MARK: &str = "gh_";
/// Characters of the secret part which stay visible.
const SHOWN: usize = 6;
/// Live keys of one home at most.
const MOST: usize = 100;

/// What a key is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFor {
    /// The caller, as a buyer.
    Me,
    Shop(ShopId),
    House,
}

impl KeyFor {
    pub const fn scope(self) -> KeyScope {
        match self {
            KeyFor::Me => KeyScope::Buyer,
            KeyFor::Shop(_) => KeyScope::Shop,
            KeyFor::House => KeyScope::Operator,
        }
    }

    /// Where the key is listed: a buyer's keys under the number of the buyer.
    const fn home(self, person: PersonId) -> ShopId {
        match self {
            KeyFor::Me => ShopId::new(person.number()),
            KeyFor::Shop(shop) => shop,
            KeyFor::House => HOUSE,
        }
    }

    fn allowed(self, caller: &Caller) -> Result<(), Failure> {
        match self {
            KeyFor::Me => caller.buyer().map(|_| ()),
            KeyFor::Shop(shop) => caller.for_shop(shop, Permission::ManageKeys),
            KeyFor::House => caller.for_house(Permission::ManageHouseStaff),
        }
    }
}

/// A key just made: the only moment at which its text is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeKey {
    pub id: ApiKeyId,
    pub person: PersonId,
    pub text: Secret,
    pub prefix: String,
}

/// A key in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    /// For whom it acts.
    pub person: PersonId,
    pub name: String,
    /// Its beginning, to tell keys apart.
    pub prefix: String,
    pub revoked_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

/// Makes a key which acts for the caller.
pub async fn create(
    market: &Market,
    caller: &Caller,
    for_what: KeyFor,
    name: &str,
) -> Result<MadeKey, Failure> {
    caller.in_person()?;
    for_what.allowed(caller)?;
    let home = for_what.home(caller.person);
    let (made, row) = make(market, caller.person, for_what.scope(), home, name)?;
    let noted = noted(market, caller.actor_at(home).code(), home, made.id, "key_created");
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            insert(tx, &row).await?;
            Ok(events::insert(tx, std::slice::from_ref(&noted)).await?)
        })
        .await?;
    Ok(made)
}

/// Who made or revoked which key, for the events of its home. Never its text.
fn noted(
    market: &Market,
    actor: String,
    home: ShopId,
    key: ApiKeyId,
    kind: &'static str,
) -> EventRow {
    EventRow {
        id: market.id(),
        home_id: home.number(),
        subject: "key",
        subject_id: key.number(),
        kind,
        actor,
        body: "{}".to_owned(),
        relay: false,
        created_at: market.now(),
    }
}

fn make(
    market: &Market,
    person: PersonId,
    scope: KeyScope,
    home: ShopId,
    name: &str,
) -> Result<(MadeKey, ApiKeyRow), Failure> {
    let name = names::display_name(name)
        .map_err(|fault| Failure::invalid("name", fault.code(), fault.to_string()))?;
    let beginning = format!("{MARK}{}_", scope.code());
    let text = Secret::new(&beginning, market.chance.secret());
    let prefix = text.reveal().chars().take(beginning.len() + SHOWN).collect::<String>();
    let id = market.id();
    let row = ApiKeyRow {
        secret_hash: text.hash().to_text(),
        id,
        person,
        home,
        scope: scope.code().to_owned(),
        name,
        prefix: prefix.clone(),
        revoked_at: None,
        created_at: market.now(),
    };
    Ok((MadeKey { id, person, text, prefix }, row))
}

async fn insert(tx: &mut Tx, row: &ApiKeyRow) -> Result<(), Failure> {
    let known = api_keys::list_keys(tx, row.home).await?;
    if known.iter().filter(|key| key.revoked_at.is_none()).count() >= MOST {
        let sentence = format!("at most {MOST} keys; revoke one first");
        return Err(Refusal::new("too_many_keys", sentence).fact("most", MOST).into());
    }
    Ok(api_keys::insert_key(tx, row).await?)
}

/// In the order they were made, revoked ones too.
pub async fn list(
    market: &Market,
    caller: &Caller,
    for_what: KeyFor,
) -> Result<Vec<ApiKey>, Failure> {
    caller.in_person()?;
    for_what.allowed(caller)?;
    let home = for_what.home(caller.person);
    let rows = market
        .store
        .read(async move |tx: &mut Tx| -> Result<Vec<ApiKeyRow>, Failure> {
            Ok(api_keys::list_keys(tx, home).await?)
        })
        .await?;
    let key = |row: ApiKeyRow| ApiKey {
        id: row.id,
        person: row.person,
        name: row.name,
        prefix: row.prefix,
        revoked_at: row.revoked_at,
        created_at: row.created_at,
    };
    Ok(rows.into_iter().map(key).collect())
}

/// For good. It stops at once here, and within half a minute in other processes.
pub async fn revoke(
    market: &Market,
    caller: &Caller,
    for_what: KeyFor,
    id: ApiKeyId,
) -> Result<(), Failure> {
    caller.in_person()?;
    for_what.allowed(caller)?;
    let (home, now) = (for_what.home(caller.person), market.now());
    let noted = noted(market, caller.actor_at(home).code(), home, id, "key_revoked");
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            let keys = api_keys::list_keys(tx, home).await?;
            let key = keys.iter().find(|key| key.id == id).ok_or(Failure::NotFound)?;
            if key.revoked_at.is_none() {
                api_keys::record_key_revoked(tx, &key.secret_hash, now).await?;
                events::insert(tx, std::slice::from_ref(&noted)).await?;
            }
            Ok(())
        })
        .await?;
    market
        .keys
        .forget_those(|_, known| matches!(known.via, Via::Key { id: other, .. } if other == id));
    Ok(())
}

/// Whether a text looks like a key at all: what is no key is not worth a look into the database.
pub fn looks_like_a_key(text: &str) -> bool {
    let known = |scope: KeyScope| {
        text.strip_prefix(MARK)
            .and_then(|rest| rest.strip_prefix(scope.code()))
            .and_then(|rest| rest.strip_prefix('_'))
            .is_some_and(|secret| secret.len() == 43)
    };
    KeyScope::ALL.into_iter().any(known)
}

/// For whom this key acts; nobody when it is unknown or revoked.
pub async fn caller_of_key(market: &Market, text: &str) -> Result<Option<Caller>, Failure> {
    if !looks_like_a_key(text) {
        return Ok(None);
    }
    let secret = SecretHash::of(text);
    let now = market.now();
    if let Some(caller) = market.keys.find(secret, now) {
        return Ok(Some(caller));
    }
    let turn = market.keys.turn();
    let hash = secret.to_text();
    let caller = market
        .store
        .read(async move |tx: &mut Tx| -> Result<Option<Caller>, Failure> {
            let row = api_keys::load_key(tx, &hash).await?;
            let Some(row) = row.filter(|row| row.revoked_at.is_none()) else { return Ok(None) };
            let scope = KeyScope::parse(&row.scope)
                .ok_or_else(|| Failure::Broken(format!("key {} has no known scope", row.id)))?;
            load_caller(tx, row.person, Via::Key { id: row.id, scope, home: row.home }).await
        })
        .await?;
    if let Some(caller) = &caller {
        market.keys.keep(secret, caller, now, turn);
    }
    Ok(caller)
}

/// What `guildhall keys create` was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CliKey {
    pub scope: KeyScope,
    /// The person's e-mail address; without one a person is made who only has keys.
    pub person: Option<String>,
    /// Needed for the scope `shop`, and for no other.
    pub shop: Option<ShopId>,
    pub name: String,
}

/// Makes a key without anybody's leave: whoever runs the command line has the database anyway.
/// A person who was named needs the role already; one made for keys is given it.
pub async fn create_for_cli(market: &Market, ask: CliKey) -> Result<MadeKey, Failure> {
    let role = role_needed(&ask)?;
    let person = match &ask.person {
        Some(email) => crate::people::person_of_email(market, email).await?.ok_or_else(|| {
            Failure::invalid("person", "nobody", "nobody has signed up with this address")
        })?,
        None => person_for_keys(market, role).await?,
    };
    let home = match (ask.scope, role) {
        (KeyScope::Buyer, _) | (_, None) => ShopId::new(person.number()),
        (KeyScope::Shop | KeyScope::Operator, Some((home, _))) => home,
    };
    let (made, row) = make(market, person, ask.scope, home, &ask.name)?;
    let noted = noted(market, Actor::House(person).code(), home, made.id, "key_created");
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            if let Some((home, _)) = role {
                let held = people::list_memberships(tx, person).await?;
                if !held.iter().any(|(at, _)| *at == home) {
                    return Err(Failure::invalid(
                        "person",
                        "no_role_here",
                        "this person has no role there; add them to the staff first",
                    ));
                }
            }
            insert(tx, &row).await?;
            Ok(events::insert(tx, std::slice::from_ref(&noted)).await?)
        })
        .await?;
    Ok(made)
}

/// The home and the role behind a key; none for a buyer's.
fn role_needed(ask: &CliKey) -> Result<Option<(ShopId, Role)>, Failure> {
    match (ask.scope, ask.shop) {
        (KeyScope::Buyer, None) => Ok(None),
        (KeyScope::Operator, None) => Ok(Some((HOUSE, Role::Admin))),
        (KeyScope::Shop, Some(shop)) => Ok(Some((shop, Role::Owner))),
        (KeyScope::Shop, None) => {
            Err(Failure::invalid("shop", "missing", "a key for a shop needs the shop's id"))
        }
        (KeyScope::Buyer | KeyScope::Operator, Some(_)) => {
            Err(Failure::invalid("shop", "not_for_this_scope", "only a key for a shop has a shop"))
        }
    }
}

/// The person who only has keys: one for buying, one for the house, one a shop. Made when first needed.
/// Their addresses end in `.invalid`, which no mail ever reaches (RFC 2606), and they have no password.
async fn person_for_keys(
    market: &Market,
    role: Option<(ShopId, Role)>,
) -> Result<PersonId, Failure> {
    let email = match role {
        None => "keys-buyer@guildhall.invalid".to_owned(),
        Some((home, _)) if home == HOUSE => "keys-operator@guildhall.invalid".to_owned(),
        Some((shop, _)) => format!("keys-shop-{shop}@guildhall.invalid"),
    };
    let person = CheckedPerson::check("API keys", &email, "en", None)?;
    let (id, now) = (market.id(), market.now());
    let found = market
        .store
        .write(async move |tx: &mut Tx| -> Result<PersonId, Failure> {
            if let Some((home, _)) = role.filter(|(home, _)| *home != HOUSE)
                && shops::load(tx, home).await?.is_none()
            {
                return Err(Failure::invalid("shop", "unknown", "there is no such shop"));
            }
            let name = LoginName::as_str(&person.login_name);
            let known = people::person_of_login_name(tx, name).await?;
            if known.is_none() {
                insert_person(tx, id, &person, "", now).await?;
            }
            let found = known.unwrap_or(id);
            if let Some((home, role)) = role {
                people::insert_member(tx, found, home, role.code(), now).await?;
            }
            Ok(found)
        })
        .await?;
    market.forget_caller(found);
    Ok(found)
}
