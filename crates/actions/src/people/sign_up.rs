//! Becoming somebody here, and what one may change about oneself.

use rules::ids::PersonId;
use rules::people::names::{self, LoginName, NameFault};
use rules::time::Timestamp;
use store::people::PersonRow;
use store::{Tx, people, sessions};

use super::sessions::NewSession;
use crate::caller::Caller;
use crate::failure::{Failure, FieldFault};
use crate::market::Market;

/// The sign-up form.
#[derive(Clone, PartialEq, Eq)]
pub struct SignUp {
    pub name: String,
    pub email: String,
    pub password: String,
    /// `en` or `zh`.
    pub language: String,
    /// What the browser says it is, for the list of sessions.
    pub agent: String,
}

/// A person without a password: the demo's, and the one behind a key made on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    pub name: String,
    pub email: String,
    pub language: String,
}

/// What a person may change about themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    pub language: String,
}

/// The fields of a new person, each found good.
pub(crate) struct CheckedPerson {
    pub name: String,
    pub email: String,
    pub login_name: LoginName,
    pub language: &'static str,
}

impl CheckedPerson {
    /// All faults of all fields at once, the password's too where one is asked for.
    pub(crate) fn check(
        name: &str,
        email: &str,
        language: &str,
        password: Option<(&str, usize)>,
    ) -> Result<Self, Failure> {
        let mut faults = Vec::new();
        let mut note = |field, fault: NameFault| {
            faults.push(FieldFault::new(field, fault.code(), fault.to_string()));
        };
        let name = names::display_name(name).map_err(|fault| note("name", fault));
        let login_name = LoginName::parse(email).map_err(|fault| note("email", fault));
        let language = names::language(language).map_err(|fault| note("language", fault));
        if let (Some((password, min)), Ok(login_name)) = (password, &login_name)
            && let Err(fault) = names::new_password(password, login_name, min)
        {
            note("password", fault);
        }
        match (name, login_name, language) {
            (Ok(name), Ok(login_name), Ok(language)) if faults.is_empty() => {
                Ok(Self { name, email: email.trim().to_owned(), login_name, language })
            }
            _ => Err(Failure::Invalid(faults)),
        }
    }
}

/// Makes the person, unless the e-mail address is taken.
pub(crate) async fn insert_person(
    tx: &mut Tx,
    id: PersonId,
    person: &CheckedPerson,
    password_hash: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    if !people::take_login_name(tx, person.login_name.as_str(), id, now).await? {
        return Err(Failure::invalid("email", "taken", "somebody has signed up with this address"));
    }
    let row = PersonRow {
        id,
        name: person.name.clone(),
        email: person.email.clone(),
        password_hash: password_hash.to_owned(),
        language: person.language.to_owned(),
        version: 1,
        created_at: now,
    };
    Ok(people::insert_person(tx, &row).await?)
}

/// Makes a buyer and signs them in.
pub async fn sign_up(market: &Market, ask: SignUp) -> Result<NewSession, Failure> {
    let min = min_password_length(market);
    let password = Some((ask.password.as_str(), min));
    let person = CheckedPerson::check(&ask.name, &ask.email, &ask.language, password)?;
    let hash = market.passwords.hash(&market.chance, ask.password).await?;
    let (now, id) = (market.now(), market.id());
    let (session, row) = NewSession::make(market, id, &ask.agent, now);
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            insert_person(tx, id, &person, &hash, now).await?;
            Ok(sessions::insert_session(tx, &row).await?)
        })
        .await?;
    Ok(session)
}

/// Makes a person who cannot sign in with a password.
pub async fn register(market: &Market, ask: NewPerson) -> Result<PersonId, Failure> {
    let person = CheckedPerson::check(&ask.name, &ask.email, &ask.language, None)?;
    let (now, id) = (market.now(), market.id());
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            insert_person(tx, id, &person, "", now).await
        })
        .await?;
    Ok(id)
}

/// Who has this e-mail address, in any spelling. Not for pages: it tells who is here.
pub async fn person_of_email(market: &Market, email: &str) -> Result<Option<PersonId>, Failure> {
    let Ok(name) = LoginName::parse(email) else { return Ok(None) };
    market
        .store
        .read(async move |tx: &mut Tx| -> Result<Option<PersonId>, Failure> {
            Ok(people::person_of_login_name(tx, name.as_str()).await?)
        })
        .await
}

/// Changes name and language of the caller.
pub async fn change_profile(
    market: &Market,
    caller: &Caller,
    profile: Profile,
) -> Result<(), Failure> {
    let person = caller.person;
    let checked = CheckedPerson::check(&profile.name, &caller.email, &profile.language, None)?;
    let (name, language) = (checked.name, checked.language.to_owned());
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            let mut row = people::load_person(tx, person).await?.ok_or(Failure::NotFound)?;
            row.name.clone_from(&name);
            row.language.clone_from(&language);
            if people::record_person(tx, &row).await? { Ok(()) } else { Err(Failure::Again) }
        })
        .await?;
    market.forget_caller(person);
    Ok(())
}

/// Characters, from the policy in force.
pub(super) fn min_password_length(market: &Market) -> usize {
    let (_, policies) = market.policies();
    usize::try_from(policies.access().password_min_length_count).unwrap_or(usize::MAX)
}
