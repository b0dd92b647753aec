//! What an order keeps beside its lines.

use rules::ids::OrderId;
use rules::time::Timestamp;
use store::Tx;
use store::order_items::{self, OrderPromotion};

use super::ShopQuote;
use crate::failure::Failure;
use crate::id_maker::IdRun;

/// Keeps the order's charges at the border, and its promotions with who pays for them.
pub(super) async fn keep(
    tx: &mut Tx,
    order: OrderId,
    part: &ShopQuote,
    ids: &mut IdRun,
    now: Timestamp,
) -> Result<(), Failure> {
    let shop = part.shop.id;
    for line in &part.price.duty {
        let id: OrderId = ids.take();
        order_items::insert_charge(tx, id.number(), shop, order, line, now).await?;
    }
    for kept in kept_promotions(part) {
        let id: OrderId = ids.take();
        order_items::insert_promotion(tx, id.number(), shop, order, &kept, now).await?;
    }
    Ok(())
}

/// The promotions which took something off, as the order keeps them.
pub(crate) fn kept_promotions(part: &ShopQuote) -> Vec<OrderPromotion> {
    let mut kept = Vec::with_capacity(part.price.promotions.len());
    for applied in &part.price.promotions {
        let row = part.promotions.iter().find(|row| row.id == applied.promotion);
        kept.push(OrderPromotion {
            promotion: applied.promotion,
            funded_by: applied.funded_by.code().to_owned(),
            title_en: row.map(|row| row.title_en.clone()).unwrap_or_default(),
            title_zh: row.map(|row| row.title_zh.clone()).unwrap_or_default(),
            shop_part_minor: applied.shop_minor,
            house_part_minor: applied.house_minor,
        });
    }
    kept
}
