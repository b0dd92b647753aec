//! The keys with which carriers sign their reports: made by the house, shown once, rolled without a gap.
//!
//! No key's text is kept. It is made of the house's root and the key's id whenever a signature is checked, so a stolen
//! copy of the database signs nothing where the root comes from the deployment's own file.

use rules::ids::HOUSE;
use rules::people::Permission;
use rules::time::{Span, Timestamp};
use serde_json::json;
use store::carrier_keys::{CarrierKeyId, CarrierKeyRow};
use store::events::EventRow;
use store::{Tx, carrier_keys, events};

use crate::caller::Caller;
use crate::failure::Failure;
use crate::market::{Actor, Market};
use crate::secrets::{self, Secret};

/// Every carrier's key begins with this, so that scanners of source code find a leaked one.
const MARK: &str = "gh_carrier_";
/// Characters of the secret part which stay visible.
const SHOWN: usize = 6;

/// A key just made: the only moment at which its text is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeCarrierKey {
    pub id: CarrierKeyId,
    pub carrier: String,
    pub text: Secret,
    pub prefix: String,
    /// Until when the carrier's keys from before still open.
    pub old_until: Timestamp,
}

/// A carrier as the house sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierDesk {
    pub code: String,
    pub name_en: String,
    pub name_zh: String,
    /// Newest first, ended ones too.
    pub keys: Vec<CarrierKeyRow>,
}

/// The root as a file holds it: 32 bytes in base64url without padding, white space around it.
pub fn read_root(text: &str) -> Option<[u8; 32]> {
    secrets::bytes_of(text.trim())
}

/// Makes a carrier's key, or a new one in place of the old: that one opens for some hours more (policy).
pub async fn roll(
    market: &Market,
    caller: &Caller,
    carrier: &str,
) -> Result<MadeCarrierKey, Failure> {
    caller.in_person()?;
    caller.for_house(Permission::ManageHouseStaff)?;
    make(market, Actor::House(caller.person), carrier).await
}

/// As [`roll`], without anybody's leave: whoever runs the command line has the database anyway.
pub async fn roll_for_cli(market: &Market, carrier: &str) -> Result<MadeCarrierKey, Failure> {
    make(market, Actor::Clock, carrier).await
}

async fn make(market: &Market, by: Actor, carrier: &str) -> Result<MadeCarrierKey, Failure> {
    known(market, carrier)?;
    let (id, now): (CarrierKeyId, _) = (market.id(), market.now());
    let old_until = now + market.policies().1.access().carrier_old_key_lasts();
    let text = text_of(&market.carrier_root().await?, id);
    let prefix: String = text.reveal().chars().take(MARK.len() + SHOWN).collect();
    let noted = noted(market, by, id, carrier, "carrier_key_made");
    let row = CarrierKeyRow {
        id,
        carrier: carrier.to_owned(),
        prefix: prefix.clone(),
        made_by: by.code(),
        ends_at: None,
        used_at: None,
        created_at: now,
    };
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            for old in carrier_keys::live(tx, &row.carrier, now).await? {
                carrier_keys::record_end(tx, old.id, old_until).await?;
            }
            carrier_keys::insert(tx, &row).await?;
            Ok(events::insert(tx, std::slice::from_ref(&noted)).await?)
        })
        .await?;
    Ok(MadeCarrierKey { id, carrier: carrier.to_owned(), text, prefix, old_until })
}

/// Who made or ended a carrier's keys, for the house's events. Never a key's text.
fn noted(
    market: &Market,
    by: Actor,
    key: CarrierKeyId,
    carrier: &str,
    kind: &'static str,
) -> EventRow {
    EventRow {
        id: market.id(),
        home_id: HOUSE.number(),
        subject: "carrier_key",
        subject_id: key.number(),
        kind,
        actor: by.code(),
        body: json!({ "carrier": carrier }).to_string(),
        relay: false,
        created_at: market.now(),
    }
}

fn text_of(root: &[u8; 32], id: CarrierKeyId) -> Secret {
    Secret::new(MARK, secrets::carrier_key_bytes(root, id.number()))
}

fn known(market: &Market, carrier: &str) -> Result<(), Failure> {
    let (_, policies) = market.policies();
    let found = policies.markets().any(|m| policies.shipping(m.code).carrier(carrier).is_some());
    if found {
        return Ok(());
    }
    Err(Failure::invalid("carrier", "unknown", "the policy knows no such carrier"))
}

/// Ends all keys of a carrier at once: one has leaked.
pub async fn end(market: &Market, caller: &Caller, carrier: &str) -> Result<(), Failure> {
    caller.in_person()?;
    caller.for_house(Permission::ManageHouseStaff)?;
    let (by, none) = (Actor::House(caller.person), CarrierKeyId::new(0));
    let noted = noted(market, by, none, carrier, "carrier_keys_ended");
    let (carrier, now) = (carrier.to_owned(), market.now());
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            let live = carrier_keys::live(tx, &carrier, now).await?;
            if live.is_empty() {
                return Ok(());
            }
            for key in live {
                carrier_keys::record_end(tx, key.id, now).await?;
            }
            Ok(events::insert(tx, std::slice::from_ref(&noted)).await?)
        })
        .await
}

/// All carriers of the policy in force with their keys, by code.
pub async fn desk(market: &Market, caller: &Caller) -> Result<Vec<CarrierDesk>, Failure> {
    caller.for_house(Permission::ViewHouse)?;
    all(market).await
}

/// As [`desk`], for a caller who has been asked already.
pub async fn all(market: &Market) -> Result<Vec<CarrierDesk>, Failure> {
    let rows = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(carrier_keys::list(tx).await?))
        .await?;
    let (_, policies) = market.policies();
    let mut desks = std::collections::BTreeMap::new();
    for place in policies.markets() {
        for carrier in policies.shipping(place.code).carriers.values() {
            let own = rows.iter().rev().filter(|row| row.carrier == carrier.code);
            desks.entry(carrier.code.clone()).or_insert_with(|| CarrierDesk {
                code: carrier.code.clone(),
                name_en: carrier.name_en.clone(),
                name_zh: carrier.name_zh.clone(),
                keys: own.cloned().collect(),
            });
        }
    }
    Ok(desks.into_values().collect())
}

/// What is to be checked: the body, when it was signed, and the signatures shown.
pub(crate) struct Signed {
    pub carrier: String,
    pub seconds: i64,
    pub shown: Vec<String>,
    pub body: Vec<u8>,
}

/// The key of the carrier which signed the body at that second; nothing when none which opens did.
pub(crate) async fn signer(
    market: &Market,
    signed: &Signed,
) -> Result<Option<CarrierKeyId>, Failure> {
    let root = market.carrier_root().await?;
    let (carrier, now) = (signed.carrier.clone(), market.now());
    let keys = market
        .store
        .read(async move |tx: &mut Tx| {
            Ok::<_, Failure>(carrier_keys::live(tx, &carrier, now).await?)
        })
        .await?;
    let Some((id, used_at)) = find(&keys, &root, signed) else { return Ok(None) };
    // Not worth a write for each report: the page says when the carrier was last heard, to the minute.
    if used_at.is_none_or(|at| now.since(at) > Span::from_minutes(1)) {
        market
            .store
            .write(async move |tx: &mut Tx| {
                Ok::<_, Failure>(carrier_keys::record_use(tx, id, now).await?)
            })
            .await?;
    }
    Ok(Some(id))
}

fn find(
    keys: &[CarrierKeyRow],
    root: &[u8; 32],
    signed: &Signed,
) -> Option<(CarrierKeyId, Option<Timestamp>)> {
    let fits = |key: &&CarrierKeyRow| {
        let text = text_of(root, key.id);
        let expected = secrets::report_signature(text.reveal(), signed.seconds, &signed.body);
        signed.shown.iter().any(|shown| secrets::same_token(&expected, shown))
    };
    keys.iter().find(fits).map(|key| (key.id, key.used_at))
}

/// The sandbox carrier's key: as any carrier's, made when it first reports.
pub(crate) async fn sandbox_key(market: &Market, carrier: &str) -> Result<Secret, Failure> {
    let (code, now) = (carrier.to_owned(), market.now());
    let live = market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(carrier_keys::live(tx, &code, now).await?))
        .await?;
    match live.first() {
        Some(key) => Ok(text_of(&market.carrier_root().await?, key.id)),
        None => Ok(make(market, Actor::Carrier, carrier).await?.text),
    }
}
