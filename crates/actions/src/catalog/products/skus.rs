//! The SKUs of an edit: which of those which are there is meant, which are new, which are no longer offered.

use std::collections::BTreeMap;

use rules::catalog::bundles;
use rules::catalog::listing::{ListedSku, Listing};
use rules::ids::{ProductId, ShopId, SkuId, WarehouseId};
use rules::money::{Currency, Money};
use store::catalog::{self as rows, ACTIVE, RETIRED, Sku};
use store::{Tx, stock};

use super::SkuAsk;
use super::write::Writing;
use crate::failure::{Failure, FieldFault};
use crate::id_maker::IdRun;

/// The SKUs as they are to be, beside those which are there.
pub(super) struct Assigned {
    pub listed: Vec<ListedSku>,
    existing: BTreeMap<SkuId, Sku>,
}

/// Finds the SKU each ask means. A retired one comes back when its code does.
pub(super) fn assign(
    asks: &[SkuAsk],
    existing: Vec<Sku>,
    currency: Currency,
    ids: &mut IdRun,
) -> (Assigned, Vec<FieldFault>) {
    let mut faults = Vec::new();
    let named: Vec<SkuId> = asks.iter().filter_map(|ask| ask.sku).collect();
    let mut listed = Vec::with_capacity(asks.len());
    for (place, ask) in asks.iter().enumerate() {
        let same_code = |sku: &&Sku| sku.code == ask.code && !named.contains(&sku.id);
        let sku = match ask.sku {
            Some(sku) => {
                if !existing.iter().any(|there| there.id == sku) {
                    let field = format!("skus[{place}].sku");
                    faults.push(FieldFault::new(
                        field,
                        "unknown_sku",
                        "the product has no such SKU",
                    ));
                }
                sku
            }
            None => existing.iter().find(same_code).map_or_else(|| ids.take(), |there| there.id),
        };
        let mut minor = |name: &str, money: Money| {
            if money.currency != currency {
                let says = format!("the shop's prices are in {currency}");
                faults.push(FieldFault::new(
                    format!("skus[{place}].{name}"),
                    "other_currency",
                    says,
                ));
            }
            money.minor
        };
        listed.push(ListedSku {
            sku,
            code: ask.code.clone(),
            values: ask.values.clone(),
            price_minor: minor("price", ask.price),
            compare_at_minor: ask.compare_at.map(|before| minor("compare_at", before)),
            weight_grams: ask.weight_grams,
            barcode: ask.barcode.clone(),
            picture: ask.picture.clone(),
            parts: ask.parts.clone(),
        });
    }
    let existing = existing.into_iter().map(|sku| (sku.id, sku)).collect();
    (Assigned { listed, existing }, faults)
}

/// A code is one SKU's in the whole shop. (Within the page it was checked before.)
pub(super) async fn check_codes(
    tx: &mut Tx,
    shop: ShopId,
    skus: &Assigned,
    faults: &mut Vec<FieldFault>,
) -> Result<(), Failure> {
    for (place, sku) in skus.listed.iter().enumerate() {
        if skus.existing.values().any(|there| there.code == sku.code) {
            continue;
        }
        if rows::load_sku_by_code(tx, shop, &sku.code).await?.is_some() {
            let says = format!("another product of the shop has the code {}", sku.code);
            faults.push(FieldFault::new(format!("skus[{place}].code"), "code_taken", says));
        }
    }
    Ok(())
}

/// Bundles hold SKUs of this shop which are no bundles, and are in no bundle themselves.
pub(super) async fn check_bundles(
    tx: &mut Tx,
    shop: ShopId,
    skus: &Assigned,
    faults: &mut Vec<FieldFault>,
) -> Result<(), Failure> {
    if skus.listed.iter().all(|sku| sku.parts.is_empty()) {
        return Ok(());
    }
    // A list of its own: a future which holds borrowing closures cannot be sent to another thread.
    let wanted: Vec<SkuId> =
        skus.listed.iter().flat_map(|sku| sku.parts.iter().map(|part| part.sku)).collect();
    let there = rows::load_skus_by_id(tx, shop, wanted).await?;
    let is_bundle = |id: SkuId| {
        let own = skus.listed.iter().find(|sku| sku.sku == id).map(|sku| !sku.parts.is_empty());
        own.or_else(|| there.iter().find(|sku| sku.id == id).map(|sku| !sku.parts.is_empty()))
    };
    let bundles_of_shop = rows::load_bundles(tx, shop).await?;
    for (place, sku) in skus.listed.iter().enumerate().filter(|(_, sku)| !sku.parts.is_empty()) {
        let field = || format!("skus[{place}].parts");
        if let Err(error) = bundles::check(sku.sku, &sku.parts, is_bundle) {
            faults.push(FieldFault::new(field(), error.code(), error.to_string()));
        }
        let holds_it = |bundle: &&Sku| bundle.parts.iter().any(|part| part.sku == sku.sku);
        if let Some(bundle) = bundles_of_shop.iter().find(holds_it) {
            let says = format!("this SKU is a part of the bundle {}", bundle.code);
            faults.push(FieldFault::new(field(), "bundle_in_bundle", says));
        }
    }
    Ok(())
}

/// Writes the SKUs of a page; those which are not on it any more are retired, never deleted.
pub(super) async fn record(
    tx: &mut Tx,
    writing: &Writing,
    product: ProductId,
    listing: &Listing,
    skus: &Assigned,
    warehouse: WarehouseId,
) -> Result<(), Failure> {
    let shop = writing.shop;
    for holder in holders_of_wanted_codes(skus) {
        rows::park_sku_code(tx, shop, holder).await?;
    }
    let mut left = skus.existing.clone();
    for (position, sku) in (1..).zip(&skus.listed) {
        let before = left.remove(&sku.sku);
        let wanted = Sku {
            id: sku.sku,
            product,
            code: sku.code.clone(),
            options: listing.chosen(sku),
            price_minor: sku.price_minor,
            compare_at_minor: sku.compare_at_minor,
            weight_grams: sku.weight_grams,
            barcode: sku.barcode.clone(),
            picture: listing.picture_of(sku).to_string(),
            parts: sku.parts.clone(),
            position,
            state: ACTIVE.to_owned(),
            version: before.as_ref().map_or(1, |before| before.version),
        };
        match before {
            None => {
                rows::insert_sku(tx, shop, &wanted, writing.now).await?;
                stock::insert(tx, shop, sku.sku, warehouse, writing.now).await?;
            }
            Some(before) if before == wanted => {}
            Some(_) => update(tx, shop, wanted).await?,
        }
    }
    for sku in left.into_values().filter(|sku| sku.state != RETIRED) {
        // A parked code stays parked.
        let parked = skus.listed.iter().any(|listed| listed.code == sku.code);
        let code = if parked { format!("~{}", sku.id) } else { sku.code.clone() };
        update(tx, shop, Sku { state: RETIRED.to_owned(), code, ..sku }).await?;
    }
    Ok(())
}

async fn update(tx: &mut Tx, shop: ShopId, sku: Sku) -> Result<(), Failure> {
    let next = Sku { version: sku.version + 1, ..sku };
    if rows::update_sku(tx, shop, &next).await? { Ok(()) } else { Err(Failure::Again) }
}

/// SKUs whose code another one of the page takes over: the two may even change places.
fn holders_of_wanted_codes(skus: &Assigned) -> Vec<SkuId> {
    let taken_over =
        |there: &&Sku| skus.listed.iter().any(|sku| sku.code == there.code && sku.sku != there.id);
    skus.existing.values().filter(taken_over).map(|there| there.id).collect()
}
