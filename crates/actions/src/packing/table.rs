//! What lies on the packing table of one order: what it needs, what is in which parcel.

use std::collections::BTreeMap;

use rules::ids::{OrderId, ParcelId, ShopId, SkuId};
use rules::orders::{Order, OrderState};
use rules::shipping::packing::{Expected, PackingRefusal, Wanted};
use rules::shipping::parcels::ParcelState;
use rules::time::Timestamp;
use serde_json::Value;
use store::orders::LineRow;
use store::packing::{Good, PackedItem, Packing, Serial};
use store::parcels::Parcel;
use store::{Tx, orders, packing, parcels};

use crate::failure::{Failure, Refusal};
use crate::goods::Part;

/// One order's lines, parcels and pieces.
pub(crate) struct Table {
    pub lines: Vec<LineRow>,
    pub parcels: Vec<Parcel>,
    pub packings: Vec<Packing>,
    pub items: Vec<PackedItem>,
    pub serials: Vec<Serial>,
    pub goods: BTreeMap<SkuId, Good>,
}

impl Table {
    pub async fn of(tx: &mut Tx, shop: ShopId, order: OrderId) -> Result<Table, Failure> {
        let lines = orders::lines(tx, shop, order).await?;
        let mut skus = Vec::new();
        for line in &lines {
            skus.extend(parts_of(line)?.into_iter().map(|part| part.sku));
        }
        let goods = packing::goods(tx, shop, skus).await?;
        Ok(Table {
            parcels: parcels::of_order(tx, shop, order).await?,
            packings: packing::of_orders(tx, shop, [order]).await?,
            items: packing::items_of(tx, shop, [order]).await?,
            serials: packing::serials_of(tx, shop, [order]).await?,
            goods: goods.into_iter().map(|good| (good.sku, good)).collect(),
            lines,
        })
    }

    /// The parcel which is being packed.
    pub fn open(&self) -> Option<&Parcel> {
        self.parcels.iter().find(|parcel| parcel.state == ParcelState::Open)
    }

    /// What the order needs, seen from one parcel.
    pub fn wanted(&self, parcel: Option<ParcelId>) -> Result<Vec<Wanted>, Failure> {
        let mut wanted = Vec::new();
        for line in &self.lines {
            for part in parts_of(line)? {
                let good = self.goods.get(&part.sku);
                let items = self.items.iter().filter(|i| i.line == line.id && i.sku == part.sku);
                let (mut here, mut elsewhere) = (0, 0);
                for item in items {
                    if Some(item.parcel) == parcel {
                        here += item.count;
                    } else {
                        elsewhere += item.count;
                    }
                }
                let serials = self.serials.iter().filter(|serial| {
                    serial.line == Some(line.id)
                        && serial.sku == part.sku
                        && serial.parcel == parcel
                });
                // A line of one SKU keeps its code and options as they were sold.
                let own = part.sku == line.sku;
                wanted.push(Wanted {
                    line: line.id,
                    sku: part.sku,
                    product: good.map_or(line.product, |good| good.product),
                    code: match good {
                        Some(good) if !own => good.code.clone(),
                        Some(_) | None => line.sku_code.clone(),
                    },
                    options: match good {
                        Some(good) if !own => option_words(&good.options),
                        Some(_) | None => option_words(&line.options),
                    },
                    count: part.quantity,
                    elsewhere,
                    here,
                    serials: good.is_some_and(|good| good.serials),
                    serials_here: if parcel.is_some() { serials.count() as i64 } else { 0 },
                });
            }
        }
        Ok(wanted)
    }

    /// Of what is in a parcel, by the SKUs' weights; in grams, at least one.
    pub fn weight(&self, parcel: ParcelId) -> i64 {
        let items = self.items.iter().filter(|item| item.parcel == parcel);
        let grams = |item: &PackedItem| {
            let each = self.goods.get(&item.sku).map_or(0, |good| good.weight_grams);
            each.saturating_mul(item.count)
        };
        items.map(grams).sum::<i64>().clamp(1, MOST_GRAMS)
    }
}

/// What one parcel may weigh. [X] a ton: more is freight.
pub(crate) const MOST_GRAMS: i64 = 1_000_000;

pub(crate) fn parts_of(line: &LineRow) -> Result<Vec<Part>, Failure> {
    serde_json::from_str(&line.parts).map_err(|error| Failure::Broken(error.to_string()))
}

/// Colour, size and the like in a row: "Red, M".
pub(crate) fn option_words(json: &str) -> String {
    let values: Vec<Value> = serde_json::from_str(json).unwrap_or_default();
    let word = |value: &Value| {
        let text = value.as_str().or_else(|| value.get("value").and_then(Value::as_str));
        text.unwrap_or_default().to_owned()
    };
    values.iter().map(word).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A parcel as it begins.
pub(crate) fn new_parcel(
    id: ParcelId,
    order: &Order,
    state: ParcelState,
    weight_grams: i64,
    now: Timestamp,
) -> Parcel {
    Parcel {
        id,
        shop: order.shop,
        order: order.id,
        state,
        carrier: String::new(),
        service: String::new(),
        tracking_number: String::new(),
        weight_grams,
        progress_at: now,
        version: 1,
        created_at: now,
        handed_over_at: None,
        recognised_at: None,
        news_at: now,
        tracking_changes: 0,
        override_reason: String::new(),
    }
}

/// Packing goes on until the last parcel has left.
///
/// # Errors
/// Refuses an order which still has to be confirmed by a code of its own: packers meet it before anybody has looked.
pub(crate) fn may_be_packed(order: &Order, command: &'static str) -> Result<(), Failure> {
    state_may_be_packed(order.state, command)
}

/// As [`may_be_packed`], for who knows the order's state only.
pub(crate) fn state_may_be_packed(state: OrderState, command: &'static str) -> Result<(), Failure> {
    match state {
        OrderState::AwaitingShipment { .. } | OrderState::PartiallyShipped { .. } => Ok(()),
        OrderState::AwaitingConfirmation { .. } => {
            let says = "something is flagged on this order: confirm it before it is packed";
            Err(Failure::refused("confirm_first", says))
        }
        OrderState::Unpaid { .. }
        | OrderState::OnHold { .. }
        | OrderState::AwaitingCollection { .. }
        | OrderState::InTransit { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. }
        | OrderState::Settled
        | OrderState::Cancelled { .. } => {
            let state = state.name();
            let sentence = format!("{command} is not possible while the order is {}", state.code());
            let refusal = Refusal::new("not_in_this_state", sentence);
            Err(refusal.fact("command", command).fact("state", state.code()).into())
        }
    }
}

/// "1 × TR-RED-M (Red, M), 2 × CUP": the same in every language.
pub fn in_a_row(expected: &[Expected]) -> String {
    let one = |wanted: &Expected| {
        let options = if wanted.options.is_empty() {
            String::new()
        } else {
            format!(" ({})", wanted.options)
        };
        format!("{} × {}{options}", wanted.count, wanted.code)
    };
    expected.iter().map(one).collect::<Vec<_>>().join(", ")
}

impl From<PackingRefusal> for Failure {
    fn from(refusal: PackingRefusal) -> Self {
        let said = Refusal::new(refusal.code(), refusal.to_string());
        let named = |code: String, options: String| {
            if options.is_empty() { code } else { format!("{code} ({options})") }
        };
        Failure::Refused(match refusal {
            PackingRefusal::UnknownCode { text, expected } => {
                said.fact("text", text).fact("expected", in_a_row(&expected))
            }
            PackingRefusal::WrongOption { code, options, expected }
            | PackingRefusal::NotInOrder { code, options, expected } => {
                said.fact("code", named(code, options)).fact("expected", in_a_row(&expected))
            }
            PackingRefusal::Enough { code, count, expected } => {
                let missing = in_a_row(&expected);
                said.fact("code", code).fact("count", count).fact("expected", missing)
            }
            PackingRefusal::SerialFirst { code } => said.fact("code", code),
            PackingRefusal::SerialUsed { serial, order } => {
                said.fact("serial", serial).fact("order", order)
            }
            PackingRefusal::NothingIn { expected } | PackingRefusal::Incomplete { expected } => {
                said.fact("expected", in_a_row(&expected))
            }
            PackingRefusal::LineSplit { code, missing } => {
                said.fact("code", code).fact("missing", missing)
            }
        })
    }
}
