//! What pages and programs show of cases.

use std::collections::BTreeMap;

use rules::after_sales::{CaseReason, CaseStateName, EvidenceKind, NotOpen, Remedy};
use rules::ids::{CaseId, OrderId, PersonId, ShopId};
use rules::policy::{AfterSalesPolicy, ReasonPolicy};
use rules::time::Timestamp;
use store::after_sales::{self as rows, CaseDecisionRow, CaseLine, CaseOffer, CaseRow};
use store::events::EventSeen;
use store::orders::{LineRow, OrderRow};
use store::packing::{PackedItem, Packing};
use store::parcels::Parcel;
use store::shops::Shop;
use store::{Tx, events, orders, packing, parcels, shops};

use super::ask::{circumstances, code_of, open_for, running_or_over};
use super::offers::{is_back, promised, still_open};
use super::shop_of;
use crate::caller::Caller;
use crate::failure::Failure;
use crate::market::Market;
use crate::shop_desk::person_of;

/// The most events of one case which a page shows.
const MOST_LINES: i64 = 200;

/// What may be asked for of one line, reason by reason.
#[derive(Clone, Debug)]
pub struct HelpItem {
    pub line: LineRow,
    /// Units which were not refunded.
    pub units_count: i64,
    /// Why nothing can be asked for of it now, whatever the reason.
    pub busy: Option<Failure>,
    pub choices: Vec<Choice>,
}

/// One reason for one line: until when and what may be asked for, or why not.
#[derive(Clone, Debug)]
pub struct Choice {
    pub reason: CaseReason,
    pub open: Result<(Timestamp, Vec<Remedy>), NotOpen>,
    /// What the buyer has to show.
    pub evidence: Vec<EvidenceKind>,
}

/// Everything the wizard needs.
#[derive(Clone, Debug)]
pub struct Help {
    pub order: OrderRow,
    pub shop: Shop,
    pub items: Vec<HelpItem>,
    /// The order's cases until now, the oldest first.
    pub cases: Vec<CaseRow>,
    pub policy: AfterSalesPolicy,
}

/// What a buyer can ask for about an order.
pub async fn help(market: &Market, buyer: PersonId, order: OrderId) -> Result<Help, Failure> {
    let shop = crate::orders::shop_of(market, buyer, order).await?;
    let (book, now) = (market.policy_book(), market.now());
    market
        .store
        .read(async move |tx: &mut Tx| {
            let row = orders::show(tx, shop, order).await?.ok_or(Failure::NotFound)?;
            let in_force = book.in_force(now).1;
            let policies = book.version(row.policy_version).unwrap_or(in_force);
            let policy = policies.after_sales(code_of(&row)?).clone();
            let around = circumstances(tx, &row).await?;
            let busy = rows::open_of_order(tx, shop, order).await?;
            let mut items = Vec::new();
            for line in orders::lines(tx, shop, order).await? {
                let choice = |reason: CaseReason| {
                    let class = reason.class(super::ask::is_durable(&line));
                    Choice {
                        reason,
                        open: open_for(reason, &line, &policy, around.moments, now),
                        evidence: policy.reason(class).buyer_evidence.clone(),
                    }
                };
                items.push(HelpItem {
                    units_count: line.price.quantity - line.back_count,
                    busy: running_or_over(&busy, line.id, &policy).err(),
                    choices: CaseReason::ALL.into_iter().map(choice).collect(),
                    line: line.clone(),
                });
            }
            let cases = rows::of_order(tx, shop, order).await?;
            let seller = shops::load(tx, shop).await?.ok_or(Failure::NotFound)?;
            Ok::<_, Failure>(Help { order: row, shop: seller, items, cases, policy })
        })
        .await
}

/// A case with everything its parties and the house look at.
#[derive(Clone, Debug)]
pub struct CaseFile {
    pub case: CaseRow,
    pub order: OrderRow,
    pub shop: Shop,
    /// The goods it is about.
    pub goods: Vec<(CaseLine, LineRow)>,
    pub offers: Vec<CaseOffer>,
    pub decisions: Vec<CaseDecisionRow>,
    pub events: Vec<EventSeen>,
    /// Of everybody who acted.
    pub names: BTreeMap<PersonId, String>,
    pub parcels: Vec<Parcel>,
    /// What the packing table wrote down for the order.
    pub packings: Vec<Packing>,
    pub packed: Vec<PackedItem>,
    pub policy: AfterSalesPolicy,
    pub reason_policy: ReasonPolicy,
    /// What is asked for now, minor units.
    pub promised_minor: i64,
    /// What may still be refunded in it, minor units.
    pub open_minor: i64,
    /// Whether the shop may say what came back.
    pub is_back: bool,
}

/// A case of one's own purchases.
pub async fn buyer_case_file(
    market: &Market,
    buyer: PersonId,
    case: CaseId,
) -> Result<CaseFile, Failure> {
    let shop = shop_of(market, buyer, case).await?;
    case_file(market, shop, case).await
}

/// Not found when the case is not in this shop.
pub async fn case_file(market: &Market, shop: ShopId, case: CaseId) -> Result<CaseFile, Failure> {
    let (book, now) = (market.policy_book(), market.now());
    market
        .store
        .read(async move |tx: &mut Tx| {
            let row = rows::load(tx, shop, case).await?.ok_or(Failure::NotFound)?;
            let order = orders::show(tx, shop, row.order).await?.ok_or(Failure::NotFound)?;
            let in_force = book.in_force(now).1;
            let policies = book.version(row.policy_version).unwrap_or(in_force);
            let policy = policies.after_sales(code_of(&order)?).clone();
            let all = orders::lines(tx, shop, row.order).await?;
            let mut goods = Vec::new();
            for line in rows::lines(tx, shop, case).await? {
                if let Some(of) = all.iter().find(|of| of.id == line.line) {
                    goods.push((line, of.clone()));
                }
            }
            let seen = events::of_subject(tx, shop.number(), case.number()).await?;
            let people: Vec<PersonId> =
                seen.iter().filter_map(|event| person_of(&event.actor)).collect();
            let names = store::lists::seller::names_of(tx, people).await?;
            let shown = usize::try_from(MOST_LINES).unwrap_or(usize::MAX);
            let ids = [row.order];
            Ok::<_, Failure>(CaseFile {
                shop: shops::load(tx, shop).await?.ok_or(Failure::NotFound)?,
                goods,
                offers: rows::offers(tx, shop, case).await?,
                decisions: rows::decisions(tx, shop, case).await?,
                events: seen.into_iter().take(shown).collect(),
                names: names.into_iter().collect(),
                parcels: parcels::of_order(tx, shop, row.order).await?,
                packings: packing::of_orders(tx, shop, ids).await?,
                packed: packing::items_of(tx, shop, ids).await?,
                reason_policy: policy.reason(row.class).clone(),
                policy,
                promised_minor: promised(&row),
                open_minor: still_open(&row),
                is_back: is_back(row.state),
                order,
                case: row,
            })
        })
        .await
}

/// The cases of an order, the oldest first.
pub async fn cases_of_order(
    market: &Market,
    shop: ShopId,
    order: OrderId,
) -> Result<Vec<CaseRow>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| Ok::<_, Failure>(rows::of_order(tx, shop, order).await?))
        .await
}

/// A buyer's cases over all shops, the newest first; each with the shop's name.
pub async fn buyer_cases(
    market: &Market,
    buyer: PersonId,
    before: i64,
    limit: i64,
) -> Result<Vec<(CaseRow, Shop)>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            let mut found = Vec::new();
            for mine in rows::of_buyer(tx, buyer, before, limit).await? {
                let case = rows::load(tx, mine.shop, mine.id).await?;
                let shop = shops::load(tx, mine.shop).await?;
                found.extend(case.zip(shop));
            }
            Ok::<_, Failure>(found)
        })
        .await
}

/// A shop's cases in these states (none: all), the newest first.
pub async fn shop_cases(
    market: &Market,
    shop: ShopId,
    states: Vec<CaseStateName>,
    before: i64,
    limit: i64,
) -> Result<Vec<CaseRow>, Failure> {
    market
        .store
        .read(async move |tx: &mut Tx| {
            Ok::<_, Failure>(rows::of_shop(tx, shop, &states, before, limit).await?)
        })
        .await
}

/// The house's cases in these states (none: all), the newest first; each with its shop's name.
pub async fn house_cases(
    market: &Market,
    caller: &Caller,
    states: Vec<CaseStateName>,
    before: i64,
    limit: i64,
) -> Result<Vec<(CaseRow, String)>, Failure> {
    caller.for_house(rules::people::Permission::ViewCases)?;
    market
        .store
        .read(async move |tx: &mut Tx| {
            let mut found = Vec::new();
            for case in rows::of_house(tx, &states, before, limit).await? {
                let shop = shops::load(tx, case.shop).await?;
                found.push((case, shop.map(|shop| shop.name).unwrap_or_default()));
            }
            Ok::<_, Failure>(found)
        })
        .await
}
