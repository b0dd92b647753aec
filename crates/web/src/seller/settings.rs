//! The shop's settings: what it says of itself, its warehouses; who works here and which programs act for it.

use actions::catalog::{EditShop, NewWarehouse, add_warehouse, edit_shop};
use actions::shop_desk;
use actions::{Failure, Market};
use axum::extract::{Form, Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::catalog::categories::Categories;
use rules::catalog::listing::Wording;
use rules::checkout::address::Address;
use rules::people::Permission;
use rules::policy::MarketCode;
use store::shops::Warehouse;

use super::desk::{Desk, Page, Typed};
use super::order_side::address_lines;
use super::settings_deliveries;
use super::settings_keys::keys;
use super::settings_staff::staff;
use crate::ui::detail::{facts, section};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input, Look, submit};
use crate::ui::list::page_title;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// What was refused on which form of the page, with what had been typed; or a key which was just made.
#[derive(Default)]
pub(super) struct Tried<'a> {
    pub form: &'static str,
    pub typed: Typed,
    pub failure: Option<&'a Failure>,
    /// Shown this once.
    pub new_key: Option<&'a str>,
}

impl Tried<'_> {
    /// What is wrong with a field of one of the forms.
    pub(super) fn error(&self, desk: &Desk, form: &str, field: &str) -> Option<String> {
        desk.field_error(self.failure.filter(|_| self.form == form), field)
    }

    /// What had been typed into a form, or what is kept.
    pub(super) fn value(&self, form: &str, field: &str, kept: &str) -> String {
        if self.form == form { self.typed.get(field).to_owned() } else { kept.to_owned() }
    }
}

pub(super) async fn page(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    shown(&market, &desk, &Tried::default()).await
}

pub(super) async fn shown(market: &Market, desk: &Desk, tried: &Tried<'_>) -> Page {
    let read = async {
        let warehouses = shop_desk::warehouses(market, desk.shop.id).await?;
        let staff = staff(market, desk, tried).await?;
        let keys = keys(market, desk, tried).await?;
        let mode = actions::packing::packing_mode(market, desk.shop.id).await?;
        Ok((warehouses, staff, keys, mode))
    };
    let (warehouses, staff, keys, mode) = read.await.map_err(|failure| desk.refused(failure))?;
    let deliveries = settings_deliveries::panel(market, desk).await?;
    let r = &desk.reader;
    let title = r.t(Msg::NavSettings).into_owned();
    let body = html! {
        (page_title(&title, "", &[]))
        @if let Some(failure) = tried.failure { (flash(&Flash::bad(desk.in_words(failure)))) }
        div.panels {
        (section(&r.t(Msg::SellerShopSection), shop_form(desk, tried)))
        (section(&r.t(Msg::PackingSetting), super::packing::mode_form(desk, mode)))
        (section(&r.t(Msg::SellerWarehouses), warehouse_part(desk, &warehouses, tried)))
        (deliveries)
        (staff)
        (keys)
        }
    };
    Ok(desk.page(title, Place::SellerSettings, body))
}

fn shop_form(desk: &Desk, tried: &Tried<'_>) -> Markup {
    let (r, shop) = (&desk.reader, &desk.shop);
    let language = r.words.language().code();
    let fixed = facts(&[
        (&r.t(Msg::SellerMarket), html! { (shop.market) " · " (shop.currency) " · " (shop.zone) }),
        (
            &r.t(Msg::SellerTier),
            html! { (super::notes::by_code(r, "seller-tier", shop.tier_at(r.now))) },
        ),
    ]);
    if !desk.may(Permission::EditShop) {
        return html! { p { strong { (shop.name) } } (fixed) };
    }
    let categories = Categories::shipped()
        .iter()
        .map(|category| (category.code.clone(), category.name(language).to_owned()))
        .collect();
    let field = |name: &str, label: Msg, kept: &str, fault: &str| {
        Field::new(name, r.t(label))
            .with_value(tried.value("shop", name, kept))
            .with_error(tried.error(desk, "shop", fault))
    };
    html! {
        (fixed)
        form.form method="post" action=(desk.href("/settings/shop")) {
            (desk.hidden())
            input type="hidden" name="version" value=(shop.version);
            div.form-row {
                (field("name", Msg::SellerShopName, &shop.name, "name").required().draw(r.words))
                (field("category", Msg::SellerColumnCategory, &shop.category, "category").takes(Input::Choice(categories)).draw(r.words))
            }
            div.form-row {
                (field("about-en", Msg::SellerAboutEn, &shop.about_en, "about.en").takes(Input::Long { rows: 3 }).draw(r.words))
                (field("about-zh", Msg::SellerAboutZh, &shop.about_zh, "about.zh").takes(Input::Long { rows: 3 }).draw(r.words))
            }
            div.acts { (submit(Look::Primary, &r.t(Msg::SellerSave))) }
        }
    }
}

fn warehouse_part(desk: &Desk, warehouses: &[Warehouse], tried: &Tried<'_>) -> Markup {
    let r = &desk.reader;
    html! {
        ul.warehouses {
            @for warehouse in warehouses {
                li {
                    strong { (warehouse.name) }
                    @if let Ok(address) = serde_json::from_str::<Address>(&warehouse.address) {
                        p.muted { (address_lines(&address).join(", ")) }
                    }
                }
            }
        }
        @if desk.may(Permission::EditShop) {
            details open[tried.form == "warehouse"] {
                summary { (r.t(Msg::SellerWarehouseAdd)) }
                (warehouse_form(desk, tried))
            }
        }
    }
}

fn warehouse_form(desk: &Desk, tried: &Tried<'_>) -> Markup {
    let r = &desk.reader;
    let field = |name: &str, label: Msg, autocomplete: &str| {
        let fault = if name == "warehouse" { "name".to_owned() } else { format!("address.{name}") };
        Field::new(name, r.t(label))
            .with_value(tried.value("warehouse", name, ""))
            .with_error(tried.error(desk, "warehouse", &fault))
            .autocomplete(autocomplete)
            .draw(r.words)
    };
    html! {
        form.form method="post" action=(desk.href("/settings/warehouses")) {
            (desk.hidden())
            (field("warehouse", Msg::SellerWarehouseName, ""))
            div.form-row {
                (field("name", Msg::SellerAddressName, "name"))
                (field("phone", Msg::SellerAddressPhone, "tel"))
            }
            (field("line1", Msg::SellerAddressLine1, "address-line1"))
            (field("line2", Msg::SellerAddressLine2, "address-line2"))
            div.form-row {
                (field("city", Msg::SellerAddressCity, "address-level2"))
                (field("region", Msg::SellerAddressRegion, "address-level1"))
                (field("postcode", Msg::SellerAddressPostcode, "postal-code"))
                (field("country", Msg::SellerAddressCountry, "country"))
            }
            div.acts { (submit(Look::Plain, &r.t(Msg::SellerWarehouseAdd))) }
        }
    }
}

pub(super) async fn save_shop(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditShop).await?;
    let ask = EditShop {
        name: typed.get("name").to_owned(),
        category: typed.get("category").to_owned(),
        about: Wording::new(
            typed.get("about-en").replace("\r\n", "\n"),
            typed.get("about-zh").replace("\r\n", "\n"),
        ),
        logo: desk.shop.logo.parse().ok(),
    };
    let expected = typed.get("version").parse().ok();
    let done = edit_shop(&market, desk.actor(), desk.shop.id, expected, ask).await.map(drop);
    answered(&market, &desk, "shop", typed, done, Msg::SaidSellerShopSaved).await
}

pub(super) async fn new_warehouse(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditShop).await?;
    let get = |name: &str| typed.get(name).trim().to_owned();
    let done = async {
        let country = MarketCode::parse(&get("country").to_uppercase()).map_err(|_| {
            Failure::invalid("address.country", "not_a_country", "two capital letters, such as CN")
        })?;
        let address = Address {
            name: get("name"),
            phone: get("phone"),
            line1: get("line1"),
            line2: get("line2"),
            city: get("city"),
            region: get("region"),
            postcode: get("postcode"),
            country,
        };
        let ask = NewWarehouse { name: get("warehouse"), address };
        add_warehouse(&market, desk.actor(), desk.shop.id, ask).await.map(drop)
    };
    let done = done.await;
    answered(&market, &desk, "warehouse", typed, done, Msg::SaidSellerWarehouseAdded).await
}

/// Done: the settings anew. Refused: the same page with the reason and what was typed.
pub(super) async fn answered(
    market: &Market,
    desk: &Desk,
    form: &'static str,
    typed: Typed,
    done: Result<(), Failure>,
    said: Msg,
) -> Result<Response, super::desk::Refused> {
    match done {
        Ok(()) => Ok(desk.see("/settings", said)),
        Err(failure) => {
            let tried = Tried { form, typed, failure: Some(&failure), new_key: None };
            shown(market, desk, &tried).await
        }
    }
}
