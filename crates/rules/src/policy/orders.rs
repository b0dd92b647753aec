//! `policies/orders.toml`: how long each step of an order may take, and how large an order may be.

use super::section::Section;
use crate::orders::flags::CheckTerms;
use crate::orders::shortages::ShortageTerms;
use crate::time::Span;

/// Which orders stop for the shop's confirmation before they are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmMode {
    /// Only orders on which a check flag was raised.
    Flagged,
    /// Every order.
    All,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderPolicy {
    /// From placement; unpaid orders are then cancelled and the stock is free again.
    pub pay_by_minutes: i64,
    /// From payment; the buyer cancels without asking anyone.
    pub cancel_free_minutes: i64,
    pub confirm_mode: ConfirmMode,
    /// Whether a buyer may leave an order which is late without asking.
    pub cancel_when_late: bool,
    /// From a buyer's request to cancel; silence approves it.
    pub cancel_answer_hours: i64,
    /// Whether a shop may take single lines off an order, for want of stock.
    pub cancel_by_line: bool,
    /// From a shortage; the shop's silence refunds what is missing.
    pub shortage_offer_hours: i64,
    /// From the offer of a substitute; silence refunds what is missing.
    pub substitute_answer_hours: i64,
    /// From the end of the free hour; a flagged order nobody resolved is then cancelled.
    pub confirm_by_hours: i64,
    /// From the end of the free hour, or from the confirmation if there is one; after it the order is late.
    pub dispatch_by_hours: i64,
    /// From the dispatch deadline; a late order is then cancelled and refunded.
    pub dispatch_grace_hours: i64,
    /// From the shop's word that it has shipped; the carrier must have scanned the parcel by then.
    pub collect_by_hours: i64,
    /// From the carrier's first scan.
    pub deliver_by_days: i64,
    /// From the carrier's last scan; without another one the parcel counts as lost.
    pub no_progress_days: i64,
    /// From the deadline of delivery; scanned or not, the parcel then counts as lost.
    pub never_delivered_days: i64,
    /// From the hand-over; carrier and tracking number may be changed until then.
    pub tracking_change_hours: i64,
    /// How often they may be changed.
    pub tracking_changes_count: i64,
    /// From delivery; nobody having complained, the order is complete.
    pub auto_complete_days: i64,
    /// From this many pieces of one SKU on, the order is flagged.
    pub unusual_quantity_count: i64,
    /// A price which has moved by this part since the order is flagged.
    pub price_change_flag_bp: i64,
    /// From this many declined tries on, the order is flagged.
    pub declined_tries_flag_count: i64,
    /// From the buyer's first day; until then a large order is flagged.
    pub new_buyer_days: i64,
    /// What is a large order of a new buyer, in the market's currency.
    pub high_value_minor: i64,
    /// Beginnings of postcodes to which no parcel goes.
    pub undeliverable_postcodes: Vec<String>,
    /// Lines of one order.
    pub max_lines_count: i64,
    /// Pieces in one line.
    pub max_quantity_count: i64,
    /// Lines of one basket, over all shops.
    pub basket_max_lines_count: i64,
    /// From the last change; the basket is then forgotten.
    pub basket_keep_days: i64,
}

impl OrderPolicy {
    pub(super) fn read(section: &Section<'_>) -> OrderPolicy {
        let policy = OrderPolicy {
            pay_by_minutes: section.whole("pay_by_minutes", 5..=10_080),
            cancel_free_minutes: section.whole("cancel_free_minutes", 0..=1_440),
            cancel_when_late: section.flag("cancel_when_late"),
            cancel_answer_hours: section.whole("cancel_answer_hours", 1..=240),
            cancel_by_line: section.flag("cancel_by_line"),
            shortage_offer_hours: section.whole("shortage_offer_hours", 1..=240),
            substitute_answer_hours: section.whole("substitute_answer_hours", 1..=240),
            confirm_mode: section.choice(
                "confirm_mode",
                &[("flagged", ConfirmMode::Flagged), ("all", ConfirmMode::All)],
            ),
            confirm_by_hours: section.whole("confirm_by_hours", 1..=240),
            dispatch_by_hours: section.whole("dispatch_by_hours", 1..=720),
            dispatch_grace_hours: section.whole("dispatch_grace_hours", 0..=720),
            collect_by_hours: section.whole("collect_by_hours", 1..=720),
            deliver_by_days: section.whole("deliver_by_days", 1..=120),
            no_progress_days: section.whole("no_progress_days", 1..=60),
            never_delivered_days: section.whole("never_delivered_days", 1..=365),
            tracking_change_hours: section.whole("tracking_change_hours", 0..=720),
            tracking_changes_count: section.whole("tracking_changes_count", 0..=10),
            auto_complete_days: section.whole("auto_complete_days", 1..=120),
            unusual_quantity_count: section.whole("unusual_quantity_count", 2..=100_000),
            price_change_flag_bp: section.whole("price_change_flag_bp", 100..=100_000),
            declined_tries_flag_count: section.whole("declined_tries_flag_count", 1..=100),
            new_buyer_days: section.whole("new_buyer_days", 0..=365),
            high_value_minor: section.whole("high_value_minor", 1..=1_000_000_000_000),
            undeliverable_postcodes: section.texts(
                "undeliverable_postcodes",
                "the beginning of a postcode: capital letters, digits, space and -",
                0,
                postcode_start,
            ),
            max_lines_count: section.whole("max_lines_count", 1..=500),
            max_quantity_count: section.whole("max_quantity_count", 1..=100_000),
            basket_max_lines_count: section.whole("basket_max_lines_count", 1..=1_000),
            basket_keep_days: section.whole("basket_keep_days", 1..=400),
        };
        if policy.basket_max_lines_count < policy.max_lines_count {
            let says = "a basket must hold at least the lines of one order (max_lines_count)";
            section.disagrees("basket_max_lines_count", says);
        }
        policy
    }

    pub fn pay_within(&self) -> Span {
        Span::from_minutes(self.pay_by_minutes)
    }

    pub fn cancel_free_within(&self) -> Span {
        Span::from_minutes(self.cancel_free_minutes)
    }

    pub fn cancel_answered_within(&self) -> Span {
        Span::from_hours(self.cancel_answer_hours)
    }

    pub fn shortage_terms(&self) -> ShortageTerms {
        ShortageTerms {
            offer_within: Span::from_hours(self.shortage_offer_hours),
            answer_within: Span::from_hours(self.substitute_answer_hours),
        }
    }

    pub fn confirm_within(&self) -> Span {
        Span::from_hours(self.confirm_by_hours)
    }

    pub fn dispatch_within(&self) -> Span {
        Span::from_hours(self.dispatch_by_hours)
    }

    pub fn dispatch_grace(&self) -> Span {
        Span::from_hours(self.dispatch_grace_hours)
    }

    pub fn collect_within(&self) -> Span {
        Span::from_hours(self.collect_by_hours)
    }

    pub fn check_terms(&self) -> CheckTerms {
        CheckTerms {
            unusual_quantity: self.unusual_quantity_count,
            price_change_bp: self.price_change_flag_bp,
            declined_tries: self.declined_tries_flag_count,
            new_buyer: Span::from_days(self.new_buyer_days),
            high_value_minor: self.high_value_minor,
            undeliverable_postcodes: self.undeliverable_postcodes.clone(),
        }
    }

    pub fn deliver_within(&self) -> Span {
        Span::from_days(self.deliver_by_days)
    }

    pub fn lost_after(&self) -> Span {
        Span::from_days(self.no_progress_days)
    }

    pub fn give_up_after(&self) -> Span {
        Span::from_days(self.never_delivered_days)
    }

    /// How often number and carrier may be changed, and for how long after the hand-over.
    pub fn tracking_change(&self) -> (i64, Span) {
        (self.tracking_changes_count, Span::from_hours(self.tracking_change_hours))
    }

    pub fn complete_after(&self) -> Span {
        Span::from_days(self.auto_complete_days)
    }

    pub fn basket_kept(&self) -> Span {
        Span::from_days(self.basket_keep_days)
    }
}

fn postcode_start(text: &str) -> Option<String> {
    let known = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ' || c == '-';
    ((1..=10).contains(&text.len()) && text.chars().all(known)).then(|| text.to_owned())
}
