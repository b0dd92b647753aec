//! What the house takes of a sale, when the shop's money is its own, and what authorities take at borders.

use actions::Market;
use actions::catalog::read_deliveries;
use axum::extract::{Path, State};
use maud::{Markup, html};
use rules::catalog::categories::Categories;
use rules::money::Money;
use rules::people::Permission;
use rules::policy::{Charge, ChargeBasis, MarketCode, Policies, SettlementPolicy, Tier};
use rules::settlement::terms::commission_bp;
use rules::time::Timestamp;

use super::desk::{Desk, Page};
use super::notes::by_code;
use crate::ui::badges::{Tone, badge};
use crate::ui::detail::section;
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Row, page_title, table};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::{Language, Msg};

pub(super) async fn page(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewMoney).await?;
    let abroad = read_deliveries(&market, desk.shop.id).await;
    let mut reached: Vec<MarketCode> = abroad
        .map_err(|failure| desk.refused(failure))?
        .iter()
        .filter_map(|code| MarketCode::parse(code).ok())
        .collect();
    let (_, policies) = market.policies();
    // A shop's market was checked when it was opened; a broken row shows no fees rather than another market's.
    let own = MarketCode::parse(&desk.shop.market)
        .map_err(|_| desk.refused(actions::Failure::NotFound))?;
    reached.insert(0, own);
    let r = &desk.reader;
    let settlement = policies.settlement(own);
    let title = r.t(Msg::SellerFees).into_owned();
    let body = html! {
        (page_title(&title, &r.t(Msg::SellerFeesLead), &[]))
        div.panels {
            (section(&r.t(Msg::SellerFeesTiers), tiers(&desk, settlement)))
            (section(&r.t(Msg::SellerFeesCommission), commission(&desk, settlement)))
            (section(&r.t(Msg::SellerFeesRefund), refund(&desk, settlement)))
            (border(&desk, &policies, &reached))
        }
    };
    Ok(desk.page(title, Place::SellerMoney, body))
}

fn tiers(desk: &Desk, settlement: &SettlementPolicy) -> Markup {
    let r = &desk.reader;
    let days = |count: i64| html! { (r.with(Msg::SellerFeesDays, &[("days", count.into())])) };
    let mine = desk.shop.tier_at(r.now).to_owned();
    let rows: Vec<Row> = Tier::ALL
        .into_iter()
        .map(|tier| {
            let terms = settlement.tier(tier);
            Row {
                cells: vec![
                    html! {
                        (by_code(r, "seller-tier", tier.code()))
                        @if mine == tier.code() { " " (badge(Tone::Info, Icon::Check, &r.t(Msg::SellerFeesYours))) }
                    },
                    days(terms.settle_after_days),
                    html! { (r.share(terms.reserve_bp)) },
                    html! { @if terms.reserve_bp > 0 { (days(terms.reserve_days)) } @else { "–" } },
                ],
                ..Row::default()
            }
        })
        .collect();
    let columns = [
        Column::new(r.t(Msg::SellerFeesTier)).leading(),
        Column::new(r.t(Msg::SellerFeesSettles)),
        Column::new(r.t(Msg::SellerFeesReserve)).numeric(),
        Column::new(r.t(Msg::SellerFeesReserveFor)),
    ];
    html! {
        (table(r.words, &columns, &rows, false))
        @if let Some((tier, at)) = desk.shop.coming_tier(r.now) {
            p { (r.with(Msg::SellerFeesComing, &[("day", r.moment(at).into()), ("tier", by_code(r, "seller-tier", tier).into())])) }
        }
    }
}

fn commission(desk: &Desk, settlement: &SettlementPolicy) -> Markup {
    let r = &desk.reader;
    let language = r.words.language().code();
    let mut rows: Vec<Row> = Categories::shipped()
        .iter()
        .filter(|category| settlement.commission_bp.contains_key(&category.code))
        .map(|category| Row {
            cells: vec![
                html! { (category.name(language)) },
                html! { (r.share(commission_bp(settlement, &category.code))) },
            ],
            ..Row::default()
        })
        .collect();
    rows.push(Row {
        cells: vec![
            html! { (r.t(Msg::SellerFeesEverythingElse)) },
            html! { (r.share(settlement.commission_default_bp)) },
        ],
        ..Row::default()
    });
    let columns = [
        Column::new(r.t(Msg::SellerFeesCategory)).leading(),
        Column::new(r.t(Msg::SellerFeesRate)).numeric(),
    ];
    html! {
        p.muted { (r.t(Msg::SellerFeesCommissionText)) }
        (table(r.words, &columns, &rows, false))
    }
}

fn refund(desk: &Desk, settlement: &SettlementPolicy) -> Markup {
    let r = &desk.reader;
    let most = settlement.refund_administration_max_minor.get(desk.currency().code());
    let most = r.money(desk.money(most.copied().unwrap_or(0)));
    let share = r.share(settlement.refund_administration_bp);
    html! { p { (r.with(Msg::SellerFeesRefundText, &[("share", share.into()), ("most", most.into())])) } }
}

/// Charges of the markets which the shop reaches; nothing where none has any.
fn border(desk: &Desk, policies: &Policies, reached: &[MarketCode]) -> Markup {
    let r = &desk.reader;
    let mut rows = Vec::new();
    for code in reached {
        let charges = policies.charges().charges.values();
        let of_market = charges.filter(|charge| charge.crossing.to.contains(code));
        rows.extend(of_market.map(|charge| charge_row(desk, *code, charge)));
    }
    if rows.is_empty() {
        return html! {};
    }
    let columns = [
        Column::new(r.t(Msg::SellerFeesCharge)).leading(),
        Column::new(r.t(Msg::SellerFeesTo)),
        Column::new(r.t(Msg::SellerFeesAmount)).numeric(),
        Column::new(r.t(Msg::SellerFeesFrom)),
        Column::new(r.t(Msg::SellerFeesSource)),
    ];
    let body = html! {
        p.muted { (r.t(Msg::SellerFeesBorderText)) }
        (table(r.words, &columns, &rows, false))
    };
    section(&r.t(Msg::SellerFeesBorder), body)
}

fn charge_row(desk: &Desk, to: MarketCode, charge: &Charge) -> Row {
    let r = &desk.reader;
    let name = match r.words.language() {
        Language::En => &charge.name_en,
        Language::Zh => &charge.name_zh,
    };
    let basis = match charge.basis {
        ChargeBasis::PerHsLine => Msg::SellerFeesPerHsLine,
        ChargeBasis::PerItemLine => Msg::SellerFeesPerItemLine,
        ChargeBasis::PerParcel => Msg::SellerFeesPerParcel,
    };
    let money = |minor: i64| Money::new(minor, charge.crossing.currency);
    let limit = charge
        .crossing
        .value_limit_minor
        .map(|limit| r.with(Msg::SellerFeesUpTo, &[("limit", r.money(money(limit)).into())]));
    let day = |date: jiff::civil::Date| {
        let at = date.to_zoned(desk.reader.zone.clone()).ok();
        at.map_or_else(
            || date.to_string(),
            |at| r.day(Timestamp::from_ms(at.timestamp().as_millisecond())),
        )
    };
    let last = charge.crossing.last_day.map(day).unwrap_or_default();
    Row {
        cells: vec![
            html! { (name) },
            html! { (to) },
            html! { (amount(r, money(charge.amount_minor))) br; small.muted { (r.t(basis)) @if let Some(limit) = &limit { ", " (limit) } } },
            html! { (day(charge.crossing.first_day)) " – " (last) },
            html! { small.muted.source { (charge.crossing.source) } },
        ],
        ..Row::default()
    }
}
