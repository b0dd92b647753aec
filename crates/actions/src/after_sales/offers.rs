//! What the shop offers instead of what was asked, and what it makes of goods which came back.

use rules::after_sales::{CaseCommand, CaseState, Remedy};
use store::Tx;
use store::after_sales::{self as rows, CaseOffer, CaseRow, OfferState};

use super::CaseAsk;
use super::steps::{CaseAnswer, Desk, step};
use crate::cancellations::words;
use crate::failure::{Failure, Refusal};
use crate::market::Market;
use crate::orders::IDS_A_COMMAND;
use crate::requests::{self, Answered};

/// What the shop would rather do.
#[derive(Clone, Debug)]
pub struct Offer {
    pub ask: CaseAsk,
    pub remedy: Remedy,
    /// What would go back, minor units; at most what was asked for.
    pub amount_minor: i64,
}

/// What of a return's refund the shop keeps back, and why.
#[derive(Clone, Debug)]
pub struct AnswerReturn {
    pub ask: CaseAsk,
    /// What goes back, minor units.
    pub amount_minor: i64,
}

/// Offers something else. What is no worse than what was asked is taken at once: nobody has to be asked then.
pub async fn offer(market: &Market, offer: Offer) -> Result<Answered<CaseAnswer>, Failure> {
    let said = words("words", &offer.ask.words, 1)?;
    if offer.remedy.brings_goods() {
        let says = "only money can be offered here";
        return Err(Failure::invalid("remedy", "remedy_not_offered", says));
    }
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let ask = &offer.ask;
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let desk = Desk::open(tx, &here, (ask.shop, ask.case), ask.actor, now).await?;
            let most = desk.case.asked.minor;
            if offer.amount_minor < 1 || offer.amount_minor > most {
                let says = format!("an offer is 1 to {most} minor units: what was asked for");
                return Err(Failure::invalid("amount", "out_of_range", says));
            }
            let at_once = no_worse(&desk.case, &offer);
            let command = CaseCommand::Offer { remedy: offer.remedy, at_once };
            let mut changed = desk.case.clone();
            if at_once {
                changed.agreed_minor = agreed(&desk.case, offer.amount_minor);
            }
            let after = step(tx, &mut ids, &desk, (command, changed), &said).await?;
            let row = CaseOffer {
                id: ids.take(),
                case: ask.case,
                remedy: offer.remedy,
                amount_minor: offer.amount_minor,
                words: said.clone(),
                state: if at_once { OfferState::Accepted } else { OfferState::Open },
                answered_at: at_once.then_some(now),
                created_at: now,
            };
            rows::insert_offer(tx, ask.shop, &row).await?;
            let answer = CaseAnswer::of(&after);
            requests::keep(tx, ask.request.as_ref(), &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

/// All the money, and nothing to do for the buyer which the buyer has not offered to do.
fn no_worse(case: &CaseRow, offer: &Offer) -> bool {
    let less_to_do = !offer.remedy.goods_go_back() || case.remedy.goods_go_back();
    offer.amount_minor >= case.asked.minor && less_to_do
}

/// 0 stands for all of it.
fn agreed(case: &CaseRow, amount_minor: i64) -> i64 {
    if amount_minor >= case.asked.minor { 0 } else { amount_minor }
}

/// The buyer takes the open offer.
pub(super) async fn accept(market: &Market, ask: CaseAsk) -> Result<Answered<CaseAnswer>, Failure> {
    let said = words("words", &ask.words, 0)?;
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let desk = Desk::open(tx, &here, (ask.shop, ask.case), ask.actor, now).await?;
            let offers = rows::offers(tx, ask.shop, ask.case).await?;
            let open = offers.into_iter().find(|offer| offer.state == OfferState::Open);
            let open = open.ok_or_else(|| Refusal::new("no_open_offer", "there is no offer"))?;
            let command = CaseCommand::AcceptOffer { remedy: open.remedy };
            let mut changed = desk.case.clone();
            changed.agreed_minor = agreed(&desk.case, open.amount_minor);
            let after = step(tx, &mut ids, &desk, (command, changed), &said).await?;
            let answer = CaseAnswer::of(&after);
            requests::keep(tx, ask.request.as_ref(), &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

/// The goods came back, not all as they were: a part is refunded, and the shop says why not the rest.
pub async fn accept_partly(
    market: &Market,
    answer: AnswerReturn,
) -> Result<Answered<CaseAnswer>, Failure> {
    let said = words("words", &answer.ask.words, 1)?;
    let (now, block) = (market.now(), market.ids.block(IDS_A_COMMAND));
    let here = market.clone();
    market
        .store
        .write(async move |tx: &mut Tx| {
            let ask = &answer.ask;
            if let Some(answered) = requests::kept(tx, ask.request.as_ref()).await? {
                return Ok(answered);
            }
            let mut ids = block.start();
            let desk = Desk::open(tx, &here, (ask.shop, ask.case), ask.actor, now).await?;
            let most = promised(&desk.case) - 1;
            if answer.amount_minor < 1 || answer.amount_minor > most {
                let says = format!("1 to {most} minor units; all of it is accepting the return");
                return Err(Failure::invalid("amount", "out_of_range", says));
            }
            let changed = CaseRow { agreed_minor: answer.amount_minor, ..desk.case.clone() };
            let command = CaseCommand::AcceptPartly;
            let after = step(tx, &mut ids, &desk, (command, changed), &said).await?;
            let answer = CaseAnswer::of(&after);
            requests::keep(tx, ask.request.as_ref(), &answer, now).await?;
            Ok(Answered::new(answer))
        })
        .await
}

/// What the case is about, minor units: what was agreed, or all.
pub(super) const fn promised(case: &CaseRow) -> i64 {
    if case.agreed_minor == 0 { case.asked.minor } else { case.agreed_minor }
}

/// What may still be refunded in this case, minor units.
pub(super) const fn still_open(case: &CaseRow) -> i64 {
    let left = case.asked.minor - case.refunded_minor;
    if left < 0 { 0 } else { left }
}

/// Whether the goods are with the shop, so that it may say what came back.
pub(super) const fn is_back(state: CaseState) -> bool {
    matches!(state, CaseState::ReturnInTransit { .. } | CaseState::Inspecting { .. })
}
