//! A buyer's addresses. One of them is the default, as long as there is one.

use rules::checkout::address::{self, Address, AddressUse};
use rules::ids::{AddressId, PersonId};
use store::people::AddressRow;
use store::{Tx, people};

use crate::failure::{Failure, FieldFault, Refusal};
use crate::market::Market;

/// Addresses one buyer keeps at most.
const MOST: usize = 50;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuyerAddress {
    pub id: AddressId,
    pub address: Address,
    pub is_default: bool,
}

impl BuyerAddress {
    fn read(row: AddressRow) -> Result<Self, Failure> {
        let address = serde_json::from_str(&row.body)
            .map_err(|error| Failure::Broken(format!("the body of address {}: {error}", row.id)))?;
        Ok(Self { id: row.id, address, is_default: row.is_default })
    }
}

/// As it is kept: checked and spelled as the market spells it.
fn checked(market: &Market, address: &Address) -> Result<String, Failure> {
    let (_, policies) = market.policies();
    let kept = address::check(address, &policies, AddressUse::Deliver).map_err(|faults| {
        let fault = |one: address::AddressFault| {
            FieldFault::new(one.field, one.what.code(), one.what.to_string())
        };
        Failure::Invalid(faults.into_iter().map(fault).collect())
    })?;
    serde_json::to_string(&kept).map_err(|error| Failure::Broken(error.to_string()))
}

/// In the order they were added.
pub async fn list_addresses(
    market: &Market,
    buyer: PersonId,
) -> Result<Vec<BuyerAddress>, Failure> {
    let rows = market
        .store
        .read(async move |tx: &mut Tx| -> Result<Vec<AddressRow>, Failure> {
            Ok(people::list_addresses(tx, buyer).await?)
        })
        .await?;
    rows.into_iter().map(BuyerAddress::read).collect()
}

/// One address of the buyer's own; inside the checkout's act too.
pub async fn load_address(
    tx: &mut Tx,
    buyer: PersonId,
    id: AddressId,
) -> Result<BuyerAddress, Failure> {
    let row = people::load_address(tx, buyer, id).await?.ok_or(Failure::NotFound)?;
    BuyerAddress::read(row)
}

/// The first address is the default in any case.
pub async fn add_address(
    market: &Market,
    buyer: PersonId,
    address: &Address,
    make_default: bool,
) -> Result<AddressId, Failure> {
    let body = checked(market, address)?;
    let (id, now) = (market.id(), market.now());
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            let others = people::list_addresses(tx, buyer).await?.len();
            if others >= MOST {
                let sentence = format!("at most {MOST} addresses can be kept");
                return Err(Refusal::new("too_many_addresses", sentence).fact("most", MOST).into());
            }
            let row = AddressRow { id, body: body.clone(), is_default: false, created_at: now };
            people::insert_address(tx, buyer, &row).await?;
            if make_default || others == 0 {
                people::record_default_address(tx, buyer, id).await?;
            }
            Ok(())
        })
        .await?;
    Ok(id)
}

/// Orders keep the address they were placed with.
pub async fn edit_address(
    market: &Market,
    buyer: PersonId,
    id: AddressId,
    address: &Address,
) -> Result<(), Failure> {
    let body = checked(market, address)?;
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            let known = people::record_address(tx, buyer, id, &body).await?;
            if known { Ok(()) } else { Err(Failure::NotFound) }
        })
        .await
}

pub async fn choose_default_address(
    market: &Market,
    buyer: PersonId,
    id: AddressId,
) -> Result<(), Failure> {
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            people::load_address(tx, buyer, id).await?.ok_or(Failure::NotFound)?;
            Ok(people::record_default_address(tx, buyer, id).await?)
        })
        .await
}

/// When the default goes, the oldest of the others takes its place.
pub async fn remove_address(
    market: &Market,
    buyer: PersonId,
    id: AddressId,
) -> Result<(), Failure> {
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            if !people::delete_address(tx, buyer, id).await? {
                return Err(Failure::NotFound);
            }
            let left = people::list_addresses(tx, buyer).await?;
            match left.first() {
                Some(oldest) if !left.iter().any(|row| row.is_default) => {
                    Ok(people::record_default_address(tx, buyer, oldest.id).await?)
                }
                Some(_) | None => Ok(()),
            }
        })
        .await
}
