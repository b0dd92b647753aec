//! Payouts: planned when their day comes, sent when nothing stands against it, and ended by what the bank says.

mod bank_files;
mod reads;

pub use bank_files::{FileMade, bank_file, files, make_bank_file};
pub use reads::{
    HousePayouts, PayoutFile, ShopPayouts, house_payouts, of_shop, payout_file, shop_of,
};

use std::collections::BTreeMap;

use rules::ids::{PayoutId, PersonId, ShopId};
use rules::ledger::Account;
use rules::ledger::check::{Fault, check_home};
use rules::money::{Currency, Money};
use rules::people::Permission;
use rules::policy::{MarketCode, PayoutPolicy, Policies, SettlementPolicy, Tier};
use rules::settlement::debts::payable_minor;
use rules::settlement::payouts::{
    BankAnswer, Obstacle, PayoutCommand, PayoutEvent, PayoutRefusal, PayoutState, Standing, apply,
    decide, is_payout_day,
};
use rules::settlement::terms::may_be_paid_out;
use rules::time::{Span, Timestamp};
use serde_json::json;
use store::bank_accounts::{self, BankAccount, REFUSED};
use store::events::EventRow;
use store::ledger::Occasion;
use store::payouts::PayoutRow;
use store::shops::Shop;
use store::{Tx, events, ledger, lists, payouts, reconciliation, shops};

use crate::bank_accounts::ShopAccounts;
use crate::caller::Caller;
use crate::debts;
use crate::failure::{Failure, Refusal};
use crate::id_maker::IdRun;
use crate::market::{Actor, Market, Mode};
use crate::requests::{self, Answered, RequestKey};
use crate::sandbox_bank;

/// More ids than any one command on one payout takes.
const IDS: i64 = 7 + sandbox_bank::IDS;

/// A shop, and the policy which governs its money now.
struct Terms {
    shop: Shop,
    policy: SettlementPolicy,
    every_days: i64,
}

async fn terms(tx: &mut Tx, policies: &Policies, shop: ShopId) -> Result<Terms, Failure> {
    let row = shops::load(tx, shop).await?.ok_or(Failure::NotFound)?;
    let code =
        MarketCode::parse(&row.market).map_err(|error| Failure::Broken(error.to_string()))?;
    let tier =
        Tier::parse(&row.tier).ok_or_else(|| Failure::Broken(format!("tier {}", row.tier)))?;
    let policy = policies.settlement(code).clone();
    Ok(Terms { every_days: policy.tier(tier).payout_every_days, policy, shop: row })
}

/// Plans the payouts of the day which begins at `day`, shop by shop. Running again plans nothing twice: what is on its
/// way already is left alone.
pub(crate) async fn plan_day(market: &Market, day: Timestamp) -> Result<u64, Failure> {
    let waiting = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(lists::payouts::available(tx).await?))
        .await?;
    let mut planned = 0;
    for (home, code, _) in waiting {
        let currency =
            Currency::parse(&code).map_err(|error| Failure::Broken(error.to_string()))?;
        let (now, block, here) = (market.now(), market.ids.block(2), market.clone());
        let done = market
            .store
            .write(async move |tx: &mut Tx| {
                let (_, policies) = here.policies();
                let terms = match terms(tx, &policies, home).await {
                    Ok(terms) => terms,
                    // Money of a home which is no shop is not paid out from here.
                    Err(Failure::NotFound) => return Ok(false),
                    Err(failure) => return Err(failure),
                };
                if !is_payout_day(day, terms.every_days) {
                    return Ok(false);
                }
                let sum = match sum_to_pay(tx, &terms, currency, now).await {
                    Ok(sum) => sum,
                    Err(Failure::Refused(_)) => return Ok(false),
                    Err(failure) => return Err(failure),
                };
                plan(tx, &mut block.start(), &terms, sum, Actor::Clock, now).await?;
                Ok::<_, Failure>(true)
            })
            .await?;
        planned += u64::from(done);
    }
    Ok(planned)
}

/// What a payout of everything available would be, and to where.
async fn sum_to_pay(
    tx: &mut Tx,
    terms: &Terms,
    currency: Currency,
    now: Timestamp,
) -> Result<(Money, BankAccount), Failure> {
    let shop = terms.shop.id;
    let open = payouts::open_of_shop(tx, shop).await?;
    if let Some(open) = open.iter().find(|open| open.amount.currency == currency) {
        let says = "a payout is on its way already; the next one follows it";
        return Err(Refusal::new("payout_on_its_way", says).fact("payout", open.id).into());
    }
    let all = bank_accounts::of_shop(tx, shop).await?;
    let accounts = ShopAccounts::of(&all, now);
    let Some(account) = accounts.in_use else {
        return Err(match accounts.refused {
            true => Failure::refused(
                "account_refused",
                "the bank refused the shop's account: register another one first",
            ),
            false => Failure::refused("no_bank_account", "register the shop's bank account first"),
        });
    };
    let sum = Money::new(available(tx, shop, currency).await?, currency);
    if !may_be_paid_out(&terms.policy, sum.minor, currency) {
        let least = terms.policy.payout_minimum_minor.get(currency.code()).copied().unwrap_or(1);
        let says = "this is less than is paid out; it waits for more";
        let refusal = Refusal::new("below_payout_minimum", says);
        let least = Money::new(least, currency);
        return Err(refusal.fact("available", sum).fact("least", least).into());
    }
    Ok((sum, account))
}

/// What a payout may take: what the shop owes is paid first.
async fn available(tx: &mut Tx, shop: ShopId, currency: Currency) -> Result<i64, Failure> {
    let rows = ledger::balances_of(tx, shop.number()).await?;
    let has = |account: Account| {
        let row = rows.iter().find(|row| row.account == account && row.currency == currency);
        row.map_or(0, |row| row.balance.spendable(account))
    };
    Ok(payable_minor(has(Account::Available), has(Account::Debt)))
}

async fn plan(
    tx: &mut Tx,
    ids: &mut IdRun,
    terms: &Terms,
    (amount, account): (Money, BankAccount),
    actor: Actor,
    now: Timestamp,
) -> Result<PayoutRow, Failure> {
    let id: PayoutId = ids.take();
    let send_at = now + Span::from_hours(terms.policy.payout.send_after_hours);
    let row = PayoutRow {
        id,
        shop: terms.shop.id,
        state: PayoutState::Scheduled { send_at },
        amount,
        bank_account: account.id,
        first: id,
        attempt: 1,
        obstacles: Vec::new(),
        bank_file: None,
        sent_at: None,
        ended_at: None,
        version: 1,
        created_at: now,
    };
    payouts::insert(tx, &row).await?;
    let body = json!({ "amount": amount, "until": send_at });
    note(tx, ids, &row, "payout_scheduled", actor, body, now).await?;
    Ok(row)
}

/// The shop asks for its money before the next payout day.
pub async fn pay_out_now(
    market: &Market,
    caller: &Caller,
    shop: ShopId,
    request: Option<RequestKey>,
) -> Result<Answered<PayoutId>, Failure> {
    caller.for_shop(shop, Permission::ManageBankAccount)?;
    let (now, block, here) = (market.now(), market.ids.block(2), market.clone());
    let actor = Actor::Staff { person: caller.person, shop };
    market
        .store
        .write(async move |tx: &mut Tx| {
            if let Some(answered) = requests::kept(tx, request.as_ref()).await? {
                return Ok(answered);
            }
            let (_, policies) = here.policies();
            let terms = terms(tx, &policies, shop).await?;
            let currency = Currency::parse(&terms.shop.currency)
                .map_err(|error| Failure::Broken(error.to_string()))?;
            let sum = sum_to_pay(tx, &terms, currency, now).await?;
            let row = plan(tx, &mut block.start(), &terms, sum, actor, now).await?;
            requests::keep(tx, request.as_ref(), &row.id, now).await?;
            Ok(Answered::new(row.id))
        })
        .await
}

/// The time to send has come, or the bank's time to answer is over.
pub async fn pass_deadline(market: &Market, shop: ShopId, id: PayoutId) -> Result<(), Failure> {
    let wrong = faults_of(market, shop).await?;
    let (now, block, here) = (market.now(), market.ids.block(IDS), market.clone());
    market
        .store
        .write(async move |tx: &mut Tx| {
            let row = payouts::load(tx, shop, id).await?.ok_or(Failure::NotFound)?;
            let (_, policies) = here.policies();
            let terms = terms(tx, &policies, shop).await?;
            let all = bank_accounts::of_shop(tx, shop).await?;
            let accounts = ShopAccounts::of(&all, now);
            let mut obstacles = wrong.clone();
            obstacles.extend(accounts.obstacle());
            let account = accounts.in_use;
            if !reconciliation::open_of_shop(tx, shop).await?.is_empty() {
                obstacles.push(Obstacle::ReportDiffers);
            }
            obstacles.sort_unstable();
            let available_minor = available(tx, shop, row.amount.currency).await?;
            let command = PayoutCommand::PassDeadline(Standing { available_minor, obstacles });
            let work =
                Work { market: &here, policy: &terms.policy.payout, actor: Actor::Clock, now };
            carry_out(tx, &work, &mut block.start(), &row, account.as_ref(), &command).await?;
            Ok(())
        })
        .await
}

/// Invariants 1 and 2 of the shop, checked over all its transfers before the act: it reads much and writes nothing.
async fn faults_of(market: &Market, shop: ShopId) -> Result<Vec<Obstacle>, Failure> {
    let home = shop.number();
    let faults = market
        .store
        .read(async move |tx: &mut Tx| {
            let sums = ledger::sums_of(tx, home).await?;
            let mut kept = BTreeMap::new();
            for row in ledger::balances_of(tx, home).await? {
                kept.insert((row.home_id, row.account, row.currency.code()), row.balance);
            }
            Ok::<_, Failure>(check_home(&sums, &kept))
        })
        .await?;
    let below = |fault: &Fault| matches!(fault, Fault::BelowZero { .. });
    let mut obstacles = Vec::new();
    if faults.iter().any(|fault| !below(fault)) {
        obstacles.push(Obstacle::BooksUnequal);
    }
    if faults.iter().any(below) {
        obstacles.push(Obstacle::BelowZero);
    }
    Ok(obstacles)
}

/// What the bank says of a payout. The same again changes nothing.
pub async fn take_answer(
    market: &Market,
    shop: ShopId,
    id: PayoutId,
    answer: BankAnswer,
    actor: Actor,
) -> Result<PayoutRow, Failure> {
    let (now, block, here) = (market.now(), market.ids.block(IDS), market.clone());
    market
        .store
        .write(async move |tx: &mut Tx| {
            let row = payouts::load(tx, shop, id).await?.ok_or(Failure::NotFound)?;
            let (_, policies) = here.policies();
            let terms = terms(tx, &policies, shop).await?;
            let command = PayoutCommand::TakeAnswer(answer);
            let work = Work { market: &here, policy: &terms.policy.payout, actor, now };
            match carry_out(tx, &work, &mut block.start(), &row, None, &command).await {
                Err(Failure::Refused(refusal)) if refusal.code == "payout_answered_already" => {
                    Ok(row)
                }
                other => other,
            }
        })
        .await
}

/// A person of the house says what the bank said: read from a bank statement or a letter.
pub async fn record_answer(
    market: &Market,
    caller: &Caller,
    shop: ShopId,
    id: PayoutId,
    answer: BankAnswer,
) -> Result<PayoutRow, Failure> {
    caller.for_house(Permission::HandlePayouts)?;
    take_answer(market, shop, id, answer, Actor::House(caller.person)).await
}

/// A person of the house has the stopped payouts of a shop looked at again at once.
pub async fn look_again(market: &Market, caller: &Caller, shop: ShopId) -> Result<(), Failure> {
    caller.for_house(Permission::HandlePayouts)?;
    let now = market.now();
    market.store.write(async move |tx: &mut Tx| wake(tx, shop, now).await).await
}

/// Stopped payouts of a shop become due: what stood against them may be gone.
pub(crate) async fn wake(tx: &mut Tx, shop: ShopId, now: Timestamp) -> Result<(), Failure> {
    for row in payouts::open_of_shop(tx, shop).await? {
        if row.obstacles.is_empty() {
            continue;
        }
        let state = PayoutState::Scheduled { send_at: now };
        payouts::record(tx, &PayoutRow { state, ..row }).await?;
    }
    Ok(())
}

/// What a command on a payout needs besides it.
struct Work<'a> {
    market: &'a Market,
    policy: &'a PayoutPolicy,
    actor: Actor,
    now: Timestamp,
}

/// Decide and record: the one path on which a payout changes.
async fn carry_out(
    tx: &mut Tx,
    work: &Work<'_>,
    ids: &mut IdRun,
    before: &PayoutRow,
    account: Option<&BankAccount>,
    command: &PayoutCommand,
) -> Result<PayoutRow, Failure> {
    let now = work.now;
    let decision = decide(&before.for_decision(), command, work.policy, now)
        .map_err(|refusal: PayoutRefusal| Failure::from(refusal))?;
    let mut after = PayoutRow { state: apply(&decision.event), ..before.clone() };
    after.obstacles = Vec::new();
    match &decision.event {
        PayoutEvent::Sent { .. } => {
            let account = account
                .ok_or_else(|| Failure::Broken("a payout was sent to no account".to_owned()))?;
            after.sent_at = Some(now);
            after.bank_account = account.id;
            if work.market.mode == Mode::Sandbox {
                sandbox_bank::send(tx, ids, &after, account, now).await?;
            }
        }
        PayoutEvent::Stopped { obstacles, .. } => after.obstacles.clone_from(obstacles),
        PayoutEvent::AnswerOverdue { .. } => {}
        PayoutEvent::Paid | PayoutEvent::Failed { .. } => after.ended_at = Some(now),
    }
    payouts::record(tx, &after).await?;
    let occasion = Occasion {
        home_id: before.shop.number(),
        currency: before.amount.currency,
        subject: "payout",
        subject_id: before.id.number(),
        step: before.version + 1,
        now,
    };
    debts::post(tx, ids, &occasion, decision.transfers.clone()).await?;
    if let PayoutEvent::Failed { reason, again_at } = &decision.event {
        if reason.blames_account() {
            refuse_account(tx, before).await?;
        }
        if let Some(send_at) = again_at {
            try_again(tx, ids, before, *send_at, now).await?;
        }
    }
    // To be stopped for the same reasons again is no news.
    let same = matches!(decision.event, PayoutEvent::Stopped { .. })
        && after.obstacles == before.obstacles;
    if !same {
        note(tx, ids, &after, decision.event.code(), work.actor, told(&decision.event), now)
            .await?;
    }
    Ok(PayoutRow { version: before.version + 1, ..after })
}

fn told(event: &PayoutEvent) -> serde_json::Value {
    match event {
        PayoutEvent::Sent { answer_by } | PayoutEvent::AnswerOverdue { answer_by } => {
            json!({ "until": answer_by })
        }
        PayoutEvent::Stopped { obstacles, send_at } => {
            json!({ "obstacles": obstacles, "until": send_at })
        }
        PayoutEvent::Paid => json!({}),
        PayoutEvent::Failed { reason, again_at } => json!({ "reason": reason, "until": again_at }),
    }
}

/// The same sum once more, as a payout of its own: the bank's answers name the try.
async fn try_again(
    tx: &mut Tx,
    ids: &mut IdRun,
    before: &PayoutRow,
    send_at: Timestamp,
    now: Timestamp,
) -> Result<(), Failure> {
    let again = PayoutRow {
        id: ids.take(),
        state: PayoutState::Scheduled { send_at },
        attempt: before.attempt + 1,
        obstacles: Vec::new(),
        bank_file: None,
        sent_at: None,
        ended_at: None,
        version: 1,
        created_at: now,
        ..before.clone()
    };
    payouts::insert(tx, &again).await?;
    let body = json!({ "amount": again.amount, "until": send_at, "attempt": again.attempt });
    note(tx, ids, &again, "payout_scheduled", Actor::Clock, body, now).await
}

async fn refuse_account(tx: &mut Tx, payout: &PayoutRow) -> Result<(), Failure> {
    let account = bank_accounts::load(tx, payout.shop, payout.bank_account).await?;
    match account {
        Some(account) if account.state != REFUSED => {
            Ok(bank_accounts::record(tx, &account, REFUSED).await?)
        }
        Some(_) | None => Ok(()),
    }
}

async fn note(
    tx: &mut Tx,
    ids: &mut IdRun,
    payout: &PayoutRow,
    kind: &'static str,
    actor: Actor,
    body: serde_json::Value,
    now: Timestamp,
) -> Result<(), Failure> {
    let event = EventRow {
        id: ids.take(),
        home_id: payout.shop.number(),
        subject: "payout",
        subject_id: payout.id.number(),
        kind,
        actor: actor.code(),
        body: body.to_string(),
        relay: false,
        created_at: now,
    };
    Ok(events::insert(tx, &[event]).await?)
}

/// Who may see this payout's shop as the house does.
pub(crate) fn of_house(caller: &Caller) -> Result<PersonId, Failure> {
    caller.for_house(Permission::HandlePayouts)?;
    Ok(caller.person)
}
