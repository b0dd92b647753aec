//! Writing a product inside a transaction: checked first, then its row, its page, its SKUs, what search knows of it.

use rules::catalog::categories::Categories;
use rules::catalog::listing::{Listing, ListingFault, PictureRef, check_listing};
use rules::ids::{Id, PictureId, ShopId, WarehouseId, kind};
use rules::money::Currency;
use rules::time::Timestamp;
use serde_json::json;
use store::catalog::{self as rows, LISTED, ListingVersion, Product, UNLISTED};
use store::shops::Shop;
use store::{Tx, pictures, search, shops};

use super::super::{Happened, load_shop, note, person_of, write_json};
use super::skus::{self, Assigned};
use super::{CreateProduct, ListingAsk, read_listing};
use crate::failure::{Failure, FieldFault, Refusal};
use crate::id_maker::{IdBlock, IdRun};
use crate::market::{Actor, Market};

/// Characters of a handle, as in the product files which sellers have.
const LONGEST_HANDLE: usize = 255;
/// So many products of a shop may have the same title before it has to think of a handle.
const MOST_ALIKE: usize = 50;

/// What one write of a product needs besides the rows, the same each time the act runs.
#[derive(Clone, Debug)]
pub(crate) struct Writing {
    pub actor: Actor,
    pub shop: ShopId,
    pub now: Timestamp,
    pub ids: IdBlock,
}

impl Writing {
    pub fn new(market: &Market, actor: Actor, shop: ShopId, skus: usize) -> Self {
        // The product, its page and the event, and some for acts which write more beside them.
        let count = 8 + 2 * i64::try_from(skus).unwrap_or(i64::from(u16::MAX));
        Self { actor, shop, now: market.now(), ids: market.ids.block(count.min(4_000)) }
    }
}

/// Makes a product. `source_hash` names the entry of a product file it comes from, or is empty.
pub(crate) async fn insert_in(
    tx: &mut Tx,
    writing: &Writing,
    ask: &CreateProduct,
    source_hash: &str,
) -> Result<Product, Failure> {
    let mut ids = writing.ids.start();
    let shop = load_shop(tx, writing.shop).await?;
    let warehouse = warehouse(tx, writing.shop, ask.warehouse).await?;
    let handle = free_handle(tx, writing.shop, ask).await?;
    let page = checked(tx, &shop, &ask.listing, Vec::new(), &mut ids).await?;
    let product = Product {
        id: ids.take(),
        shop: writing.shop,
        market: shop.market.clone(),
        handle,
        category: String::new(),
        nature: page.listing.nature,
        title_en: String::new(),
        title_zh: String::new(),
        picture: String::new(),
        price_from_minor: 0,
        currency: shop.currency.clone(),
        state: if ask.listed { LISTED } else { UNLISTED }.to_owned(),
        listing_version: 1,
        sold_count: 0,
        source_hash: source_hash.to_owned(),
        hs_code: String::new(),
        version: 1,
        created_at: writing.now,
    };
    let product = shown_as(product, &page.listing);
    rows::insert_product(tx, &product).await?;
    record_page(tx, writing, &product, &page, warehouse, &mut ids).await?;
    happened(tx, writing, &product, "product_created", &mut ids).await?;
    Ok(product)
}

/// What an edit changes beside the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Besides<'a> {
    pub listed: bool,
    pub source_hash: &'a str,
}

/// Changes a product's page. Nothing is written when nothing is different.
pub(crate) async fn edit_in(
    tx: &mut Tx,
    writing: &Writing,
    product: Product,
    ask: &ListingAsk,
    besides: Option<Besides<'_>>,
) -> Result<Product, Failure> {
    let mut ids = writing.ids.start();
    let shop = load_shop(tx, writing.shop).await?;
    let before = current_listing(tx, &product).await?;
    let existing = rows::load_skus(tx, writing.shop, product.id).await?;
    let page = checked(tx, &shop, ask, existing, &mut ids).await?;
    let mut changed = shown_as(product.clone(), &page.listing);
    if let Some(besides) = besides {
        changed.state = if besides.listed { LISTED } else { UNLISTED }.to_owned();
        changed.source_hash = besides.source_hash.to_owned();
    }
    let new_page = page.listing != before;
    if changed == product && !new_page {
        return Ok(product);
    }
    changed.version += 1;
    changed.listing_version += i64::from(new_page);
    // The version is compared before anything else is written: two editors at once are told apart here.
    if !rows::update_product(tx, &changed).await? {
        return Err(Failure::Again);
    }
    let warehouse = warehouse(tx, writing.shop, None).await?;
    if new_page {
        record_page(tx, writing, &changed, &page, warehouse, &mut ids).await?;
    } else {
        record_search(tx, writing, &changed, &page.listing).await?;
    }
    happened(tx, writing, &changed, "product_changed", &mut ids).await?;
    Ok(changed)
}

/// The newest version of a product's page.
pub(crate) async fn current_listing(tx: &mut Tx, product: &Product) -> Result<Listing, Failure> {
    let number = product.listing_version;
    let version = rows::load_listing_version(tx, product.shop, product.id, number).await?;
    let broken = || Failure::Broken(format!("product {} has no version {number}", product.id));
    read_listing(&version.ok_or_else(broken)?.body)
}

/// A page which may be shown, and what becomes of the SKUs.
struct Page {
    listing: Listing,
    skus: Assigned,
}

async fn checked(
    tx: &mut Tx,
    shop: &Shop,
    ask: &ListingAsk,
    existing: Vec<rows::Sku>,
    ids: &mut IdRun,
) -> Result<Page, Failure> {
    let currency =
        Currency::parse(&shop.currency).map_err(|error| Failure::Broken(error.to_string()))?;
    let (skus, mut faults) = skus::assign(&ask.skus, existing, currency, ids);
    let listing = Listing {
        title: ask.title.clone(),
        description: ask.description.clone(),
        category: ask.category.clone(),
        options: ask.options.clone(),
        nature: ask.nature,
        hs_code: ask.hs_code.clone(),
        origin: ask.origin.clone(),
        pictures: ask.pictures.clone(),
        currency,
        skus: skus.listed.clone(),
    };
    let more = check_listing(&listing, Categories::shipped());
    faults.extend(
        more.into_iter()
            .map(|ListingFault { field, code, sentence }| FieldFault::new(field, code, sentence)),
    );
    if faults.is_empty() {
        skus::check_codes(tx, shop.id, &skus, &mut faults).await?;
        skus::check_bundles(tx, shop.id, &skus, &mut faults).await?;
        check_pictures(tx, shop.id, &listing, &mut faults).await?;
    }
    if faults.is_empty() { Ok(Page { listing, skus }) } else { Err(Failure::Invalid(faults)) }
}

/// A file must be one of this shop's pictures.
async fn check_pictures(
    tx: &mut Tx,
    shop: ShopId,
    listing: &Listing,
    faults: &mut Vec<FieldFault>,
) -> Result<(), Failure> {
    let of_page = listing.pictures.iter().map(|listed| &listed.picture);
    let of_skus = listing.skus.iter().filter_map(|sku| sku.picture.as_ref());
    let files: Vec<PictureId> = of_page
        .chain(of_skus)
        .filter_map(|picture| match picture {
            PictureRef::File(id) => Some(*id),
            PictureRef::Drawn { .. } => None,
        })
        .collect();
    let known = pictures::known(tx, shop, files.clone()).await?;
    if let Some(unknown) = files.iter().find(|id| !known.contains(id)) {
        let says = format!("the shop has no picture {unknown}");
        faults.push(FieldFault::new("pictures", "unknown_picture", says));
    }
    Ok(())
}

/// The columns which lists and orders read, as the page says them.
fn shown_as(product: Product, listing: &Listing) -> Product {
    Product {
        category: listing.category.clone(),
        nature: listing.nature,
        title_en: listing.title.en.clone(),
        title_zh: listing.title.zh.clone(),
        picture: listing.first_picture().to_string(),
        price_from_minor: listing.price_from_minor(),
        hs_code: listing.hs_code.clone(),
        ..product
    }
}

async fn record_page(
    tx: &mut Tx,
    writing: &Writing,
    product: &Product,
    page: &Page,
    warehouse: WarehouseId,
    ids: &mut IdRun,
) -> Result<(), Failure> {
    let version = ListingVersion {
        number: product.listing_version,
        body: write_json(&page.listing)?,
        created_by: person_of(writing.actor),
        created_at: writing.now,
    };
    let id: Id<kind::Product> = ids.take();
    rows::insert_listing_version(tx, id.number(), product.shop, product.id, &version).await?;
    skus::record(tx, writing, product.id, &page.listing, &page.skus, warehouse).await?;
    record_search(tx, writing, product, &page.listing).await
}

async fn record_search(
    tx: &mut Tx,
    writing: &Writing,
    product: &Product,
    listing: &Listing,
) -> Result<(), Failure> {
    if product.state == LISTED {
        let text = listing.searched_text();
        search::put(tx, &product.market, product.shop, product.id, &text, writing.now).await?;
    } else {
        search::remove(tx, product.shop, product.id).await?;
    }
    Ok(())
}

async fn happened(
    tx: &mut Tx,
    writing: &Writing,
    product: &Product,
    kind: &'static str,
    ids: &mut IdRun,
) -> Result<(), Failure> {
    let happened = Happened {
        id: ids.take(),
        shop: product.shop,
        subject: "product",
        subject_id: product.id.number(),
        kind,
        actor: writing.actor,
        body: json!({ "listing_version": product.listing_version, "state": product.state }),
        now: writing.now,
    };
    note(tx, happened).await
}

async fn warehouse(
    tx: &mut Tx,
    shop: ShopId,
    asked: Option<WarehouseId>,
) -> Result<WarehouseId, Failure> {
    let all = shops::list_warehouses(tx, shop).await?;
    let found = match asked {
        Some(asked) => all.iter().find(|warehouse| warehouse.id == asked),
        None => all.first(),
    };
    match (found, asked) {
        (Some(found), _) => Ok(found.id),
        (None, Some(_)) => Err(Failure::invalid(
            "warehouse",
            "unknown_warehouse",
            "the shop has no such warehouse",
        )),
        (None, None) => {
            let says = "goods lie in a warehouse: add the shop's first one";
            Err(Refusal::new("no_warehouse", says).into())
        }
    }
}

async fn free_handle(tx: &mut Tx, shop: ShopId, ask: &CreateProduct) -> Result<String, Failure> {
    if let Some(handle) = &ask.handle {
        let strange = handle.chars().any(|c| c.is_control() || c.is_whitespace() || c == '/');
        if handle.is_empty() || strange || handle.chars().count() > LONGEST_HANDLE {
            let says = format!("a handle has 1 to {LONGEST_HANDLE} characters, no spaces and no /");
            return Err(Failure::invalid("handle", "bad_handle", says));
        }
        if rows::load_product_by_handle(tx, shop, handle).await?.is_some() {
            let says = "another product of the shop has this handle";
            return Err(Refusal::new("handle_taken", says).fact("handle", handle).into());
        }
        return Ok(handle.clone());
    }
    let stem = stem_of(ask.listing.title.shown("en"));
    for number in 1..=MOST_ALIKE {
        let handle = if number == 1 { stem.clone() } else { format!("{stem}-{number}") };
        if rows::load_product_by_handle(tx, shop, &handle).await?.is_none() {
            return Ok(handle);
        }
    }
    Err(Refusal::new("handle_taken", "many products have this title: choose a handle").into())
}

/// "Harbour Jumper, navy" is `harbour-jumper-navy`.
fn stem_of(title: &str) -> String {
    let lower = title.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let joined: String = words.join("-").chars().take(LONGEST_HANDLE - 10).collect();
    if joined.is_empty() { "product".to_owned() } else { joined }
}
