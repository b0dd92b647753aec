//! Opening the house: migrations, its process number, its policy versions, its clock.

use std::collections::BTreeMap;

use rules::ids::PersonId;
use rules::policy::{Policies, PolicyBook, PolicyError, PolicyVersion, SHIPPED};
use rules::time::{Span, Timestamp};
use store::house::PolicyVersionRow;
use store::{Store, StoreOptions, Tx, house};

use crate::chance::Chance;
use crate::clock::{Clock, system_now};
use crate::failure::{Failure, Refusal};
use crate::market::{Market, Mode};
use crate::people::carry_sessions_over;

const CLOCK_OFFSET: &str = "clock_offset_ms";
const MODE: &str = "mode";
/// How long a process number stays taken after its process died.
const LEASE: Span = Span::from_minutes(10);

/// What a house is opened with.
#[derive(Clone, Debug)]
pub struct Opening {
    /// A file path or a `postgres://` address.
    pub database: String,
    pub mode: Mode,
    /// `None`: the system's clock, in a sandbox with the offset which the operator has set.
    pub clock: Option<Clock>,
    pub chance: Chance,
}

/// Opens the database, brings it up to date, and reads what the market needs in memory.
pub async fn open(opening: Opening) -> Result<Market, Failure> {
    let store = Store::open(&opening.database, StoreOptions::default()).await?;
    store.migrate().await?;
    open_store(store, opening).await
}

/// As [`open`], on a store which is open and migrated.
pub async fn open_store(store: Store, opening: Opening) -> Result<Market, Failure> {
    let system = opening.clock.as_ref().map_or_else(system_now, Clock::now);
    keep_mode(&store, opening.mode, system).await?;
    let clock = match (opening.clock, opening.mode) {
        (Some(clock), _) => clock,
        (None, Mode::Live) => Clock::Real,
        (None, Mode::Sandbox) => Clock::sandbox(clock_offset(&store).await?),
    };
    let holder = format!("{:016x}", opening.chance.number());
    let process = lease(&store, &holder, system).await?;
    let book = policy_book(&store, clock.now()).await?;
    let market = Market::new(store, clock, opening.chance, process, opening.mode, book);
    market.take_holder(holder);
    Ok(market)
}

/// A database is a sandbox or a live house for ever: play money must never become real money.
async fn keep_mode(store: &Store, mode: Mode, now: Timestamp) -> Result<(), Failure> {
    let wanted = match mode {
        Mode::Sandbox => "sandbox",
        Mode::Live => "live",
    };
    let kept = store
        .write(async move |tx: &mut Tx| {
            Ok::<_, Failure>(house::keep_first_setting(tx, MODE, wanted, now).await?)
        })
        .await?;
    if kept == wanted {
        return Ok(());
    }
    let sentence = format!("this database is a {kept} house and cannot be opened as {wanted}");
    Err(Refusal::new("other_mode", sentence).fact("kept", kept).fact("wanted", wanted).into())
}

/// Which mode a database was opened with before; `None` for a new one.
pub async fn kept_mode(store: &Store) -> Result<Option<Mode>, Failure> {
    let kept = store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(house::load_setting(tx, MODE).await?))
        .await?;
    Ok(kept.map(|kept| if kept == "live" { Mode::Live } else { Mode::Sandbox }))
}

async fn lease(store: &Store, holder: &str, now: Timestamp) -> Result<u16, Failure> {
    let holder = holder.to_owned();
    let leased = store
        .write(async move |tx: &mut Tx| {
            Ok::<_, Failure>(house::lease_process(tx, &holder, now, now + LEASE).await?)
        })
        .await?;
    leased.ok_or_else(|| {
        Failure::refused("too_many_processes", "1024 processes use this database already")
    })
}

/// Keeps this process's number and takes over what other processes changed: clock and policies. Called each minute.
pub async fn keep_house(market: &Market) -> Result<(), Failure> {
    let until = system_now() + LEASE;
    let (number, holder) = (market.ids.process(), market.holder());
    let ours = market
        .store
        .write(async move |tx: &mut Tx| {
            Ok::<_, Failure>(house::renew_process(tx, number, &holder, until).await?)
        })
        .await?;
    if !ours {
        return Err(Failure::Broken("another process has taken this one's number".to_owned()));
    }
    market.clock.catch_up(clock_offset(&market.store).await?);
    market.take_policy_book(policy_book(&market.store, market.now()).await?);
    Ok(())
}

/// Gives the process number back, when the server stops in order.
pub async fn leave(market: &Market) -> Result<(), Failure> {
    let (number, holder) = (market.ids.process(), market.holder());
    let past = Timestamp::from_ms(0);
    market
        .store
        .write(async move |tx: &mut Tx| {
            Ok::<_, Failure>(house::renew_process(tx, number, &holder, past).await?)
        })
        .await?;
    Ok(())
}

async fn clock_offset(store: &Store) -> Result<Span, Failure> {
    let kept = store
        .read(async move |tx: &mut Tx| {
            Ok::<_, Failure>(house::load_setting(tx, CLOCK_OFFSET).await?)
        })
        .await?;
    Ok(Span::from_ms(kept.and_then(|kept| kept.parse().ok()).unwrap_or(0)))
}

/// Moves a sandbox's clock forward. Deadlines which are passed by it act at the next sweep.
pub async fn move_clock(market: &Market, by: Span) -> Result<Timestamp, Failure> {
    if market.mode != Mode::Sandbox {
        return Err(Failure::refused("not_a_sandbox", "only a sandbox's clock can be moved"));
    }
    if by.ms() <= 0 || by > Span::from_days(400) {
        return Err(Failure::invalid(
            "by",
            "out_of_range",
            "the clock moves forward, by at most 400 days",
        ));
    }
    let before = market.now();
    if let Some(offset) = market.clock.move_forward(by) {
        let now = market.now();
        market
            .store
            .write(async move |tx: &mut Tx| -> Result<(), Failure> {
                house::record_setting(tx, CLOCK_OFFSET, &offset.ms().to_string(), now).await?;
                carry_sessions_over(tx, before, by).await?;
                Ok(())
            })
            .await?;
    }
    Ok(market.now())
}

/// Reads the versions; a new house begins with the shipped policy as version 1.
async fn policy_book(store: &Store, now: Timestamp) -> Result<PolicyBook, Failure> {
    let rows = store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(house::policy_versions(tx).await?))
        .await?;
    let rows = if rows.is_empty() { vec![first_version(store, now).await?] } else { rows };
    let mut versions = Vec::with_capacity(rows.len());
    for row in rows {
        let files = files_of(&row)?;
        let policies = Policies::load(&texts(&files)).map_err(|errors| {
            Failure::Broken(format!(
                "policy version {} cannot be read: {}",
                row.number,
                sentences(&errors)
            ))
        })?;
        versions.push(PolicyVersion {
            number: row.number,
            effective_from: row.effective_from,
            policies,
        });
    }
    PolicyBook::new(versions).map_err(|error| Failure::Broken(error.to_string()))
}

/// A file which this program knows and the version does not is as shipped.
fn files_of(row: &PolicyVersionRow) -> Result<BTreeMap<String, String>, Failure> {
    let kept: BTreeMap<String, String> =
        serde_json::from_str(&row.files).map_err(|error| Failure::Broken(error.to_string()))?;
    let mut files: BTreeMap<String, String> =
        SHIPPED.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    files.extend(kept);
    Ok(files)
}

async fn first_version(store: &Store, now: Timestamp) -> Result<PolicyVersionRow, Failure> {
    let files: BTreeMap<&str, &str> = SHIPPED.into_iter().collect();
    let row = PolicyVersionRow {
        number: 1,
        // From the beginning of time: orders of an imported past are governed too.
        effective_from: Timestamp::from_ms(0),
        files: serde_json::to_string(&files).map_err(|error| Failure::Broken(error.to_string()))?,
        note: "as shipped".to_owned(),
        published_by: PersonId::new(0),
        created_at: now,
    };
    let written = row.clone();
    store
        .write(async move |tx: &mut Tx| {
            Ok::<_, Failure>(house::insert_policy_version(tx, &written).await?)
        })
        .await?;
    Ok(row)
}

fn texts(files: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

fn sentences(errors: &[PolicyError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// A published version as pages read it, every file whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicySeen {
    pub number: i64,
    pub effective_from: Timestamp,
    /// File name to text.
    pub files: BTreeMap<String, String>,
    pub note: String,
    /// Person 0 is the program itself: the shipped policy.
    pub published_by: PersonId,
    pub created_at: Timestamp,
}

/// All versions in the order of their numbers, and the names of who published them.
pub async fn policy_versions(
    market: &Market,
) -> Result<(Vec<PolicySeen>, Vec<(i64, String)>), Failure> {
    let (rows, names) = market
        .store
        .read(async move |tx: &mut Tx| {
            let rows = house::policy_versions(tx).await?;
            let people: Vec<i64> = rows.iter().map(|row| row.published_by.number()).collect();
            Ok::<_, Failure>((rows, store::lists::books::names_of_homes(tx, &people).await?))
        })
        .await?;
    let seen = rows.into_iter().map(|row| {
        let files = files_of(&row)?;
        let PolicyVersionRow { number, effective_from, note, published_by, created_at, .. } = row;
        Ok(PolicySeen { number, effective_from, files, note, published_by, created_at })
    });
    Ok((seen.collect::<Result<_, Failure>>()?, names))
}

/// What is wrong with a policy which is not published yet, all of it, in the order of files and lines.
pub fn check_policy(files: &BTreeMap<String, String>) -> Result<(), Vec<PolicyError>> {
    Policies::load(&texts(files)).map(|_| ())
}

/// Publishes a new version of the whole policy, in force from a moment which is not in the past.
pub async fn publish_policy(
    market: &Market,
    by: PersonId,
    files: BTreeMap<String, String>,
    effective_from: Timestamp,
    note: String,
) -> Result<i64, Failure> {
    let now = market.now();
    if effective_from < now {
        let says = "a policy cannot govern the past";
        return Err(Failure::invalid("effective_from", "in_the_past", says));
    }
    if let Err(errors) = Policies::load(&texts(&files)) {
        let faults = errors.iter().map(|error| {
            crate::FieldFault::new(error.file.clone(), "policy_fault", error.to_string())
        });
        return Err(Failure::Invalid(faults.collect()));
    }
    let body = serde_json::to_string(&files).map_err(|error| Failure::Broken(error.to_string()))?;
    let number = market
        .store
        .write(async move |tx: &mut Tx| {
            let last = house::policy_versions(tx).await?.last().map_or(0, |row| row.number);
            let row = PolicyVersionRow {
                number: last + 1,
                effective_from,
                files: body.clone(),
                note: note.clone(),
                published_by: by,
                created_at: now,
            };
            house::insert_policy_version(tx, &row).await?;
            Ok::<_, Failure>(row.number)
        })
        .await?;
    market.take_policy_book(policy_book(&market.store, now).await?);
    Ok(number)
}
