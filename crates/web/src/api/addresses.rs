//! How an address looks outside.

use rules::checkout::address::Address;
use rules::policy::MarketCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
