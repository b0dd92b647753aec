//! Where a shop's payouts go. A change needs the owner's password once more and waits before it is used, so that whoever
//! borrowed a session cannot turn the money away unseen.

use rules::ids::{BankAccountId, PersonId, ShopId};
use rules::people::Permission;
use rules::policy::MarketCode;
use rules::settlement::bank_accounts::{AccountNumber, AccountScheme};
use rules::settlement::payouts::Obstacle;
use rules::time::{Span, Timestamp};
use serde_json::json;
use store::bank_accounts::{self, BankAccount, REGISTERED, WITHDRAWN};
use store::events::EventRow;
use store::{Tx, events, shops};

use crate::caller::Caller;
use crate::failure::{Failure, FieldFault, Refusal};
use crate::market::{Actor, Market};
use crate::people::ask_password_again;

/// Characters of an account holder's name: what a bank file has room for.
const LONGEST_HOLDER: usize = 70;

/// An account as it was typed.
#[derive(Clone, PartialEq, Eq)]
pub struct RegisterAccount {
    pub holder: String,
    /// ISO 3166-1, two letters: where the bank is.
    pub country: String,
    pub scheme: AccountScheme,
    pub bank: String,
    pub number: String,
    /// The owner's own password.
    pub password: String,
}

/// The account in use and the one which waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShopAccounts {
    pub in_use: Option<BankAccount>,
    /// Registered, not used yet.
    pub waiting: Option<BankAccount>,
    /// Whether the last one in use was refused by the bank and nothing took its place.
    pub refused: bool,
}

impl ShopAccounts {
    /// Why nothing can be paid out as the accounts stand.
    pub fn obstacle(&self) -> Option<Obstacle> {
        match &self.in_use {
            Some(_) => None,
            None if self.refused => Some(Obstacle::AccountRefused),
            None => Some(Obstacle::NoBankAccount),
        }
    }

    /// `all` is the newest first.
    pub(crate) fn of(all: &[BankAccount], now: Timestamp) -> Self {
        // One which was replaced never comes back by itself: perhaps the shop has no hold of it any more.
        let newest = all.iter().find(|account| account.has_begun(now));
        let in_use = newest.filter(|account| !account.is_refused()).cloned();
        let waits = |account: &&BankAccount| account.state == REGISTERED && account.usable_at > now;
        let waiting = all.iter().find(waits).cloned();
        let refused = newest.is_some_and(BankAccount::is_refused);
        Self { in_use, waiting, refused }
    }
}

/// Registers the account to which payouts go. The first one is used at once, a change waits.
pub async fn register(
    market: &Market,
    caller: &Caller,
    shop: ShopId,
    ask: RegisterAccount,
) -> Result<BankAccount, Failure> {
    caller.for_shop(shop, Permission::ManageBankAccount)?;
    let account = checked(&ask)?;
    ask_password_again(market, caller, ask.password.clone(), "password").await?;
    keep(market, caller.person, shop, &ask, account).await
}

/// As [`register`], without a password: for a shop which is brought in by the house, its account checked elsewhere.
/// No page and no route of the API leads here.
pub async fn bring_in(
    market: &Market,
    owner: PersonId,
    shop: ShopId,
    ask: RegisterAccount,
) -> Result<BankAccount, Failure> {
    let account = checked(&ask)?;
    keep(market, owner, shop, &ask, account).await
}

async fn keep(
    market: &Market,
    person: PersonId,
    shop: ShopId,
    ask: &RegisterAccount,
    account: AccountNumber,
) -> Result<BankAccount, Failure> {
    let (now, block) = (market.now(), market.ids.block(2));
    let (_, policies) = market.policies();
    let (holder, country) = (ask.holder.trim().to_owned(), ask.country.trim().to_ascii_uppercase());
    market
        .store
        .write(async move |tx: &mut Tx| {
            let row = shops::load(tx, shop).await?.ok_or(Failure::NotFound)?;
            let code = MarketCode::parse(&row.market)
                .map_err(|error| Failure::Broken(error.to_string()))?;
            let wait = policies.settlement(code).payout.account_wait_hours;
            let all = bank_accounts::of_shop(tx, shop).await?;
            let before = ShopAccounts::of(&all, now);
            let mut ids = block.start();
            // Where nothing works there is nothing to protect: the money could not go anywhere else.
            let usable_at = match before.in_use {
                Some(_) => now + Span::from_hours(wait),
                None => now,
            };
            // Only one change waits at a time: the newer one takes the place of the older one.
            if let Some(waiting) = &before.waiting {
                bank_accounts::record(tx, waiting, WITHDRAWN).await?;
            }
            let fresh = BankAccount {
                id: ids.take(),
                shop,
                state: REGISTERED.to_owned(),
                holder: holder.clone(),
                country: country.clone(),
                account: account.clone(),
                usable_at,
                changed_by: person,
                version: 1,
                created_at: now,
            };
            bank_accounts::insert(tx, &fresh).await?;
            let body = json!({ "account": account.masked(), "usable_at": usable_at });
            note(tx, ids.take(), &fresh, "bank_account_registered", person, body, now).await?;
            if usable_at <= now {
                crate::payouts::wake(tx, shop, now).await?;
            }
            Ok(fresh)
        })
        .await
}

/// Takes a change back before it is used.
pub async fn withdraw(
    market: &Market,
    caller: &Caller,
    shop: ShopId,
    account: BankAccountId,
) -> Result<(), Failure> {
    caller.for_shop(shop, Permission::ManageBankAccount)?;
    caller.in_person()?;
    let (now, block, person) = (market.now(), market.ids.block(1), caller.person);
    market
        .store
        .write(async move |tx: &mut Tx| {
            let row = bank_accounts::load(tx, shop, account).await?.ok_or(Failure::NotFound)?;
            if row.state != REGISTERED || row.usable_at <= now {
                let says = "this account is in use already, or was taken back";
                return Err(Refusal::new("not_waiting", says).fact("account", account).into());
            }
            bank_accounts::record(tx, &row, WITHDRAWN).await?;
            let body = json!({ "account": row.account.masked() });
            let id = block.start().take();
            note(tx, id, &row, "bank_account_withdrawn", person, body, now).await
        })
        .await
}

/// The accounts of a shop as they stand now.
pub async fn of_shop(market: &Market, shop: ShopId) -> Result<ShopAccounts, Failure> {
    let now = market.now();
    market
        .store
        .read(async move |tx: &mut Tx| {
            let all = bank_accounts::of_shop(tx, shop).await?;
            Ok::<_, Failure>(ShopAccounts::of(&all, now))
        })
        .await
}

fn checked(ask: &RegisterAccount) -> Result<AccountNumber, Failure> {
    let mut faults = Vec::new();
    let holder = ask.holder.trim();
    if holder.is_empty() || holder.chars().count() > LONGEST_HOLDER {
        let says = format!("the holder's name has 1 to {LONGEST_HOLDER} characters");
        faults.push(FieldFault::new("holder", "not_a_holder", says));
    }
    let country = ask.country.trim();
    if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_alphabetic()) {
        let says = "a country is two letters, as DE";
        faults.push(FieldFault::new("country", "not_a_country", says));
    }
    match AccountNumber::parse(ask.scheme, &ask.bank, &ask.number) {
        Ok(account) if faults.is_empty() => Ok(account),
        Ok(_) => Err(Failure::Invalid(faults)),
        Err(fault) => {
            faults.push(FieldFault::new(fault.field(), fault.code(), fault.to_string()));
            Err(Failure::Invalid(faults))
        }
    }
}

async fn note(
    tx: &mut Tx,
    id: rules::ids::EventId,
    account: &BankAccount,
    kind: &'static str,
    person: PersonId,
    body: serde_json::Value,
    now: Timestamp,
) -> Result<(), Failure> {
    let shop = account.shop;
    let event = EventRow {
        id,
        home_id: shop.number(),
        subject: "bank_account",
        subject_id: account.id.number(),
        kind,
        actor: Actor::Staff { person, shop }.code(),
        body: body.to_string(),
        relay: false,
        created_at: now,
    };
    Ok(events::insert(tx, &[event]).await?)
}
