//! Importing a product file: each product is one act, so that good ones are done and bad ones are named.
//!
//! A second import of the same file changes nothing: a product remembers what its entry said, page and counts apart.
//! What was sold since is not undone, and what the shop has edited since stays, until the entry itself changes.

mod entry;
mod folder;

use std::collections::BTreeMap;
use std::path::PathBuf;

use rules::catalog::shopify_csv::{ImportedProduct, Limits, RowError, read};
use rules::ids::{JobId, ProductId, ShopId};
use rules::money::Currency;
use serde::{Deserialize, Serialize};
use store::catalog::{self as rows, Product, Sku};
use store::jobs::{self, NewJob};
use store::shops::Shop;
use store::stock::{self, Batch, CountRefused};
use store::{Tx, shops};

use crate::catalog::{
    Besides, CreateProduct, Measured, Writing, current_listing, edit_in, insert_in, record_measured,
};
use crate::failure::{Failure, FieldFault, Refusal};
use crate::id_maker::{IdBlock, IdRun};
use crate::market::{Actor, Market};
use crate::pictures::{Come, FetchPictures, MOST_OF_A_JOB};
use entry::{Entry, Remembered};
use folder::Folder;

/// How an import finds what the file only names.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// Pictures which are named by a path are read from here, never from outside of it.
    pub folder: Option<PathBuf>,
}

/// One thing which was not done, and where in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFault {
    /// From 1, as an editor counts; 0 when the whole file is meant.
    pub line: u64,
    /// The header as the file spells it; empty when no single column is meant.
    pub column: String,
    pub handle: String,
    pub code: String,
    /// What a sentence in any language needs besides the code.
    pub facts: BTreeMap<String, String>,
    /// English.
    pub sentence: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Rows with anything in them, the header aside.
    pub rows: u64,
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    /// SKUs whose count was set or received.
    pub stock_changed: u64,
    /// Products some of whose pictures are fetched from the internet in the next minutes.
    pub pictures_waiting: u64,
    /// Products which were not taken, with every reason.
    pub failed: Vec<ImportFault>,
    /// Pictures which were not taken; their products were.
    pub pictures_failed: Vec<ImportFault>,
}

/// Reads a product file into a shop.
pub async fn import_products(
    market: &Market,
    actor: Actor,
    shop: ShopId,
    csv: &[u8],
    options: &ImportOptions,
) -> Result<ImportReport, Failure> {
    let load = async move |tx: &mut Tx| -> Result<Option<Shop>, Failure> {
        Ok(shops::load(tx, shop).await?)
    };
    let shop = market.store.read(load).await?.ok_or(Failure::NotFound)?;
    let currency =
        Currency::parse(&shop.currency).map_err(|error| Failure::Broken(error.to_string()))?;
    let import = read(csv, currency, &Limits::default());
    let mut report = ImportReport {
        rows: import.rows,
        failed: import.errors.iter().map(fault_of_row).collect(),
        ..ImportReport::default()
    };
    let mut folder = Folder::new(options.folder.as_deref());
    for product in import.products {
        let entry = Entry::new(product, &shop, &mut folder, &mut report.pictures_failed);
        import_one(market, actor, &shop, entry, &folder, &mut report).await?;
    }
    report.failed.sort_by_key(|fault| fault.line);
    Ok(report)
}

/// What became of one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Created,
    Updated,
    Unchanged,
}

/// What one run of the act for one product did.
#[derive(Clone, Debug)]
struct Done {
    outcome: Outcome,
    stock_changed: u64,
    waiting: bool,
    /// Counts which could not be set.
    refused: Vec<(u64, Refusal)>,
}

async fn import_one(
    market: &Market,
    actor: Actor,
    shop: &Shop,
    entry: Entry,
    folder: &Folder,
    report: &mut ImportReport,
) -> Result<(), Failure> {
    folder.keep_pictures(market, shop.id, &entry, &mut report.pictures_failed).await?;
    let skus = entry.product.variants.len();
    let writing = Writing::new(market, actor, shop.id, skus);
    // A batch and a measuring a SKU, and the jobs which fetch pictures.
    let jobs = entry.sources().count() / MOST_OF_A_JOB + 1;
    let more = market.ids.block((2 * skus + jobs) as i64);
    let kept = entry.clone();
    let act = async move |tx: &mut Tx| -> Result<Done, Failure> {
        write(tx, &writing, &kept, more).await
    };
    match market.store.write(act).await {
        Ok(done) => {
            let counted = match done.outcome {
                Outcome::Created => &mut report.created,
                Outcome::Updated => &mut report.updated,
                Outcome::Unchanged => &mut report.unchanged,
            };
            *counted += 1;
            report.stock_changed += done.stock_changed;
            report.pictures_waiting += u64::from(done.waiting);
            for (line, refusal) in done.refused {
                report.failed.push(fault_of_refusal(line, &entry.product, &refusal));
            }
            Ok(())
        }
        Err(Failure::Invalid(faults)) => {
            report.failed.extend(faults.iter().map(|fault| fault_of_field(&entry.product, fault)));
            Ok(())
        }
        Err(Failure::Refused(refusal)) => {
            report.failed.push(fault_of_refusal(entry.product.line, &entry.product, &refusal));
            Ok(())
        }
        // Not the product's fault: the next one would meet the same.
        Err(failure) => Err(failure),
    }
}

async fn write(
    tx: &mut Tx,
    writing: &Writing,
    entry: &Entry,
    more: IdBlock,
) -> Result<Done, Failure> {
    let found = rows::load_product_by_handle(tx, writing.shop, &entry.product.handle).await?;
    let before =
        found.as_ref().map(|product| Remembered::read(&product.source_hash)).unwrap_or_default();
    let now = entry.remembered();
    if found.is_some() && before == now {
        let outcome = Outcome::Unchanged;
        return Ok(Done { outcome, stock_changed: 0, waiting: false, refused: Vec::new() });
    }
    let is_new = found.is_none();
    let mut ids = more.start();
    let source_hash = now.write();
    let besides = Besides { listed: entry.is_listed(), source_hash: &source_hash };
    let (product, wanted) = match found {
        None => {
            let wanted = entry.wanted(writing.shop, Vec::new());
            let come = Come::load(tx, &wanted).await?;
            let ask = CreateProduct {
                handle: Some(entry.product.handle.clone()),
                listing: entry.listing(None, &come, &wanted),
                warehouse: None,
                listed: entry.is_listed(),
            };
            (insert_in(tx, writing, &ask, &source_hash).await?, wanted)
        }
        Some(product) => {
            let listing = current_listing(tx, &product).await?;
            let wanted = entry.wanted(writing.shop, listing.pictures.clone());
            let come = Come::load(tx, &wanted).await?;
            // Only the counts are different: what the shop has made of the page since stays.
            let ask = if before.page == now.page {
                crate::catalog::ListingAsk::from(&listing)
            } else {
                entry.listing(Some(&listing), &come, &wanted)
            };
            (edit_in(tx, writing, product, &ask, Some(besides)).await?, wanted)
        }
    };
    let outcome = if is_new { Outcome::Created } else { Outcome::Updated };
    let mut done = Done { outcome, stock_changed: 0, waiting: false, refused: Vec::new() };
    if before.page != now.page {
        done.waiting = queue_pictures(tx, writing, &product, wanted, &mut ids).await?;
    }
    if before.page != now.page {
        set_sides(tx, writing, entry, &product, &mut ids).await?;
    }
    set_counts(tx, writing, entry, &product, &before, &mut ids, &mut done).await?;
    Ok(done)
}

/// How large the SKUs are, where the file says it. Where it does not, what was measured by hand stays.
async fn set_sides(
    tx: &mut Tx,
    writing: &Writing,
    entry: &Entry,
    product: &Product,
    ids: &mut IdRun,
) -> Result<(), Failure> {
    let said = entry.product.variants.iter();
    let said: Vec<(&str, [i64; 3])> =
        said.filter_map(|one| Some((one.sku.as_str(), one.sides_mm?))).collect();
    if said.is_empty() {
        return Ok(());
    }
    let skus = rows::load_skus(tx, writing.shop, product.id).await?;
    for (code, sides_mm) in said {
        let Some(sku) = skus.iter().find(|sku| sku.code == code) else { continue };
        let Writing { actor, shop, now, .. } = *writing;
        let event = ids.take();
        record_measured(tx, Measured { event, actor, shop, sku: sku.id, sides_mm, now }).await?;
    }
    Ok(())
}

/// Pictures of the internet are fetched apart: an import must not wait for other people's servers.
async fn queue_pictures(
    tx: &mut Tx,
    writing: &Writing,
    product: &Product,
    wanted: FetchPictures,
    ids: &mut IdRun,
) -> Result<bool, Failure> {
    let missing = wanted.missing(tx).await?;
    for some in missing.chunks(MOST_OF_A_JOB) {
        let fetch = some.to_vec();
        let job = FetchPictures { product: product.id, fetch, ..wanted.clone() };
        let id: JobId = ids.take();
        let job = NewJob {
            id,
            home_id: writing.shop.number(),
            kind: "fetch_picture",
            subject_id: product.id.number(),
            body: crate::catalog::write_json(&job)?,
            due_at: writing.now,
        };
        jobs::insert(tx, &job, writing.now).await?;
    }
    Ok(!missing.is_empty())
}

/// Sets the counts which the file says differently than last time. A new SKU's first pieces are a batch of its supplier.
async fn set_counts(
    tx: &mut Tx,
    writing: &Writing,
    entry: &Entry,
    product: &Product,
    before: &Remembered,
    ids: &mut IdRun,
    done: &mut Done,
) -> Result<(), Failure> {
    let skus = rows::load_skus(tx, writing.shop, product.id).await?;
    for variant in &entry.product.variants {
        let said = before.counts.get(&variant.sku).copied();
        let sku = skus.iter().find(|sku| sku.code == variant.sku && sku.parts.is_empty());
        let (Some(sku), true) = (sku, said != Some(variant.stock)) else { continue };
        let supplier = entry.product.supplier.trim();
        if said.is_none()
            && !supplier.is_empty()
            && variant.stock > 0
            && is_empty(tx, writing, sku).await?
        {
            let batch = Batch {
                id: ids.take(),
                sku: sku.id,
                code: format!("import {}", writing.now.civil().strftime("%Y-%m-%d")),
                supplier: supplier.to_owned(),
                received_count: variant.stock,
                remaining_count: variant.stock,
                received_at: writing.now,
            };
            stock::receive(tx, writing.shop, &batch).await?;
            done.stock_changed += 1;
            continue;
        }
        match stock::set_count(tx, writing.shop, sku.id, variant.stock).await? {
            Ok(old) => done.stock_changed += u64::from(old != variant.stock),
            Err(CountRefused::NoSuchSku) => {}
            Err(CountRefused::BelowReserved { reserved }) => {
                let says = "fewer than are promised to orders; the count was left as it is";
                let refusal = Refusal::new("below_reserved", says);
                let refusal = refusal.fact("count", variant.stock).fact("reserved", reserved);
                done.refused.push((variant.line, refusal));
            }
        }
    }
    Ok(())
}

async fn is_empty(tx: &mut Tx, writing: &Writing, sku: &Sku) -> Result<bool, Failure> {
    let stock = stock::load(tx, writing.shop, [sku.id]).await?;
    Ok(stock.get(&sku.id).is_some_and(|stock| stock.on_hand == 0))
}

fn fault_of_row(error: &RowError) -> ImportFault {
    let facts = error.problem.facts().into_iter().map(|(name, fact)| (name.to_owned(), fact));
    ImportFault {
        line: error.line,
        column: error.column.clone(),
        handle: error.handle.clone(),
        code: error.problem.code().to_owned(),
        facts: facts.collect(),
        sentence: error.problem.to_string(),
    }
}

/// The field of the page which cannot be taken, at the line of the variant it belongs to.
fn fault_of_field(product: &ImportedProduct, fault: &FieldFault) -> ImportFault {
    let place = fault.field.strip_prefix("skus[").and_then(|rest| rest.split_once(']'));
    let place = place.and_then(|(number, _)| number.parse::<usize>().ok());
    let variant = place.and_then(|place| product.variants.get(place));
    ImportFault {
        line: variant.map_or(product.line, |variant| variant.line),
        column: String::new(),
        handle: product.handle.clone(),
        code: fault.code.to_owned(),
        facts: BTreeMap::from([("field".to_owned(), fault.field.clone())]),
        sentence: fault.sentence.clone(),
    }
}

fn fault_of_refusal(line: u64, product: &ImportedProduct, refusal: &Refusal) -> ImportFault {
    let facts = refusal.facts.iter().map(|(name, fact)| ((*name).to_owned(), fact.clone()));
    ImportFault {
        line,
        column: String::new(),
        handle: product.handle.clone(),
        code: refusal.code.to_owned(),
        facts: facts.collect(),
        sentence: refusal.sentence.clone(),
    }
}

/// A product which is named before it is made.
const NOT_YET: ProductId = ProductId::new(0);
