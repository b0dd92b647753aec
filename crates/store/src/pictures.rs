//! Pictures which sellers gave us, as they are shown: decoded, checked and written anew before they come here.

use rules::ids::{PictureId, ShopId};
use rules::time::Timestamp;

use crate::db::{DbError, FromRow, Row, Tx};
use crate::id_lists::IdList;
use crate::p;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub id: PictureId,
    pub shop: ShopId,
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub content_type: String,
    /// Of the body, in hex; the page's address of the picture changes with it.
    pub sha256: String,
    pub body: Vec<u8>,
    pub created_at: Timestamp,
}

impl FromRow for Picture {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(0)?,
            shop: row.get(1)?,
            content_type: row.get(2)?,
            sha256: row.get(3)?,
            body: row.get(4)?,
            created_at: row.get(5)?,
        })
    }
}

pub async fn load(
    tx: &mut Tx,
    shop: ShopId,
    picture: PictureId,
) -> Result<Option<Picture>, DbError> {
    tx.maybe(
        "select id, shop_id, content_type, sha256, body, created_at
           from pictures
          where shop_id = $1
            and id = $2",
        p![shop, picture],
    )
    .await
}

/// Which of these are pictures of the shop.
pub async fn known(
    tx: &mut Tx,
    shop: ShopId,
    pictures: impl IntoIterator<Item = PictureId>,
) -> Result<Vec<PictureId>, DbError> {
    let ids = IdList::of(pictures);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("select id from pictures where shop_id = $1 and id in ({})", ids.places(2));
    tx.many(&sql, &ids.after(shop)).await
}

/// The shop's picture with these bytes, if it has it: the same file twice is one picture.
pub async fn find_by_hash(
    tx: &mut Tx,
    shop: ShopId,
    sha256: &str,
) -> Result<Option<PictureId>, DbError> {
    tx.maybe("select id from pictures where shop_id = $1 and sha256 = $2", p![shop, sha256]).await
}

/// The picture which came from an address or a path.
pub async fn find_by_source(
    tx: &mut Tx,
    shop: ShopId,
    source: &str,
) -> Result<Option<PictureId>, DbError> {
    tx.maybe(
        "select picture_id from picture_sources where shop_id = $1 and source = $2",
        p![shop, source],
    )
    .await
}

pub async fn insert(tx: &mut Tx, picture: &Picture) -> Result<(), DbError> {
    tx.put(
        "insert into pictures (id, shop_id, content_type, sha256, body, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        p![
            picture.id,
            picture.shop,
            &picture.content_type,
            &picture.sha256,
            &picture.body,
            picture.created_at
        ],
    )
    .await
}

/// Remembers where a picture came from, so that it is not fetched again.
pub async fn put_source(
    tx: &mut Tx,
    shop: ShopId,
    source: &str,
    picture: PictureId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.put(
        "insert into picture_sources (source, shop_id, picture_id, created_at)
         values ($1, $2, $3, $4)
         on conflict (source, shop_id) do update set picture_id = excluded.picture_id",
        p![source, shop, picture, now],
    )
    .await
}
