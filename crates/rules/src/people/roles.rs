//! Who may do what: one table, read by acts before they load anything.
//!
//! Ownership is not decided here: what is not yours is not found, because loading names its owner.

use std::fmt;

/// What a person is for a shop or for the house. Everybody is a buyer besides; that is no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Owner,
    Fulfilment,
    ServiceAgent,
    Finance,
    Admin,
    Arbiter,
    Risk,
    /// `finance` of the house; its code is `house_finance`.
    HouseFinance,
    PolicyEditor,
}

/// Where a permission or a role is at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Buyer,
    Shop,
    House,
}

/// One thing which somebody may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    PlaceOrders,
    OwnOrders,
    ViewOrders,
    ConfirmOrders,
    PackOrders,
    ShipOrders,
    CancelOrders,
    NoteOrders,
    AnswerCases,
    EditProducts,
    EditStock,
    ImportProducts,
    ViewMoney,
    ManageBankAccount,
    EditShop,
    ManageStaff,
    ManageKeys,
    ViewHouse,
    ViewLedger,
    HandlePayouts,
    ReconcileBooks,
    ViewShops,
    EditShops,
    CreateShop,
    CancelAnyOrder,
    ViewCases,
    DecideCases,
    MoveClock,
    ViewDueWork,
    RunDueWork,
    PublishPolicy,
    ManageHouseStaff,
}

/// A code which names no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no role {0:?}")]
pub struct NotARole(pub String);

impl Role {
    pub const ALL: [Role; 9] = [
        Role::Owner,
        Role::Fulfilment,
        Role::ServiceAgent,
        Role::Finance,
        Role::Admin,
        Role::Arbiter,
        Role::Risk,
        Role::HouseFinance,
        Role::PolicyEditor,
    ];

    /// As in the database, the API and the language files.
    pub const fn code(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Fulfilment => "fulfilment",
            Role::ServiceAgent => "service_agent",
            Role::Finance => "finance",
            Role::Admin => "admin",
            Role::Arbiter => "arbiter",
            Role::Risk => "risk",
            Role::HouseFinance => "house_finance",
            Role::PolicyEditor => "policy_editor",
        }
    }

    pub fn parse(code: &str) -> Result<Role, NotARole> {
        Role::ALL
            .into_iter()
            .find(|role| role.code() == code)
            .ok_or_else(|| NotARole(code.to_owned()))
    }

    pub const fn side(self) -> Side {
        match self {
            Role::Owner | Role::Fulfilment | Role::ServiceAgent | Role::Finance => Side::Shop,
            Role::Admin | Role::Arbiter | Role::Risk | Role::HouseFinance | Role::PolicyEditor => {
                Side::House
            }
        }
    }

    pub fn may(self, permission: Permission) -> bool {
        permission.held_by().contains(&self)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Permission {
    pub const ALL: [Permission; 32] = [
        Permission::PlaceOrders,
        Permission::OwnOrders,
        Permission::ViewOrders,
        Permission::ConfirmOrders,
        Permission::PackOrders,
        Permission::ShipOrders,
        Permission::CancelOrders,
        Permission::NoteOrders,
        Permission::AnswerCases,
        Permission::EditProducts,
        Permission::EditStock,
        Permission::ImportProducts,
        Permission::ViewMoney,
        Permission::ManageBankAccount,
        Permission::EditShop,
        Permission::ManageStaff,
        Permission::ManageKeys,
        Permission::ViewHouse,
        Permission::ViewLedger,
        Permission::HandlePayouts,
        Permission::ReconcileBooks,
        Permission::ViewShops,
        Permission::EditShops,
        Permission::CreateShop,
        Permission::CancelAnyOrder,
        Permission::ViewCases,
        Permission::DecideCases,
        Permission::MoveClock,
        Permission::ViewDueWork,
        Permission::RunDueWork,
        Permission::PublishPolicy,
        Permission::ManageHouseStaff,
    ];

    /// The table: which roles hold the permission. A buyer's permissions are held by everybody, so by no role.
    pub const fn held_by(self) -> &'static [Role] {
        use Role::{
            Admin, Arbiter, Finance, Fulfilment, HouseFinance, Owner, PolicyEditor, Risk,
            ServiceAgent,
        };
        match self {
            Permission::PlaceOrders | Permission::OwnOrders => &[],
            Permission::ViewOrders => &[Owner, Fulfilment, ServiceAgent, Finance],
            Permission::ConfirmOrders => &[Owner, Fulfilment],
            Permission::PackOrders => &[Owner, Fulfilment],
            Permission::ShipOrders => &[Owner, Fulfilment],
            Permission::CancelOrders => &[Owner, ServiceAgent],
            Permission::NoteOrders => &[Owner, Fulfilment, ServiceAgent, Finance],
            Permission::AnswerCases => &[Owner, ServiceAgent],
            Permission::EditProducts => &[Owner],
            Permission::EditStock => &[Owner, Fulfilment],
            Permission::ImportProducts => &[Owner],
            Permission::ViewMoney => &[Owner, Finance],
            Permission::ManageBankAccount => &[Owner],
            Permission::EditShop => &[Owner],
            Permission::ManageStaff => &[Owner],
            Permission::ManageKeys => &[Owner],
            Permission::ViewHouse => &[Admin, Arbiter, Risk, HouseFinance, PolicyEditor],
            Permission::ViewLedger => &[Admin, HouseFinance],
            Permission::HandlePayouts => &[Admin, HouseFinance],
            Permission::ReconcileBooks => &[Admin, HouseFinance],
            Permission::ViewShops => &[Admin, Arbiter, Risk, HouseFinance],
            Permission::EditShops => &[Admin, Risk],
            Permission::CreateShop => &[Admin],
            Permission::CancelAnyOrder => &[Admin, Arbiter],
            Permission::ViewCases => &[Admin, Arbiter, Risk, HouseFinance],
            Permission::DecideCases => &[Admin, Arbiter],
            Permission::MoveClock => &[Admin],
            Permission::ViewDueWork => &[Admin, Arbiter, Risk, HouseFinance, PolicyEditor],
            Permission::RunDueWork => &[Admin],
            Permission::PublishPolicy => &[Admin, PolicyEditor],
            Permission::ManageHouseStaff => &[Admin],
        }
    }

    pub const fn side(self) -> Side {
        match self {
            Permission::PlaceOrders | Permission::OwnOrders => Side::Buyer,
            Permission::ViewOrders
            | Permission::ConfirmOrders
            | Permission::PackOrders
            | Permission::ShipOrders
            | Permission::CancelOrders
            | Permission::NoteOrders
            | Permission::AnswerCases
            | Permission::EditProducts
            | Permission::EditStock
            | Permission::ImportProducts
            | Permission::ViewMoney
            | Permission::ManageBankAccount
            | Permission::EditShop
            | Permission::ManageStaff
            | Permission::ManageKeys => Side::Shop,
            Permission::ViewHouse
            | Permission::ViewLedger
            | Permission::HandlePayouts
            | Permission::ReconcileBooks
            | Permission::ViewShops
            | Permission::EditShops
            | Permission::CreateShop
            | Permission::CancelAnyOrder
            | Permission::ViewCases
            | Permission::DecideCases
            | Permission::MoveClock
            | Permission::ViewDueWork
            | Permission::RunDueWork
            | Permission::PublishPolicy
            | Permission::ManageHouseStaff => Side::House,
        }
    }

    /// The permission of the house which opens the same door in every shop, if there is one.
    pub const fn of_the_house_instead(self) -> Option<Permission> {
        match self {
            Permission::ViewOrders => Some(Permission::ViewShops),
            Permission::ViewMoney => Some(Permission::ViewLedger),
            Permission::EditShop => Some(Permission::EditShops),
            Permission::CancelOrders => Some(Permission::CancelAnyOrder),
            Permission::PlaceOrders
            | Permission::OwnOrders
            | Permission::ConfirmOrders
            | Permission::PackOrders
            | Permission::ShipOrders
            | Permission::NoteOrders
            | Permission::AnswerCases
            | Permission::EditProducts
            | Permission::EditStock
            | Permission::ImportProducts
            | Permission::ManageStaff
            | Permission::ManageKeys
            | Permission::ManageBankAccount
            | Permission::ViewHouse
            | Permission::ViewLedger
            | Permission::HandlePayouts
            | Permission::ReconcileBooks
            | Permission::ViewShops
            | Permission::EditShops
            | Permission::CreateShop
            | Permission::CancelAnyOrder
            | Permission::ViewCases
            | Permission::DecideCases
            | Permission::MoveClock
            | Permission::ViewDueWork
            | Permission::RunDueWork
            | Permission::PublishPolicy
            | Permission::ManageHouseStaff => None,
        }
    }

    /// As in `docs/permissions.md` and in refusals.
    pub const fn code(self) -> &'static str {
        match self {
            Permission::PlaceOrders => "place_orders",
            Permission::OwnOrders => "own_orders",
            Permission::ViewOrders => "view_orders",
            Permission::ConfirmOrders => "confirm_orders",
            Permission::PackOrders => "pack_orders",
            Permission::ShipOrders => "ship_orders",
            Permission::CancelOrders => "cancel_orders",
            Permission::NoteOrders => "note_orders",
            Permission::AnswerCases => "answer_cases",
            Permission::EditProducts => "edit_products",
            Permission::EditStock => "edit_stock",
            Permission::ImportProducts => "import_products",
            Permission::ViewMoney => "view_money",
            Permission::ManageBankAccount => "manage_bank_account",
            Permission::EditShop => "edit_shop",
            Permission::ManageStaff => "manage_staff",
            Permission::ManageKeys => "manage_keys",
            Permission::ViewHouse => "view_house",
            Permission::ViewLedger => "view_ledger",
            Permission::HandlePayouts => "handle_payouts",
            Permission::ReconcileBooks => "reconcile_books",
            Permission::ViewShops => "view_shops",
            Permission::EditShops => "edit_shops",
            Permission::CreateShop => "create_shop",
            Permission::CancelAnyOrder => "cancel_any_order",
            Permission::ViewCases => "view_cases",
            Permission::DecideCases => "decide_cases",
            Permission::MoveClock => "move_clock",
            Permission::ViewDueWork => "view_due_work",
            Permission::RunDueWork => "run_due_work",
            Permission::PublishPolicy => "publish_policy",
            Permission::ManageHouseStaff => "manage_house_staff",
        }
    }
}

/// The whole of `docs/permissions.md`.
pub fn permissions_page() -> String {
    let mut page = String::from(
        "# Who may do what\n\n\
         Generated from `crates/rules/src/people/roles.rs`; `./check fresh` writes it anew.\n\n\
         Everybody who is signed in is a buyer: `place_orders` and `own_orders` (one's own only).\n",
    );
    for (side, title) in [(Side::Shop, "For a shop"), (Side::House, "For the house")] {
        let roles: Vec<Role> = Role::ALL.into_iter().filter(|role| role.side() == side).collect();
        page.push_str(&format!("\n## {title}\n\n| permission |"));
        for role in &roles {
            page.push_str(&format!(" {role} |"));
        }
        page.push_str(&format!("\n| --- |{}\n", " :-: |".repeat(roles.len())));
        for permission in Permission::ALL.into_iter().filter(|one| one.side() == side) {
            page.push_str(&format!("| {} |", permission.code()));
            for role in &roles {
                page.push_str(if role.may(permission) { " x |" } else { " |" });
            }
            page.push('\n');
        }
    }
    page.push_str("\n## What the house may do in every shop\n\n");
    for permission in Permission::ALL {
        if let Some(house) = permission.of_the_house_instead() {
            page.push_str(&format!("- who holds `{}` may `{}`\n", house.code(), permission.code()));
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_holds_permissions_of_its_own_side_only() {
        for permission in Permission::ALL {
            for role in permission.held_by() {
                assert_eq!(role.side(), permission.side(), "{role} {permission:?}");
            }
        }
    }

    #[test]
    fn somebody_holds_every_permission_and_every_role_holds_one() {
        for permission in Permission::ALL.into_iter().filter(|one| one.side() != Side::Buyer) {
            assert!(!permission.held_by().is_empty(), "{permission:?}");
        }
        for role in Role::ALL {
            assert!(Permission::ALL.into_iter().any(|one| role.may(one)), "{role}");
        }
    }

    #[test]
    fn an_owner_may_do_everything_in_the_shop_and_an_admin_everything_in_the_house() {
        for permission in Permission::ALL {
            match permission.side() {
                Side::Buyer => {}
                Side::Shop => assert!(Role::Owner.may(permission), "{permission:?}"),
                Side::House => assert!(Role::Admin.may(permission), "{permission:?}"),
            }
        }
    }

    #[test]
    fn money_and_stock_are_kept_apart() {
        assert!(!Role::Fulfilment.may(Permission::ViewMoney));
        assert!(!Role::Finance.may(Permission::EditStock));
        assert!(!Role::PolicyEditor.may(Permission::ViewLedger));
    }

    #[test]
    fn the_house_opens_shops_with_permissions_of_its_own() {
        for permission in Permission::ALL {
            if let Some(house) = permission.of_the_house_instead() {
                assert_eq!((permission.side(), house.side()), (Side::Shop, Side::House));
            }
        }
    }

    #[test]
    fn lists_and_codes_are_whole_and_without_doubles() {
        for (place, permission) in Permission::ALL.into_iter().enumerate() {
            assert_eq!(permission as usize, place, "{permission:?} stands where it is declared");
        }
        let mut codes: Vec<&str> = Permission::ALL.map(Permission::code).to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Permission::ALL.len());
        for (place, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(role as usize, place, "{role} stands where it is declared");
            assert_eq!(Role::parse(role.code()), Ok(role));
        }
        assert!(Role::parse("king").is_err());
        assert_eq!(Permission::ManageHouseStaff as usize + 1, Permission::ALL.len());
        assert_eq!(Role::PolicyEditor as usize + 1, Role::ALL.len());
    }

    #[test]
    fn the_permissions_page_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/permissions.md");
        #[expect(clippy::disallowed_methods, reason = "a test asks whether to write the file anew")]
        if std::env::var("UPDATE_FRESH").is_ok() {
            std::fs::write(path, permissions_page()).expect("docs can be written");
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(kept, permissions_page(), "run ./check fresh");
    }
}
