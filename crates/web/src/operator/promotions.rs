//! Shared promotions: proposing a discount to shops, and what they answered.

use actions::catalog::{
    ACCEPTED, DECLINED, NewPromotion, ProposePromotion, list_shared, propose_promotion,
};
use actions::{Failure, FieldFault, Market};
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rules::catalog::listing::Wording;
use rules::ids::ShopId;
use rules::money::{Currency, Money};
use rules::people::Permission;
use rules::time::Timestamp;
use serde::Deserialize;
use store::promotions::PromotionRow;
use store::{Tx, shops as shop_rows};

use super::{admit, answer, form_key, go, page, page_again, request, say};
use crate::format::Reader;
use crate::seller::percent_bp;
use crate::ui::badges::{Tone, badge};
use crate::ui::countdown::day;
use crate::ui::detail::section;
use crate::ui::forms::{Field, Input, Look, csrf_field, form_errors, submit};
use crate::ui::icons::Icon;
use crate::ui::list::{Column, Empty, Row, empty_state, page_title, table};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::{Language, Msg};

/// Proposals on the page.
const ROWS: i64 = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Proposal {
    key: String,
    shops: String,
    title_en: String,
    title_zh: String,
    percent: String,
    house_part: String,
    minimum: String,
    maximum: String,
    starts: String,
    ends: String,
}

pub(super) async fn show(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::EditShops)?;
        let rows = list_shared(&market, i64::MAX, ROWS).await?;
        let body = draw(&visit, &market, &rows, &Proposal::default(), &[]);
        page(&visit, &visit.reader.t(Msg::OpPromotions), Place::OperatorShops, body)
    })
    .await
}

pub(super) async fn propose(
    visit: Visit,
    State(market): State<Market>,
    Form(form): Form<Proposal>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::EditShops)?;
        let done = match asked(&visit, &market, &form).await {
            Ok(ask) => propose_promotion(&market, ask).await,
            Err(failure) => Err(failure),
        };
        match done {
            Ok(_) => Ok(go("/operator/shops/promotions", "op-promotion-proposed")),
            Err(Failure::Invalid(faults)) => {
                let rows = list_shared(&market, i64::MAX, ROWS).await?;
                let body = draw(&visit, &market, &rows, &form, &faults);
                page_again(&visit, &visit.reader.t(Msg::OpPromotions), Place::OperatorShops, body)
            }
            Err(failure) => Err(failure),
        }
    })
    .await
}

/// The form as an ask. Amounts are in the currency of the first shop; the act compares the others with it.
async fn asked(
    visit: &Visit,
    market: &Market,
    form: &Proposal,
) -> Result<ProposePromotion, Failure> {
    let wrong = |field: &'static str, says: &str| Failure::invalid(field, "not_understood", says);
    let numbers = form.shops.split([',', ' ', '\u{ff0c}']).filter(|text| !text.trim().is_empty());
    let shops: Vec<ShopId> = numbers
        .map(|text| text.trim().parse().map_err(|_| wrong("shops", "numbers of shops")))
        .collect::<Result<_, _>>()?;
    let first = *shops.first().ok_or_else(|| wrong("shops", "at least one shop"))?;
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(shop_rows::load(tx, first).await?);
    let shop = market.store.read(read).await?.ok_or_else(|| wrong("shops", "no such shop"))?;
    let currency =
        Currency::parse(&shop.currency).map_err(|error| Failure::Broken(error.to_string()))?;
    let money = |field: &'static str, text: &str| match text.trim() {
        "" => Ok(None),
        text => Money::parse(text, currency)
            .map(Some)
            .map_err(|error| Failure::invalid(field, "not_an_amount", error.to_string())),
    };
    let percent = |field: &'static str, text: &str| {
        percent_bp(text).ok_or_else(|| wrong(field, "a number such as 12.5"))
    };
    let key = format!("{form:?}").replace(&form.key, "");
    Ok(ProposePromotion {
        by: visit.caller()?.person,
        shops,
        promotion: NewPromotion {
            market: None,
            title: Wording::new(form.title_en.trim(), form.title_zh.trim()),
            percent_bp: percent("percent_bp", &form.percent)?,
            minimum: money("minimum", &form.minimum)?.unwrap_or(Money::zero(currency)),
            maximum: money("maximum", &form.maximum)?,
            starts_at: midnight(&visit.reader, "starts_at", &form.starts, 0)?,
            ends_at: midnight(&visit.reader, "ends_at", &form.ends, 1)?,
        },
        house_bp: percent("house_bp", &form.house_part)?,
        request: request(visit, &form.key, "propose_promotion", &key)?,
    })
}

fn midnight(
    r: &Reader,
    field: &'static str,
    text: &str,
    days_later: i64,
) -> Result<Timestamp, Failure> {
    let wrong = || Failure::invalid(field, "not_a_day", "a day is written as 2026-11-22");
    let date: jiff::civil::Date = text.trim().parse().map_err(|_| wrong())?;
    let date = date.checked_add(jiff::Span::new().days(days_later)).map_err(|_| wrong())?;
    let zoned = date.to_zoned(r.zone.clone()).map_err(|_| wrong())?;
    Ok(Timestamp::from_ms(zoned.timestamp().as_millisecond()))
}

fn draw(
    visit: &Visit,
    market: &Market,
    rows: &[(PromotionRow, String)],
    form: &Proposal,
    faults: &[FieldFault],
) -> Markup {
    let r = &visit.reader;
    let fields = fields(r, form, faults);
    html! {
        (page_title(&r.t(Msg::OpPromotions), &r.t(Msg::OpPromotionsLead), &[]))
        (form_errors(r.words, &fields))
        @if rows.is_empty() {
            (empty_state(&Empty {
                icon: Some(Icon::Tag),
                title: r.t(Msg::OpPromotionsNone).into_owned(),
                text: r.t(Msg::OpPromotionsNoneText).into_owned(),
                next: None,
            }))
        } @else { (list(r, rows)) }
        (section(&r.t(Msg::OpPromotionNew), html! {
            form.stack method="post" action="/operator/shops/promotions" {
                (csrf_field(&visit.csrf))
                input type="hidden" name="key" value=(form_key(market));
                @for field in &fields { (field.draw(r.words)) }
                (submit(Look::Primary, &r.t(Msg::OpPromotionPropose)))
            }
        }))
    }
}

fn fields(r: &Reader, form: &Proposal, faults: &[FieldFault]) -> Vec<Field> {
    let wrong = |field: &str| {
        let fault = faults.iter().find(|fault| fault.field == field)?;
        Some(match fault.code {
            "not_a_day" => r.t(Msg::OpWrongDay).into_owned(),
            "not_understood" if field.ends_with("_bp") => r.t(Msg::OpWrongPercent).into_owned(),
            code => match say::code(r, "wrong", code) {
                same if same == code => fault.sentence.clone(),
                said => said,
            },
        })
    };
    let field = |name: &str, label: Msg, value: &str, fault: &str| {
        Field::new(name, r.t(label)).with_value(value).with_error(wrong(fault))
    };
    vec![
        field("shops", Msg::OpPromotionShops, &form.shops, "shops")
            .with_hint(r.t(Msg::OpPromotionShopsHint))
            .required(),
        field("title-en", Msg::OpPromotionTitleEn, &form.title_en, "title"),
        field("title-zh", Msg::OpPromotionTitleZh, &form.title_zh, "title.zh"),
        field("percent", Msg::OpPromotionPercent, &form.percent, "percent_bp").required(),
        field("house-part", Msg::OpPromotionHousePart, &form.house_part, "house_bp").required(),
        field("minimum", Msg::OpPromotionMinimum, &form.minimum, "minimum"),
        field("maximum", Msg::OpPromotionMaximum, &form.maximum, "maximum"),
        field("starts", Msg::OpPromotionStarts, &form.starts, "starts_at")
            .takes(Input::Date)
            .with_hint(r.t(Msg::OpPromotionStartsHint))
            .required(),
        field("ends", Msg::OpPromotionEnds, &form.ends, "ends_at").takes(Input::Date).required(),
    ]
}

fn list(r: &Reader, rows: &[(PromotionRow, String)]) -> Markup {
    let columns = [
        Column::new(r.t(Msg::OpPromotions)).leading(),
        Column::new(r.t(Msg::OpPromotionShop)),
        Column::new(r.t(Msg::OpPromotionPercent)).numeric(),
        Column::new(r.t(Msg::OpPromotionHousePart)).numeric(),
        Column::new(r.t(Msg::OpPromotionRuns)),
        Column::new(r.t(Msg::OpPromotionAnswer)),
    ];
    let rows: Vec<Row> = rows
        .iter()
        .map(|(row, shop)| {
            let title = match (r.words.language(), row.title_zh.is_empty()) {
                (Language::Zh, false) => &row.title_zh,
                (Language::Zh, true) | (Language::En, _) => &row.title_en,
            };
            Row {
                cells: vec![
                    html! { (title) },
                    html! { a href={ "/operator/shops/" (row.shop) } { (shop) } },
                    html! { (r.share(row.percent_bp)) },
                    html! { (r.share(row.house_bp)) },
                    html! { (day(r, row.starts_at)) " – " (day(r, row.ends_at)) },
                    state(r, row),
                ],
                ..Row::default()
            }
        })
        .collect();
    table(r.words, &columns, &rows, false)
}

fn state(r: &Reader, row: &PromotionRow) -> Markup {
    match row.answer.as_str() {
        ACCEPTED => badge(Tone::Good, Icon::Check, &r.t(Msg::OpPromotionAccepted)),
        DECLINED => badge(Tone::Bad, Icon::Ban, &r.t(Msg::OpPromotionDeclined)),
        _ if row.starts_at <= r.now => badge(Tone::Quiet, Icon::Ban, &r.t(Msg::OpPromotionLapsed)),
        _ => badge(Tone::Soon, Icon::Clock, &r.t(Msg::OpPromotionWaiting)),
    }
}
