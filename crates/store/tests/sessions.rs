//! Sessions, links, wrong passwords and keys on both databases.

use rules::ids::{ApiKeyId, HOUSE, PersonId, ShopId};
use rules::time::{Span, Timestamp};
use store::api_keys::ApiKeyRow;
use store::sessions::{FailuresRow, LinkRow, SessionRow};
use store::testing::on_both_databases;
use store::{DbError, Store, Tx, api_keys, sessions};

const ANN: PersonId = PersonId::new(101);
const BOB: PersonId = PersonId::new(102);
const SHOP: ShopId = ShopId::new(201);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_ms(1_800_000_000_000 + seconds * 1_000)
}

async fn done<T: Send + 'static>(
    store: &Store,
    act: impl AsyncFn(&mut Tx) -> Result<T, DbError> + Send + Sync + 'static,
) -> T {
    store.write(act).await.expect("the act is done")
}

fn session(token: &str, person: PersonId, expires: i64) -> SessionRow {
    SessionRow {
        token_hash: token.to_owned(),
        person,
        agent: "Firefox".to_owned(),
        seen_at: at(0),
        expires_at: at(expires),
        created_at: at(0),
    }
}

#[test]
fn sessions_are_moved_forward_carried_over_and_ended() {
    on_both_databases(async |store| {
        done(&store, async |tx: &mut Tx| {
            sessions::insert_session(tx, &session("a", ANN, 100)).await?;
            sessions::insert_session(tx, &session("b", ANN, 10)).await?;
            sessions::insert_session(tx, &session("c", BOB, 100)).await?;
            sessions::record_session_seen(tx, "a", at(5), at(105)).await
        })
        .await;
        let live = done(&store, async |tx: &mut Tx| {
            sessions::record_sessions_carried(tx, at(20), Span::from_seconds(1_000)).await?;
            sessions::list_sessions(tx, ANN, at(1_050)).await
        });
        let moved =
            SessionRow { seen_at: at(1_005), expires_at: at(1_105), ..session("a", ANN, 0) };
        assert_eq!(live.await, [moved], "the expired one was not carried over");
        let ended = done(&store, async |tx: &mut Tx| {
            let foreign = sessions::delete_session(tx, BOB, "a").await?;
            let others = sessions::delete_other_sessions(tx, ANN, "a").await?;
            let expired = sessions::delete_expired(tx, at(2_000), at(0)).await?;
            Ok((foreign, others, expired, sessions::load_session(tx, "a").await?))
        });
        assert_eq!(ended.await, (false, 1, 2, None));
    });
}

#[test]
fn a_link_is_used_once() {
    on_both_databases(async |store| {
        let link = LinkRow {
            token_hash: "l".to_owned(),
            person: None,
            purpose: "set_up".to_owned(),
            destination: "/operator".to_owned(),
            expires_at: at(60),
            used_at: None,
            created_at: at(0),
        };
        let inserted = link.clone();
        let used = done(&store, async move |tx: &mut Tx| {
            sessions::insert_link(tx, &inserted).await?;
            let loaded = sessions::load_link(tx, "l").await?;
            let first = sessions::record_link_used(tx, "l", at(1)).await?;
            let second = sessions::record_link_used(tx, "l", at(2)).await?;
            Ok((loaded, first, second))
        });
        assert_eq!(used.await, (Some(link), true, false));
        let gone = done(&store, async |tx: &mut Tx| {
            let foreign = sessions::delete_links(tx, "set_up", Some(ANN)).await?;
            let own = sessions::delete_links(tx, "set_up", None).await?;
            Ok((foreign, own, sessions::load_link(tx, "l").await?))
        });
        assert_eq!(gone.await, (0, 1, None));
    });
}

#[test]
fn wrong_passwords_are_counted_until_the_right_one() {
    on_both_databases(async |store| {
        let counted = done(&store, async |tx: &mut Tx| {
            let count = |count| FailuresRow { count, last_at: at(count) };
            let name = "ann@example.com";
            let first = sessions::record_failures(tx, name, None, count(1), at(9)).await?;
            let late = sessions::record_failures(tx, name, None, count(1), at(9)).await?;
            let second = sessions::record_failures(tx, name, Some(count(1)), count(2), at(9));
            let second = second.await?;
            let lost = sessions::record_failures(tx, name, Some(count(1)), count(2), at(9)).await?;
            let counted = sessions::load_failures(tx, name).await?;
            sessions::delete_failures(tx, name).await?;
            let cleared = sessions::load_failures(tx, name).await?;
            Ok(((first, late, second, lost), counted, cleared))
        });
        let counted_to_two = Some(FailuresRow { count: 2, last_at: at(2) });
        assert_eq!(counted.await, ((true, false, true, false), counted_to_two, None));
    });
}

#[test]
fn a_key_is_found_by_its_hash_and_revoked_for_good() {
    on_both_databases(async |store| {
        let key = ApiKeyRow {
            secret_hash: "h".to_owned(),
            id: ApiKeyId::new(7),
            person: ANN,
            home: SHOP,
            scope: "shop".to_owned(),
            name: "warehouse".to_owned(),
            prefix: "gh_shop_abc".to_owned(),
            revoked_at: None,
            created_at: at(0),
        };
        let inserted = key.clone();
        let found = done(&store, async move |tx: &mut Tx| {
            api_keys::insert_key(tx, &inserted).await?;
            Ok((api_keys::load_key(tx, "h").await?, api_keys::list_keys(tx, SHOP).await?))
        });
        assert_eq!(found.await, (Some(key.clone()), vec![key.clone()]));
        let revoked = done(&store, async |tx: &mut Tx| {
            api_keys::record_key_revoked(tx, "h", at(2)).await?;
            api_keys::record_key_revoked(tx, "h", at(3)).await?;
            Ok((api_keys::load_key(tx, "h").await?, api_keys::list_keys(tx, HOUSE).await?))
        });
        let after = ApiKeyRow { revoked_at: Some(at(2)), ..key };
        assert_eq!(revoked.await, (Some(after), vec![]));
    });
}
