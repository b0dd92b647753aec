//! The buyer asks for help.

use rules::after_sales::{
    CaseReason, CaseState, NotOpen, OrderMoments, Remedy, WayFacts, bearer, open_until, remedies,
};
use rules::catalog::categories::Categories;
use rules::catalog::nature::Nature;
use rules::ids::{CaseId, OrderId, OrderLineId, PersonId};
use rules::money::Money;
use rules::orders::OrderCommand;
use rules::policy::{AfterSalesPolicy, MarketCode};
use rules::time::Timestamp;
use serde_json::json;
use store::after_sales::{self as rows, CaseLine, CaseRow};
use store::events::EventRow;
use store::orders::{LineRow, OrderForDecision, OrderRow};
use store::{Tx, events, orders, parcels};

use super::money::{on_its_way, worth};
use super::steps::CaseAnswer;
use crate::cancellations::{market_of, words};
use crate::failure::{Failure, Refusal};
use crate::market::{Actor, Market};
use crate::orders::{IDS_A_COMMAND, Setting, carry_out, shop_of};
use crate::requests::{self, Answered, RequestKey};

/// Units of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HelpLine {
    pub line: OrderLineId,
    pub units_count: i64,
}

/// What is wrong, with what, and what the buyer wants.
#[derive(Clone, Debug)]
pub struct AskForHelp {
    pub buyer: PersonId,
    pub order: OrderId,
    pub reason: CaseReason,
    pub remedy: Remedy,
    pub lines: Vec<HelpLine>,
    pub words: String,
    pub request: Option<RequestKey>,
}

/// What of an order help depends on.
pub(super) struct Circumstances {
    pub moments: OrderMoments,
    pub way: WayFacts,
}

pub(super) async fn circumstances(tx: &mut Tx, order: &OrderRow) -> Result<Circumstances, Failure> {
    let parcels = parcels::of_order(tx, order.shop, order.id).await?;
    let tracked = parcels.iter().map(|parcel| parcel.progress_at).max();
    let scanned = parcels.iter().filter_map(|parcel| parcel.recognised_at).min();
    let left = parcels.iter().filter_map(|parcel| parcel.handed_over_at).min();
    let in_time = match (scanned, order.ship_by) {
        (Some(scanned), Some(ship_by)) => scanned <= ship_by,
        (Some(_), None) => true,
        (None, _) => false,
    };
    Ok(Circumstances {
        moments: OrderMoments {
            shipped_at: left.or(order.shipped_at),
            delivered_at: order.delivered_at,
            tracked_at: tracked,
            promised_by: Some(order.promise_by),
        },
        way: WayFacts {
            handed_over: scanned.is_some(),
            dispatched_in_time: in_time,
            packed_badly: false,
        },
    })
}

/// Whether the goods of a line are meant to last: as the product says, or its category.
pub(super) fn is_durable(line: &LineRow) -> bool {
    let said = serde_json::from_str::<Nature>(&line.nature).is_ok_and(|nature| nature.durable);
    said || Categories::shipped().get(&line.category).is_some_and(|category| category.durable)
}

/// What can be asked for of one line for one reason: until when and what; or why not.
pub(super) fn open_for(
    reason: CaseReason,
    line: &LineRow,
    policy: &AfterSalesPolicy,
    moments: OrderMoments,
    now: Timestamp,
) -> Result<(Timestamp, Vec<Remedy>), NotOpen> {
    let durable = is_durable(line);
    let until = open_until(reason, durable, policy, moments, now)?;
    let mut may = remedies(reason, durable, policy, &line.category);
    // New goods for old ones come with the next step of this work.
    may.retain(|remedy| !remedy.brings_goods());
    Ok((until, may))
}

/// Opens a case. The order waits for it.
pub async fn ask_for_help(
    market: &Market,
    ask: AskForHelp,
) -> Result<Answered<CaseAnswer>, Failure> {
    let said = words("words", &ask.words, 1)?;
    let shop = shop_of(market, ask.buyer, ask.order).await?;
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let loaded = orders::load(tx, shop, ask.order).await?.ok_or(Failure::NotFound)?;
            let setting = Setting::of(&here, &loaded, Actor::Buyer(ask.buyer), now);
            let begun = begin(tx, &setting, &loaded, &ask).await?;
            let case = CaseRow { id: ids.take(), words: said.clone(), ..begun.case };
            let line = |line: &HelpLine| CaseLine {
                id: ids.take(),
                case: case.id,
                line: line.line,
                units_count: line.units_count,
            };
            let lines: Vec<CaseLine> = begun.lines.iter().map(line).collect();
            rows::insert(tx, &case, &lines).await?;
            carry_out(tx, &setting, &mut ids, &loaded, OrderCommand::OpenCase).await?;
            let body = json!({
                "reason": case.reason,
                "remedy": case.remedy,
                "amount": case.asked,
                "until": case.state.due_at(),
                "words": said,
                "order": case.order,
            });
            let event = EventRow {
                id: ids.take(),
                home_id: shop.number(),
                subject: "case",
                subject_id: case.id.number(),
                kind: "case_asked",
                actor: setting.actor.code(),
                body: body.to_string(),
                relay: false,
                created_at: now,
            };
            events::insert(tx, &[event]).await?;
            let answer = CaseAnswer::of(&case);
            requests::keep(tx, ask.request.as_ref(), &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

struct Begun {
    case: CaseRow,
    lines: Vec<HelpLine>,
}

/// Everything which can be wrong with a request is found here, before anything is written.
async fn begin(
    tx: &mut Tx,
    setting: &Setting,
    loaded: &OrderForDecision,
    ask: &AskForHelp,
) -> Result<Begun, Failure> {
    let order = &loaded.order;
    let seen = orders::show(tx, order.shop, order.id).await?.ok_or(Failure::NotFound)?;
    let lines = orders::lines(tx, order.shop, order.id).await?;
    let policy = setting.policies.after_sales(market_of(loaded)?);
    let around = circumstances(tx, &seen).await?;
    let wanted = wanted(ask, &lines, loaded)?;
    let busy = rows::open_of_order(tx, order.shop, order.id).await?;
    let mut durable = true;
    for line in &wanted {
        let row = lines.iter().find(|row| row.id == line.line).ok_or(Failure::NotFound)?;
        let (_, may) =
            open_for(ask.reason, row, policy, around.moments, setting.now).map_err(not_open)?;
        is_offered(ask.remedy, &may)?;
        durable &= is_durable(row);
        running_or_over(&busy, line.line, policy)?;
    }
    let pairs: Vec<_> = wanted.iter().map(|line| (line.line, line.units_count)).collect();
    let worth = worth(&lines, &pairs, loaded.tax_included).iter().map(|(_, paid)| *paid).sum();
    if worth == 0 {
        return Err(Failure::refused("nothing_left", "all that was paid has gone back already"));
    }
    let class = ask.reason.class(durable);
    let answer_by = setting.now + policy.terms(class).answer;
    let liable = bearer(class, policy.reason(class), around.way);
    let case = CaseRow {
        // Given by the act, which makes the ids.
        id: CaseId::new(0),
        shop: order.shop,
        order: order.id,
        buyer: order.buyer,
        market: loaded.market.clone(),
        policy_version: loaded.policy_version,
        reason: ask.reason,
        class,
        asked_remedy: ask.remedy,
        remedy: ask.remedy,
        words: String::new(),
        state: CaseState::Requested { answer_by },
        asked: Money::new(worth, order.amounts.currency),
        agreed_minor: 0,
        refunded_minor: 0,
        cost_minor: 0,
        liable,
        offers_count: 0,
        disputes_count: 0,
        appealed: false,
        arbiter: None,
        return_carrier: String::new(),
        return_number: String::new(),
        replacement: None,
        closed_at: None,
        version: 1,
        created_at: setting.now,
    };
    Ok(Begun { case, lines: wanted })
}

fn is_offered(remedy: Remedy, may: &[Remedy]) -> Result<(), Failure> {
    if may.contains(&remedy) {
        return Ok(());
    }
    let codes = may.iter().map(|one| one.code()).collect::<Vec<_>>().join(", ");
    let refusal = Refusal::new("remedy_not_offered", "this cannot be asked for here");
    Err(refusal.fact("allowed", codes).into())
}

/// The named units; before it has come, the whole order: nobody knows yet what is in the parcel.
fn wanted(
    ask: &AskForHelp,
    lines: &[LineRow],
    loaded: &OrderForDecision,
) -> Result<Vec<HelpLine>, Failure> {
    if on_its_way(loaded.order.state) {
        return Ok(all_of(lines));
    }
    let mut wanted: Vec<HelpLine> = Vec::new();
    for line in ask.lines.iter().filter(|line| line.units_count != 0) {
        let row = lines.iter().find(|row| row.id == line.line).ok_or(Failure::NotFound)?;
        let left = row.price.quantity - row.back_count;
        let twice = wanted.iter().any(|other| other.line == line.line);
        if line.units_count < 0 || line.units_count > left || twice {
            let field = format!("count_{}", line.line);
            let says = format!("0 to {left} pieces of this line");
            return Err(Failure::invalid(&field, "out_of_range", says));
        }
        wanted.push(*line);
    }
    if wanted.is_empty() {
        return Err(Failure::invalid("lines", "missing", "say which goods it is about"));
    }
    Ok(wanted)
}

fn all_of(lines: &[LineRow]) -> Vec<HelpLine> {
    let of =
        |row: &LineRow| HelpLine { line: row.id, units_count: row.price.quantity - row.back_count };
    lines.iter().map(of).filter(|line| line.units_count > 0).collect()
}

/// One running request an item, and so many disputes.
pub(super) fn running_or_over(
    busy: &[(OrderLineId, bool, i64)],
    line: OrderLineId,
    policy: &AfterSalesPolicy,
) -> Result<(), Failure> {
    let Some((_, open, disputes)) = busy.iter().find(|(id, ..)| *id == line) else {
        return Ok(());
    };
    if *open {
        let says = "there is a request about this already; it has to end first";
        return Err(Refusal::new("already_asked", says).fact("line", line).into());
    }
    if *disputes >= policy.disputes_count {
        let says = "the house has decided about this as often as it does";
        return Err(Refusal::new("no_more_disputes", says).fact("count", *disputes).into());
    }
    Ok(())
}

pub(super) fn not_open(not: NotOpen) -> Failure {
    let refusal = Refusal::new(not.code(), not.to_string());
    match not {
        NotOpen::NotLate(at) | NotOpen::TooLate(at) => refusal.fact("until", at).into(),
        NotOpen::NotShipped | NotOpen::NotDelivered | NotOpen::NotHere => refusal.into(),
    }
}

/// The market of an order's row.
pub(super) fn code_of(order: &OrderRow) -> Result<MarketCode, Failure> {
    MarketCode::parse(&order.market).map_err(|error| Failure::Broken(error.to_string()))
}
