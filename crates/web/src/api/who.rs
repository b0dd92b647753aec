//! Who asks: a program with a key, or a signed-in person's browser with the token of its forms.

use actions::caller::Caller;
use actions::{Actor, Failure, Market};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use rules::ids::{PersonId, ShopId};
use rules::people::Permission;

use super::problem::Problem;
use crate::signed_in::SignedIn;

/// Somebody who has shown who they are. What they may do, each route asks.
pub struct Who(pub Caller);

impl FromRequestParts<Market> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, market: &Market) -> Result<Self, Problem> {
        let SignedIn(caller) = SignedIn::from_request_parts(parts, market).await?;
        Ok(Self(caller))
    }
}

/// Somebody who buys.
pub struct Buyer(pub Caller);

impl FromRequestParts<Market> for Buyer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, market: &Market) -> Result<Self, Problem> {
        let Who(caller) = Who::from_request_parts(parts, market).await?;
        caller.buyer()?;
        Ok(Self(caller))
    }
}

impl Buyer {
    pub const fn person(&self) -> PersonId {
        self.0.person
    }
}

impl Who {
    pub const fn person(&self) -> PersonId {
        self.0.person
    }

    /// Lets staff with the permission into a shop, and answers as whom they act there.
    pub fn in_shop(&self, shop: ShopId, permission: Permission) -> Result<Actor, Problem> {
        self.0.for_shop(shop, permission)?;
        let person = self.0.person;
        let is_staff = self.0.is_staff_of(shop);
        Ok(if is_staff { Actor::Staff { person, shop } } else { Actor::House(person) })
    }

    /// As [`Who::in_shop`], for the shop's own people alone: the house has its own ways, and does not do their work.
    pub fn of_shop(&self, shop: ShopId, permission: Permission) -> Result<Actor, Problem> {
        match self.in_shop(shop, permission)? {
            actor @ Actor::Staff { .. } => Ok(actor),
            _ => Err(Failure::NotAllowed.into()),
        }
    }

    pub fn in_house(&self, permission: Permission) -> Result<Actor, Problem> {
        self.0.for_house(permission)?;
        Ok(Actor::House(self.0.person))
    }
}
