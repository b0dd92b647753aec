//! Where pictures are: our own drawings under `/pictures/drawn/`, sellers' files under `/pictures/{shop}/{id}`.

use actions::{Failure, Market};
use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rules::catalog::listing::PictureRef;
use rules::ids::{PictureId, ProductId, ShopId};
use store::{Tx, pictures};

use crate::illustrations::{self, Colour, Kind, Shot, for_category};

/// A picture's address from what rows keep of it (`drawn:mug/sage/front`, `file:123`).
///
/// The product only varies small things of a drawing, so that two mugs of one colour are not the same picture.
/// What names no picture is drawn as a parcel.
pub fn address(shop: ShopId, product: ProductId, reference: &str) -> String {
    match reference.parse::<PictureRef>() {
        Ok(picture) => address_of(shop, product, &picture),
        Err(_) => drawn(product, "parcel", "sand", "front"),
    }
}

/// As [`address`], of a picture which was read already.
pub fn address_of(shop: ShopId, product: ProductId, picture: &PictureRef) -> String {
    match picture {
        PictureRef::Drawn { kind, colour, shot } => drawn(product, kind, colour, shot),
        PictureRef::File(id) => format!("/pictures/{shop}/{id}"),
    }
}

fn drawn(product: ProductId, kind: &str, colour: &str, shot: &str) -> String {
    // A seller who gave no picture has the drawing of the category.
    let kind = Kind::by_code(kind).unwrap_or_else(|| for_category(kind).0);
    let shot = Shot::ALL.into_iter().find(|known| known.code() == shot).unwrap_or(Shot::Front);
    // Fewer than a hundred looks are enough; the remainder keeps the address short.
    let look = u32::try_from(product.number().rem_euclid(97)).unwrap_or(0);
    illustrations::address(kind, Colour::for_name(colour), shot, look)
}

/// The drawn logo of a shop, or the file it has given.
pub fn logo(shop: &store::shops::Shop) -> String {
    match shop.logo.parse::<PictureRef>() {
        Ok(PictureRef::File(id)) => format!("/pictures/{}/{id}", shop.id),
        Ok(PictureRef::Drawn { .. }) | Err(_) => {
            illustrations::logo_address(&shop.category, &shop.name)
        }
    }
}

/// A seller's picture. Its row never changes, so a browser may keep it for ever.
pub(super) async fn show(
    State(market): State<Market>,
    Path((shop, id)): Path<(ShopId, PictureId)>,
    headers: HeaderMap,
) -> Response {
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(pictures::load(tx, shop, id).await?);
    let picture = match market.store.read(read).await {
        Ok(Some(picture)) => picture,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(failure) => {
            tracing::warn!(%failure, picture.id = %id, "a picture could not be read");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let tag = format!("\"{}\"", picture.sha256);
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known == Some(tag.as_str()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let head = [
        (CONTENT_TYPE, picture.content_type),
        (CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
        (ETAG, tag),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CONTENT_SECURITY_POLICY, "default-src 'none'".to_owned()),
    ];
    (head, picture.body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rows_keep_leads_to_a_picture_which_is_served() {
        let (shop, product) = (ShopId::new(7), ProductId::new(1234));
        assert_eq!(address(shop, product, "file:55"), "/pictures/7/55");
        for reference in ["drawn:mug/sage/front", "drawn:home_kitchen/teal/use", "nonsense", ""] {
            let address = address(shop, product, reference);
            let name = address.strip_prefix("/pictures/drawn/").expect("a drawing");
            assert!(illustrations::by_name(name).is_some(), "{reference} gives {address}");
        }
    }
}
