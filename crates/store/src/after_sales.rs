//! After-sales cases: the case, which goods it is about, offers and decisions.

mod reads;

use rules::after_sales::{CaseColumns, CaseReason, CaseState, Party, ReasonClass, Remedy};
use rules::ids::{
    CaseDecisionId, CaseId, CaseLineId, CaseOfferId, OrderId, OrderLineId, PersonId, ShopId,
};
use rules::money::{Currency, Money};
use rules::orders::liability::Liable;
use rules::time::{Span, Timestamp};

use crate::db::{DbError, FromRow, Row, Tx};
use crate::p;

pub use reads::{
    BuyerCase, count_in_state, of_buyer, of_buyer_id, of_house, of_order, of_shop, open_of_order,
    soonest_due,
};

/// A case as its row has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    pub id: CaseId,
    pub shop: ShopId,
    pub order: OrderId,
    pub buyer: PersonId,
    pub market: String,
    /// The order's own: it governs the case whatever is published later.
    pub policy_version: i64,
    pub reason: CaseReason,
    pub class: ReasonClass,
    pub asked_remedy: Remedy,
    /// What holds now: as asked, agreed or decided.
    pub remedy: Remedy,
    /// The buyer's own.
    pub words: String,
    pub state: CaseState,
    /// What all named goods cost the buyer when the case began.
    pub asked: Money,
    /// What is to go back, where less than everything was agreed or decided; 0 otherwise.
    pub agreed_minor: i64,
    pub refunded_minor: i64,
    /// What of it the shop has borne, the commission given back taken off.
    pub cost_minor: i64,
    pub liable: Liable,
    pub offers_count: i64,
    /// Times at which the house was asked in this case.
    pub disputes_count: i64,
    pub appealed: bool,
    /// Who of the house has it on the desk.
    pub arbiter: Option<PersonId>,
    pub return_carrier: String,
    pub return_number: String,
    /// The order which brings the new goods.
    pub replacement: Option<OrderId>,
    pub closed_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
}

pub(crate) const CASE: &str = "id, shop_id, order_id, buyer_id, market, policy_version, reason, class, asked_remedy, remedy, words, state, result, \
     due_at, missed_at, rest_ms, buyer_by_at, shop_by_at, currency, asked_minor, agreed_minor, refunded_minor, liable, offers_count, \
     disputes_count, appealed, arbiter_id, return_carrier, return_number, replacement_id, closed_at, version, created_at, cost_minor";

impl FromRow for CaseRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let text = |at: usize| row.get::<String>(at);
        let (state, result) = (text(11)?, text(12)?);
        let columns = CaseColumns {
            due_at: row.get(13)?,
            missed_at: row.get(14)?,
            rest: Span::from_ms(row.get(15)?),
            buyer_by: row.get(16)?,
            shop_by: row.get(17)?,
            ..CaseColumns::default()
        };
        let currency =
            Currency::parse(&text(18)?).map_err(|error| DbError::Broken(error.to_string()))?;
        let broken = |what: &str| DbError::Broken(format!("case with {what}"));
        Ok(Self {
            id: row.get(0)?,
            shop: row.get(1)?,
            order: row.get(2)?,
            buyer: row.get(3)?,
            market: text(4)?,
            policy_version: row.get(5)?,
            reason: CaseReason::parse(&text(6)?).ok_or_else(|| broken("no reason"))?,
            class: ReasonClass::parse(&text(7)?).ok_or_else(|| broken("no class"))?,
            asked_remedy: Remedy::parse(&text(8)?).ok_or_else(|| broken("no remedy"))?,
            remedy: Remedy::parse(&text(9)?).ok_or_else(|| broken("no remedy"))?,
            words: text(10)?,
            state: CaseState::read(&state, &result, &columns).ok_or_else(|| broken(&state))?,
            asked: Money::new(row.get(19)?, currency),
            agreed_minor: row.get(20)?,
            refunded_minor: row.get(21)?,
            liable: Liable::parse(&text(22)?).ok_or_else(|| broken("nobody liable"))?,
            offers_count: row.get(23)?,
            disputes_count: row.get(24)?,
            appealed: row.get(25)?,
            arbiter: row.get(26)?,
            return_carrier: text(27)?,
            return_number: text(28)?,
            replacement: row.get(29)?,
            closed_at: row.get(30)?,
            version: row.get(31)?,
            created_at: row.get(32)?,
            cost_minor: row.get(33)?,
        })
    }
}

/// How many units of which line a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseLine {
    pub id: CaseLineId,
    pub case: CaseId,
    pub line: OrderLineId,
    pub units_count: i64,
}

impl FromRow for CaseLine {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let (id, case, line) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Self { id, case, line, units_count: row.get(3)? })
    }
}

/// Opens a case with the goods it is about, and puts it on the buyer's own list.
pub async fn insert(tx: &mut Tx, case: &CaseRow, lines: &[CaseLine]) -> Result<(), DbError> {
    let columns = case.state.columns();
    tx.put(
        "insert into cases (id, shop_id, order_id, buyer_id, market, policy_version, reason, class, asked_remedy, remedy, words, state, result,
            due_at, missed_at, rest_ms, buyer_by_at, shop_by_at, currency, asked_minor, agreed_minor, refunded_minor, cost_minor, liable, offers_count,
            disputes_count, appealed, arbiter_id, return_carrier, return_number, replacement_id, closed_at, claimed_until, version, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, null, 0, null, null, $15, $16, 0, 0, 0, $17, 0, 0, 0, null, '', '', null, null, 0, 1, $18)",
        p![
            case.id,
            case.shop,
            case.order,
            case.buyer,
            &case.market,
            case.policy_version,
            case.reason.code(),
            case.class.code(),
            case.asked_remedy.code(),
            case.remedy.code(),
            &case.words,
            columns.state,
            columns.result,
            columns.due_at,
            case.asked.currency.code(),
            case.asked.minor,
            case.liable.code(),
            case.created_at
        ],
    )
    .await?;
    for line in lines {
        tx.put(
            "insert into case_lines (id, shop_id, case_id, order_id, line_id, units_count, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
            p![line.id, case.shop, case.id, case.order, line.line, line.units_count, case.created_at],
        )
        .await?;
    }
    tx.put(
        "insert into buyer_cases (id, buyer_id, shop_id, order_id, created_at) values ($1, $2, $3, $4, $5)",
        p![case.id, case.buyer, case.shop, case.order, case.created_at],
    )
    .await
}

pub async fn load(tx: &mut Tx, shop: ShopId, id: CaseId) -> Result<Option<CaseRow>, DbError> {
    tx.maybe(&format!("select {CASE} from cases where shop_id = $1 and id = $2"), p![shop, id])
        .await
}

/// The goods a case is about.
pub async fn lines(tx: &mut Tx, shop: ShopId, case: CaseId) -> Result<Vec<CaseLine>, DbError> {
    tx.many(
        "select id, case_id, line_id, units_count from case_lines where shop_id = $1 and case_id = $2 order by id",
        p![shop, case],
    )
    .await
}

/// Writes the outcome of a decision, by version.
pub async fn record(tx: &mut Tx, before: &CaseRow, after: &CaseRow) -> Result<(), DbError> {
    let columns = after.state.columns();
    let changed = tx
        .run(
            "update cases
                set remedy = $1, state = $2, result = $3, due_at = $4, missed_at = $5, rest_ms = $6, buyer_by_at = $7, shop_by_at = $8,
                    agreed_minor = $9, refunded_minor = $10, liable = $11, offers_count = $12, disputes_count = $13, appealed = $14,
                    arbiter_id = $15, return_carrier = $16, return_number = $17, replacement_id = $18, closed_at = $19, cost_minor = $20,
                    claimed_until = 0, version = version + 1
              where shop_id = $21 and id = $22 and version = $23",
            p![
                after.remedy.code(),
                columns.state,
                columns.result,
                columns.due_at,
                columns.missed_at,
                columns.rest.ms(),
                columns.buyer_by,
                columns.shop_by,
                after.agreed_minor,
                after.refunded_minor,
                after.liable.code(),
                after.offers_count,
                after.disputes_count,
                after.appealed,
                after.arbiter,
                &after.return_carrier,
                &after.return_number,
                after.replacement,
                after.closed_at,
                after.cost_minor,
                before.shop,
                before.id,
                before.version
            ],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(DbError::Again) }
}

/// What became of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferState {
    Open,
    Accepted,
    Refused,
    Lapsed,
}

impl OfferState {
    pub const ALL: [OfferState; 4] =
        [OfferState::Open, OfferState::Accepted, OfferState::Refused, OfferState::Lapsed];

    pub const fn code(self) -> &'static str {
        match self {
            OfferState::Open => "open",
            OfferState::Accepted => "accepted",
            OfferState::Refused => "refused",
            OfferState::Lapsed => "lapsed",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// What the shop has offered instead of what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseOffer {
    pub id: CaseOfferId,
    pub case: CaseId,
    pub remedy: Remedy,
    /// What would go back; 0 where goods are sent.
    pub amount_minor: i64,
    pub words: String,
    pub state: OfferState,
    pub answered_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl FromRow for CaseOffer {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let (remedy, state): (String, String) = (row.get(2)?, row.get(5)?);
        let broken = || DbError::Broken(format!("offer of {remedy}, {state}"));
        Ok(Self {
            id: row.get(0)?,
            case: row.get(1)?,
            remedy: Remedy::parse(&remedy).ok_or_else(broken)?,
            amount_minor: row.get(3)?,
            words: row.get(4)?,
            state: OfferState::parse(&state).ok_or_else(broken)?,
            answered_at: row.get(6)?,
            created_at: row.get(7)?,
        })
    }
}

pub async fn insert_offer(tx: &mut Tx, shop: ShopId, offer: &CaseOffer) -> Result<(), DbError> {
    tx.put(
        "insert into case_offers (id, shop_id, case_id, remedy, amount_minor, words, state, answered_at, version, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)",
        p![
            offer.id,
            shop,
            offer.case,
            offer.remedy.code(),
            offer.amount_minor,
            &offer.words,
            offer.state.code(),
            offer.answered_at,
            offer.created_at
        ],
    )
    .await
}

/// All offers of a case, the oldest first.
pub async fn offers(tx: &mut Tx, shop: ShopId, case: CaseId) -> Result<Vec<CaseOffer>, DbError> {
    tx.many(
        "select id, case_id, remedy, amount_minor, words, state, answered_at, created_at from case_offers where shop_id = $1 and case_id = $2 order by id",
        p![shop, case],
    )
    .await
}

/// The open offer of a case is answered; in the act in which the case's version is compared.
pub async fn answer_offer(
    tx: &mut Tx,
    shop: ShopId,
    case: CaseId,
    state: OfferState,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.run(
        "update case_offers set state = $1, answered_at = $2, version = version + 1 where shop_id = $3 and case_id = $4 and state = 'open'",
        p![state.code(), now, shop, case],
    )
    .await
    .map(drop)
}

/// What the house has decided, with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseDecisionRow {
    pub id: CaseDecisionId,
    pub case: CaseId,
    /// 1 for the first, 2 for one on an appeal.
    pub instance: i64,
    pub arbiter: PersonId,
    pub in_favour_of: Party,
    pub remedy: Remedy,
    /// What goes back; 0 where nothing does.
    pub amount_minor: i64,
    pub liable: Liable,
    /// What the house found to be so.
    pub facts: String,
    /// The rule which it applied to that.
    pub rule: String,
    /// What the side which lost can do.
    pub redress: String,
    pub policy_version: i64,
    pub created_at: Timestamp,
}

impl FromRow for CaseDecisionRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let text = |at: usize| row.get::<String>(at);
        let (party, remedy, liable) = (text(4)?, text(5)?, text(7)?);
        let broken = || DbError::Broken(format!("decision for {party}, {remedy}, {liable}"));
        Ok(Self {
            id: row.get(0)?,
            case: row.get(1)?,
            instance: row.get(2)?,
            arbiter: row.get(3)?,
            in_favour_of: Party::parse(&party).ok_or_else(broken)?,
            remedy: Remedy::parse(&remedy).ok_or_else(broken)?,
            amount_minor: row.get(6)?,
            liable: Liable::parse(&liable).ok_or_else(broken)?,
            facts: text(8)?,
            rule: text(9)?,
            redress: text(10)?,
            policy_version: row.get(11)?,
            created_at: row.get(12)?,
        })
    }
}

pub async fn insert_decision(
    tx: &mut Tx,
    shop: ShopId,
    decision: &CaseDecisionRow,
) -> Result<(), DbError> {
    tx.put(
        "insert into case_decisions (id, shop_id, case_id, instance, arbiter_id, in_favour_of, remedy, amount_minor, liable, facts, rule, redress, policy_version, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        p![
            decision.id,
            shop,
            decision.case,
            decision.instance,
            decision.arbiter,
            decision.in_favour_of.code(),
            decision.remedy.code(),
            decision.amount_minor,
            decision.liable.code(),
            &decision.facts,
            &decision.rule,
            &decision.redress,
            decision.policy_version,
            decision.created_at
        ],
    )
    .await
}

/// The decisions of a case, the first one first.
pub async fn decisions(
    tx: &mut Tx,
    shop: ShopId,
    case: CaseId,
) -> Result<Vec<CaseDecisionRow>, DbError> {
    tx.many(
        "select id, case_id, instance, arbiter_id, in_favour_of, remedy, amount_minor, liable, facts, rule, redress, policy_version, created_at
           from case_decisions where shop_id = $1 and case_id = $2 order by id",
        p![shop, case],
    )
    .await
}
