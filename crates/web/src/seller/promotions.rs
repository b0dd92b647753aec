//! The shop's own discounts: what runs, what ran, and a new one.

use actions::catalog::{NewPromotion, create_promotion_once, end_promotion, list_promotions};
use actions::{Failure, Market};
use axum::extract::{Form, Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::catalog::listing::Wording;
use rules::ids::PromotionId;
use rules::money::Money;
use rules::people::Permission;
use rules::time::Timestamp;
use store::promotions::PromotionRow;

use super::desk::{Desk, Page, Typed};
use super::products::product_tabs;
use super::proposals;
use super::things;
use crate::ui::badges::{Tone, badge};
use crate::ui::countdown::{countdown, day};
use crate::ui::detail::section;
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input, Look, act, submit};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Row, csv_link, empty_state, page_title, table, tabs};
use crate::ui::money_table::amount;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn page(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditProducts).await?;
    shown(&market, &desk, &Typed::default(), None).await
}

async fn shown(market: &Market, desk: &Desk, typed: &Typed, failure: Option<&Failure>) -> Page {
    let read = list_promotions(market, desk.shop.id).await;
    let rows = read.map_err(|failure| desk.refused(failure))?;
    Ok(drawn(desk, &rows, typed, failure))
}

fn drawn(desk: &Desk, rows: &[PromotionRow], typed: &Typed, failure: Option<&Failure>) -> Response {
    let r = &desk.reader;
    let title = r.t(Msg::SellerPromotions).into_owned();
    let body = html! {
        (tabs(r.words, &product_tabs(desk, "/promotions")))
        (page_title(&title, &r.t(Msg::SellerPromotionsLead), &[]))
        @if let Some(failure) = failure { (flash(&Flash::bad(desk.in_words(failure)))) }
        (proposals::panel(desk, rows))
        @if rows.iter().all(proposals::is_shared) {
            (empty_state(&Empty {
                icon: Some(Icon::Tag),
                title: r.t(Msg::SellerPromotionsNone).into_owned(),
                text: r.t(Msg::SellerPromotionsNoneText).into_owned(),
                next: None,
            }))
        } @else {
            (list(desk, rows))
            nav.below { (csv_link(r.words, &desk.href("/promotions.csv"))) }
        }
        div.panels { (section(&r.t(Msg::SellerPromotionNew), form(desk, typed, failure))) }
    };
    desk.page(title, Place::SellerProducts, body)
}

fn list(desk: &Desk, rows: &[PromotionRow]) -> Markup {
    let r = &desk.reader;
    let columns = [
        Column::new(r.t(Msg::SellerColumnTitle)).leading(),
        Column::new(r.t(Msg::SellerColumnState)),
        Column::new(r.t(Msg::SellerPromotionPercent)).numeric(),
        Column::new(r.t(Msg::SellerPromotionMinimum)).numeric(),
        Column::new(r.t(Msg::SellerPromotionMaximum)).numeric(),
        Column::new(r.t(Msg::SellerPromotionRuns)),
        Column::new(""),
    ];
    let rows: Vec<Row> =
        rows.iter().filter(|row| !proposals::is_shared(row)).map(|row| one(desk, row)).collect();
    table(r.words, &columns, &rows, false)
}

fn one(desk: &Desk, row: &PromotionRow) -> Row {
    let r = &desk.reader;
    let (begun, over) = (row.starts_at <= r.now, row.ends_at <= r.now);
    let state = match (begun, over) {
        (_, true) => badge(Tone::Quiet, Icon::Ban, &r.t(Msg::SellerPromotionOver)),
        (true, false) => badge(Tone::Good, Icon::Check, &r.t(Msg::SellerPromotionRunning)),
        (false, false) => badge(Tone::Info, Icon::Clock, &r.t(Msg::SellerPromotionComing)),
    };
    let end = desk.href(&format!("/promotions/{}/end", row.id));
    Row {
        cells: vec![
            html! { (things::title(r, &row.title_en, &row.title_zh)) },
            state,
            html! { (r.share(row.percent_bp)) },
            amount(r, desk.money(row.minimum_minor)),
            html! { @if row.maximum_minor > 0 { (amount(r, desk.money(row.maximum_minor))) } @else { "—" } },
            html! {
                div {
                    (day(r, row.starts_at)) " – " (day(r, row.ends_at))
                    @if begun && !over { " " (countdown(r, row.ends_at, &r.t(Msg::SellerPromotionThen))) }
                }
            },
            html! { @if !over { (act(Look::Plain, &end, &desk.csrf, &[], &r.t(Msg::SellerPromotionEnd))) } },
        ],
        ..Row::default()
    }
}

fn form(desk: &Desk, typed: &Typed, failure: Option<&Failure>) -> Markup {
    let r = &desk.reader;
    let field = |name: &str, label: Msg, input: Input, fault: &str| {
        Field::new(name, r.t(label))
            .takes(input)
            .with_value(typed.get(name))
            .with_error(desk.field_error(failure, fault))
    };
    let money = || Input::Money { currency: desk.currency().code().to_owned() };
    html! {
        form.form method="post" action=(desk.href("/promotions")) {
            (desk.hidden())
            div.form-row {
                (field("title-en", Msg::SellerTitleEn, Input::Text, "title").draw(r.words))
                (field("title-zh", Msg::SellerTitleZh, Input::Text, "title.zh").draw(r.words))
            }
            div.form-row {
                (field("percent", Msg::SellerPromotionPercent, Input::Text, "percent_bp").required()
                    .with_hint(r.t(Msg::SellerPromotionPercentHint)).draw(r.words))
                (field("minimum", Msg::SellerPromotionMinimum, money(), "minimum").draw(r.words))
                (field("maximum", Msg::SellerPromotionMaximum, money(), "maximum").draw(r.words))
            }
            div.form-row {
                (field("starts", Msg::SellerPromotionStarts, Input::Date, "starts_at")
                    .with_hint(r.t(Msg::SellerPromotionStartsHint)).draw(r.words))
                (field("ends", Msg::SellerPromotionEnds, Input::Date, "ends_at").required()
                    .with_hint(r.t(Msg::SellerPromotionEndsHint)).draw(r.words))
            }
            div.acts { (submit(Look::Primary, &r.t(Msg::SellerPromotionCreate))) }
        }
    }
}

/// The form as an ask; days are days of the shop's clock, the last one included.
fn ask(desk: &Desk, typed: &Typed) -> Result<NewPromotion, Failure> {
    let currency = desk.currency();
    let amount = |name: &'static str, text: &str| {
        Money::parse(text, currency)
            .map_err(|error| Failure::invalid(name, "not_an_amount", error.to_string()))
    };
    let minimum = typed.get("minimum").trim();
    let maximum = typed.get("maximum").trim();
    let starts = typed.get("starts").trim();
    Ok(NewPromotion {
        market: None,
        title: Wording::new(typed.get("title-en").trim(), typed.get("title-zh").trim()),
        percent_bp: percent_bp(typed.get("percent")).ok_or_else(|| {
            Failure::invalid("percent_bp", "out_of_range", "a number such as 12.5")
        })?,
        minimum: if minimum.is_empty() {
            Money::zero(currency)
        } else {
            amount("minimum", minimum)?
        },
        maximum: if maximum.is_empty() { None } else { Some(amount("maximum", maximum)?) },
        starts_at: if starts.is_empty() {
            desk.reader.now
        } else {
            day_began(desk, starts, 0, "starts_at")?
        },
        ends_at: day_began(desk, typed.get("ends").trim(), 1, "ends_at")?,
    })
}

/// "12.5" and "12.5 %" are 1250 basis points.
pub(crate) fn percent_bp(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches(['%', '\u{ff05}']).trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 2 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let hundredths: i64 = format!("{fraction:0<2}").parse().ok()?;
    whole.parse::<u16>().ok().map(|whole| i64::from(whole) * 100 + hundredths)
}

fn day_began(desk: &Desk, text: &str, days_later: i64, field: &str) -> Result<Timestamp, Failure> {
    let wrong = || Failure::invalid(field, "not_a_day", "a day is written as 2026-11-22");
    let date: jiff::civil::Date = text.parse().map_err(|_| wrong())?;
    let date = date.checked_add(jiff::Span::new().days(days_later)).map_err(|_| wrong())?;
    let zoned = date.to_zoned(desk.reader.zone.clone()).map_err(|_| wrong())?;
    Ok(Timestamp::from_ms(zoned.timestamp().as_millisecond()))
}

pub(super) async fn create(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditProducts).await?;
    let done = async {
        let request = desk.request_key(&typed, "create promotion");
        let ask = ask(&desk, &typed)?;
        create_promotion_once(&market, desk.actor(), desk.shop.id, ask, request).await.map(drop)
    };
    match done.await {
        Ok(()) => Ok(desk.see("/promotions", Msg::SaidSellerPromotionMade)),
        Err(failure) => shown(&market, &desk, &typed, Some(&failure)).await,
    }
}

pub(super) async fn end(
    State(market): State<Market>,
    Path((shop, promotion)): Path<(String, String)>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditProducts).await?;
    let done = async {
        let id: PromotionId = promotion.parse().map_err(|_| Failure::NotFound)?;
        end_promotion(&market, desk.actor(), desk.shop.id, id).await
    };
    done.await.map_err(|failure| desk.refused(failure))?;
    Ok(desk.see("/promotions", Msg::SaidSellerPromotionEnded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_read_as_people_write_it() {
        for (text, bp) in [("10", 1_000), ("12.5 %", 1_250), ("0.25", 25), ("7.5％", 750)] {
            assert_eq!(percent_bp(text), Some(bp), "{text}");
        }
        for text in ["", "ten", "1.234", "-5", "1,5"] {
            assert_eq!(percent_bp(text), None, "{text}");
        }
    }
}
