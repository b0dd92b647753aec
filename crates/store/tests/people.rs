//! People on both databases: what is recorded is what is loaded, and lost races are noticed.

use rules::ids::{AddressId, HOUSE, NoticeId, PersonId, ShopId};
use rules::time::Timestamp;
use store::people::{AddressRow, MemberRow, NoticeRow, PersonRow};
use store::testing::on_both_databases;
use store::{DbError, Store, Tx, house, people};

const ANN: PersonId = PersonId::new(101);
const BOB: PersonId = PersonId::new(102);
const SHOP: ShopId = ShopId::new(201);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_ms(1_800_000_000_000 + seconds * 1_000)
}

fn person(id: PersonId, name: &str) -> PersonRow {
    PersonRow {
        id,
        name: name.to_owned(),
        email: format!("{name}@Example.com"),
        password_hash: "$argon2id$…".to_owned(),
        language: "zh".to_owned(),
        version: 1,
        created_at: at(0),
    }
}

async fn done<T: Send + 'static>(
    store: &Store,
    act: impl AsyncFn(&mut Tx) -> Result<T, DbError> + Send + Sync + 'static,
) -> T {
    store.write(act).await.expect("the act is done")
}

#[test]
fn a_name_is_taken_once_and_a_person_is_changed_by_one_at_a_time() {
    on_both_databases(async |store| {
        let taken = done(&store, async |tx: &mut Tx| {
            people::insert_person(tx, &person(ANN, "安")).await?;
            let first = people::take_login_name(tx, "ann@example.com", ANN, at(0)).await?;
            let second = people::take_login_name(tx, "ann@example.com", BOB, at(0)).await?;
            Ok((first, second))
        });
        assert_eq!(taken.await, (true, false));
        let found = done(&store, async |tx: &mut Tx| {
            let ann = people::person_of_login_name(tx, "ann@example.com").await?;
            Ok((ann, people::person_of_login_name(tx, "bob@example.com").await?))
        });
        assert_eq!(found.await, (Some(ANN), None));
        let renamed = done(&store, async |tx: &mut Tx| {
            let row = PersonRow { name: "Ann".to_owned(), ..person(ANN, "安") };
            let changed = people::record_person(tx, &row).await?;
            let late = people::record_person(tx, &row).await?;
            Ok((changed, late, people::load_person(tx, ANN).await?))
        });
        let after = PersonRow { name: "Ann".to_owned(), version: 2, ..person(ANN, "安") };
        assert_eq!(renamed.await, (true, false, Some(after)));
    });
}

#[test]
fn roles_are_held_once_and_listed_by_person_and_by_home() {
    on_both_databases(async |store| {
        let added = done(&store, async |tx: &mut Tx| {
            people::insert_person(tx, &person(ANN, "ann")).await?;
            let first = people::insert_member(tx, ANN, SHOP, "owner", at(1)).await?;
            let again = people::insert_member(tx, ANN, SHOP, "owner", at(2)).await?;
            people::insert_member(tx, ANN, HOUSE, "admin", at(3)).await?;
            Ok((first, again))
        });
        assert_eq!(added.await, (true, false));
        let (mine, staff, owners) = done(&store, async |tx: &mut Tx| {
            let mine = people::list_memberships(tx, ANN).await?;
            let staff = people::list_members(tx, SHOP).await?;
            Ok((mine, staff, people::count_members(tx, SHOP, "owner").await?))
        })
        .await;
        assert_eq!(mine, [(HOUSE, "admin".to_owned()), (SHOP, "owner".to_owned())]);
        let expected = MemberRow {
            person: ANN,
            name: "ann".to_owned(),
            email: "ann@Example.com".to_owned(),
            role: "owner".to_owned(),
            since: at(1),
        };
        assert_eq!((staff, owners), (vec![expected], 1));
        let gone = done(&store, async |tx: &mut Tx| {
            let first = people::delete_member(tx, ANN, SHOP, "owner").await?;
            let again = people::delete_member(tx, ANN, SHOP, "owner").await?;
            Ok((first, again, people::list_members(tx, SHOP).await?))
        });
        assert_eq!(gone.await, (true, false, vec![]));
    });
}

#[test]
fn an_address_belongs_to_one_buyer_and_one_of_them_is_the_default() {
    on_both_databases(async |store| {
        let (one, two) = (AddressId::new(1), AddressId::new(2));
        let row = |id, body: &str, is_default| AddressRow {
            id,
            body: body.to_owned(),
            is_default,
            created_at: at(0),
        };
        let rows = [row(one, "{}", true), row(two, "[]", false)];
        let foreign = done(&store, async move |tx: &mut Tx| {
            for row in &rows {
                people::insert_address(tx, ANN, row).await?;
            }
            people::record_default_address(tx, ANN, two).await?;
            let edited = people::record_address(tx, BOB, one, "stolen").await?;
            let removed = people::delete_address(tx, BOB, one).await?;
            Ok((edited, removed, people::load_address(tx, BOB, one).await?))
        });
        assert_eq!(foreign.await, (false, false, None));
        let (list, edited, removed, left) = done(&store, async move |tx: &mut Tx| {
            let list = people::list_addresses(tx, ANN).await?;
            let edited = people::record_address(tx, ANN, two, "new").await?;
            let removed = people::delete_address(tx, ANN, one).await?;
            Ok((list, edited, removed, people::list_addresses(tx, ANN).await?))
        })
        .await;
        assert_eq!(list, [row(one, "{}", false), row(two, "[]", true)]);
        assert_eq!((edited, removed, left), (true, true, vec![row(two, "new", true)]));
    });
}

fn notice(id: i64) -> NoticeRow {
    NoticeRow {
        id: NoticeId::new(id),
        person: ANN,
        home: SHOP,
        kind: "order_shipped".to_owned(),
        subject: "order".to_owned(),
        subject_id: 900 + id,
        body: "{}".to_owned(),
        read_at: None,
        created_at: at(id),
    }
}

#[test]
fn notices_are_read_newest_first_and_marked_once() {
    on_both_databases(async |store| {
        let shown = done(&store, async |tx: &mut Tx| {
            for id in [1, 2, 3, 3] {
                people::insert_notice(tx, &notice(id)).await?;
            }
            let unread = people::count_unread_notices(tx, ANN).await?;
            Ok((unread, people::list_notices(tx, ANN, Some(NoticeId::new(3)), 10).await?))
        });
        assert_eq!(shown.await, (3, vec![notice(2), notice(1)]));
        let marked = done(&store, async |tx: &mut Tx| {
            let foreign = people::record_notice_read(tx, BOB, NoticeId::new(1), at(9)).await?;
            let first = people::record_notice_read(tx, ANN, NoticeId::new(1), at(9)).await?;
            let again = people::record_notice_read(tx, ANN, NoticeId::new(1), at(10)).await?;
            let others = people::record_notices_read(tx, ANN, NoticeId::new(2), at(11)).await?;
            Ok((foreign, first, again, others))
        });
        assert_eq!(marked.await, (false, true, true, 1));
        let page = done(&store, async |tx: &mut Tx| people::list_notices(tx, ANN, None, 10).await);
        let read: Vec<_> = page.await.into_iter().map(|one| one.read_at).collect();
        assert_eq!(read, [None, Some(at(11)), Some(at(9))]);
    });
}

#[test]
fn the_first_value_of_a_setting_counts_unless_it_is_recorded_anew() {
    on_both_databases(async |store| {
        let values = done(&store, async |tx: &mut Tx| {
            let before = house::load_setting(tx, "form_key").await?;
            let mine = house::keep_first_setting(tx, "form_key", "mine", at(0)).await?;
            let late = house::keep_first_setting(tx, "form_key", "late", at(1)).await?;
            house::record_setting(tx, "form_key", "new", at(2)).await?;
            Ok((before, mine, late, house::load_setting(tx, "form_key").await?))
        });
        let text = |text: &str| text.to_owned();
        assert_eq!(values.await, (None, text("mine"), text("mine"), Some(text("new"))));
    });
}
