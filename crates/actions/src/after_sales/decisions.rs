//! The house decides: who has the case on the desk, the decision with its reasons, and the one on an appeal.

use rules::after_sales::{CaseCommand, CaseState, Party, Remedy};
use rules::ids::{CaseId, PersonId, ShopId};
use rules::orders::liability::Liable;
use rules::people::Permission;
use store::Tx;
use store::after_sales::{self as rows, CaseDecisionRow, CaseRow};
use store::people;

use super::offers::still_open;
use super::steps::{CaseAnswer, Desk, note, step};
use super::{CaseAsk, steps};
use crate::caller::Caller;
use crate::cancellations::words;
use crate::failure::{Failure, Refusal};
use crate::market::{Actor, Market};
use crate::orders::IDS_A_COMMAND;
use crate::requests::{self, Answered, RequestKey};

/// What the house has found, and what follows.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub shop: ShopId,
    pub case: CaseId,
    pub in_favour_of: Party,
    /// Of a decision for the buyer.
    pub remedy: Remedy,
    /// What goes back, minor units; 0 is all of it. Of a decision for the buyer.
    pub amount_minor: i64,
    pub liable: Liable,
    /// Statement of reasons: what is so, …
    pub facts: String,
    /// … the rule which was applied to it, …
    pub rule: String,
    /// … and what the side which lost can do.
    pub redress: String,
    pub request: Option<RequestKey>,
}

/// An arbiter takes a case on the desk, or hands it to nobody.
pub async fn take_case(
    market: &Market,
    caller: &Caller,
    shop: ShopId,
    case: CaseId,
) -> Result<(), Failure> {
    caller.for_house(Permission::DecideCases)?;
    let (now, block, person) = (market.now(), market.ids.block(4), caller.person);
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let mut ids = block.start();
            let actor = Actor::House(person);
            let desk = Desk::open(tx, &here, (shop, case), actor, now).await?;
            if !desk.case.state.is_disputed() {
                let state = desk.case.state.name().code();
                let says = "nobody has asked the house about this case";
                return Err(Refusal::new("case_not_now", says).fact("state", state).into());
            }
            impartial(tx, &desk.case, person).await?;
            let after = CaseRow { arbiter: Some(person), ..desk.case.clone() };
            rows::record(tx, &desk.case, &after).await?;
            note(tx, &mut ids, &desk.setting, &after, ("case_taken", "")).await
        })
        .await
}

/// Nobody decides about their own shop or purchase, nor twice about the same case.
async fn impartial(tx: &mut Tx, case: &CaseRow, person: PersonId) -> Result<(), Failure> {
    let conflict = |why: &'static str| -> Failure {
        Refusal::new("conflict_of_interest", why).fact("case", case.id).into()
    };
    if case.buyer == person {
        return Err(conflict("you are the buyer of this case"));
    }
    let mine = people::list_memberships(tx, person).await?;
    if mine.iter().any(|(home, _)| *home == case.shop) {
        return Err(conflict("you work for the shop of this case"));
    }
    let decided = rows::decisions(tx, case.shop, case.id).await?;
    if matches!(case.state, CaseState::UnderAppeal { .. })
        && decided.iter().any(|decision| decision.arbiter == person)
    {
        return Err(conflict("an appeal is decided by somebody else than the first decision"));
    }
    Ok(())
}

/// The house takes over a case which the two have not brought to an end, without being asked.
pub async fn take_over(
    market: &Market,
    caller: &Caller,
    ask: CaseAsk,
) -> Result<Answered<CaseAnswer>, Failure> {
    caller.for_house(Permission::DecideCases)?;
    let said = words("words", &ask.words, 1)?;
    let ask = CaseAsk { words: said, actor: Actor::House(caller.person), ..ask };
    steps::go(market, ask, CaseCommand::TakeOver).await
}

/// Decides a case which is under review.
pub async fn decide_case(
    market: &Market,
    caller: &Caller,
    verdict: Verdict,
) -> Result<Answered<CaseAnswer>, Failure> {
    rule(market, caller, verdict, 1).await
}

/// Decides an appeal: final.
pub async fn decide_appeal(
    market: &Market,
    caller: &Caller,
    verdict: Verdict,
) -> Result<Answered<CaseAnswer>, Failure> {
    rule(market, caller, verdict, 2).await
}

async fn rule(
    market: &Market,
    caller: &Caller,
    verdict: Verdict,
    instance: i64,
) -> Result<Answered<CaseAnswer>, Failure> {
    caller.for_house(Permission::DecideCases)?;
    let facts = words("facts", &verdict.facts, 1)?;
    let applied = words("rule", &verdict.rule, 1)?;
    let redress = words("redress", &verdict.redress, 1)?;
    if verdict.in_favour_of == Party::Buyer && verdict.remedy.brings_goods() {
        let says = "a decision gives money back, with or without the goods";
        return Err(Failure::invalid("remedy", "remedy_not_offered", says));
    }
    let (now, block, person) = (market.now(), market.ids.block(IDS_A_COMMAND), caller.person);
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, verdict.request.as_ref()).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let actor = Actor::House(person);
            let desk = Desk::open(tx, &here, (verdict.shop, verdict.case), actor, now).await?;
            impartial(tx, &desk.case, person).await?;
            let changed = decided(&desk.case, &verdict, person)?;
            let (in_favour_of, remedy) = (verdict.in_favour_of, verdict.remedy);
            let command = match instance {
                1 => CaseCommand::Decide { in_favour_of, remedy },
                _ => CaseCommand::DecideAppeal { in_favour_of, remedy },
            };
            let row = CaseDecisionRow {
                id: ids.take(),
                case: verdict.case,
                instance,
                arbiter: person,
                in_favour_of,
                remedy,
                amount_minor: match in_favour_of {
                    Party::Buyer if changed.agreed_minor == 0 => still_open(&desk.case),
                    Party::Buyer => changed.agreed_minor,
                    Party::Shop => 0,
                },
                liable: changed.liable,
                facts: facts.clone(),
                rule: applied.clone(),
                redress: redress.clone(),
                policy_version: desk.case.policy_version,
                created_at: now,
            };
            let after = step(tx, &mut ids, &desk, (command, changed), &facts).await?;
            rows::insert_decision(tx, verdict.shop, &row).await?;
            let answer = CaseAnswer::of(&after);
            requests::keep(tx, verdict.request.as_ref(), &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

/// The case with what the verdict says about its money. A verdict for the shop leaves it as it was.
fn decided(case: &CaseRow, verdict: &Verdict, person: PersonId) -> Result<CaseRow, Failure> {
    let mut after = CaseRow { arbiter: Some(person), ..case.clone() };
    if verdict.in_favour_of == Party::Shop {
        return Ok(after);
    }
    let most = still_open(case);
    if verdict.amount_minor < 0 || verdict.amount_minor > most {
        let says = format!("0 to {most} minor units: what was asked for and not yet refunded");
        return Err(Failure::invalid("amount", "out_of_range", says));
    }
    after.agreed_minor = if verdict.amount_minor == most { 0 } else { verdict.amount_minor };
    after.liable = verdict.liable;
    Ok(after)
}
