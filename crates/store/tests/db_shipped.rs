//! The migrations this program ships: they apply to an empty database of each engine, and a second run changes nothing.

use store::SchemaState;
use store::testing::{on_both_databases, on_both_databases_with};
use store::{Store, StoreOptions};

#[test]
fn an_empty_database_becomes_current() {
    on_both_databases_with(&StoreOptions::default(), &[], async |store: Store| {
        assert_eq!(store.schema_state().await, Ok(SchemaState::Empty));
        let first = store.migrate().await.unwrap();
        assert!(!first.applied.is_empty());
        assert_eq!(store.schema_state().await, Ok(SchemaState::Current));
        let second = store.migrate().await.unwrap();
        assert_eq!((second.applied, second.number), (Vec::new(), first.number));
    });
}

#[test]
fn tests_begin_with_a_current_database() {
    on_both_databases(async |store: Store| {
        assert_eq!(store.schema_state().await, Ok(SchemaState::Current));
    });
}
