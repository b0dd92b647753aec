//! Opening a shop for somebody who has an account: name, market, category, tier and owner.

use actions::catalog::{NewShop, create_shop};
use actions::people::person_of_email;
use actions::{Actor, Failure, FieldFault, Market};
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rules::catalog::categories::Categories;
use rules::catalog::listing::Wording;
use rules::people::Permission;
use rules::policy::{MarketCode, Tier};
use serde::Deserialize;

use super::{admit, answer, go, page, page_again, say};
use crate::ui::detail::section;
use crate::ui::forms::{Field, Input, Look, csrf_field, form_errors, link_button, submit};
use crate::ui::list::page_title;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::{Language, Msg};

#[derive(Debug, Default, Deserialize)]
pub(super) struct ShopForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    market: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    tier: String,
    #[serde(default)]
    owner: String,
}

pub(super) async fn show(visit: Visit, State(market): State<Market>) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::CreateShop)?;
        let form = ShopForm {
            tier: Tier::New.code().to_owned(),
            market: visit.market.to_string(),
            ..ShopForm::default()
        };
        let body = draw(&visit, &market, &form, &[]);
        page(&visit, &visit.reader.t(Msg::OpShopNew), Place::OperatorShops, body)
    })
    .await
}

pub(super) async fn open(
    visit: Visit,
    State(market): State<Market>,
    Form(form): Form<ShopForm>,
) -> Response {
    answer(&visit, async {
        admit(&visit, Permission::CreateShop)?;
        match opened(&visit, &market, &form).await {
            Ok(shop) => Ok(go(&format!("/operator/shops/{shop}"), "op-shop-opened")),
            Err(Failure::Invalid(faults)) => {
                let body = draw(&visit, &market, &form, &faults);
                page_again(&visit, &visit.reader.t(Msg::OpShopNew), Place::OperatorShops, body)
            }
            Err(failure) => Err(failure),
        }
    })
    .await
}

async fn opened(
    visit: &Visit,
    market: &Market,
    form: &ShopForm,
) -> Result<rules::ids::ShopId, Failure> {
    let says = "there is no such market";
    let code = MarketCode::parse(&form.market)
        .map_err(|_| Failure::invalid("market", "unknown_market", says))?;
    let tier = Tier::parse(&form.tier)
        .ok_or_else(|| Failure::invalid("tier", "unknown", "there is no such tier"))?;
    let owner = person_of_email(market, &form.owner).await?.ok_or_else(|| {
        Failure::invalid("owner", "nobody", "nobody has signed up with this address")
    })?;
    let ask = NewShop {
        name: form.name.clone(),
        market: code,
        category: form.category.clone(),
        about: Wording::new("", ""),
        logo: None,
        tier,
        owner: Some(owner),
    };
    let shop = create_shop(market, Actor::House(visit.caller()?.person), ask).await?;
    market.forget_caller(owner);
    Ok(shop.id)
}

fn draw(visit: &Visit, market: &Market, form: &ShopForm, faults: &[FieldFault]) -> Markup {
    let r = &visit.reader;
    let english = r.words.language() == Language::En;
    let wrong = |field: &str| {
        let fault = faults.iter().find(|fault| fault.field == field);
        fault.map(|fault| say::code(r, "wrong", fault.code))
    };
    let (_, policies) = market.policies();
    let markets = policies.markets().map(|one| {
        let name = if english { &one.name_en } else { &one.name_zh };
        (one.code.to_string(), format!("{name} ({})", one.currency.code()))
    });
    let categories = Categories::shipped()
        .iter()
        .map(|one| (one.code.clone(), one.name(r.words.language().code()).to_owned()));
    let tiers = Tier::ALL.map(|tier| (tier.code().to_owned(), say::code(r, "tier", tier.code())));
    let field = |name: &str, label: Msg, value: &str| {
        Field::new(name, r.t(label)).with_value(value).with_error(wrong(name)).required()
    };
    let fields = [
        field("name", Msg::OpShopName, &form.name),
        field("market", Msg::OpMarket, &form.market)
            .takes(Input::Choice(markets.collect()))
            .with_hint(r.t(Msg::OpShopMarketHint)),
        field("category", Msg::OpCategory, &form.category)
            .takes(Input::Choice(categories.collect())),
        field("tier", Msg::OpTier, &form.tier).takes(Input::Choice(tiers.to_vec())),
        field("owner", Msg::OpShopOwner, &form.owner)
            .takes(Input::Email)
            .with_hint(r.t(Msg::OpShopOwnerHint)),
    ];
    html! {
        (page_title(&r.t(Msg::OpShopNew), &r.t(Msg::OpShopNewLead), &[]))
        (form_errors(r.words, &fields))
        (section(&r.t(Msg::OpShop), html! {
            form.stack method="post" action="/operator/shops" {
                (csrf_field(&visit.csrf))
                @for field in &fields { (field.draw(r.words)) }
                div.acts {
                    (submit(Look::Primary, &r.t(Msg::OpShopOpen)))
                    (link_button(Look::Quiet, "/operator/shops", &r.t(Msg::ConfirmNo)))
                }
            }
        }))
    }
}
