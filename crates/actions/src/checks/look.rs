//! Gathers what the check compares, at the end of the free hour.

use std::collections::BTreeMap;

use rules::checkout::address::{self, Address, AddressUse};
use rules::ids::SkuId;
use rules::orders::flags::{CheckFacts, Flag, LineFacts, OfferedFacts, check};
use store::catalog::SkuForSale;
use store::checks::FlagRow;
use store::orders::{LineRow, OrderForDecision, OrderRow};
use store::{Tx, catalog, checks, orders, payments, people};

use crate::cancellations::market_of;
use crate::failure::Failure;
use crate::id_maker::IdRun;
use crate::orders::Setting;
use crate::shortages::text;

/// More flags than this tell a shop nothing new.
const MOST_FLAGS: usize = 20;

/// Looks at the order and keeps what was found; answers whether the shop has to look too.
pub(crate) async fn look(
    tx: &mut Tx,
    setting: &Setting,
    ids: &mut IdRun,
    loaded: &OrderForDecision,
) -> Result<bool, Failure> {
    let order = &loaded.order;
    let facts = gather(tx, setting, loaded).await?;
    let terms = setting.policies.orders(market_of(loaded)?).check_terms();
    let mut flags: Vec<Flag> = check(&facts, &terms);
    flags.truncate(MOST_FLAGS);
    for flag in &flags {
        let row = FlagRow {
            id: ids.take(),
            order: order.id,
            kind: flag.code().to_owned(),
            facts: text(flag)?,
            open: true,
            resolution: String::new(),
            why: String::new(),
            resolved_by: String::new(),
            resolved_at: None,
            created_at: setting.now,
        };
        checks::insert_flag(tx, order.shop, &row).await?;
    }
    if !flags.is_empty() {
        checks::record_flags(tx, order.shop, order.id, &text(&flags)?).await?;
    }
    Ok(!flags.is_empty())
}

async fn gather(
    tx: &mut Tx,
    setting: &Setting,
    loaded: &OrderForDecision,
) -> Result<CheckFacts, Failure> {
    let order = &loaded.order;
    let row = orders::show(tx, order.shop, order.id).await?.ok_or(Failure::NotFound)?;
    let lines = orders::lines(tx, order.shop, order.id).await?;
    let ids: Vec<SkuId> = lines.iter().map(|line| line.sku).collect();
    let offered = catalog::load_for_sale(tx, order.shop, &ids).await?;
    let offered: BTreeMap<SkuId, SkuForSale> =
        offered.into_iter().map(|sku| (sku.sku, sku)).collect();
    let payment = payments::load(tx, order.buyer, order.payment).await?;
    let buyer = people::load_person(tx, order.buyer).await?;
    let usual = usual_country(tx, loaded).await?;
    let (address, address_faults) = look_at_address(setting, &row);
    let mut of_lines = Vec::with_capacity(lines.len());
    for line in &lines {
        of_lines.push(facts_of(line, offered.get(&line.sku))?);
    }
    Ok(CheckFacts {
        lines: of_lines,
        total_minor: row.total_minor,
        address_faults,
        country: address.as_ref().map_or(String::new(), |known| known.country.to_string()),
        postcode: address.map_or(String::new(), |known| known.postcode),
        usual_country: usual,
        declined_tries: payment.map_or(0, |payment| payment.declined_count),
        buyer_since: buyer.map_or(setting.now, |person| person.created_at),
        now: setting.now,
    })
}

/// The address under the rules of today: a postcode may have been taken out of use since the order was placed.
fn look_at_address(setting: &Setting, row: &OrderRow) -> (Option<Address>, Vec<(String, String)>) {
    let Ok(kept) = serde_json::from_str::<Address>(&row.address) else {
        let unreadable = ("address".to_owned(), "missing".to_owned());
        return (None, vec![unreadable]);
    };
    let faults = address::check(&kept, &setting.policies, AddressUse::Deliver).err();
    let faults = faults.unwrap_or_default().into_iter();
    let faults = faults.map(|fault| (fault.field.to_owned(), fault.what.code().to_owned()));
    (Some(kept), faults.collect())
}

/// Where the buyer's default address is; nothing when there is none.
async fn usual_country(tx: &mut Tx, loaded: &OrderForDecision) -> Result<Option<String>, Failure> {
    let kept = people::list_addresses(tx, loaded.order.buyer).await?;
    let usual = kept.iter().find(|address| address.is_default);
    let usual = usual.and_then(|row| serde_json::from_str::<Address>(&row.body).ok());
    Ok(usual.map(|address| address.country.to_string()))
}

fn facts_of(line: &LineRow, offered: Option<&SkuForSale>) -> Result<LineFacts, Failure> {
    let offered = match offered.filter(|sku| sku.for_sale) {
        Some(sku) => Some(OfferedFacts {
            unit_minor: sku.price_minor,
            listing_version: sku.listing_version,
            says: says(&sku.title_en, &sku.title_zh, &text(&sku.options)?),
        }),
        None => None,
    };
    Ok(LineFacts {
        sku: line.sku,
        quantity: line.price.quantity - line.back_count,
        missing: line.short_count,
        unit_minor: line.price.unit_minor,
        listing_version: line.listing_version,
        ordered: says(&line.title_en, &line.title_zh, &line.options),
        offered,
    })
}

fn says(title_en: &str, title_zh: &str, options: &str) -> String {
    format!("{title_en}\n{title_zh}\n{options}")
}
