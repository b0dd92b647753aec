//! Who is asking, and what they may do. Acts ask here before they load anything.

use rules::ids::{ApiKeyId, HOUSE, PersonId, ShopId};
use rules::people::{Permission, Role, Side};

use crate::failure::Failure;
use crate::market::Actor;
use crate::secrets::SecretHash;

/// What a key of a program opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyScope {
    /// Buying, as the person.
    Buyer,
    /// One shop.
    Shop,
    /// The house.
    Operator,
}

impl KeyScope {
    pub const ALL: [KeyScope; 3] = [KeyScope::Buyer, KeyScope::Shop, KeyScope::Operator];

    pub const fn code(self) -> &'static str {
        match self {
            KeyScope::Buyer => "buyer",
            KeyScope::Shop => "shop",
            KeyScope::Operator => "operator",
        }
    }

    pub fn parse(code: &str) -> Option<KeyScope> {
        KeyScope::ALL.into_iter().find(|scope| scope.code() == code)
    }
}

/// How the caller showed who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    Session { token_hash: SecretHash },
    Key { id: ApiKeyId, scope: KeyScope, home: ShopId },
}

/// A signed-in person, or a program which acts for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    /// `en` or `zh`.
    pub language: String,
    /// Home (a shop, or the house) and role. Of a key only those which its scope reaches.
    pub memberships: Vec<(ShopId, Role)>,
    pub via: Via,
}

impl Caller {
    /// The buyer this caller is. Keys of shops and operators do not buy.
    pub fn buyer(&self) -> Result<PersonId, Failure> {
        match self.via {
            Via::Session { .. } | Via::Key { scope: KeyScope::Buyer, .. } => Ok(self.person),
            Via::Key { scope: KeyScope::Shop | KeyScope::Operator, .. } => Err(Failure::NotAllowed),
        }
    }

    /// For staff with the permission, and for staff of the house with the permission which stands for it.
    /// A shop the caller has nothing to do with is not found.
    pub fn for_shop(&self, shop: ShopId, permission: Permission) -> Result<(), Failure> {
        debug_assert_eq!(permission.side(), Side::Shop, "{permission:?}");
        let instead = permission.of_the_house_instead();
        if self.holds(shop, permission) || instead.is_some_and(|one| self.holds(HOUSE, one)) {
            Ok(())
        } else if self.is_staff_of(shop) || self.holds(HOUSE, Permission::ViewShops) {
            Err(Failure::NotAllowed)
        } else {
            Err(Failure::NotFound)
        }
    }

    pub fn for_house(&self, permission: Permission) -> Result<(), Failure> {
        debug_assert_eq!(permission.side(), Side::House, "{permission:?}");
        if self.holds(HOUSE, permission) { Ok(()) } else { Err(Failure::NotAllowed) }
    }

    /// What gives power over people and keys is done by a person: a key cannot make itself another key.
    pub fn in_person(&self) -> Result<(), Failure> {
        match self.via {
            Via::Session { .. } => Ok(()),
            Via::Key { .. } => Err(Failure::NotAllowed),
        }
    }

    /// As whom they act at a home: its staff, the house, or (a buyer's own home) the buyer.
    pub fn actor_at(&self, home: ShopId) -> Actor {
        let person = self.person;
        if home.number() == person.number() {
            Actor::Buyer(person)
        } else if home != HOUSE && self.is_staff_of(home) {
            Actor::Staff { person, shop: home }
        } else {
            Actor::House(person)
        }
    }

    /// Any role there.
    pub fn is_staff_of(&self, home: ShopId) -> bool {
        self.memberships.iter().any(|(at, _)| *at == home)
    }

    /// The shops in which the caller has a role, each once.
    pub fn shops(&self) -> Vec<ShopId> {
        let mut shops: Vec<ShopId> =
            self.memberships.iter().map(|(at, _)| *at).filter(|at| *at != HOUSE).collect();
        shops.sort_unstable();
        shops.dedup();
        shops
    }

    /// Whether a role of the caller at this home holds the permission: for showing or hiding what acts will refuse.
    pub fn holds(&self, home: ShopId, permission: Permission) -> bool {
        self.memberships.iter().any(|(at, role)| *at == home && role.may(permission))
    }

    /// Of all the person's memberships those which the key reaches.
    pub(crate) fn reached(
        memberships: Vec<(ShopId, Role)>,
        scope: KeyScope,
        home: ShopId,
    ) -> Vec<(ShopId, Role)> {
        let reaches = |at: ShopId| match scope {
            KeyScope::Buyer => false,
            KeyScope::Shop => at == home && at != HOUSE,
            KeyScope::Operator => at == HOUSE,
        };
        memberships.into_iter().filter(|(at, _)| reaches(*at)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINE: ShopId = ShopId::new(10);
    const OTHER: ShopId = ShopId::new(11);

    fn caller(memberships: &[(ShopId, Role)], key: Option<(KeyScope, ShopId)>) -> Caller {
        let all = memberships.to_vec();
        let (memberships, via) = match key {
            None => (all, Via::Session { token_hash: SecretHash::of("token") }),
            Some((scope, home)) => {
                (Caller::reached(all, scope, home), Via::Key { id: ApiKeyId::new(1), scope, home })
            }
        };
        Caller {
            person: PersonId::new(5),
            name: "Ann".to_owned(),
            email: "ann@example.com".to_owned(),
            language: "en".to_owned(),
            memberships,
            via,
        }
    }

    #[test]
    fn another_shop_is_not_there_and_another_duty_is_not_allowed() {
        let packer = caller(&[(MINE, Role::Fulfilment)], None);
        assert_eq!(packer.for_shop(MINE, Permission::PackOrders), Ok(()));
        assert_eq!(packer.for_shop(MINE, Permission::ViewMoney), Err(Failure::NotAllowed));
        assert_eq!(packer.for_shop(OTHER, Permission::PackOrders), Err(Failure::NotFound));
        assert_eq!(packer.for_house(Permission::ViewHouse), Err(Failure::NotAllowed));
        assert_eq!(packer.buyer(), Ok(PersonId::new(5)));
        assert_eq!(packer.shops(), [MINE]);
    }

    #[test]
    fn the_house_looks_into_every_shop_but_does_not_pack() {
        let arbiter = caller(&[(HOUSE, Role::Arbiter)], None);
        assert_eq!(arbiter.for_shop(MINE, Permission::ViewOrders), Ok(()));
        assert_eq!(arbiter.for_shop(MINE, Permission::CancelOrders), Ok(()));
        assert_eq!(arbiter.for_shop(MINE, Permission::PackOrders), Err(Failure::NotAllowed));
        let editor = caller(&[(HOUSE, Role::PolicyEditor)], None);
        assert_eq!(editor.for_shop(MINE, Permission::ViewOrders), Err(Failure::NotFound));
        assert_eq!(editor.shops(), []);
    }

    #[test]
    fn a_key_reaches_no_further_than_its_scope() {
        let everything = [(MINE, Role::Owner), (OTHER, Role::Owner), (HOUSE, Role::Admin)];
        let shop = caller(&everything, Some((KeyScope::Shop, MINE)));
        assert_eq!(shop.for_shop(MINE, Permission::ViewMoney), Ok(()));
        assert_eq!(shop.for_shop(OTHER, Permission::ViewOrders), Err(Failure::NotFound));
        assert_eq!(shop.for_house(Permission::ViewHouse), Err(Failure::NotAllowed));
        assert_eq!(shop.buyer(), Err(Failure::NotAllowed));
        assert_eq!(shop.in_person(), Err(Failure::NotAllowed));
        let buyer = caller(&everything, Some((KeyScope::Buyer, ShopId::new(5))));
        assert_eq!(buyer.buyer(), Ok(PersonId::new(5)));
        assert_eq!(buyer.for_shop(MINE, Permission::ViewOrders), Err(Failure::NotFound));
        let operator = caller(&everything, Some((KeyScope::Operator, HOUSE)));
        assert_eq!(operator.for_house(Permission::MoveClock), Ok(()));
        assert_eq!(operator.for_shop(MINE, Permission::ViewOrders), Ok(()));
        assert_eq!(operator.for_shop(MINE, Permission::PackOrders), Err(Failure::NotAllowed));
        assert_eq!(operator.buyer(), Err(Failure::NotAllowed));
    }

    #[test]
    fn scopes_have_codes() {
        for scope in KeyScope::ALL {
            assert_eq!(KeyScope::parse(scope.code()), Some(scope));
        }
        assert_eq!(KeyScope::parse("everything"), None);
    }
}
