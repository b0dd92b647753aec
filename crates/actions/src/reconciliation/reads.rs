//! What the pages about reconciliation show, each in one snapshot.

use std::collections::BTreeMap;

use rules::ids::{DifferenceId, OrderId, PersonId, ProviderReportId, ShopId};
use rules::ledger::TransferRow;
use rules::ledger::clearing::{MovementKind, Reach};
use rules::people::Permission;
use store::events::EventSeen;
use store::lists::{books, seller};
use store::reconciliation::{self, BANK, Difference, Line, Report};
use store::{Tx, events, ledger, orders};

use crate::caller::Caller;
use crate::failure::Failure;
use crate::market::Market;

/// How far a source has reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceReach {
    pub source: String,
    /// `None`: no report yet.
    pub reach: Option<Reach>,
}

/// The page of the whole.
#[derive(Clone, Debug)]
pub struct Overview {
    pub sources: Vec<SourceReach>,
    /// The oldest first.
    pub open: Vec<Difference>,
    /// The newest first.
    pub ended: Vec<Difference>,
    pub reports: Vec<Report>,
    /// Names of shops and people on the page.
    pub names: BTreeMap<i64, String>,
}

pub async fn overview(market: &Market, caller: &Caller) -> Result<Overview, Failure> {
    caller.for_house(Permission::ViewLedger)?;
    let (_, policies) = market.policies();
    let mut expected = policies.house_settlement().reconciliation.providers.clone();
    expected.push(BANK.to_owned());
    market
        .store
        .read(async move |tx: &mut Tx| {
            let reaches = reconciliation::reaches(tx).await?;
            let open = reconciliation::all_open(tx, 200).await?;
            let ended = reconciliation::ended(tx, 20).await?;
            let reports = reconciliation::reports(tx, 20).await?;
            let homes: Vec<i64> = open.iter().chain(&ended).map(|one| one.key.home_id).collect();
            let mut names: BTreeMap<i64, String> =
                books::names_of_homes(tx, &homes).await?.into_iter().collect();
            let people = reports.iter().map(|report| report.taken_by);
            names
                .extend(names_of(tx, people.chain(deciders(&open)).chain(deciders(&ended))).await?);
            let of = |source: &String| SourceReach {
                source: source.clone(),
                reach: reaches.get(source).copied(),
            };
            Ok(Overview { sources: expected.iter().map(of).collect(), open, ended, reports, names })
        })
        .await
}

fn deciders(differences: &[Difference]) -> impl Iterator<Item = PersonId> {
    let both: Vec<PersonId> =
        differences.iter().flat_map(|one| [one.proposed_by, one.decided_by]).collect();
    both.into_iter()
}

async fn names_of(
    tx: &mut Tx,
    people: impl Iterator<Item = PersonId>,
) -> Result<BTreeMap<i64, String>, Failure> {
    let known: Vec<PersonId> = people.filter(|person| person.number() != 0).collect();
    let found: Vec<(PersonId, String)> = seller::names_of(tx, known).await?;
    Ok(found.into_iter().map(|(person, name)| (person.number(), name)).collect())
}

/// One difference: both sides line by line, and what people said and booked.
#[derive(Clone, Debug)]
pub struct DifferencePage {
    pub difference: Difference,
    /// The order which it is about: of a refund which nobody here asked for, the order with that number.
    pub order: Option<OrderId>,
    pub ours: Vec<TransferRow>,
    pub theirs: Vec<Line>,
    pub events: Vec<EventSeen>,
    pub adjustments: Vec<TransferRow>,
    pub names: BTreeMap<i64, String>,
}

pub async fn difference_page(
    market: &Market,
    caller: &Caller,
    home_id: i64,
    id: DifferenceId,
) -> Result<DifferencePage, Failure> {
    caller.for_house(Permission::ViewLedger)?;
    market
        .store
        .read(async move |tx: &mut Tx| {
            let difference =
                reconciliation::difference(tx, home_id, id).await?.ok_or(Failure::NotFound)?;
            let ours = reconciliation::ours_of(tx, &difference.key).await?;
            let kind = difference.key.kind;
            let of_kind = |row: &TransferRow| {
                rules::ledger::clearing::movement_of(row).is_some_and(|(key, _)| key.kind == kind)
            };
            let homes = [home_id];
            let mut names: BTreeMap<i64, String> =
                books::names_of_homes(tx, &homes).await?.into_iter().collect();
            names.extend(
                names_of(tx, [difference.proposed_by, difference.decided_by].into_iter()).await?,
            );
            Ok(DifferencePage {
                order: order_of(tx, &difference).await?,
                ours: ours.into_iter().filter(of_kind).collect(),
                theirs: reconciliation::lines_of(tx, &difference.key).await?,
                events: events::of_subject(tx, home_id, id.number()).await?,
                adjustments: ledger::of_subject(tx, home_id, id.number()).await?,
                names,
                difference,
            })
        })
        .await
}

async fn order_of(tx: &mut Tx, difference: &Difference) -> Result<Option<OrderId>, Failure> {
    let (home_id, reference) = (difference.key.home_id, difference.key.reference);
    let named = match difference.key.kind {
        MovementKind::Payout => return Ok(None),
        MovementKind::Capture => None,
        MovementKind::Refund => reconciliation::order_of_refund(tx, home_id, reference).await?,
    };
    let order = named.unwrap_or(OrderId::new(reference));
    Ok(orders::load(tx, ShopId::new(home_id), order).await?.map(|_| order))
}

/// One report with some of its lines.
#[derive(Clone, Debug)]
pub struct ReportPage {
    pub report: Report,
    pub lines: Vec<Line>,
    /// The id after which the next page begins.
    pub next: Option<i64>,
}

pub async fn report_page(
    market: &Market,
    caller: &Caller,
    id: ProviderReportId,
    after: i64,
    limit: i64,
) -> Result<ReportPage, Failure> {
    caller.for_house(Permission::ViewLedger)?;
    market
        .store
        .read(async move |tx: &mut Tx| {
            let report = reconciliation::report(tx, id).await?.ok_or(Failure::NotFound)?;
            let lines = reconciliation::lines_of_report(tx, id, after, limit).await?;
            let full = lines.len() as i64 >= limit;
            let next = lines.last().filter(|_| full).map(|line| line.id.number());
            Ok(ReportPage { report, lines, next })
        })
        .await
}
