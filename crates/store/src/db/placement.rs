//! Where each table lives on a sharded cluster (PostgreSQL with the Citus extension); on one server this has no meaning.
//!
//! A migration which creates a table adds a line here; a test compares. The calls are made by the migration runner when
//! the extension is there. They cannot be tested on a machine without such a cluster; their order and settings are the
//! ones which were measured on one.

use super::failure::DbError;

/// How the rows of a table are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placement {
    /// Small, rarely written, copied to every node.
    Reference,
    /// By this column; each unique key contains it. Tables whose columns have the same type share their shards, so all
    /// rows of one home lie together.
    ShardedBy(&'static str),
}

use Placement::{Reference, ShardedBy};

const PLACEMENTS: &[(&str, Placement)] = &[
    ("house_settings", Reference),
    ("process_numbers", Reference),
    ("policy_versions", Reference),
    ("jobs", ShardedBy("home_id")),
    ("events", ShardedBy("home_id")),
    ("requests", ShardedBy("person_id")),
    ("people", ShardedBy("id")),
    ("login_names", ShardedBy("name")),
    ("memberships", ShardedBy("person_id")),
    ("sessions", ShardedBy("token_hash")),
    ("sign_in_links", ShardedBy("token_hash")),
    ("sign_in_failures", ShardedBy("name")),
    ("api_keys", ShardedBy("secret_hash")),
    ("addresses", ShardedBy("buyer_id")),
    ("notices", ShardedBy("person_id")),
    ("shops", ShardedBy("id")),
    ("warehouses", ShardedBy("shop_id")),
    ("products", ShardedBy("shop_id")),
    ("listing_versions", ShardedBy("shop_id")),
    ("skus", ShardedBy("shop_id")),
    ("stock", ShardedBy("shop_id")),
    ("stock_batches", ShardedBy("shop_id")),
    ("pictures", ShardedBy("shop_id")),
    ("picture_sources", ShardedBy("shop_id")),
    ("promotions", ShardedBy("shop_id")),
    ("product_search", ShardedBy("shop_id")),
    ("basket_lines", ShardedBy("buyer_id")),
    ("payments", ShardedBy("buyer_id")),
    ("payment_attempts", ShardedBy("buyer_id")),
    ("orders", ShardedBy("shop_id")),
    ("order_lines", ShardedBy("shop_id")),
    ("order_charges", ShardedBy("shop_id")),
    ("order_promotions", ShardedBy("shop_id")),
    ("shop_deliveries", ShardedBy("shop_id")),
    ("buyer_orders", ShardedBy("buyer_id")),
    ("parcels", ShardedBy("shop_id")),
    ("parcel_events", ShardedBy("shop_id")),
    ("packings", ShardedBy("shop_id")),
    ("packed_items", ShardedBy("shop_id")),
    ("serials", ShardedBy("shop_id")),
    ("refunds", ShardedBy("shop_id")),
    ("daily_figures", ShardedBy("shop_id")),
    ("figure_orders", ShardedBy("shop_id")),
    ("order_notes", ShardedBy("shop_id")),
    ("carrier_keys", Reference),
    ("transfers", ShardedBy("home_id")),
    ("balances", ShardedBy("home_id")),
    ("reserve_parts", ShardedBy("home_id")),
    ("order_flags", ShardedBy("shop_id")),
    ("order_messages", ShardedBy("shop_id")),
    ("cancel_requests", ShardedBy("shop_id")),
    ("shortages", ShardedBy("shop_id")),
    ("cases", ShardedBy("shop_id")),
    ("case_lines", ShardedBy("shop_id")),
    ("case_offers", ShardedBy("shop_id")),
    ("case_decisions", ShardedBy("shop_id")),
    ("buyer_cases", ShardedBy("buyer_id")),
    ("bank_accounts", ShardedBy("shop_id")),
    ("payouts", ShardedBy("shop_id")),
    ("bank_files", ShardedBy("home_id")),
    ("statements", ShardedBy("shop_id")),
    ("provider_reports", ShardedBy("home_id")),
    ("provider_lines", ShardedBy("home_id")),
    ("differences", ShardedBy("home_id")),
];

/// First in each migration: a reference table may have been read in parallel before.
pub(super) const SEQUENTIAL: &str = "set local citus.multi_shard_modify_mode to 'sequential'";

/// Without it a reference table drags every table it is tied to by a foreign key in as a local one, and the next
/// distribution fails.
pub(super) const NO_LOCAL_KEYS: &str = "set citus.enable_local_reference_table_foreign_keys to off";

pub(super) fn placement(table: &str) -> Option<Placement> {
    PLACEMENTS.iter().find(|(name, _)| *name == table).map(|(_, placement)| *placement)
}

/// The statements which place freshly created tables.
pub(super) fn calls(tables: &[String]) -> Result<Vec<String>, DbError> {
    tables
        .iter()
        .map(|table| match placement(table) {
            Some(Reference) => Ok(format!("select create_reference_table('{table}')")),
            Some(ShardedBy(column)) => {
                Ok(format!("select create_distributed_table('{table}', '{column}')"))
            }
            None => Err(DbError::Broken(format!("table {table} has no line in placement.rs"))),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::migrate::shipped_migrations;
    use crate::db::portable::{created_tables, primary_key};

    #[test]
    fn every_table_has_a_place_which_its_key_allows() {
        let mut seen = 0;
        for file in shipped_migrations() {
            if file.file.ends_with(".sqlite.sql") {
                continue;
            }
            for table in created_tables(&file.text).unwrap() {
                seen += 1;
                let key = primary_key(&file.text, &table).unwrap();
                match placement(&table) {
                    None => panic!("{}: {table} has no line in placement.rs", file.file),
                    Some(ShardedBy(column)) => {
                        assert!(
                            key.iter().any(|name| name == column),
                            "{table}: key {key:?} lacks {column}"
                        );
                    }
                    Some(Reference) => assert!(!key.is_empty(), "{table} has no primary key"),
                }
            }
        }
        assert!(seen > 0, "no table found in the migrations");
    }

    #[test]
    fn a_table_without_a_place_is_refused() {
        assert!(calls(&["orders".to_owned(), "nowhere".to_owned()]).is_err());
        assert_eq!(
            calls(&["orders".to_owned(), "policy_versions".to_owned()]).unwrap(),
            [
                "select create_distributed_table('orders', 'shop_id')",
                "select create_reference_table('policy_versions')"
            ]
        );
    }
}
