//! Where the pictures of goods are.

use rules::catalog::listing::PictureRef;
use rules::ids::{ProductId, ShopId};

use crate::illustrations::{self, Colour, Kind, Shot};

/// A picture's address from what rows keep of it (`drawn:mug/sage/front`, `file:123`).
pub(super) fn address(shop: ShopId, product: ProductId, reference: &str) -> String {
    match reference.parse::<PictureRef>() {
        Ok(PictureRef::Drawn { kind, colour, shot }) => drawn(product, &kind, &colour, &shot),
        Ok(PictureRef::File(id)) => format!("/pictures/{shop}/{id}"),
        Err(_) => drawn(product, "parcel", "sand", "front"),
    }
}

fn drawn(product: ProductId, kind: &str, colour: &str, shot: &str) -> String {
    let kind = Kind::by_code(kind).or_else(|| Kind::for_words(&kind.replace('_', " ")));
    let shot = Shot::ALL.into_iter().find(|known| known.code() == shot).unwrap_or(Shot::Front);
    let look = u32::try_from(product.number().rem_euclid(97)).unwrap_or(0);
    illustrations::address(kind.unwrap_or(Kind::Parcel), Colour::for_name(colour), shot, look)
}
