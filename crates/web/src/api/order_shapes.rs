//! How an order looks in answers: in a list, and whole, to its buyer, its shop and the house.

use actions::Failure;
use actions::orders::OrderAnswer;
use rules::checkout::border::DutyLine;
use rules::ids::{OrderId, OrderLineId, PaymentId, ProductId, PromotionId, ShopId, SkuId};
use rules::money::Money;
use rules::orders::OrderState;
use rules::time::Timestamp;
use serde::Serialize;
use store::events::EventSeen;
use store::order_items::OrderPromotion;
use store::orders::{LineRow, OrderRow};
use store::parcels::{Parcel, ParcelEvent};
use store::payments::Refund;
use utoipa::ToSchema;

use super::charges::DutyLineJson;
use super::order_news::{EventJson, ParcelJson, RefundJson, event_json, parcel_json, refund_json};
use super::shapes::{IdText, MoneyJson, TimeText, Wording, json, money};

/// What an act answers about an order.
#[derive(Serialize, ToSchema)]
pub struct OrderStateJson {
    #[schema(value_type = IdText)]
    pub id: OrderId,
    #[schema(value_type = IdText)]
    pub shop: ShopId,
    /// `unpaid`, `on_hold`, `awaiting_confirmation`, `awaiting_shipment`, `awaiting_collection`, `in_transit`,
    /// `delivered`, `completed`, `settled` or `cancelled`.
    pub state: String,
    /// For If-Match.
    pub version: i64,
    /// When the clock acts by itself; null when the order waits for nothing.
    #[schema(value_type = Option<TimeText>)]
    pub due_at: Option<Timestamp>,
}

impl From<OrderAnswer> for OrderStateJson {
    fn from(order: OrderAnswer) -> Self {
        Self {
            id: order.id,
            shop: order.shop,
            state: order.state,
            version: order.version,
            due_at: order.due_at,
        }
    }
}

/// An order in a list.
#[derive(Serialize, ToSchema)]
pub struct OrderJson {
    #[schema(value_type = IdText)]
    id: OrderId,
    #[schema(value_type = IdText)]
    shop: ShopId,
    #[schema(value_type = IdText)]
    payment: PaymentId,
    market: String,
    /// As in [`OrderStateJson`].
    state: &'static str,
    #[schema(value_type = Option<TimeText>)]
    due_at: Option<Timestamp>,
    buyer_name: String,
    #[schema(value_type = MoneyJson)]
    total: Money,
    pieces: i64,
    /// Named differences which the shop has to look at before it confirms.
    #[schema(value_type = Vec<Object>)]
    flags: serde_json::Value,
    carrier: String,
    service: String,
    #[schema(value_type = TimeText)]
    promise_from: Timestamp,
    #[schema(value_type = TimeText)]
    promise_by: Timestamp,
    #[schema(value_type = Option<TimeText>)]
    ship_by: Option<Timestamp>,
    #[schema(value_type = TimeText)]
    created_at: Timestamp,
    version: i64,
}

impl OrderJson {
    pub fn of(row: &OrderRow) -> Result<Self, Failure> {
        Ok(Self {
            id: row.id,
            shop: row.shop,
            payment: row.payment,
            market: row.market.clone(),
            state: row.state.name().code(),
            due_at: row.state.due_at(),
            buyer_name: row.buyer_name.clone(),
            total: money(row.total_minor, row.currency),
            pieces: row.pieces_count,
            flags: json(&row.flags)?,
            carrier: row.carrier.clone(),
            service: row.service.clone(),
            promise_from: row.promise_from,
            promise_by: row.promise_by,
            ship_by: row.ship_by,
            created_at: row.created_at,
            version: row.version,
        })
    }
}

/// Everything about an order.
#[derive(Serialize, ToSchema)]
pub struct OrderDetailJson {
    #[serde(flatten)]
    order: OrderJson,
    amounts: AmountsJson,
    /// Charges at the border, one by one.
    duty: Vec<DutyLineJson>,
    /// What each party gave up for promotions; told to the shop and the house only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    promotions: Vec<OrderPromotionJson>,
    /// As it was checked at placement.
    address: super::addresses::AddressJson,
    /// The version of the policy which governs this order for ever.
    policy_version: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled: Option<CancelledJson>,
    lines: Vec<LineJson>,
    parcels: Vec<ParcelJson>,
    refunds: Vec<RefundJson>,
    /// What happened, oldest first.
    timeline: Vec<EventJson>,
}

#[derive(Serialize, ToSchema)]
pub struct AmountsJson {
    #[schema(value_type = MoneyJson)]
    goods: Money,
    #[schema(value_type = MoneyJson)]
    shop_discount: Money,
    #[schema(value_type = MoneyJson)]
    house_discount: Money,
    #[schema(value_type = MoneyJson)]
    shipping: Money,
    #[schema(value_type = MoneyJson)]
    tax: Money,
    /// Whether the tax is inside the prices already.
    tax_included: bool,
    /// Under what the tax is collected: empty as at home, the code of an import scheme, or `at_border`.
    tax_collection: String,
    /// Of the charges at the border.
    #[schema(value_type = MoneyJson)]
    duty: Money,
    #[schema(value_type = MoneyJson)]
    total: Money,
    /// What the house keeps; told to the shop and the house only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoneyJson>)]
    commission: Option<Money>,
}

#[derive(Serialize, ToSchema)]
pub struct CancelledJson {
    /// `buyer`, `shop`, `house` or `deadline`.
    by: &'static str,
    reason: &'static str,
    fault: &'static str,
}

#[derive(Serialize, ToSchema)]
pub struct LineJson {
    #[schema(value_type = IdText)]
    id: OrderLineId,
    #[schema(value_type = IdText)]
    product: ProductId,
    #[schema(value_type = IdText)]
    sku: SkuId,
    /// Which version of the product's page the buyer saw.
    listing_version: i64,
    title: Wording,
    sku_code: String,
    /// What the buyer chose, in the order of the product's options.
    #[schema(value_type = Vec<Object>)]
    options: serde_json::Value,
    category: String,
    quantity: i64,
    #[schema(value_type = MoneyJson)]
    unit_price: Money,
    #[schema(value_type = MoneyJson)]
    goods: Money,
    #[schema(value_type = MoneyJson)]
    shop_discount: Money,
    #[schema(value_type = MoneyJson)]
    house_discount: Money,
    #[schema(value_type = MoneyJson)]
    shipping: Money,
    #[schema(value_type = MoneyJson)]
    tax: Money,
    /// Its share of the charges at the border.
    #[schema(value_type = MoneyJson)]
    duty: Money,
    /// The tariff number it was declared under, or empty.
    hs_code: String,
}

/// One promotion of an order, with who pays for it.
#[derive(Serialize, ToSchema)]
pub struct OrderPromotionJson {
    #[schema(value_type = IdText)]
    promotion: PromotionId,
    /// `shop`, `house` or `shared`.
    funded_by: String,
    title: Wording,
    #[schema(value_type = MoneyJson)]
    shop_part: Money,
    #[schema(value_type = MoneyJson)]
    house_part: Money,
}

/// The rows an order's whole page is made of.
pub struct OrderRows {
    pub order: OrderRow,
    pub lines: Vec<LineRow>,
    pub parcels: Vec<(Parcel, Vec<ParcelEvent>)>,
    pub refunds: Vec<Refund>,
    pub charges: Vec<DutyLine>,
    pub promotions: Vec<OrderPromotion>,
    pub events: Vec<EventSeen>,
}

/// To whom an order is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Eyes {
    Buyer,
    /// Sees what the house keeps of it, too.
    Trade,
}

impl OrderRows {
    pub fn shown(self, to: Eyes) -> Result<OrderDetailJson, Failure> {
        let row = &self.order;
        let order = OrderJson::of(row)?;
        let in_currency = |minor: i64| money(minor, row.currency);
        let amounts = AmountsJson {
            goods: in_currency(row.goods_minor),
            shop_discount: in_currency(row.shop_discount_minor),
            house_discount: in_currency(row.house_discount_minor),
            shipping: in_currency(row.shipping_minor),
            tax: in_currency(row.tax_minor),
            tax_included: row.tax_included,
            tax_collection: row.tax_collection.code().to_owned(),
            duty: in_currency(row.duty_minor),
            total: in_currency(row.total_minor),
            commission: (to == Eyes::Trade).then(|| in_currency(row.commission_minor)),
        };
        let duty = self.charges.iter().map(|line| DutyLineJson::of(line, row.currency)).collect();
        let promotion = |kept: &OrderPromotion| OrderPromotionJson {
            promotion: kept.promotion,
            funded_by: kept.funded_by.clone(),
            title: Wording { en: kept.title_en.clone(), zh: kept.title_zh.clone() },
            shop_part: in_currency(kept.shop_part_minor),
            house_part: in_currency(kept.house_part_minor),
        };
        let promotions = match to {
            Eyes::Trade => self.promotions.iter().map(promotion).collect(),
            Eyes::Buyer => Vec::new(),
        };
        let cancelled = match row.state {
            OrderState::Cancelled { by, reason, fault } => {
                Some(CancelledJson { by: by.code(), reason: reason.code(), fault: fault.code() })
            }
            OrderState::Unpaid { .. }
            | OrderState::OnHold { .. }
            | OrderState::AwaitingConfirmation { .. }
            | OrderState::AwaitingShipment { .. }
            | OrderState::PartiallyShipped { .. }
            | OrderState::AwaitingCollection { .. }
            | OrderState::InTransit { .. }
            | OrderState::Delivered { .. }
            | OrderState::Completed { .. }
            | OrderState::Settled => None,
        };
        let lines = self.lines.into_iter().map(|line| line_json(line, in_currency));
        let events = self.events.into_iter().map(event_json);
        Ok(OrderDetailJson {
            order,
            amounts,
            duty,
            promotions,
            address: json(&row.address)?,
            policy_version: row.policy_version,
            cancelled,
            lines: lines.collect::<Result<_, Failure>>()?,
            parcels: self.parcels.into_iter().map(parcel_json).collect(),
            refunds: self.refunds.into_iter().map(refund_json).collect(),
            timeline: events.collect::<Result<_, Failure>>()?,
        })
    }
}

fn line_json(line: LineRow, in_currency: impl Fn(i64) -> Money) -> Result<LineJson, Failure> {
    Ok(LineJson {
        id: line.id,
        product: line.product,
        sku: line.sku,
        listing_version: line.listing_version,
        title: Wording { en: line.title_en, zh: line.title_zh },
        sku_code: line.sku_code,
        options: json(&line.options)?,
        category: line.category,
        quantity: line.price.quantity,
        unit_price: in_currency(line.price.unit_minor),
        goods: in_currency(line.price.goods_minor),
        shop_discount: in_currency(line.price.shop_discount_minor),
        house_discount: in_currency(line.price.house_discount_minor),
        shipping: in_currency(line.price.shipping_minor),
        tax: in_currency(line.price.tax_minor),
        duty: in_currency(line.price.duty_minor),
        hs_code: line.hs_code.clone(),
    })
}
