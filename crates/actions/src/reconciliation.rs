//! Reconciliation: what providers and the bank report, taken in and compared with the books, movement by movement; and
//! what two people book where both do not agree.

mod reads;
mod settle;

pub use reads::{
    DifferencePage, Overview, ReportPage, SourceReach, difference_page, overview, report_page,
};
pub use settle::{Proposal, agree, propose, send_back};

use std::collections::{BTreeMap, BTreeSet};

use rules::ids::{DifferenceId, HOUSE, Id, ProviderReportId, ShopId};
use rules::ledger::clearing::{Clearing, Disagreement, Horizon, MovementKey, MovementKind};
use rules::people::Permission;
use rules::settlement::provider_reports::{ReportLine, parse};
use rules::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::events::EventRow;
use store::reconciliation::{
    self, BANK, Difference, NOBODY, OPEN, PROPOSED, RESOLVED, Report, VANISHED,
};
use store::{Tx, events, shops};

use crate::caller::Caller;
use crate::failure::{Failure, FieldFault, Refusal};
use crate::id_maker::IdRun;
use crate::market::{Actor, Market};
use crate::secrets::SecretHash;

/// Rows with faults which are told at once.
const MOST_FAULTS: usize = 50;
/// Transfers read at a time.
const PAGE: i64 = 5_000;

/// A report as it was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeReport {
    /// A provider of the policy's list, or `bank`.
    pub source: String,
    pub from: Timestamp,
    pub to: Timestamp,
    pub csv: String,
}

/// What taking a report in found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenIn {
    pub report: ProviderReportId,
    pub lines: u64,
    /// Lines which no report before had.
    pub new_lines: u64,
    /// Movements on which books and reports differ now and did not before.
    pub opened: u64,
    /// Differences which are none any more.
    pub vanished: u64,
}

/// Takes a report in, whole or not at all, and compares. The same report again answers what is there already.
pub async fn take_report(
    market: &Market,
    caller: &Caller,
    ask: TakeReport,
) -> Result<TakenIn, Failure> {
    caller.for_house(Permission::ReconcileBooks)?;
    let now = market.now();
    let (_, policies) = market.policies();
    let policy = policies.house_settlement().reconciliation.clone();
    let lines = checked(&ask, &policy.providers, now)?;
    refuse_unknown_shops(market, &lines).await?;
    let delay = Span::from_hours(policy.delay_hours);
    let suspects = suspects(market, &ask, &lines, &policy.providers, delay).await?;
    let block = market.ids.block(2 + lines.len() as i64 + suspects.len() as i64);
    let by = caller.person;
    market
        .store
        .write(async move |tx: &mut Tx| {
            let mut ids = block.start();
            let mut report = Report {
                id: ids.take(),
                source: ask.source.clone(),
                from: ask.from,
                to: ask.to,
                content_hash: SecretHash::of(&ask.csv).to_text(),
                lines_count: lines.len() as i64,
                new_count: 0,
                taken_by: by,
                created_at: now,
            };
            if let Some(known) = follows_on(tx, &report).await? {
                return Ok(TakenIn {
                    report: known.id,
                    lines: known.lines_count.unsigned_abs(),
                    new_lines: 0,
                    opened: 0,
                    vanished: 0,
                });
            }
            let line_ids = ids.many::<()>(lines.len());
            let new_lines = reconciliation::insert_lines(tx, &report, &lines, &line_ids).await?;
            report.new_count = i64::try_from(new_lines).unwrap_or(i64::MAX);
            reconciliation::insert_report(tx, &report).await?;
            let horizon = reconciliation::horizon(tx, &policy.providers, delay).await?;
            let mut taken = TakenIn {
                report: report.id,
                lines: lines.len() as u64,
                new_lines,
                opened: 0,
                vanished: 0,
            };
            for key in &suspects {
                match compare(tx, horizon, key, &mut ids, now).await? {
                    Compared::Opened => taken.opened += 1,
                    Compared::Vanished => taken.vanished += 1,
                    Compared::Same => {}
                }
            }
            note(tx, &mut ids, &report, &taken).await?;
            Ok(taken)
        })
        .await
}

async fn note(
    tx: &mut Tx,
    ids: &mut IdRun,
    report: &Report,
    taken: &TakenIn,
) -> Result<(), Failure> {
    let body = json!({
        "source": report.source, "lines": taken.lines,
        "opened": taken.opened, "vanished": taken.vanished,
    });
    let event = EventRow {
        id: ids.take(),
        home_id: HOUSE.number(),
        subject: "provider_report",
        subject_id: report.id.number(),
        kind: "report_taken_in",
        actor: Actor::House(report.taken_by).code(),
        body: body.to_string(),
        relay: false,
        created_at: report.created_at,
    };
    Ok(events::insert(tx, &[event]).await?)
}

/// Reads the file and asks of each line whether this source may say it about this period.
fn checked(
    ask: &TakeReport,
    providers: &[String],
    now: Timestamp,
) -> Result<Vec<ReportLine>, Failure> {
    if ask.source != BANK && !providers.contains(&ask.source) {
        let says = format!("a source is {BANK} or one of {}", providers.join(", "));
        return Err(Failure::invalid("source", "unknown_source", says));
    }
    if ask.to <= ask.from || ask.to > now {
        let says = "a report begins before it ends, and ends before now";
        return Err(Failure::invalid("to", "not_a_period", says));
    }
    let lines = parse(&ask.csv).map_err(|faults| {
        let told = faults.into_iter().take(MOST_FAULTS).map(|fault| {
            let field = format!("row {} {}", fault.row, fault.column);
            FieldFault::new(field, "report_row", fault.sentence)
        });
        Failure::Invalid(told.collect())
    })?;
    let mut faults = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let row = at + 1;
        if line.happened_at < ask.from || line.happened_at >= ask.to {
            let says = format!("{} is not in the report's period", line.happened_at);
            faults.push(FieldFault::new(format!("row {row} happened_at"), "report_row", says));
        }
        if (line.kind == MovementKind::Payout) != (ask.source == BANK) {
            let says = format!("{} does not report a {}", ask.source, line.kind.code());
            faults.push(FieldFault::new(format!("row {row} kind"), "report_row", says));
        }
    }
    faults.truncate(MOST_FAULTS);
    if faults.is_empty() { Ok(lines) } else { Err(Failure::Invalid(faults)) }
}

async fn refuse_unknown_shops(market: &Market, lines: &[ReportLine]) -> Result<(), Failure> {
    let named: BTreeSet<i64> = lines.iter().map(|line| line.shop).collect();
    let wanted: Vec<ShopId> = named.iter().map(|shop| ShopId::new(*shop)).collect();
    let mut known = BTreeSet::new();
    for part in wanted.chunks(500) {
        let part = part.to_vec();
        let rows = market
            .store
            .read(async move |tx: &mut Tx| {
                Ok::<_, Failure>(shops::load_many(tx, part.clone()).await?)
            })
            .await?;
        known.extend(rows.into_iter().map(|row| row.id.number()));
    }
    let mut faults = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !known.contains(&line.shop)) {
        let says = format!("the house has no shop {}", line.shop);
        faults.push(FieldFault::new(format!("row {} shop", at + 1), "report_row", says));
    }
    faults.truncate(MOST_FAULTS);
    if faults.is_empty() { Ok(()) } else { Err(Failure::Invalid(faults)) }
}

/// A report begins where the last one of its source ended, so that no hour is told by none. Answers the one which is
/// there already, when this is the same again.
async fn follows_on(tx: &mut Tx, report: &Report) -> Result<Option<Report>, Failure> {
    let known = reconciliation::reports(tx, 1_000).await?;
    let same = |old: &&Report| {
        old.source == report.source && old.from == report.from && old.to == report.to
    };
    if let Some(old) = known.iter().find(same) {
        if old.content_hash == report.content_hash {
            return Ok(Some(old.clone()));
        }
        let says = "a report of this source and period was taken in already, with other lines";
        return Err(Refusal::new("report_taken_already", says).fact("report", old.id).into());
    }
    let reaches = reconciliation::reaches(tx).await?;
    match reaches.get(&report.source) {
        Some(reach) if reach.until != report.from => {
            let says = "this report does not begin where the last one ended";
            let refusal = Refusal::new("report_not_next", says);
            Err(refusal.fact("begins", report.from).fact("wanted", reach.until).into())
        }
        Some(_) | None => Ok(None),
    }
}

/// The movements which may differ: found in one pass over the report and over what was booked about its period. Each is
/// looked at closely afterwards.
async fn suspects(
    market: &Market,
    ask: &TakeReport,
    lines: &[ReportLine],
    providers: &[String],
    delay: Span,
) -> Result<Vec<MovementKey>, Failure> {
    let mut theirs: BTreeMap<MovementKey, i64> = BTreeMap::new();
    for line in lines {
        let key = MovementKey {
            home_id: line.shop,
            kind: line.kind,
            reference: line.reference,
            currency: line.amount.currency.code(),
        };
        *theirs.entry(key).or_default() += line.amount.minor;
    }
    let (from, to, providers) = (ask.from, ask.to, providers.to_vec());
    let bank = ask.source == BANK;
    market
        .store
        .read(async move |tx: &mut Tx| {
            // What another source held back is told by this one's report only now: look as far back as the horizon.
            let before = reconciliation::horizon(tx, &providers, delay).await?;
            let side = if bank { before.bank } else { before.providers };
            let since = side.map_or(from, |reach| reach.until).min(from) - delay;
            let mut ours: BTreeMap<MovementKey, i64> = BTreeMap::new();
            let mut after = Id::<()>::first_at(since).number() - 1;
            loop {
                let page =
                    reconciliation::clearing_page(tx, after, to + Span::from_days(1), PAGE).await?;
                let Some(last) = page.last() else { break };
                after = last.id.number();
                for (key, minor) in page.iter().filter_map(rules::ledger::clearing::movement_of) {
                    if (key.kind == MovementKind::Payout) == bank {
                        *ours.entry(key).or_default() += minor;
                    }
                }
            }
            let open = reconciliation::all_open(tx, i64::from(i32::MAX)).await?;
            let mut keys: BTreeSet<MovementKey> = open.iter().map(|one| one.key).collect();
            let all: BTreeSet<&MovementKey> = ours.keys().chain(theirs.keys()).collect();
            keys.extend(all.into_iter().filter(|key| ours.get(key) != theirs.get(key)).copied());
            Ok::<_, Failure>(keys.into_iter().collect())
        })
        .await
}

/// What became of a movement's difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compared {
    Opened,
    Vanished,
    Same,
}

/// Everything both sides say of one movement.
async fn look(tx: &mut Tx, horizon: Horizon, key: &MovementKey) -> Result<Looked, Failure> {
    let mut clearing = Clearing::new(horizon);
    for row in reconciliation::ours_of(tx, key).await? {
        clearing.take(&row);
    }
    for line in reconciliation::lines_of(tx, key).await? {
        clearing.reported(*key, line.amount.minor);
    }
    let known = reconciliation::difference_of(tx, key).await?;
    if let Some(known) = &known {
        clearing.adjusted(*key, known.adjusted_minor);
    }
    Ok(Looked { disagreement: clearing.agree(*key).err(), known })
}

struct Looked {
    disagreement: Option<Disagreement>,
    known: Option<Difference>,
}

/// Opens, renews or ends the difference of one movement.
async fn compare(
    tx: &mut Tx,
    horizon: Horizon,
    key: &MovementKey,
    ids: &mut IdRun,
    now: Timestamp,
) -> Result<Compared, Failure> {
    let looked = look(tx, horizon, key).await?;
    // An id is taken in any case, so that a second run of the act gives the same ones.
    let id: DifferenceId = ids.take();
    match (looked.disagreement, looked.known) {
        (None, Some(known)) if known.ended_at.is_none() => {
            let state = VANISHED.to_owned();
            let after = Difference { state, ended_at: Some(now), ..known };
            reconciliation::record_difference(tx, &after).await?;
            crate::payouts::wake(tx, ShopId::new(key.home_id), now).await?;
            Ok(Compared::Vanished)
        }
        (None, _) => Ok(Compared::Same),
        (Some(found), None) => {
            let fresh = Difference {
                id,
                state: OPEN.to_owned(),
                key: *key,
                ours_minor: found.ours_minor,
                theirs_minor: found.theirs_minor,
                adjusted_minor: 0,
                bearer: String::new(),
                reason: String::new(),
                proposed_by: NOBODY,
                decided_by: NOBODY,
                ended_at: None,
                version: 1,
                created_at: now,
            };
            reconciliation::insert_difference(tx, &fresh).await?;
            Ok(Compared::Opened)
        }
        (Some(found), Some(known)) => {
            let same = known.ended_at.is_none()
                && (known.ours_minor, known.theirs_minor) == (found.ours_minor, found.theirs_minor);
            if same {
                return Ok(Compared::Same);
            }
            let again = known.ended_at.is_some();
            // What somebody had proposed was about other sums.
            let after = Difference {
                state: OPEN.to_owned(),
                ours_minor: found.ours_minor,
                theirs_minor: found.theirs_minor,
                bearer: String::new(),
                reason: String::new(),
                proposed_by: NOBODY,
                decided_by: NOBODY,
                ended_at: None,
                ..known
            };
            reconciliation::record_difference(tx, &after).await?;
            Ok(if again { Compared::Opened } else { Compared::Same })
        }
    }
}
