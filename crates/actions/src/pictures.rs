//! Pictures which sellers give: looked at, decoded, written anew without what a camera says about them, and kept once.

mod address;
mod clean;
mod fetch;

pub use clean::{LARGEST_FILE, PictureFault};
pub(crate) use fetch::{Come, MOST_OF_A_JOB, is_address};
pub use fetch::{FetchPictures, PRIVATE_ADDRESSES, WantedPicture, fetch_pictures};

use clean::{Clean, clean};
use rules::ids::{PictureId, ShopId};
use sha2::{Digest, Sha256};
use store::pictures::{self, Picture};
use store::{Tx, shops};

use crate::failure::Failure;
use crate::market::Market;

/// Takes a file which a seller has handed in.
pub async fn upload_picture(
    market: &Market,
    shop: ShopId,
    bytes: Vec<u8>,
) -> Result<PictureId, Failure> {
    let clean = clean_apart(bytes)
        .await?
        .map_err(|fault| Failure::invalid("picture", fault.code(), fault.to_string()))?;
    keep(market, shop, clean, None).await
}

/// Decoding takes long; it must not hold up the thread which serves others.
async fn clean_apart(bytes: Vec<u8>) -> Result<Result<Clean, PictureFault>, Failure> {
    tokio::task::spawn_blocking(move || clean(&bytes))
        .await
        .map_err(|error| Failure::Broken(format!("a picture could not be read: {error}")))
}

/// Keeps a picture, once for the same bytes, and remembers where it came from.
async fn keep(
    market: &Market,
    shop: ShopId,
    clean: Clean,
    source: Option<&str>,
) -> Result<PictureId, Failure> {
    let source = source.map(str::to_owned);
    let sha256 = hex(&Sha256::digest(&clean.body));
    let now = market.now();
    let picture = Picture {
        id: market.id(),
        shop,
        content_type: clean.content_type.to_owned(),
        sha256,
        body: clean.body,
        created_at: now,
    };
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<PictureId, Failure> {
            if shops::load(tx, shop).await?.is_none() {
                return Err(Failure::NotFound);
            }
            let id = match pictures::find_by_hash(tx, shop, &picture.sha256).await? {
                Some(there) => there,
                None => {
                    pictures::insert(tx, &picture).await?;
                    picture.id
                }
            };
            if let Some(source) = &source {
                pictures::put_source(tx, shop, source, id, now).await?;
            }
            Ok(id)
        })
        .await
}

/// Keeps a picture which was read from a seller's folder, under the name by which it is asked for.
pub(crate) async fn keep_file(
    market: &Market,
    shop: ShopId,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Result<PictureId, PictureFault>, Failure> {
    match clean_apart(bytes).await? {
        Ok(clean) => Ok(Ok(keep(market, shop, clean, Some(name)).await?)),
        Err(fault) => Ok(Err(fault)),
    }
}

/// Whether a picture is there which came from this address or file.
pub(crate) async fn source_is_known(
    market: &Market,
    shop: ShopId,
    source: &str,
) -> Result<bool, Failure> {
    let source = source.to_owned();
    let read = async move |tx: &mut Tx| -> Result<bool, Failure> {
        Ok(pictures::find_by_source(tx, shop, &source).await?.is_some())
    };
    market.store.read(read).await
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
