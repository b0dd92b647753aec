//! After-sales: the buyer asks for help, the shop answers, the house decides where they do not agree.
//!
//! Every step of a case goes through [`steps::step`]: load, decide, move the money, record. A case holds its order: while
//! one is open, the order neither completes nor settles.

mod ask;
mod decisions;
mod money;
mod offers;
mod reads;
mod steps;

use rules::after_sales::{CaseCommand, CaseRefusal, Party};
use rules::ids::{CaseId, PersonId, ShopId};
use rules::people::Permission;
use store::Tx;
use store::after_sales as rows;

use crate::caller::Caller;
use crate::failure::{Failure, Refusal};
use crate::market::{Actor, Market};
use crate::requests::{Answered, RequestKey};

pub use ask::{AskForHelp, HelpLine, ask_for_help};
pub use decisions::{Verdict, decide_appeal, decide_case, take_case, take_over};
pub use offers::{AnswerReturn, Offer, accept_partly, offer};
pub use reads::{
    CaseFile, Choice, Help, HelpItem, buyer_case_file, buyer_cases, case_file, cases_of_order,
    help, house_cases, shop_cases,
};
pub use steps::CaseAnswer;

/// One step of a case which needs nothing more than who takes it.
#[derive(Clone, Debug)]
pub struct CaseAsk {
    pub shop: ShopId,
    pub case: CaseId,
    pub actor: Actor,
    /// What the one who takes the step says; may be empty where nothing needs to be said.
    pub words: String,
    /// The version which the caller saw, if it was told.
    pub expected: Option<i64>,
    pub request: Option<RequestKey>,
}

/// Which shop a buyer's case is in. A case of somebody else is not found.
pub async fn shop_of(market: &Market, buyer: PersonId, case: CaseId) -> Result<ShopId, Failure> {
    let found = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(rows::of_buyer_id(tx, buyer, case).await?))
        .await?;
    found.ok_or(Failure::NotFound)
}

/// The step of a buyer, in whichever shop the case is.
pub async fn asked_by_buyer(
    market: &Market,
    buyer: PersonId,
    case: CaseId,
    words: String,
    request: Option<RequestKey>,
) -> Result<CaseAsk, Failure> {
    let shop = shop_of(market, buyer, case).await?;
    Ok(CaseAsk { shop, case, actor: Actor::Buyer(buyer), words, expected: None, request })
}

/// The step of a shop's staff; answering cases is a permission of its own.
pub fn asked_by_shop(
    caller: &Caller,
    shop: ShopId,
    case: CaseId,
    words: String,
    request: Option<RequestKey>,
) -> Result<CaseAsk, Failure> {
    caller.for_shop(shop, Permission::AnswerCases)?;
    let actor = Actor::Staff { person: caller.person, shop };
    Ok(CaseAsk { shop, case, actor, words, expected: None, request })
}

/// The buyer thought better of it.
pub async fn withdraw(market: &Market, ask: CaseAsk) -> Result<Answered<CaseAnswer>, Failure> {
    steps::go(market, ask, CaseCommand::Withdraw).await
}

/// The buyer takes what the shop has offered.
pub async fn accept_offer(market: &Market, ask: CaseAsk) -> Result<Answered<CaseAnswer>, Failure> {
    offers::accept(market, ask).await
}

pub async fn refuse_offer(market: &Market, ask: CaseAsk) -> Result<Answered<CaseAnswer>, Failure> {
    steps::go(market, ask, CaseCommand::RefuseOffer).await
}

/// The buyer asks the house to decide, and says why.
pub async fn escalate(market: &Market, ask: CaseAsk) -> Result<Answered<CaseAnswer>, Failure> {
    let words = crate::cancellations::words("words", &ask.words, 1)?;
    steps::go(market, CaseAsk { words, ..ask }, CaseCommand::Escalate).await
}

/// The shop agrees to what was asked.
pub async fn approve(market: &Market, ask: CaseAsk) -> Result<Answered<CaseAnswer>, Failure> {
    steps::go(market, ask, CaseCommand::Approve).await
}

/// The shop says no, and why.
pub async fn reject(market: &Market, ask: CaseAsk) -> Result<Answered<CaseAnswer>, Failure> {
    let words = crate::cancellations::words("words", &ask.words, 1)?;
    steps::go(market, CaseAsk { words, ..ask }, CaseCommand::Reject).await
}

/// The goods have come back and are as they should be.
pub async fn accept_return(market: &Market, ask: CaseAsk) -> Result<Answered<CaseAnswer>, Failure> {
    steps::go(market, ask, CaseCommand::AcceptReturn).await
}

/// What has come back is not what was sent, and the shop says how.
pub async fn reject_return(market: &Market, ask: CaseAsk) -> Result<Answered<CaseAnswer>, Failure> {
    let words = crate::cancellations::words("words", &ask.words, 1)?;
    steps::go(market, CaseAsk { words, ..ask }, CaseCommand::RejectReturn).await
}

/// The return has come to the shop's door.
pub async fn receive_return(
    market: &Market,
    ask: CaseAsk,
) -> Result<Answered<CaseAnswer>, Failure> {
    steps::go(market, ask, CaseCommand::Arrive).await
}

/// A side has nothing more to hand in.
pub async fn finish_evidence(
    market: &Market,
    ask: CaseAsk,
) -> Result<Answered<CaseAnswer>, Failure> {
    let party = party_of(ask.actor)?;
    steps::go(market, ask, CaseCommand::FinishEvidence { party }).await
}

/// The side which lost asks somebody else of the house to look again, and says why.
pub async fn appeal(market: &Market, ask: CaseAsk) -> Result<Answered<CaseAnswer>, Failure> {
    let words = crate::cancellations::words("words", &ask.words, 1)?;
    let party = party_of(ask.actor)?;
    steps::go(market, CaseAsk { words, ..ask }, CaseCommand::Appeal { party }).await
}

/// The buyer has handed the goods in; the number is what the carrier calls the parcel.
pub async fn send_back(
    market: &Market,
    ask: CaseAsk,
    carrier: &str,
    number: &str,
) -> Result<Answered<CaseAnswer>, Failure> {
    let carrier = crate::cancellations::words("carrier", carrier, 1)?;
    let number = crate::cancellations::words("number", number, 1)?;
    steps::go_with(market, ask, CaseCommand::SendBack, move |case| {
        case.return_carrier.clone_from(&carrier);
        case.return_number.clone_from(&number);
    })
    .await
}

/// Silence, of whomever the case waits for.
pub(crate) async fn pass_deadline(
    market: &Market,
    shop: ShopId,
    case: CaseId,
) -> Result<(), Failure> {
    let ask = CaseAsk {
        shop,
        case,
        actor: Actor::Clock,
        words: String::new(),
        expected: None,
        request: None,
    };
    steps::go(market, ask, CaseCommand::PassDeadline).await.map(drop)
}

pub(crate) use steps::{order_ended, refunds_confirmed};

/// Of the two who argue, which one this is.
fn party_of(actor: Actor) -> Result<Party, Failure> {
    match actor {
        Actor::Buyer(_) => Ok(Party::Buyer),
        Actor::Staff { .. } => Ok(Party::Shop),
        Actor::House(_) | Actor::Clock | Actor::Provider | Actor::Carrier | Actor::Bank => {
            Err(Failure::NotAllowed)
        }
    }
}

fn refused(refusal: CaseRefusal) -> Failure {
    let answer = Refusal::new(refusal.code(), refusal.to_string());
    match refusal {
        CaseRefusal::NotNow { command, state } => {
            answer.fact("command", command.code()).fact("state", state.code()).into()
        }
        CaseRefusal::NotDueYet { due } => answer.fact("due", due).into(),
        CaseRefusal::NoMoreOffers(count) | CaseRefusal::NoMoreDisputes(count) => {
            answer.fact("count", count).into()
        }
        CaseRefusal::NotTheLoser | CaseRefusal::Final => answer.into(),
    }
}
