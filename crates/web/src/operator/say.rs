//! The ledger's and the house's codes in words. A code without a text is shown as it is written.

use maud::{Markup, html};
use rules::ids::OrderId;
use rules::ledger::{Account, AccountKind, CreditKind, DebitKind, TransferCode, TransferRow};
use rules::money::{Currency, Money};

use crate::format::Reader;
use crate::ui::badges::Tone;
use crate::ui::icons::Icon;
use crate::words::Msg;

/// `op-<kind>-<code with dashes>`.
pub(super) fn code(r: &Reader, kind: &str, code: &str) -> String {
    let id = format!("op-{kind}-{}", code.replace('_', "-"));
    Msg::named(&id).map_or_else(|| code.to_owned(), |msg| r.t(msg).into_owned())
}

/// An order's state, as on its badge.
pub(super) fn order_state(r: &Reader, code: &str) -> String {
    let id = format!("order-{}", code.replace('_', "-"));
    Msg::named(&id).map_or_else(|| code.to_owned(), |msg| r.t(msg).into_owned())
}

pub(super) fn account(r: &Reader, account: Account) -> String {
    code(r, "account", account.code())
}

/// What the account is for, in one sentence.
pub(super) fn account_meaning(r: &Reader, account: Account) -> String {
    code(r, "meaning", account.code())
}

/// "Asset", "Liability", "Income", "Expense".
pub(super) fn account_kind(r: &Reader, account: Account) -> String {
    let msg = match account.kind() {
        AccountKind::Debit(DebitKind::Asset) => Msg::OpKindAsset,
        AccountKind::Debit(DebitKind::Expense) => Msg::OpKindExpense,
        AccountKind::Credit(CreditKind::Liability) => Msg::OpKindLiability,
        AccountKind::Credit(CreditKind::Income) => Msg::OpKindIncome,
    };
    r.t(msg).into_owned()
}

pub(super) fn transfer_code(r: &Reader, transfer: TransferCode) -> String {
    code(r, "transfer", transfer.code())
}

pub(super) fn event(r: &Reader, kind: &str) -> String {
    code(r, "event", kind)
}

/// The icon and tone of an event in a timeline.
pub(super) fn event_look(kind: &str) -> (Icon, Tone) {
    match kind {
        "placed" => (Icon::Basket, Tone::Quiet),
        "shop_opened" | "shop_changed" => (Icon::Shop, Tone::Info),
        "warehouse_added" | "stock_counted" | "batch_received" => (Icon::Box, Tone::Quiet),
        "product_created" | "product_changed" | "product_listed" | "product_unlisted" => {
            (Icon::Tag, Tone::Quiet)
        }
        "promotion_created" | "promotion_ended" => (Icon::Spark, Tone::Quiet),
        "job_retried" => (Icon::Gear, Tone::Quiet),
        "member_added" | "member_removed" | "key_created" | "key_revoked" => {
            (Icon::User, Tone::Info)
        }
        "paid" | "payment_captured" => (Icon::Money, Tone::Good),
        "check_needed" => (Icon::Flag, Tone::Soon),
        "confirmed" => (Icon::Check, Tone::Info),
        "packed" => (Icon::Package, Tone::Info),
        "part_shipped" | "shipped" | "collected" => (Icon::Truck, Tone::Info),
        "delivered" => (Icon::Home, Tone::Good),
        "completed" | "settled" => (Icon::CheckCircle, Tone::Good),
        "cancelled" => (Icon::Ban, Tone::Bad),
        "dispatch_late" | "delivery_overdue" => (Icon::Warning, Tone::Soon),
        "refunded" | "partly_refunded" | "rest_dropped" => (Icon::Refund, Tone::Quiet),
        "cancel_asked" | "substitute_offered" => (Icon::Question, Tone::Soon),
        "shortage_found" => (Icon::Warning, Tone::Soon),
        "payout_paid" | "adjustment_booked" => (Icon::CheckCircle, Tone::Good),
        "payout_failed" | "payout_stopped" => (Icon::Pause, Tone::Bad),
        "payout_scheduled" | "payout_sent" => (Icon::Wallet, Tone::Info),
        "tier_changed" => (Icon::Scale, Tone::Info),
        _ => (Icon::Dots, Tone::Quiet),
    }
}

/// Who did it: a name, the carrier, the provider; empty for the clock.
pub(super) fn actor(r: &Reader, actor: &str, names: &[(i64, String)]) -> String {
    match actor.split_once(':') {
        Some((side, id)) => {
            let name = id
                .parse::<i64>()
                .ok()
                .and_then(|id| names.iter().find(|(known, _)| *known == id))
                .map_or(id, |(_, name)| name.as_str());
            format!("{} · {name}", code(r, "actor", side))
        }
        None if actor == "clock" => String::new(),
        None => code(r, "actor", actor),
    }
}

/// Minor units as money; a currency which is none is written as it is.
pub(super) fn money(r: &Reader, minor: i64, currency: &str) -> String {
    match Currency::parse(currency) {
        Ok(currency) => r.money(Money::new(minor, currency)),
        Err(_) => format!("{minor} {currency}"),
    }
}

/// "Escrow → Commission", each side leading to the account of that home.
pub(super) fn sides(r: &Reader, transfer: &TransferRow) -> Markup {
    let side = |account: Account| {
        let href = format!("/operator/ledger/accounts/{}/{}", account.code(), transfer.home_id);
        html! { a href=(href) { (self::account(r, account)) } }
    };
    html! { span.sides { (side(transfer.debit)) " → " (side(transfer.credit)) } }
}

/// What a transfer belongs to, as a link where there is a page for it: payouts and differences are found by their home.
pub(super) fn belongs_to(r: &Reader, transfer: &TransferRow) -> Markup {
    let (home, id) = (transfer.home_id, transfer.subject_id);
    let href = match transfer.subject.as_str() {
        "payout" => format!("/operator/payouts/{home}/{id}"),
        "difference" => format!("/operator/reconciliation/{home}/{id}"),
        other => return subject(r, other, id),
    };
    html! { a href=(href) { (code(r, "subject", &transfer.subject)) " " span.num { (id) } } }
}

/// What something belongs to, as a link where there is a page for it.
pub(super) fn subject(r: &Reader, kind: &str, id: i64) -> Markup {
    let word = code(r, "subject", kind);
    let href = match kind {
        "order" => Some(format!("/operator/orders/{}", OrderId::new(id))),
        "shop" => Some(format!("/operator/shops/{id}")),
        _ => None,
    };
    html! {
        @match href {
            Some(href) => { a href=(href) { (word) " " span.num { (id) } } }
            None => { (word) " " span.num { (id) } }
        }
    }
}
