//! Badges: a state is always an icon, a word and a colour together, never colour alone.

use maud::{Markup, html};
use rules::settlement::payouts::PayoutState;
use store::payouts::PayoutRow;

use crate::format::Reader;
use crate::ui::icons::{Icon, icon};
use crate::words::{Msg, Words};

/// How urgent or how final something is. Red is only for overdue or irreversible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Quiet,
    Info,
    Good,
    Soon,
    Bad,
}

impl Tone {
    /// The class in `guildhall.css`.
    pub const fn class(self) -> &'static str {
        match self {
            Tone::Quiet => "quiet",
            Tone::Info => "info",
            Tone::Good => "good",
            Tone::Soon => "soon",
            Tone::Bad => "bad",
        }
    }
}

/// A badge with a word of your own.
pub fn badge(tone: Tone, picture: Icon, text: &str) -> Markup {
    html! { span class={ "badge " (tone.class()) } { (icon(picture)) span { (text) } } }
}

/// The badge of an order's `state` column; an unknown state is shown as it is written.
pub fn order_badge(words: Words, state: &str) -> Markup {
    let (tone, picture, msg) = match state {
        "unpaid" => (Tone::Soon, Icon::Wallet, Msg::OrderUnpaid),
        "on_hold" => (Tone::Quiet, Icon::Pause, Msg::OrderOnHold),
        "awaiting_confirmation" => (Tone::Soon, Icon::Flag, Msg::OrderAwaitingConfirmation),
        "awaiting_shipment" => (Tone::Soon, Icon::Box, Msg::OrderAwaitingShipment),
        "partially_shipped" => (Tone::Soon, Icon::Package, Msg::OrderPartiallyShipped),
        "awaiting_collection" => (Tone::Info, Icon::Package, Msg::OrderAwaitingCollection),
        "in_transit" => (Tone::Info, Icon::Truck, Msg::OrderInTransit),
        "delivered" => (Tone::Good, Icon::Home, Msg::OrderDelivered),
        "completed" => (Tone::Good, Icon::Check, Msg::OrderCompleted),
        "settled" => (Tone::Quiet, Icon::CheckCircle, Msg::OrderSettled),
        "cancelled" => (Tone::Quiet, Icon::Ban, Msg::OrderCancelled),
        other => return badge(Tone::Quiet, Icon::Question, other),
    };
    badge(tone, picture, &words.t(msg))
}

/// The badge of a payment's `state` column.
pub fn payment_badge(words: Words, state: &str) -> Markup {
    let (tone, picture, msg) = match state {
        "requested" => (Tone::Soon, Icon::Clock, Msg::PaymentRequested),
        "authorised" => (Tone::Info, Icon::Lock, Msg::PaymentAuthorised),
        "captured" => (Tone::Good, Icon::Check, Msg::PaymentCaptured),
        "failed" => (Tone::Bad, Icon::Close, Msg::PaymentFailed),
        "partly_refunded" => (Tone::Quiet, Icon::Refund, Msg::PaymentPartlyRefunded),
        "refunded" => (Tone::Quiet, Icon::Refund, Msg::PaymentRefunded),
        other => return badge(Tone::Quiet, Icon::Question, other),
    };
    badge(tone, picture, &words.t(msg))
}

/// A payout's state; one which is stopped says so before it says when it goes.
pub fn payout_badge(reader: &Reader, payout: &PayoutRow) -> Markup {
    let (tone, picture, msg) = match payout.state {
        PayoutState::Scheduled { .. } if !payout.obstacles.is_empty() => {
            (Tone::Bad, Icon::Pause, Msg::MoneyStateStopped)
        }
        PayoutState::Scheduled { .. } => (Tone::Quiet, Icon::Calendar, Msg::MoneyStateScheduled),
        PayoutState::Sent { .. } => (Tone::Info, Icon::Wallet, Msg::MoneyStateSent),
        PayoutState::Paid => (Tone::Good, Icon::CheckCircle, Msg::MoneyStatePaid),
        PayoutState::Failed { .. } => (Tone::Bad, Icon::Ban, Msg::MoneyStateFailed),
    };
    badge(tone, picture, &reader.t(msg))
}

/// The badge of a parcel's `state` column.
pub fn parcel_badge(words: Words, state: &str) -> Markup {
    let (tone, picture, msg) = match state {
        "open" => (Tone::Quiet, Icon::Box, Msg::ParcelOpen),
        "packed" => (Tone::Info, Icon::Package, Msg::ParcelPacked),
        "label_bought" => (Tone::Info, Icon::Tag, Msg::ParcelLabelBought),
        "handed_over" => (Tone::Info, Icon::Hand, Msg::ParcelHandedOver),
        "in_transit" => (Tone::Info, Icon::Truck, Msg::ParcelInTransit),
        "delivered" => (Tone::Good, Icon::Home, Msg::ParcelDelivered),
        "lost" => (Tone::Bad, Icon::Question, Msg::ParcelLost),
        "damaged" => (Tone::Bad, Icon::Warning, Msg::ParcelDamaged),
        "returned" => (Tone::Quiet, Icon::Return, Msg::ParcelReturned),
        other => return badge(Tone::Quiet, Icon::Question, other),
    };
    badge(tone, picture, &words.t(msg))
}
