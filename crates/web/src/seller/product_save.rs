//! Saving a product: a new one, or a change to the version which the editor saw.

use actions::catalog::{
    CreateProduct, EditProduct, create_product_once, edit_product, product_for_edit, set_stock,
};
use actions::{Failure, Market};
use axum::extract::{Form, Path, State};
use rules::ids::ProductId;
use rules::people::Permission;
use store::catalog::ACTIVE;

use super::desk::{Desk, Page, Typed};
use super::product::{self, Editor};
use super::product_draft::Draft;
use crate::visit::Visit;
use crate::words::Msg;

/// Rows which "more rows" adds.
const MORE: usize = 6;

pub(super) async fn create(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditProducts).await?;
    let draft = Draft::typed(&typed);
    if typed.get("act") == "rows" {
        let draft = draft.with_empty_rows(MORE);
        return Ok(product::shown(&desk, &Editor { file: None, draft, failure: None }));
    }
    let saved = async {
        let listing = draft.ask(desk.currency())?;
        let listed = typed.get("listed") == "on";
        let ask = CreateProduct { handle: None, listing, warehouse: None, listed };
        let request = desk.request_key(&typed, "create product");
        let made = create_product_once(&market, desk.actor(), desk.shop.id, ask, request).await?;
        Ok::<_, Failure>(made.answer)
    };
    match saved.await {
        Ok(made) => after_stock(&market, desk, made.id, draft, Msg::SaidSellerProductMade).await,
        Err(failure) => {
            Ok(product::shown(&desk, &Editor { file: None, draft, failure: Some(failure) }))
        }
    }
}

pub(super) async fn save(
    State(market): State<Market>,
    Path((shop, product)): Path<(String, String)>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditProducts).await?;
    let file = product::open(&market, &desk, &product).await.map_err(|f| desk.refused(f))?;
    let draft = Draft::typed(&typed);
    if typed.get("act") == "rows" {
        let draft = draft.with_empty_rows(MORE);
        return Ok(product::shown(&desk, &Editor { file: Some(&file), draft, failure: None }));
    }
    let saved = async {
        let listing = draft.ask(desk.currency())?;
        let expected = typed.get("version").parse().ok();
        let ask = EditProduct { product: file.product.id, expected, listing };
        edit_product(&market, desk.actor(), desk.shop.id, ask).await
    };
    match saved.await {
        Ok(saved) => after_stock(&market, desk, saved.id, draft, Msg::SaidSellerProductSaved).await,
        // The page shows the version of now: who saves again has seen that it was changed.
        Err(failure) => {
            Ok(product::shown(&desk, &Editor { file: Some(&file), draft, failure: Some(failure) }))
        }
    }
}

/// The page is saved; what was counted is a fact of its own and may be refused on its own.
async fn after_stock(
    market: &Market,
    desk: Desk,
    product: ProductId,
    draft: Draft,
    said: Msg,
) -> Page {
    match counted(market, &desk, product, &draft).await {
        Ok(()) => Ok(desk.see(&format!("/products/{product}"), said)),
        Err(failure) => {
            let file = product_for_edit(market, desk.shop.id, product).await;
            let file = file.map_err(|failure| desk.refused(failure))?;
            Ok(product::shown(&desk, &Editor { file: Some(&file), draft, failure: Some(failure) }))
        }
    }
}

async fn counted(
    market: &Market,
    desk: &Desk,
    product: ProductId,
    draft: &Draft,
) -> Result<(), Failure> {
    if !desk.may(Permission::EditStock) {
        return Ok(());
    }
    let file = product_for_edit(market, desk.shop.id, product).await?;
    for (code, count) in draft.counted() {
        let Some(sku) = file.skus.iter().find(|sku| sku.code == code && sku.state == ACTIVE) else {
            continue;
        };
        let known = file.stock.iter().find(|stock| stock.sku == sku.id).map(|stock| stock.on_hand);
        if known != Some(count) {
            set_stock(market, desk.actor(), desk.shop.id, sku.id, count).await?;
        }
    }
    Ok(())
}
