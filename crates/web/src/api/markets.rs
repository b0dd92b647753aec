//! `/markets` and `/categories`: what the house is set up for. Anybody may read it.

use actions::Market;
use axum::Json;
use axum::extract::State;
use rules::catalog::categories::{Categories, Category};
use rules::policy::{AddressPart, MarketPolicy};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::ProblemJson;
use super::shapes::{Page, Wording};

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new().routes(routes!(list_markets)).routes(routes!(list_categories))
}

/// A country in which the house trades, as its policy in force says.
#[derive(Serialize, ToSchema)]
#[schema(as = Market)]
pub struct MarketJson {
    /// ISO 3166-1, two capital letters.
    code: String,
    name: Wording,
    /// ISO 4217.
    currency: &'static str,
    /// ISO 639-1, the market's first language first.
    languages: Vec<String>,
    /// A name of the IANA time zone database.
    time_zone: String,
    /// Whether buyers live here; otherwise goods are only sent from here.
    open_for_buyers: bool,
    /// Parts of an address which are needed here, beside name, first line and country.
    address_needs: Vec<&'static str>,
    /// Regions which are known here; when there are any, an address names one of them.
    regions: Vec<String>,
    /// Shapes of a postcode: `#` is a digit, `@` a letter. None: any text.
    postcodes: Vec<String>,
}

impl From<&MarketPolicy> for MarketJson {
    fn from(market: &MarketPolicy) -> Self {
        let part = |part: &AddressPart| match part {
            AddressPart::Phone => "phone",
            AddressPart::Line2 => "line2",
            AddressPart::City => "city",
            AddressPart::Region => "region",
            AddressPart::Postcode => "postcode",
        };
        Self {
            code: market.code.to_string(),
            name: Wording { en: market.name_en.clone(), zh: market.name_zh.clone() },
            currency: market.currency.code(),
            languages: market.languages.clone(),
            time_zone: market.time_zone.clone(),
            open_for_buyers: market.open_for_buyers,
            address_needs: market.required_parts.iter().map(part).collect(),
            regions: market.region_tax_bp.keys().cloned().collect(),
            postcodes: market.postcode_masks.iter().map(ToString::to_string).collect(),
        }
    }
}

/// List the markets
///
/// All of them at once: `next` is always null.
#[utoipa::path(
    get, path = "/markets", tag = "looking",
    responses((status = 200, body = Page<MarketJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_markets(State(market): State<Market>) -> Json<Page<MarketJson>> {
    let (_, policies) = market.policies();
    let items = policies.markets().map(MarketJson::from).collect();
    Json(Page { items, next: None })
}

/// A category of goods.
#[derive(Serialize, ToSchema)]
#[schema(as = Category)]
pub struct CategoryJson {
    code: &'static str,
    name: Wording,
    /// The code of the category around it; null for those which are shown first.
    parent: Option<&'static str>,
    /// Whether its goods are meant to last, unless a product says otherwise.
    durable: bool,
}

fn category(category: &'static Category) -> CategoryJson {
    CategoryJson {
        code: &category.code,
        name: Wording { en: category.name_en.clone(), zh: category.name_zh.clone() },
        parent: category.parent.as_deref(),
        durable: category.durable,
    }
}

/// List the categories
///
/// All of them at once: `next` is always null.
#[utoipa::path(
    get, path = "/categories", tag = "looking",
    responses((status = 200, body = Page<CategoryJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list_categories() -> Json<Page<CategoryJson>> {
    Json(Page { items: Categories::shipped().iter().map(category).collect(), next: None })
}
