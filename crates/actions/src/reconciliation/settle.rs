//! A difference is booked by two people: one says how and why, another one agrees.

use rules::ids::{DifferenceId, ShopId};
use rules::ledger::clearing::{Bearer, Disagreement, adjustment, currency_of};
use rules::ledger::{Account, Transfer};
use rules::money::Money;
use rules::people::Permission;
use rules::time::{Span, Timestamp};
use serde_json::json;
use store::events::EventRow;
use store::ledger::Occasion;
use store::{Tx, events, ledger};

use super::{Difference, NOBODY, OPEN, PROPOSED, RESOLVED, look, reconciliation};
use crate::caller::Caller;
use crate::debts;
use crate::failure::{Failure, Refusal};
use crate::id_maker::IdRun;
use crate::market::{Actor, Market};

/// Characters of a reason. [X] a paragraph.
const LONGEST_REASON: usize = 1_000;
const SHORTEST_REASON: usize = 10;

/// How a difference is to be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub home_id: i64,
    pub difference: DifferenceId,
    pub bearer: Bearer,
    pub reason: String,
}

/// One person says who bears a difference, and why. Saying it again replaces what was said.
pub async fn propose(market: &Market, caller: &Caller, ask: Proposal) -> Result<(), Failure> {
    caller.for_house(Permission::ReconcileBooks)?;
    caller.in_person()?;
    let reason = ask.reason.trim().to_owned();
    if !(SHORTEST_REASON..=LONGEST_REASON).contains(&reason.chars().count()) {
        let says = format!("a reason has {SHORTEST_REASON} to {LONGEST_REASON} characters");
        return Err(Failure::invalid("reason", "not_a_reason", says));
    }
    let (now, block, by) = (market.now(), market.ids.block(1), caller.person);
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let (known, found) = differs(tx, &here, ask.home_id, ask.difference).await?;
            enough(tx, &known, &booking(&found, ask.bearer)?).await?;
            let after = Difference {
                state: PROPOSED.to_owned(),
                ours_minor: found.ours_minor,
                theirs_minor: found.theirs_minor,
                bearer: ask.bearer.code().to_owned(),
                reason: reason.clone(),
                proposed_by: by,
                ..known
            };
            reconciliation::record_difference(tx, &after).await?;
            let body = json!({ "bearer": after.bearer, "reason": after.reason });
            note(tx, &mut block.start(), &after, "adjustment_proposed", Actor::House(by), body, now)
                .await
        })
        .await
}

/// Another person agrees: the adjustment is booked, and what stood still because of the difference goes on.
pub async fn agree(
    market: &Market,
    caller: &Caller,
    home_id: i64,
    id: DifferenceId,
) -> Result<(), Failure> {
    caller.for_house(Permission::ReconcileBooks)?;
    caller.in_person()?;
    let (now, block, by) = (market.now(), market.ids.block(3), caller.person);
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let mut ids = block.start();
            let (known, found) = differs(tx, &here, home_id, id).await?;
            if known.state != PROPOSED {
                let says = "nobody has said yet how to book this difference";
                return Err(Refusal::new("not_proposed", says).fact("difference", id).into());
            }
            if known.proposed_by == by {
                let says = "you proposed this adjustment; another person has to agree to it";
                return Err(Refusal::new("four_eyes", says).fact("difference", id).into());
            }
            if (known.ours_minor, known.theirs_minor) != (found.ours_minor, found.theirs_minor) {
                let says = "the sums have changed since this was proposed; look at them anew";
                return Err(Refusal::new("difference_changed", says).fact("difference", id).into());
            }
            let bearer = Bearer::parse(&known.bearer)
                .ok_or_else(|| Failure::Broken(format!("bearer {}", known.bearer)))?;
            let out = booking(&found, bearer)?;
            enough(tx, &known, &out).await?;
            post(tx, &mut ids, &known, &out, now).await?;
            let missing = found.theirs_minor - found.adjusted_minor - found.ours_minor;
            let after = Difference {
                state: RESOLVED.to_owned(),
                adjusted_minor: known.adjusted_minor + missing,
                decided_by: by,
                ended_at: Some(now),
                ..known
            };
            reconciliation::record_difference(tx, &after).await?;
            let body = json!({ "bearer": after.bearer, "amount_minor": missing });
            note(tx, &mut ids, &after, "adjustment_booked", Actor::House(by), body, now).await?;
            crate::payouts::wake(tx, ShopId::new(home_id), now).await
        })
        .await
}

/// Another person does not agree: the difference is open again, and the reason why is told.
pub async fn send_back(
    market: &Market,
    caller: &Caller,
    home_id: i64,
    id: DifferenceId,
    reason: String,
) -> Result<(), Failure> {
    caller.for_house(Permission::ReconcileBooks)?;
    caller.in_person()?;
    let (now, block, by) = (market.now(), market.ids.block(1), caller.person);
    market
        .store
        .write(async move |tx: &mut Tx| {
            let known =
                reconciliation::difference(tx, home_id, id).await?.ok_or(Failure::NotFound)?;
            if known.state != PROPOSED {
                let says = "nobody has said yet how to book this difference";
                return Err(Refusal::new("not_proposed", says).fact("difference", id).into());
            }
            let body = json!({ "reason": reason.trim(), "bearer": known.bearer });
            let after = Difference {
                state: OPEN.to_owned(),
                bearer: String::new(),
                reason: String::new(),
                proposed_by: NOBODY,
                ..known
            };
            reconciliation::record_difference(tx, &after).await?;
            note(
                tx,
                &mut block.start(),
                &after,
                "adjustment_sent_back",
                Actor::House(by),
                body,
                now,
            )
            .await
        })
        .await
}

/// An open difference, and what both sides say now.
async fn differs(
    tx: &mut Tx,
    market: &Market,
    home_id: i64,
    id: DifferenceId,
) -> Result<(Difference, Disagreement), Failure> {
    let known = reconciliation::difference(tx, home_id, id).await?.ok_or(Failure::NotFound)?;
    let ended = || {
        let says = "this difference has ended already";
        Failure::from(Refusal::new("difference_ended", says).fact("difference", id))
    };
    if known.ended_at.is_some() {
        return Err(ended());
    }
    let (_, policies) = market.policies();
    let policy = &policies.house_settlement().reconciliation;
    let delay = Span::from_hours(policy.delay_hours);
    let horizon = reconciliation::horizon(tx, &policy.providers, delay).await?;
    let found = look(tx, horizon, &known.key).await?.disagreement.ok_or_else(ended)?;
    Ok((known, found))
}

fn booking(found: &Disagreement, bearer: Bearer) -> Result<Transfer, Failure> {
    adjustment(found, bearer).ok_or_else(|| Failure::Broken("a difference of nothing".to_owned()))
}

/// The shop's money has to be there before it can bear anything.
async fn enough(tx: &mut Tx, known: &Difference, out: &Transfer) -> Result<(), Failure> {
    if out.debit != Account::Available {
        return Ok(());
    }
    let currency = currency_of(&known.key)
        .ok_or_else(|| Failure::Broken(format!("currency {}", known.key.currency)))?;
    let rows = ledger::balances_of(tx, known.key.home_id).await?;
    let stands = rows.iter().find(|row| row.account == out.debit && row.currency == currency);
    let has = stands.map_or(0, |row| row.balance.spendable(out.debit));
    if has >= out.amount_minor {
        return Ok(());
    }
    let says = "the shop has less available than this; the house has to bear it";
    let refusal = Refusal::new("shop_cannot_bear", says);
    Err(refusal.fact("available", Money::new(has, currency)).into())
}

async fn post(
    tx: &mut Tx,
    ids: &mut IdRun,
    known: &Difference,
    out: &Transfer,
    now: Timestamp,
) -> Result<(), Failure> {
    let currency = currency_of(&known.key)
        .ok_or_else(|| Failure::Broken(format!("currency {}", known.key.currency)))?;
    let occasion = Occasion {
        home_id: known.key.home_id,
        currency,
        subject: "difference",
        subject_id: known.id.number(),
        step: known.version + 1,
        now,
    };
    debts::post(tx, ids, &occasion, vec![*out]).await
}

async fn note(
    tx: &mut Tx,
    ids: &mut IdRun,
    difference: &Difference,
    kind: &'static str,
    actor: Actor,
    body: serde_json::Value,
    now: Timestamp,
) -> Result<(), Failure> {
    let event = EventRow {
        id: ids.take(),
        home_id: difference.key.home_id,
        subject: "difference",
        subject_id: difference.id.number(),
        kind,
        actor: actor.code(),
        body: body.to_string(),
        relay: false,
        created_at: now,
    };
    Ok(events::insert(tx, &[event]).await?)
}
