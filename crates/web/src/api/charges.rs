//! `/charges`: what authorities take at borders. Anybody may read it.

use actions::Market;
use axum::Json;
use axum::extract::State;
use rules::checkout::border::DutyLine;
use rules::money::{Currency, Money};
use rules::policy::Charge;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::ProblemJson;
use super::shapes::{MoneyJson, Page, Wording, money};

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new().routes(routes!(list_charges))
}

/// One charge of an order at a border, frozen when the order was placed.
#[derive(Serialize, ToSchema)]
#[schema(as = DutyLine)]
pub struct DutyLineJson {
    /// As in the list of charges.
    code: String,
    name: Wording,
    /// `per_hs_line`, `per_item_line` or `per_parcel`.
    basis: &'static str,
    /// By how many of them it was counted.
    count: i64,
    #[schema(value_type = MoneyJson)]
    unit: Money,
    #[schema(value_type = MoneyJson)]
    amount: Money,
}

impl DutyLineJson {
    pub fn of(line: &DutyLine, currency: Currency) -> DutyLineJson {
        DutyLineJson {
            code: line.code.clone(),
            name: Wording { en: line.name_en.clone(), zh: line.name_zh.clone() },
            basis: line.basis.code(),
            count: line.count,
            unit: money(line.unit_minor, currency),
            amount: money(line.amount_minor, currency),
        }
    }
}

/// A charge on parcels from outside, as the policy in force says.
#[derive(Serialize, ToSchema)]
#[schema(as = Charge)]
pub struct ChargeJson {
    code: String,
    name: Wording,
    /// Countries where it is due (ISO 3166-1).
    to: Vec<String>,
    /// Countries from which nothing is due.
    inside: Vec<String>,
    /// The first day, by the destination's calendar.
    first_day: String,
    /// The last day; null: no end is known.
    last_day: Option<String>,
    /// Goods worth more (after discounts, without tax and shipping) are not charged; null: whatever they are worth.
    #[schema(value_type = Option<MoneyJson>)]
    value_limit: Option<Money>,
    /// `per_hs_line`, `per_item_line` or `per_parcel`.
    basis: &'static str,
    #[schema(value_type = MoneyJson)]
    amount: Money,
    /// Where the rule can be read.
    source: String,
}

impl From<&Charge> for ChargeJson {
    fn from(charge: &Charge) -> Self {
        let crossing = &charge.crossing;
        Self {
            code: charge.code.clone(),
            name: Wording { en: charge.name_en.clone(), zh: charge.name_zh.clone() },
            to: crossing.to.iter().map(ToString::to_string).collect(),
            inside: crossing.inside.iter().map(ToString::to_string).collect(),
            first_day: crossing.first_day.to_string(),
            last_day: crossing.last_day.map(|day| day.to_string()),
            value_limit: crossing.value_limit_minor.map(|limit| money(limit, crossing.currency)),
            basis: charge.basis.code(),
            amount: money(charge.amount_minor, crossing.currency),
            source: crossing.source.clone(),
        }
    }
}

/// List the charges at borders
///
/// All of them at once, those which are over or have not begun included: `next` is always null.
#[utoipa::path(
    get, path = "/charges", tag = "looking",
    responses((status = 200, body = Page<ChargeJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_charges(State(market): State<Market>) -> Json<Page<ChargeJson>> {
    let (_, policies) = market.policies();
    let items = policies.charges().charges.values().map(ChargeJson::from).collect();
    Json(Page { items, next: None })
}
