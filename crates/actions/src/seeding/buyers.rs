//! Buyers, about one for every eight orders, with an address each.

use std::collections::BTreeSet;

use rules::checkout::address::{Address, AddressUse, check};
use rules::ids::PersonId;
use rules::policy::MarketCode;
use rules::time::{Span, Timestamp};
use store::bulk::{Rows, WholePerson};
use store::people::{AddressRow, PersonRow};

use super::goods::World;
use super::pool::Pool;
use super::{BuyerModel, Seeding};
use crate::checkout::address_faults;
use crate::failure::Failure;
use crate::people::CheckedPerson;

/// Somebody who buys.
#[derive(Clone, Debug)]
pub(super) struct Buyer {
    pub person: PersonId,
    pub name: String,
    pub market: MarketCode,
    pub address: Address,
    pub since: Timestamp,
}

/// Orders for each buyer, about.
const ORDERS_EACH: u64 = 8;
const MOST: u64 = 200_000;

/// Makes them into the world; answers their rows.
pub(super) fn make(world: &mut World, ask: &Seeding, pool: &mut Pool) -> Result<Rows, Failure> {
    let homes: BTreeSet<MarketCode> = world.shops.iter().map(|shop| shop.facts.home).collect();
    let near = ask.models.iter().filter(|model| homes.contains(&model.address.country));
    let models: Vec<&BuyerModel> = near.collect();
    if models.is_empty() {
        return Err(Failure::Broken("nobody lives where a shop sells".to_owned()));
    }
    let wanted = (ask.orders / ORDERS_EACH).clamp(models.len() as u64, MOST);
    let mut rows = Rows::default();
    // One after the other in the first half hour: the shops opened before them.
    let step = Span::from_minutes(30).ms() / wanted.max(1) as i64;
    for number in 0..wanted {
        let model = models[number as usize % models.len()];
        let family = ask.chance.pick(&models);
        let at = ask.from + Span::from_ms(step * number as i64);
        let (buyer, row) = one(world, model, family, number, pool, at)?;
        rows.people.push(row);
        world.buyers.push(buyer);
    }
    Ok(rows)
}

fn one(
    world: &World,
    model: &BuyerModel,
    family: &BuyerModel,
    number: u64,
    pool: &mut Pool,
    at: Timestamp,
) -> Result<(Buyer, WholePerson), Failure> {
    let first = model.name.split(' ').next().unwrap_or_default();
    let last = family.name.split(' ').next_back().unwrap_or_default();
    let name = format!("{first} {last}");
    let email = format!("buyer{number}@example.com");
    let person = CheckedPerson::check(&name, &email, "en", None)?;
    let address = Address { name: name.clone(), ..model.address.clone() };
    let address = check(&address, &world.policies, AddressUse::Deliver).map_err(address_faults)?;
    let mut ids = pool.ids(at, 2);
    let id: PersonId = ids.take();
    let body =
        serde_json::to_string(&address).map_err(|error| Failure::Broken(error.to_string()))?;
    let row = WholePerson {
        person: PersonRow {
            id,
            name: person.name,
            email: person.email,
            password_hash: String::new(),
            language: person.language.to_owned(),
            version: 1,
            created_at: at,
        },
        login_name: person.login_name.as_str().to_owned(),
        address: AddressRow { id: ids.take(), body, is_default: true, created_at: at },
    };
    let buyer = Buyer { person: id, name, market: address.country, address, since: at };
    Ok((buyer, row))
}
