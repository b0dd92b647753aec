//! Opening a shop, what it says of itself, and its warehouses.

use rules::catalog::categories::Categories;
use rules::catalog::listing::{PictureRef, Wording};
use rules::checkout::address::{self, Address, AddressUse};
use rules::ids::{PersonId, ShopId, WarehouseId};
use rules::people::roles::Role;
use rules::policy::{MarketCode, Tier};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::shops::{OPEN, Shop, Warehouse};
use store::{Tx, people, shops};

use super::{Happened, load_shop, note, write_json};
use crate::failure::{Failure, FieldFault};
use crate::market::{Actor, Market};

/// Characters of a shop's name. [X]
const LONGEST_NAME: usize = 80;
/// Characters of what a shop says of itself. [X] two screens.
const LONGEST_ABOUT: usize = 5_000;

/// A shop to be opened. Its currency and zone are its market's.
#[derive(Clone, Debug)]
pub struct NewShop {
    pub name: String,
    pub market: MarketCode,
    /// A code of `policies/categories.toml`.
    pub category: String,
    pub about: Wording,
    pub logo: Option<PictureRef>,
    pub tier: Tier,
    /// Who becomes its owner.
    pub owner: Option<PersonId>,
}

/// What a shop may change about itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditShop {
    pub name: String,
    pub category: String,
    #[serde(default)]
    pub about: Wording,
    pub logo: Option<PictureRef>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewWarehouse {
    pub name: String,
    pub address: Address,
}

pub async fn create_shop(market: &Market, actor: Actor, ask: NewShop) -> Result<Shop, Failure> {
    let (_, policies) = market.policies();
    let mut faults = check(&ask.name, &ask.category, &ask.about);
    let Some(place) = policies.market(ask.market) else {
        faults.push(FieldFault::new("market", "unknown_market", "the house has no such market"));
        return Err(Failure::Invalid(faults));
    };
    if !faults.is_empty() {
        return Err(Failure::Invalid(faults));
    }
    let now = market.now();
    let shop = Shop {
        id: market.id(),
        name: ask.name.trim().to_owned(),
        market: ask.market.to_string(),
        currency: place.currency.code().to_owned(),
        category: ask.category,
        zone: place.time_zone.clone(),
        about_en: ask.about.en,
        about_zh: ask.about.zh,
        logo: ask.logo.map(|logo| logo.to_string()).unwrap_or_default(),
        tier: ask.tier.code().to_owned(),
        next_tier: String::new(),
        next_tier_at: None,
        state: OPEN.to_owned(),
        version: 1,
        created_at: now,
    };
    let event = market.id();
    let owner = ask.owner;
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<Shop, Failure> {
            shops::insert(tx, &shop).await?;
            if let Some(person) = owner {
                people::insert_member(tx, person, shop.id, Role::Owner.code(), now).await?;
            }
            let body = json!({ "name": shop.name, "market": shop.market });
            note(tx, of_shop(event, shop.id, "shop_opened", actor, body, now)).await?;
            Ok(shop.clone())
        })
        .await
}

/// `expected` is the version the editor saw; another one is [`Failure::Stale`].
pub async fn edit_shop(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    expected: Option<i64>,
    ask: EditShop,
) -> Result<Shop, Failure> {
    let faults = check(&ask.name, &ask.category, &ask.about);
    if !faults.is_empty() {
        return Err(Failure::Invalid(faults));
    }
    let (now, event) = (market.now(), market.id());
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<Shop, Failure> {
            let found = load_shop(tx, shop).await?;
            if expected.is_some_and(|expected| expected != found.version) {
                return Err(Failure::Stale);
            }
            let changed = Shop {
                name: ask.name.trim().to_owned(),
                category: ask.category.clone(),
                about_en: ask.about.en.clone(),
                about_zh: ask.about.zh.clone(),
                logo: ask.logo.as_ref().map(ToString::to_string).unwrap_or_default(),
                version: found.version + 1,
                ..found
            };
            if !shops::update(tx, &changed).await? {
                return Err(Failure::Again);
            }
            let body = json!({ "name": changed.name });
            note(tx, of_shop(event, shop, "shop_changed", actor, body, now)).await?;
            Ok(changed)
        })
        .await
}

/// The first warehouse of a shop is where its products lie when nothing else is said.
pub async fn add_warehouse(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    ask: NewWarehouse,
) -> Result<Warehouse, Failure> {
    let (_, policies) = market.policies();
    let mut faults = name_fault(&ask.name);
    let address = address::check(&ask.address, &policies, AddressUse::SendFrom);
    if let Err(wrong) = &address {
        faults.extend(wrong.iter().map(|fault| {
            let field = format!("address.{}", fault.field);
            FieldFault::new(field, fault.what.code(), fault.what.to_string())
        }));
    }
    let (Ok(address), true) = (address, faults.is_empty()) else {
        return Err(Failure::Invalid(faults));
    };
    let (now, event) = (market.now(), market.id());
    let id: WarehouseId = market.id();
    let warehouse = Warehouse {
        id,
        shop,
        name: ask.name.trim().to_owned(),
        address: write_json(&address)?,
        country: address.country.to_string(),
        postcode: address.postcode,
        created_at: now,
    };
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<Warehouse, Failure> {
            load_shop(tx, shop).await?;
            shops::insert_warehouse(tx, &warehouse).await?;
            let body = json!({ "warehouse": id, "name": warehouse.name });
            note(tx, of_shop(event, shop, "warehouse_added", actor, body, now)).await?;
            Ok(warehouse.clone())
        })
        .await
}

fn of_shop(
    id: rules::ids::EventId,
    shop: ShopId,
    kind: &'static str,
    actor: Actor,
    body: serde_json::Value,
    now: rules::time::Timestamp,
) -> Happened {
    Happened { id, shop, subject: "shop", subject_id: shop.number(), kind, actor, body, now }
}

fn check(name: &str, category: &str, about: &Wording) -> Vec<FieldFault> {
    let mut faults = name_fault(name);
    if Categories::shipped().get(category).is_none() {
        let says = "choose one of the market's categories";
        faults.push(FieldFault::new("category", "unknown_category", says));
    }
    for (language, text) in [("en", &about.en), ("zh", &about.zh)] {
        if text.chars().count() > LONGEST_ABOUT {
            let says = format!("at most {LONGEST_ABOUT} characters");
            faults.push(FieldFault::new(format!("about.{language}"), "too_long", says));
        }
    }
    faults
}

fn name_fault(name: &str) -> Vec<FieldFault> {
    let plain = !name.chars().any(char::is_control);
    if plain && (1..=LONGEST_NAME).contains(&name.trim().chars().count()) {
        return Vec::new();
    }
    let says = format!("a name has 1 to {LONGEST_NAME} characters in one line");
    vec![FieldFault::new("name", "bad_name", says)]
}
