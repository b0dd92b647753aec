//! One shop: its money, its standing with the till, its staff, and what happened to it.

use actions::overview::{self, ShopSeen};
use actions::requests::RequestKey;
use actions::standing::{self, ChangeTier};
use actions::{Failure, FieldFault, Market};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::ids::ShopId;
use rules::ledger::Account;
use rules::money::Money;
use rules::people::Permission;
use rules::policy::{MarketCode, Tier};
use rules::time::Timestamp;
use serde::Deserialize;
use store::ledger::BalanceRow;

use super::shops::{category, state_badge, tier_badge};
use super::{admit, answer, form_key, go, may, page, page_again, request, say};
use crate::format::Reader;
use crate::ui::badges::Tone;
use crate::ui::copy::copyable;
use crate::ui::countdown::{day, moment};
use crate::ui::detail::{DetailHead, detail_page, facts, section};
use crate::ui::flow::{FlowStep, money_flow};
use crate::ui::forms::{
    CardChoice, Field, Input, Look, card_choices, csrf_field, link_button, submit,
};
use crate::ui::list::{Column, Row, table};
use crate::ui::nav::Place;
use crate::ui::timeline::{TimelineEntry, timeline};
use crate::visit::Visit;
use crate::words::Msg;

#[derive(Debug, Default, Deserialize)]
pub(super) struct TierForm {
    #[serde(default)]
    key: String,
    #[serde(default)]
    tier: String,
    /// A day; empty: at once.
    #[serde(default)]
    from: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    version: i64,
}

pub(super) async fn show(
    visit: Visit,
    State(market): State<Market>,
    Path(shop): Path<i64>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::ViewShops)?;
        let seen = overview::shop(&market, ShopId::new(shop)).await?;
        let form = TierForm {
            tier: seen.shop.tier_at(visit.reader.now).to_owned(),
            ..TierForm::default()
        };
        let body = draw(&visit, &market, &seen, &form, &[]);
        page(&visit, &seen.shop.name, Place::OperatorShops, body)
    })
    .await
}

pub(super) async fn change_tier(
    visit: Visit,
    State(market): State<Market>,
    Path(shop): Path<i64>,
    Form(form): Form<TierForm>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::EditShops)?;
        let done = match asked(&visit, shop, &form) {
            Ok(ask) => standing::change_tier(&market, ask).await,
            Err(failure) => Err(failure),
        };
        match done {
            Ok(_) => Ok(go(&format!("/operator/shops/{shop}"), "op-tier-changed")),
            Err(Failure::Invalid(faults)) => {
                let seen = overview::shop(&market, ShopId::new(shop)).await?;
                let body = draw(&visit, &market, &seen, &form, &faults);
                page_again(&visit, &seen.shop.name, Place::OperatorShops, body)
            }
            Err(failure) => Err(failure),
        }
    })
    .await
}

fn asked(visit: &Visit, shop: i64, form: &TierForm) -> Result<ChangeTier, Failure> {
    let tier = Tier::parse(&form.tier)
        .ok_or_else(|| Failure::invalid("tier", "unknown", "there is no such tier"))?;
    let from = match form.from.trim() {
        "" => None,
        day => Some(begin_of(visit, day)?),
    };
    let body = format!("{shop}/{}/{}/{}", form.tier, form.from, form.reason);
    let key: Option<RequestKey> = request(visit, &form.key, "change_tier", &body)?;
    Ok(ChangeTier {
        by: visit.caller()?.person,
        shop: ShopId::new(shop),
        tier,
        from,
        reason: form.reason.clone(),
        expected: Some(form.version),
        request: key,
    })
}

/// The midnight with which a day begins, on the reader's clock.
fn begin_of(visit: &Visit, day: &str) -> Result<Timestamp, Failure> {
    let wrong = || Failure::invalid("from", "not_a_day", "a day is written as 2026-11-22");
    let date: jiff::civil::Date = day.parse().map_err(|_| wrong())?;
    let zoned = date.to_zoned(visit.reader.zone.clone()).map_err(|_| wrong())?;
    Ok(Timestamp::from_ms(zoned.timestamp().as_millisecond()))
}

fn draw(
    visit: &Visit,
    market: &Market,
    seen: &ShopSeen,
    form: &TierForm,
    wrong: &[FieldFault],
) -> Markup {
    let r = &visit.reader;
    let shop = &seen.shop;
    let orders = format!("/operator/orders?shop={}", shop.id);
    let head = DetailHead {
        back: Some(("/operator/shops".to_owned(), r.t(Msg::NavShops).into_owned())),
        title: shop.name.clone(),
        badges: vec![state_badge(r, &shop.state), tier_badge(r, shop.tier_at(r.now))],
        under: vec![
            html! { (shop.market) " · " (shop.currency) },
            html! { (category(r, &shop.category)) },
            copyable(r.words, &shop.id.to_string()),
        ],
        acts: vec![link_button(Look::Primary, &orders, &r.t(Msg::OpShopOrders))],
        ..DetailHead::default()
    };
    let main = html! {
        @if may(visit, Permission::ViewLedger) { (section(&r.t(Msg::NavMoney), money(r, seen))) }
        @if may(visit, Permission::EditShops) {
            (section(&r.t(Msg::OpTier), html! {
                @if let Some((tier, at)) = shop.coming_tier(r.now) {
                    p { (r.with(Msg::OpTierComing, &[("day", r.moment(at).into()), ("tier", say::code(r, "tier", tier).into())])) }
                }
                (tier_form(visit, market, seen, form, wrong))
            }))
        }
        @if !seen.events.is_empty() { (section(&r.t(Msg::OpTimeline), history(r, seen))) }
    };
    let side = html! {
        (section(&r.t(Msg::OpStaff), staff(r, seen)))
        (section(&r.t(Msg::OpFacts), facts(&[
            (&r.t(Msg::OpOpened), moment(r, shop.created_at)),
            (&r.t(Msg::OpZone), html! { (shop.zone) }),
            (&r.t(Msg::OpVersion), html! { span.num { (shop.version) } }),
        ])))
    };
    detail_page(&head, main, side)
}

/// Where the shop's money waits, in the order in which it moves on, and the other accounts which have something.
fn money(r: &Reader, seen: &ShopSeen) -> Markup {
    const WAY: [Account; 3] = [Account::Escrow, Account::Reserve, Account::Available];
    let step = |row: &BalanceRow| FlowStep {
        label: say::account(r, row.account),
        amount: Money::new(row.balance.posted(row.account), row.currency),
        note: say::account_meaning(r, row.account),
        href: Some(format!("/operator/ledger/accounts/{}/{}", row.account.code(), seen.shop.id)),
        tone: if row.account == Account::Debt { Tone::Bad } else { Tone::Quiet },
    };
    let find = |account: Account| seen.balances.iter().find(|row| row.account == account);
    let way: Vec<FlowStep> = WAY.into_iter().filter_map(find).map(step).collect();
    let others: Vec<Row> = seen
        .balances
        .iter()
        .filter(|row| !WAY.contains(&row.account) && row.balance.posted(row.account) != 0)
        .map(|row| {
            let step = step(row);
            Row {
                cells: vec![
                    html! { a href=(step.href.unwrap_or_default()) { (step.label) } },
                    html! { span.num { (r.money(step.amount)) } },
                ],
                ..Row::default()
            }
        })
        .collect();
    let columns =
        [Column::new(r.t(Msg::OpAccount)).leading(), Column::new(r.t(Msg::OpStands)).numeric()];
    html! {
        @if way.is_empty() { p.muted { (r.t(Msg::OpShopNoMoney)) } } @else { (money_flow(r, &way)) }
        @if !others.is_empty() { (table(r.words, &columns, &others, false)) }
        @if let Some(part) = seen.reserve.first() {
            @if let Some(at) = part.release_at {
                p.muted { (r.with(Msg::OpReserveNext, &[
                    ("amount", r.money(Money::new(part.amount_minor, part.currency)).into()),
                    ("when", r.relative(at).into()),
                ])) }
            }
        }
    }
}

fn tier_form(
    visit: &Visit,
    market: &Market,
    seen: &ShopSeen,
    form: &TierForm,
    wrong: &[FieldFault],
) -> Markup {
    let r = &visit.reader;
    let fault = |field: &str, msg: Msg| {
        wrong.iter().any(|fault| fault.field == field).then(|| r.t(msg).into_owned())
    };
    let (_, policies) = market.policies();
    let code = MarketCode::parse(&seen.shop.market).ok();
    let choices: Vec<CardChoice> = Tier::ALL
        .into_iter()
        .map(|tier| {
            let note = code.map_or_else(String::new, |code| {
                let terms = policies.settlement(code).tier(tier);
                r.with(
                    Msg::OpTierTerms,
                    &[
                        ("days", terms.settle_after_days.into()),
                        ("share", r.share(terms.reserve_bp).into()),
                        ("kept", terms.reserve_days.into()),
                    ],
                )
            });
            let mine = seen.shop.tier_at(r.now) == tier.code();
            CardChoice {
                value: tier.code().to_owned(),
                title: say::code(r, "tier", tier.code()),
                note,
                aside: if mine { r.t(Msg::OpTierNow).into_owned() } else { String::new() },
                barred: String::new(),
            }
        })
        .collect();
    let reason = Field::new("reason", r.t(Msg::OpReason))
        .takes(Input::Long { rows: 3 })
        .with_value(form.reason.clone())
        .with_hint(r.t(Msg::OpTierReasonHint))
        .with_error(fault("reason", Msg::OpTierReasonWrong))
        .required();
    let from = Field::new("from", r.t(Msg::OpTierFrom))
        .takes(Input::Date)
        .with_value(form.from.clone())
        .with_hint(r.t(Msg::OpTierFromHint))
        .with_error(fault("from", Msg::OpWrongDay));
    html! {
        form.stack method="post" action={ "/operator/shops/" (seen.shop.id) "/tier" } {
            (csrf_field(&visit.csrf))
            input type="hidden" name="key" value=(form_key(market));
            input type="hidden" name="version" value=(seen.shop.version);
            (card_choices(&r.t(Msg::OpTierChoose), "tier", &form.tier, &choices))
            (from.draw(r.words))
            (reason.draw(r.words))
            (submit(Look::Plain, &r.t(Msg::OpTierChange)))
        }
    }
}

fn history(r: &Reader, seen: &ShopSeen) -> Markup {
    let entries: Vec<TimelineEntry> = seen
        .events
        .iter()
        .map(|event| {
            let (icon, tone) = say::event_look(&event.kind);
            let body: serde_json::Value = serde_json::from_str(&event.body).unwrap_or_default();
            let word = |name: &str| body.get(name).and_then(serde_json::Value::as_str);
            let why = match (word("from"), word("to"), word("reason")) {
                (Some(from), Some(to), Some(reason)) => format!(
                    "{} → {}: {reason}",
                    say::code(r, "tier", from),
                    say::code(r, "tier", to)
                ),
                _ => String::new(),
            };
            TimelineEntry {
                at: event.created_at,
                icon,
                tone,
                what: say::event(r, &event.kind),
                who: say::actor(r, &event.actor, &seen.names),
                why,
            }
        })
        .collect();
    timeline(r, &entries)
}

fn staff(r: &Reader, seen: &ShopSeen) -> Markup {
    html! {
        @if seen.staff.is_empty() { p.muted { (r.t(Msg::OpShopNoStaff)) } }
        dl.facts {
            @for member in &seen.staff {
                div {
                    dt { (say::code(r, "role", &member.role)) }
                    dd { (member.name) " " small.muted { (member.email) " · " (day(r, member.since)) } }
                }
            }
        }
    }
}
