//! What shops do with their catalogue, and what everybody sees of it. Who may do it, the caller has asked before.

mod deliveries;
mod pages;
mod products;
mod promotions;
mod shared_promotions;
mod shelf;
mod shops;
mod short;
mod sides;
pub(crate) mod stock;

pub use deliveries::{reachable, read_deliveries, set_deliveries};
pub use pages::{
    CardPage, ListedCard, ProductPage, ShopPage, SkuView, category_page, newest_page, product_page,
    search_page, shop_page,
};
pub(crate) use products::{Besides, Writing, current_listing, edit_in, insert_in};
pub use products::{
    CreateProduct, EditProduct, ListingAsk, SkuAsk, create_product, create_product_once,
    edit_product, set_listed,
};
pub use promotions::{
    NewPromotion, create_promotion, create_promotion_once, end_promotion, list_promotions,
};
pub use shared_promotions::{
    ACCEPTED, DECLINED, ProposePromotion, Proposed, answer_promotion, list_shared,
    propose_promotion,
};
pub use shelf::{
    ProductForEdit, list_batches, list_products, list_versions, listing_version, product_for_edit,
};
pub use shops::{EditShop, NewShop, NewWarehouse, add_warehouse, create_shop, edit_shop};
pub use short::count_short;
pub use sides::{LONGEST_SIDE_MM, set_sides, sides_of};
pub(crate) use sides::{Measured, record_measured};
pub use stock::{ReceiveBatch, receive_batch, receive_batch_once, set_stock, set_stock_once};

use rules::catalog::listing::Listing;
use rules::ids::{EventId, PersonId, ShopId};
use rules::time::Timestamp;
use serde_json::Value;
use store::events::{self, EventRow};
use store::shops::Shop;
use store::{Tx, shops as shop_rows};

use crate::failure::Failure;
use crate::market::Actor;

/// Who made a version: nobody (0) when a job of the house did.
pub(crate) const fn person_of(actor: Actor) -> PersonId {
    match actor {
        Actor::Buyer(person) | Actor::Staff { person, .. } | Actor::House(person) => person,
        Actor::Clock | Actor::Carrier | Actor::Provider | Actor::Bank => PersonId::new(0),
    }
}

/// One thing that happened to a shop or one of its products, for its timeline.
pub(crate) struct Happened {
    pub id: EventId,
    pub shop: ShopId,
    pub subject: &'static str,
    pub subject_id: i64,
    pub kind: &'static str,
    pub actor: Actor,
    pub body: Value,
    pub now: Timestamp,
}

pub(crate) async fn note(tx: &mut Tx, happened: Happened) -> Result<(), Failure> {
    let row = EventRow {
        id: happened.id,
        home_id: happened.shop.number(),
        subject: happened.subject,
        subject_id: happened.subject_id,
        kind: happened.kind,
        actor: happened.actor.code(),
        body: happened.body.to_string(),
        relay: false,
        created_at: happened.now,
    };
    Ok(events::insert(tx, &[row]).await?)
}

pub(crate) async fn load_shop(tx: &mut Tx, shop: ShopId) -> Result<Shop, Failure> {
    shop_rows::load(tx, shop).await?.ok_or(Failure::NotFound)
}

pub(crate) fn write_json<T: serde::Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::Broken(error.to_string()))
}

/// A listing version as it was stored. That it cannot be read is our fault, whoever asks.
pub(crate) fn read_listing(body: &str) -> Result<Listing, Failure> {
    serde_json::from_str(body)
        .map_err(|error| Failure::Broken(format!("a listing version: {error}")))
}
