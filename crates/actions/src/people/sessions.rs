//! Sessions: one a device, alive as long as they are used, each of them ended by its owner at any time.

use rules::ids::{PersonId, ShopId};
use rules::people::Role;
use rules::time::{Span, Timestamp};
use store::sessions::SessionRow;
use store::{Tx, people, sessions};

use crate::caller::{Caller, Via};
use crate::failure::Failure;
use crate::market::Market;
use crate::secrets::{self, Secret, SecretHash};

/// The last use is written down at most this often: a page view is no reason to write.
const SEEN_EVERY: Span = Span::from_hours(1);
/// What a browser says it is can be long; a list of sessions shows its beginning.
const AGENT_MAX: usize = 200;

/// A session just begun. The token goes into the cookie and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    pub person: PersonId,
    pub token: Secret,
    pub expires_at: Timestamp,
}

/// One line in the list of sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSeen {
    /// Names the session for [`end_session`]; it opens nothing.
    pub handle: String,
    pub agent: String,
    pub seen_at: Timestamp,
    pub created_at: Timestamp,
    /// Whether it is the one which asks.
    pub is_this: bool,
}

impl NewSession {
    /// The session and the row it is kept as; made before the act, so that a second run writes the same.
    pub(crate) fn make(
        market: &Market,
        person: PersonId,
        agent: &str,
        now: Timestamp,
    ) -> (NewSession, SessionRow) {
        let token = Secret::new("", market.chance.secret());
        let expires_at = now + market.policies().1.access().session_lasts();
        let row = SessionRow {
            token_hash: token.hash().to_text(),
            person,
            agent: agent.chars().filter(|c| !c.is_control()).take(AGENT_MAX).collect(),
            seen_at: now,
            expires_at,
            created_at: now,
        };
        (NewSession { person, token, expires_at }, row)
    }
}

/// Who holds this session token; nobody when it is unknown, expired or ended.
pub async fn caller_of_session(market: &Market, token: &str) -> Result<Option<Caller>, Failure> {
    let secret = SecretHash::of(token);
    let now = market.now();
    if let Some(caller) = market.sessions.find(secret, now) {
        return Ok(Some(caller));
    }
    let turn = market.sessions.turn();
    let hash = secret.to_text();
    let found = market
        .store
        .read(async move |tx: &mut Tx| -> Result<Option<(SessionRow, Caller)>, Failure> {
            let row = sessions::load_session(tx, &hash).await?;
            let Some(row) = row.filter(|row| row.expires_at > now) else { return Ok(None) };
            let caller = load_caller(tx, row.person, Via::Session { token_hash: secret }).await?;
            Ok(caller.map(|caller| (row, caller)))
        })
        .await?;
    let Some((row, caller)) = found else { return Ok(None) };
    if now.since(row.seen_at) >= SEEN_EVERY {
        keep_alive(market, row, now).await;
    }
    market.sessions.keep(secret, &caller, now, turn);
    Ok(Some(caller))
}

async fn keep_alive(market: &Market, row: SessionRow, now: Timestamp) {
    let expires_at = now + market.policies().1.access().session_lasts();
    let written = market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            Ok(sessions::record_session_seen(tx, &row.token_hash, now, expires_at).await?)
        })
        .await;
    if let Err(failure) = written {
        // The page can be shown all the same; the next one tries again.
        tracing::warn!(%failure, "the last use of a session could not be written");
    }
}

/// The person with all roles, as `via` lets them act; nobody when there is no such person.
pub(crate) async fn load_caller(
    tx: &mut Tx,
    person: PersonId,
    via: Via,
) -> Result<Option<Caller>, Failure> {
    let Some(row) = people::load_person(tx, person).await? else { return Ok(None) };
    let mut memberships: Vec<(ShopId, Role)> = Vec::new();
    for (home, role) in people::list_memberships(tx, person).await? {
        memberships.push((home, role_of(&role)?));
    }
    if let Via::Key { scope, home, .. } = via {
        memberships = Caller::reached(memberships, scope, home);
    }
    let (name, email, language) = (row.name, row.email, row.language);
    Ok(Some(Caller { person, name, email, language, memberships, via }))
}

pub(super) fn role_of(code: &str) -> Result<Role, Failure> {
    Role::parse(code).map_err(|error| Failure::Broken(format!("in memberships: {error}")))
}

/// Ends the session which asks. A key has nothing to sign out of.
pub async fn sign_out(market: &Market, caller: &Caller) -> Result<(), Failure> {
    let Via::Session { token_hash } = caller.via else { return Err(Failure::NotAllowed) };
    let (person, hash) = (caller.person, token_hash.to_text());
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            sessions::delete_session(tx, person, &hash).await?;
            Ok(())
        })
        .await?;
    market.sessions.forget(token_hash);
    Ok(())
}

/// Where the caller is signed in, the last used first.
pub async fn list_sessions(market: &Market, caller: &Caller) -> Result<Vec<SessionSeen>, Failure> {
    caller.in_person()?;
    let (person, now) = (caller.person, market.now());
    let rows = market
        .store
        .read(async move |tx: &mut Tx| -> Result<Vec<SessionRow>, Failure> {
            Ok(sessions::list_sessions(tx, person, now).await?)
        })
        .await?;
    let this = this_session(caller);
    let seen = |row: SessionRow| SessionSeen {
        is_this: row.token_hash == this,
        handle: row.token_hash,
        agent: row.agent,
        seen_at: row.seen_at,
        created_at: row.created_at,
    };
    Ok(rows.into_iter().map(seen).collect())
}

/// Ends one of the caller's sessions, named by its handle.
pub async fn end_session(market: &Market, caller: &Caller, handle: String) -> Result<(), Failure> {
    caller.in_person()?;
    let person = caller.person;
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            let ended = sessions::delete_session(tx, person, &handle).await?;
            if ended { Ok(()) } else { Err(Failure::NotFound) }
        })
        .await?;
    market.forget_caller(person);
    Ok(())
}

/// Ends all of the caller's sessions but the one which asks; answers how many.
pub async fn end_other_sessions(market: &Market, caller: &Caller) -> Result<u64, Failure> {
    caller.in_person()?;
    let (person, keep) = (caller.person, this_session(caller));
    let ended = market
        .store
        .write(async move |tx: &mut Tx| -> Result<u64, Failure> {
            Ok(sessions::delete_other_sessions(tx, person, &keep).await?)
        })
        .await?;
    market.forget_caller(person);
    Ok(ended)
}

/// As it is stored; empty for a key.
pub(super) fn this_session(caller: &Caller) -> String {
    match caller.via {
        Via::Session { token_hash } => token_hash.to_text(),
        Via::Key { .. } => String::new(),
    }
}

/// The token which the forms of this session carry; none for a key, whose requests need none.
pub async fn form_token_of(market: &Market, caller: &Caller) -> Result<Option<String>, Failure> {
    let Via::Session { token_hash } = caller.via else { return Ok(None) };
    let key = market.form_key().await?;
    Ok(Some(secrets::form_token(&key, token_hash)))
}

/// Forgets some of what no longer opens anything: expired sessions and links, old wrong passwords. A small step, so that
/// nobody waits behind it; answers how many rows went, and is asked again until it is none.
pub async fn forget_expired(market: &Market) -> Result<u64, Failure> {
    let now = market.now();
    let forget_hours = market.policies().1.access().lockout_forget_hours;
    let forget_before = now - Span::from_hours(forget_hours);
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<u64, Failure> {
            Ok(sessions::delete_expired(tx, now, forget_before).await?)
        })
        .await
}

/// When an operator moves the sandbox's clock, sessions move along: else a jump of a month would sign everybody out,
/// the operator first. Part of the act which moves the clock; `now` is the moment before the jump.
pub async fn carry_sessions_over(tx: &mut Tx, now: Timestamp, by: Span) -> Result<u64, Failure> {
    Ok(sessions::record_sessions_carried(tx, now, by).await?)
}
