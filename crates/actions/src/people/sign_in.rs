//! Signing in with a password, and changing it.

use rules::ids::PersonId;
use rules::people::lockout;
use rules::people::names::{LoginName, new_password};
use rules::policy::Policies;
use rules::time::Timestamp;
use store::people::PersonRow;
use store::sessions::FailuresRow;
use store::{Tx, people, sessions};

use super::sessions::{NewSession, this_session};
use super::sign_up::min_password_length;
use crate::caller::Caller;
use crate::failure::{Failure, Refusal};
use crate::market::Market;

/// The sign-in form.
#[derive(Clone, PartialEq, Eq)]
pub struct SignIn {
    pub email: String,
    pub password: String,
    /// What the browser says it is, for the list of sessions.
    pub agent: String,
}

#[derive(Clone, PartialEq, Eq)]
pub struct ChangePassword {
    /// Not asked of somebody who has none yet.
    pub current: String,
    pub new: String,
}

/// Begins a session. Unknown names are counted, locked and answered like known ones, and take as long.
pub async fn sign_in(market: &Market, ask: SignIn) -> Result<NewSession, Failure> {
    let name = LoginName::parse(&ask.email).ok();
    let person = match &name {
        Some(name) => count_attempt(market, name).await?,
        None => None,
    };
    let phc = person.as_ref().map(|person| person.password_hash.clone());
    let matches = market.passwords.matches(ask.password, phc).await?;
    let (Some(name), Some(person), true) = (name, person, matches) else {
        return Err(wrong("password"));
    };
    let now = market.now();
    let (session, row) = NewSession::make(market, person.id, &ask.agent, now);
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            // The password may have been changed while this one was checked; then it no longer opens anything.
            let still = people::load_person(tx, person.id).await?;
            if still.is_none_or(|still| still.password_hash != person.password_hash) {
                return Err(wrong("password"));
            }
            sessions::delete_failures(tx, name.as_str()).await?;
            Ok(sessions::insert_session(tx, &row).await?)
        })
        .await?;
    Ok(session)
}

/// Counts the attempt as a wrong one before the password is looked at, so that many at once gain nothing; the right
/// password then clears the count. Refuses while the name is locked.
async fn count_attempt(market: &Market, name: &LoginName) -> Result<Option<PersonRow>, Failure> {
    let now = market.now();
    let (_, policies) = market.policies();
    let name = name.clone();
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<Option<PersonRow>, Failure> {
            refuse_or_count(tx, &name, &policies, now).await?;
            match people::person_of_login_name(tx, name.as_str()).await? {
                Some(person) => Ok(people::load_person(tx, person).await?),
                None => Ok(None),
            }
        })
        .await
}

async fn refuse_or_count(
    tx: &mut Tx,
    name: &LoginName,
    policies: &Policies,
    now: Timestamp,
) -> Result<(), Failure> {
    let access = policies.access();
    let known = sessions::load_failures(tx, name.as_str()).await?;
    let (count, last_at) = known.map_or((0, None), |row| (row.count, Some(row.last_at)));
    if let Some(last_at) = last_at
        && let Some(until) = lockout::locked_until(count, last_at, access, now)
    {
        let sentence = format!("too many wrong passwords; try again after {until}");
        return Err(Refusal::new("sign_in_locked", sentence).fact("until", until).into());
    }
    let count = lockout::count_after_failure(count, last_at, access, now);
    let locked_until = now + lockout::delay(count, access);
    let failures = FailuresRow { count, last_at: now };
    let written =
        sessions::record_failures(tx, name.as_str(), known, failures, locked_until).await?;
    if written { Ok(()) } else { Err(Failure::Again) }
}

/// One answer for a wrong name and for a wrong password.
fn wrong(field: &'static str) -> Failure {
    Failure::invalid(field, "wrong_sign_in", "no account has this e-mail address and password")
}

/// Changes the caller's password and ends all other sessions. Wrong current passwords count like wrong sign-ins.
pub async fn change_password(
    market: &Market,
    caller: &Caller,
    ask: ChangePassword,
) -> Result<(), Failure> {
    caller.in_person()?;
    let name = LoginName::parse(&caller.email)
        .map_err(|fault| Failure::Broken(format!("a stored e-mail address: {fault}")))?;
    if let Err(fault) = new_password(&ask.new, &name, min_password_length(market)) {
        return Err(Failure::invalid("new", fault.code(), fault.to_string()));
    }
    let before = load_person(market, caller.person).await?;
    if !before.password_hash.is_empty() {
        let counted = count_attempt(market, &name).await?;
        let phc = counted.map(|person| person.password_hash);
        if !market.passwords.matches(ask.current, phc).await? {
            return Err(Failure::invalid("current", "wrong_password", "this is not your password"));
        }
    }
    let hash = market.passwords.hash(&market.chance, ask.new).await?;
    let keep = this_session(caller);
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            let changed = PersonRow { password_hash: hash.clone(), ..before.clone() };
            // Somebody else changed the person since the password was checked: it has to be checked anew.
            if !people::record_person(tx, &changed).await? {
                return Err(Failure::Stale);
            }
            sessions::delete_failures(tx, name.as_str()).await?;
            sessions::delete_other_sessions(tx, changed.id, &keep).await?;
            Ok(())
        })
        .await?;
    market.forget_caller(caller.person);
    Ok(())
}

/// Asks for the caller's password once more, before something which a borrowed session must not be able to do. Wrong
/// ones count like wrong sign-ins. `field` is the form's.
pub(crate) async fn ask_password_again(
    market: &Market,
    caller: &Caller,
    password: String,
    field: &'static str,
) -> Result<(), Failure> {
    caller.in_person()?;
    let name = LoginName::parse(&caller.email)
        .map_err(|fault| Failure::Broken(format!("a stored e-mail address: {fault}")))?;
    let person = load_person(market, caller.person).await?;
    if person.password_hash.is_empty() {
        let says = "set a password of your own first; this needs it";
        return Err(Failure::refused("no_password_yet", says));
    }
    let counted = count_attempt(market, &name).await?;
    let phc = counted.map(|person| person.password_hash);
    if !market.passwords.matches(password, phc).await? {
        return Err(Failure::invalid(field, "wrong_password", "this is not your password"));
    }
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            Ok(sessions::delete_failures(tx, name.as_str()).await?)
        })
        .await
}

async fn load_person(market: &Market, person: PersonId) -> Result<PersonRow, Failure> {
    let found = market
        .store
        .read(async move |tx: &mut Tx| -> Result<Option<PersonRow>, Failure> {
            Ok(people::load_person(tx, person).await?)
        })
        .await?;
    found.ok_or(Failure::NotFound)
}
