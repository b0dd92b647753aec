//! `/addresses`: where a buyer's parcels go, and how an address looks outside.

use actions::Market;
use actions::people::{BuyerAddress, add_address, list_addresses, remove_address};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::checkout::address::Address;
use rules::ids::AddressId;
use rules::policy::MarketCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::At;
use super::bodies::Body;
use super::problem::{Answer, ProblemJson};
use super::shapes::{IdText, Page};
use super::who::Buyer;

pub fn routes() -> OpenApiRouter<Market> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(delete))
}

/// An address. Which parts are needed depends on the market; the others may be empty or left out.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Address)]
pub struct AddressJson {
    name: String,
    #[serde(default)]
    phone: String,
    line1: String,
    #[serde(default)]
    line2: String,
    #[serde(default)]
    city: String,
    /// State, province or prefecture; its code where the market has one.
    #[serde(default)]
    region: String,
    #[serde(default)]
    postcode: String,
    /// ISO 3166-1, two capital letters: also the market.
    #[schema(value_type = String, pattern = "^[A-Z]{2}$", example = "US")]
    country: MarketCode,
}

impl From<AddressJson> for Address {
    fn from(address: AddressJson) -> Self {
        Self {
            name: address.name,
            phone: address.phone,
            line1: address.line1,
            line2: address.line2,
            city: address.city,
            region: address.region,
            postcode: address.postcode,
            country: address.country,
        }
    }
}

impl From<Address> for AddressJson {
    fn from(address: Address) -> Self {
        Self {
            name: address.name,
            phone: address.phone,
            line1: address.line1,
            line2: address.line2,
            city: address.city,
            region: address.region,
            postcode: address.postcode,
            country: address.country,
        }
    }
}

/// An address which a buyer keeps.
#[derive(Serialize, ToSchema)]
pub struct KeptAddressJson {
    #[schema(value_type = IdText)]
    id: AddressId,
    is_default: bool,
    address: AddressJson,
}

/// List my addresses
///
/// In the order they were added, all at once: `next` is always null.
#[utoipa::path(
    get, operation_id = "list_addresses", path = "/addresses", tag = "buying", security(("key" = ["buyer"])),
    responses((status = 200, body = Page<KeptAddressJson>), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn list(State(market): State<Market>, buyer: Buyer) -> Answer<Json<Page<KeptAddressJson>>> {
    let kept = list_addresses(&market, buyer.person()).await?;
    let shown = |one: BuyerAddress| KeptAddressJson {
        id: one.id,
        is_default: one.is_default,
        address: one.address.into(),
    };
    Ok(Json(Page { items: kept.into_iter().map(shown).collect(), next: None }))
}

/// An address to keep.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAddressBody {
    address: AddressJson,
    #[serde(default)]
    make_default: bool,
}

#[derive(Serialize, ToSchema)]
pub struct NewAddressJson {
    #[schema(value_type = IdText)]
    id: AddressId,
}

/// Keep an address
#[utoipa::path(
    post, operation_id = "add_address", path = "/addresses", tag = "buying", security(("key" = ["buyer"])),
    request_body = NewAddressBody,
    responses((status = 201, body = NewAddressJson), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn create(
    State(market): State<Market>,
    buyer: Buyer,
    body: Body<NewAddressBody>,
) -> Answer<(StatusCode, Json<NewAddressJson>)> {
    let NewAddressBody { address, make_default } = body.value;
    let id = add_address(&market, buyer.person(), &address.into(), make_default).await?;
    Ok((StatusCode::CREATED, Json(NewAddressJson { id })))
}

/// Forget an address
///
/// Orders keep the address they were placed with.
#[utoipa::path(
    delete, operation_id = "remove_address", path = "/addresses/{address}", tag = "buying", security(("key" = ["buyer"])),
    params(("address" = IdText, Path)),
    responses((status = 204), (status = "default", body = ProblemJson, content_type = "application/problem+json")),
)]
async fn delete(
    State(market): State<Market>,
    buyer: Buyer,
    At(address): At<AddressId>,
) -> Answer<StatusCode> {
    remove_address(&market, buyer.person(), address).await?;
    Ok(StatusCode::NO_CONTENT)
}
