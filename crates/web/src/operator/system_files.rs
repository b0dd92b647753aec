//! The house's own workings as files: jobs, staff, keys, versions of the policy.

use actions::api_keys::{self, ApiKey, KeyFor};
use actions::house::policy_versions;
use actions::people::{Member, list_members};
use actions::{Market, overview};
use axum::extract::State;
use axum::response::Response;
use rules::ids::HOUSE;
use rules::people::Permission;
use store::jobs::Job;

use super::{admit, answer, name_of};
use crate::csv::{self, Line, Part, time};
use crate::visit::Visit;

const JOBS: &[&str] =
    &["job", "home", "kind", "subject_id", "state", "attempts", "due_at", "last_error"];

/// Jobs of each kind at once: more of them are a case for the log.
const MOST_JOBS: i64 = 10_000;

/// Those which gave up, then those which wait.
pub(super) async fn jobs(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewDueWork)?;
        csv::file("jobs", JOBS, (), move |()| {
            let market = market.clone();
            async move {
                let (mut all, waiting) = overview::open_jobs(&market, MOST_JOBS).await?;
                all.extend(waiting);
                Ok(Part::whole(&all, job_line))
            }
        })
        .await
    })
    .await
}

fn job_line(job: &Job) -> Line {
    vec![
        job.id.to_string(),
        job.home_id.to_string(),
        job.kind.clone(),
        job.subject_id.to_string(),
        job.state.clone(),
        job.attempts.to_string(),
        time(job.due_at),
        job.last_error.clone(),
    ]
}

const PEOPLE: &[&str] = &["person", "name", "email", "role", "since"];

pub(super) async fn people(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ManageHouseStaff)?;
        let caller = visit.caller()?.clone();
        csv::file("people", PEOPLE, (), move |()| {
            let (market, caller) = (market.clone(), caller.clone());
            async move {
                let members = list_members(&market, &caller, HOUSE).await?;
                Ok(Part::whole(&members, member_line))
            }
        })
        .await
    })
    .await
}

fn member_line(member: &Member) -> Line {
    vec![
        member.person.to_string(),
        member.name.clone(),
        member.email.clone(),
        member.role.code().to_owned(),
        time(Some(member.since)),
    ]
}

const KEYS: &[&str] = &["key", "name", "begins", "acts_for", "made_at", "revoked_at"];

/// What tells keys apart; a key itself is kept nowhere.
pub(super) async fn keys(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ManageHouseStaff)?;
        let caller = visit.caller()?.clone();
        csv::file("keys", KEYS, (), move |()| {
            let (market, caller) = (market.clone(), caller.clone());
            async move {
                let keys = api_keys::list(&market, &caller, KeyFor::House).await?;
                Ok(Part::whole(&keys, key_line))
            }
        })
        .await
    })
    .await
}

fn key_line(key: &ApiKey) -> Line {
    vec![
        key.id.to_string(),
        key.name.clone(),
        key.prefix.clone(),
        key.person.to_string(),
        time(Some(key.created_at)),
        time(key.revoked_at),
    ]
}

const POLICIES: &[&str] =
    &["version", "in_force", "effective_from", "note", "published_by", "published_at"];

/// All versions, the newest first.
pub(super) async fn policies(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewHouse)?;
        csv::file("policies", POLICIES, (), move |()| {
            let market = market.clone();
            async move {
                let (mut versions, names) = policy_versions(&market).await?;
                versions.reverse();
                let (in_force, _) = market.policies();
                Ok(Part::whole(&versions, |version| {
                    let by = version.published_by.number();
                    // The first version governs from the beginning of time, and nobody published it.
                    let from = version.effective_from;
                    vec![
                        version.number.to_string(),
                        (version.number == in_force).to_string(),
                        time(Some(from).filter(|from| from.ms() != 0)),
                        version.note.clone(),
                        if by == 0 { String::new() } else { name_of(&names, by) },
                        time(Some(version.created_at)),
                    ]
                }))
            }
        })
        .await
    })
    .await
}
