//! People, the names they sign in with, their roles, addresses and notices.

use rules::ids::{AddressId, NoticeId, PersonId, ShopId};
use rules::time::Timestamp;

use crate::{DbError, FromRow, Row, Tx, p};

/// One person. `email` as typed; the spelling that is unique is in `login_names`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    /// A PHC string, or empty for somebody who cannot sign in with a password.
    pub password_hash: String,
    /// `en` or `zh`.
    pub language: String,
    pub version: i64,
    pub created_at: Timestamp,
}

impl FromRow for PersonRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(PersonRow {
            id: row.get(0)?,
            name: row.get(1)?,
            email: row.get(2)?,
            password_hash: row.get(3)?,
            language: row.get(4)?,
            version: row.get(5)?,
            created_at: row.get(6)?,
        })
    }
}

/// Takes a name to sign in with, unless somebody has it. Answers whether it is taken now for `person`.
pub async fn take_login_name(
    tx: &mut Tx,
    name: &str,
    person: PersonId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let taken = tx
        .run(
            "insert into login_names (name, person_id, created_at) values ($1, $2, $3) \
             on conflict (name) do nothing",
            p![name, person, now],
        )
        .await?;
    Ok(taken == 1)
}

/// Who signs in with this name (in lower case).
pub async fn person_of_login_name(tx: &mut Tx, name: &str) -> Result<Option<PersonId>, DbError> {
    tx.maybe("select person_id from login_names where name = $1", p![name]).await
}

pub async fn insert_person(tx: &mut Tx, person: &PersonRow) -> Result<(), DbError> {
    tx.put(
        "insert into people (id, name, email, password_hash, language, version, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        p![
            person.id,
            &person.name,
            &person.email,
            &person.password_hash,
            &person.language,
            person.version,
            person.created_at
        ],
    )
    .await
}

pub async fn load_person(tx: &mut Tx, id: PersonId) -> Result<Option<PersonRow>, DbError> {
    tx.maybe(
        "select id, name, email, password_hash, language, version, created_at \
         from people where id = $1",
        p![id],
    )
    .await
}

/// Writes name, language and password hash of a person as loaded; its version rises by one.
/// Answers false when somebody was quicker.
pub async fn record_person(tx: &mut Tx, person: &PersonRow) -> Result<bool, DbError> {
    let changed = tx
        .run(
            "update people set name = $1, password_hash = $2, language = $3, version = version + 1 \
             where id = $4 and version = $5",
            p![&person.name, &person.password_hash, &person.language, person.id, person.version],
        )
        .await?;
    Ok(changed == 1)
}

/// What a person is, and where: pairs of home (a shop, or the house) and role code.
pub async fn list_memberships(
    tx: &mut Tx,
    person: PersonId,
) -> Result<Vec<(ShopId, String)>, DbError> {
    tx.many(
        "select home_id, role from memberships where person_id = $1 order by home_id, role",
        p![person],
    )
    .await
}

/// One line of a staff list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub role: String,
    pub since: Timestamp,
}

impl FromRow for MemberRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(MemberRow {
            person: row.get(0)?,
            name: row.get(1)?,
            email: row.get(2)?,
            role: row.get(3)?,
            since: row.get(4)?,
        })
    }
}

/// The staff of a shop or of the house, one line a role, in the order they came.
pub async fn list_members(tx: &mut Tx, home: ShopId) -> Result<Vec<MemberRow>, DbError> {
    tx.many(
        "select m.person_id, p.name, p.email, m.role, m.created_at \
         from memberships m join people p on p.id = m.person_id \
         where m.home_id = $1 order by m.person_id, m.role",
        p![home],
    )
    .await
}

/// Until this act ends nobody else gives or takes this role at this home: PostgreSQL keeps the rows for us, and SQLite has
/// one writer anyway.
pub async fn lock_members(tx: &mut Tx, home: ShopId, role: &str) -> Result<(), DbError> {
    tx.run("update memberships set role = role where home_id = $1 and role = $2", p![home, role])
        .await?;
    Ok(())
}

/// How many people have this role at this home.
pub async fn count_members(tx: &mut Tx, home: ShopId, role: &str) -> Result<i64, DbError> {
    tx.one("select count(*) from memberships where home_id = $1 and role = $2", p![home, role])
        .await
}

/// How many of them can sign in with a password: the people behind keys and the demo's cannot.
pub async fn count_members_with_password(
    tx: &mut Tx,
    home: ShopId,
    role: &str,
) -> Result<i64, DbError> {
    tx.one(
        "select count(*) from memberships m join people p on p.id = m.person_id \
         where m.home_id = $1 and m.role = $2 and p.password_hash <> ''",
        p![home, role],
    )
    .await
}

/// Answers false when the person had the role already.
pub async fn insert_member(
    tx: &mut Tx,
    person: PersonId,
    home: ShopId,
    role: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let inserted = tx
        .run(
            "insert into memberships (person_id, home_id, role, created_at) \
             values ($1, $2, $3, $4) on conflict (person_id, home_id, role) do nothing",
            p![person, home, role, now],
        )
        .await?;
    Ok(inserted == 1)
}

/// Answers false when the person did not have the role.
pub async fn delete_member(
    tx: &mut Tx,
    person: PersonId,
    home: ShopId,
    role: &str,
) -> Result<bool, DbError> {
    let deleted = tx
        .run(
            "delete from memberships where person_id = $1 and home_id = $2 and role = $3",
            p![person, home, role],
        )
        .await?;
    Ok(deleted == 1)
}

/// An address of a buyer. `body` is `rules::checkout::address::Address` as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressRow {
    pub id: AddressId,
    pub body: String,
    pub is_default: bool,
    pub created_at: Timestamp,
}

impl FromRow for AddressRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(AddressRow {
            id: row.get(0)?,
            body: row.get(1)?,
            is_default: row.get(2)?,
            created_at: row.get(3)?,
        })
    }
}

/// A buyer's addresses, in the order they were added.
pub async fn list_addresses(tx: &mut Tx, buyer: PersonId) -> Result<Vec<AddressRow>, DbError> {
    tx.many(
        "select id, body, is_default, created_at from addresses where buyer_id = $1 order by id",
        p![buyer],
    )
    .await
}

pub async fn load_address(
    tx: &mut Tx,
    buyer: PersonId,
    id: AddressId,
) -> Result<Option<AddressRow>, DbError> {
    tx.maybe(
        "select id, body, is_default, created_at from addresses where id = $1 and buyer_id = $2",
        p![id, buyer],
    )
    .await
}

pub async fn insert_address(
    tx: &mut Tx,
    buyer: PersonId,
    address: &AddressRow,
) -> Result<(), DbError> {
    tx.put(
        "insert into addresses (id, buyer_id, body, is_default, created_at) \
         values ($1, $2, $3, $4, $5)",
        p![address.id, buyer, &address.body, address.is_default, address.created_at],
    )
    .await
}

/// Answers false when the buyer has no such address.
pub async fn record_address(
    tx: &mut Tx,
    buyer: PersonId,
    id: AddressId,
    body: &str,
) -> Result<bool, DbError> {
    let changed = tx
        .run("update addresses set body = $1 where id = $2 and buyer_id = $3", p![body, id, buyer])
        .await?;
    Ok(changed == 1)
}

pub async fn delete_address(tx: &mut Tx, buyer: PersonId, id: AddressId) -> Result<bool, DbError> {
    let deleted =
        tx.run("delete from addresses where id = $1 and buyer_id = $2", p![id, buyer]).await?;
    Ok(deleted == 1)
}

/// Makes one address the default and all others not.
pub async fn record_default_address(
    tx: &mut Tx,
    buyer: PersonId,
    id: AddressId,
) -> Result<(), DbError> {
    tx.put(
        "update addresses set is_default = case when id = $1 then 1 else 0 end \
         where buyer_id = $2",
        p![id, buyer],
    )
    .await
}

/// Something a person should know. `kind` names the sentence; `body` is JSON with its facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    pub id: NoticeId,
    pub person: PersonId,
    /// The shop or the house it comes from.
    pub home: ShopId,
    pub kind: String,
    /// What it is about: `order`, `payment`, …
    pub subject: String,
    pub subject_id: i64,
    pub body: String,
    pub read_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl FromRow for NoticeRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(NoticeRow {
            id: row.get(0)?,
            person: row.get(1)?,
            home: row.get(2)?,
            kind: row.get(3)?,
            subject: row.get(4)?,
            subject_id: row.get(5)?,
            body: row.get(6)?,
            read_at: row.get(7)?,
            created_at: row.get(8)?,
        })
    }
}

/// A repeated insert of the same id changes nothing, so that the relay may run twice.
pub async fn insert_notice(tx: &mut Tx, notice: &NoticeRow) -> Result<(), DbError> {
    tx.put(
        "insert into notices \
         (id, person_id, home_id, kind, subject, subject_id, body, read_at, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
        p![
            notice.id,
            notice.person,
            notice.home,
            &notice.kind,
            &notice.subject,
            notice.subject_id,
            &notice.body,
            notice.read_at,
            notice.created_at
        ],
    )
    .await
}

/// The newest first, older than `before` where it is given.
pub async fn list_notices(
    tx: &mut Tx,
    person: PersonId,
    before: Option<NoticeId>,
    limit: i64,
) -> Result<Vec<NoticeRow>, DbError> {
    let before = before.unwrap_or(NoticeId::new(i64::MAX));
    tx.many(
        "select id, person_id, home_id, kind, subject, subject_id, body, read_at, created_at \
         from notices where person_id = $1 and id < $2 order by id desc limit $3",
        p![person, before, limit],
    )
    .await
}

/// How many notices the person has not read, counted up to a hundred.
pub async fn count_unread_notices(tx: &mut Tx, person: PersonId) -> Result<i64, DbError> {
    tx.one(
        "select count(*) from (select id from notices \
         where person_id = $1 and read_at is null limit 100) unread",
        p![person],
    )
    .await
}

/// Marks one notice as read; false when the person has no such notice. The first reading counts.
pub async fn record_notice_read(
    tx: &mut Tx,
    person: PersonId,
    id: NoticeId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let found = tx
        .run(
            "update notices set read_at = case when read_at is null then $1 else read_at end \
             where id = $2 and person_id = $3",
            p![now, id, person],
        )
        .await?;
    Ok(found == 1)
}

/// Marks everything up to and including `until` as read.
pub async fn record_notices_read(
    tx: &mut Tx,
    person: PersonId,
    until: NoticeId,
    now: Timestamp,
) -> Result<u64, DbError> {
    tx.run(
        "update notices set read_at = $1 where person_id = $2 and id <= $3 and read_at is null",
        p![now, person, until],
    )
    .await
}
