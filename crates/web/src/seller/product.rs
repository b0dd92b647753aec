//! The product editor: everything of one page on one form; what is wrong stands next to its field.

use actions::catalog::{ProductForEdit, product_for_edit};
use actions::{Failure, Market};
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rules::catalog::categories::Categories;
use rules::ids::ProductId;
use rules::people::Permission;
use store::catalog::LISTED;

use super::desk::{Desk, Page};
use super::product_draft::{Draft, field_of_form};
use super::product_pictures::pictures;
use super::product_skus::sku_table;
use super::product_upload::upload_form;
use super::products::state_badge;
use super::things;
use crate::ui::detail::{DetailHead, detail_page, facts, section};
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::{Field, Input, Look, act, link_button, submit};
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// What the editor shows: the product on the shelf (none for a new one), the fields, what was refused.
pub(super) struct Editor<'a> {
    pub file: Option<&'a ProductForEdit>,
    pub draft: Draft,
    pub failure: Option<Failure>,
}

impl Editor<'_> {
    /// What is wrong with a field of the form, in words.
    pub(super) fn error(&self, desk: &Desk, name: &str) -> Option<String> {
        let Some(Failure::Invalid(faults)) = &self.failure else { return None };
        let fault = faults.iter().find(|fault| {
            fault.field == name || field_of_form(&self.draft, &fault.field) == name
        })?;
        desk.field_error(self.failure.as_ref(), &fault.field)
    }
}

pub(super) async fn new(
    State(market): State<Market>,
    Path(shop): Path<String>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditProducts).await?;
    let draft = Draft::new(&desk.shop.category);
    Ok(shown(&desk, &Editor { file: None, draft, failure: None }))
}

pub(super) async fn page(
    State(market): State<Market>,
    Path((shop, product)): Path<(String, String)>,
    visit: Visit,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::ViewOrders).await?;
    let file = open(&market, &desk, &product).await.map_err(|failure| desk.refused(failure))?;
    let draft = Draft::of(&file);
    Ok(shown(&desk, &Editor { file: Some(&file), draft, failure: None }))
}

pub(super) async fn open(
    market: &Market,
    desk: &Desk,
    product: &str,
) -> Result<ProductForEdit, Failure> {
    let id: ProductId = product.parse().map_err(|_| Failure::NotFound)?;
    product_for_edit(market, desk.shop.id, id).await
}

pub(super) fn shown(desk: &Desk, editor: &Editor<'_>) -> Response {
    let r = &desk.reader;
    let title = match editor.file {
        Some(file) => things::title(r, &file.product.title_en, &file.product.title_zh).to_owned(),
        None => r.t(Msg::SellerNewProduct).into_owned(),
    };
    let head = DetailHead {
        back: Some((desk.href("/products"), r.t(Msg::NavProducts).into_owned())),
        title: title.clone(),
        badges: editor
            .file
            .map(|file| state_badge(desk, &file.product.state))
            .into_iter()
            .collect(),
        acts: editor.file.map(|file| listing_acts(desk, file)).unwrap_or_default(),
        ..DetailHead::default()
    };
    let body = detail_page(&head, form(desk, editor), side(desk, editor));
    desk.page(title, Place::SellerProducts, body)
}

fn listing_acts(desk: &Desk, file: &ProductForEdit) -> Vec<Markup> {
    let r = &desk.reader;
    if !desk.may(Permission::EditProducts) {
        return Vec::new();
    }
    let listed = file.product.state == LISTED;
    let (word, text) = if listed { ("off", Msg::SellerUnlist) } else { ("on", Msg::SellerList) };
    let version = file.product.version.to_string();
    let action = desk.href(&format!("/products/{}/listed", file.product.id));
    vec![act(
        Look::Plain,
        &action,
        &desk.csrf,
        &[("listed", word), ("version", &version)],
        &r.t(text),
    )]
}

fn form(desk: &Desk, editor: &Editor<'_>) -> Markup {
    let r = &desk.reader;
    let action = match editor.file {
        Some(file) => desk.href(&format!("/products/{}", file.product.id)),
        None => desk.href("/products/new"),
    };
    html! {
        @if let Some(failure) = &editor.failure { (flash(&Flash::bad(refused(desk, failure)))) }
        form.form.editor method="post" action=(action) {
            (desk.hidden())
            input type="hidden" name="version" value=(editor.file.map_or(0, |file| file.product.version));
            (section(&r.t(Msg::SellerWordsSection), words(desk, editor)))
            (section(&r.t(Msg::SellerPicturesSection), pictures(desk, editor)))
            (section(&r.t(Msg::SellerSkusSection), sku_table(desk, editor)))
            (section(&r.t(Msg::SellerNatureSection), nature(desk, editor)))
            @if desk.may(Permission::EditProducts) {
                div.acts {
                    (submit(Look::Primary, &r.t(Msg::SellerSave)))
                    button.button type="submit" name="act" value="rows" formnovalidate { (r.t(Msg::SellerMoreRows)) }
                    @if editor.file.is_none() {
                        label.tick-line { input type="checkbox" name="listed" value="on" checked; " " (r.t(Msg::SellerListAtOnce)) }
                    }
                }
            }
        }
    }
}

fn refused(desk: &Desk, failure: &Failure) -> String {
    match failure {
        Failure::Stale => desk.reader.t(Msg::SellerChangedMeanwhile).into_owned(),
        other => desk.in_words(other),
    }
}

fn words(desk: &Desk, editor: &Editor<'_>) -> Markup {
    let (r, draft) = (&desk.reader, &editor.draft);
    let field = |name: &str, label: Msg, value: &str, input: Input| {
        Field::new(name, r.t(label))
            .takes(input)
            .with_value(value)
            .with_error(editor.error(desk, name))
            .draw(r.words)
    };
    let language = r.words.language().code();
    let categories = Categories::shipped()
        .iter()
        .map(|category| (category.code.clone(), category.name(language).to_owned()))
        .collect();
    html! {
        @if let Some(error) = editor.error(desk, "title") { p.error { (error) } }
        div.form-row {
            (field("title-en", Msg::SellerTitleEn, &draft.title.en, Input::Text))
            (field("title-zh", Msg::SellerTitleZh, &draft.title.zh, Input::Text))
        }
        div.form-row {
            (field("description-en", Msg::SellerDescriptionEn, &draft.description.en, Input::Long { rows: 5 }))
            (field("description-zh", Msg::SellerDescriptionZh, &draft.description.zh, Input::Long { rows: 5 }))
        }
        (field("category", Msg::SellerColumnCategory, &draft.category, Input::Choice(categories)))
    }
}

fn nature(desk: &Desk, editor: &Editor<'_>) -> Markup {
    let (r, draft) = (&desk.reader, &editor.draft);
    let kinds = [
        ("fragile", Msg::SellerNatureFragile, draft.nature.fragile),
        ("liquid", Msg::SellerNatureLiquid, draft.nature.liquid),
        ("battery", Msg::SellerNatureBattery, draft.nature.battery),
        ("oversize", Msg::SellerNatureOversize, draft.nature.oversize),
        ("durable", Msg::SellerNatureDurable, draft.nature.durable),
    ];
    html! {
        div.ticks {
            @for (name, label, on) in kinds {
                (Field::new(name, r.t(label)).takes(Input::Tick).with_value(if on { "on" } else { "" }).draw(r.words))
            }
        }
        div.form-row {
            (Field::new("hs_code", r.t(Msg::SellerHsCode)).with_value(draft.hs_code.as_str())
                .with_hint(r.t(Msg::SellerHsCodeHint)).with_error(editor.error(desk, "hs_code")).draw(r.words))
            (Field::new("origin", r.t(Msg::SellerOrigin)).with_value(draft.origin.as_str())
                .with_hint(r.t(Msg::SellerOriginHint)).with_error(editor.error(desk, "origin")).draw(r.words))
        }
    }
}

fn side(desk: &Desk, editor: &Editor<'_>) -> Markup {
    let r = &desk.reader;
    let Some(file) = editor.file else {
        return html! { (section(&r.t(Msg::SellerHowItWorks), html! { p { (r.t(Msg::SellerNewProductHelp)) } })) };
    };
    let product = &file.product;
    let versions = desk.href(&format!("/products/{}/versions", product.id));
    let facts = facts(&[
        (&r.t(Msg::SellerHandle), html! { code { (product.handle) } }),
        (&r.t(Msg::SellerColumnSold), html! { span.num { (product.sold_count) } }),
        (
            &r.t(Msg::SellerCurrentVersion),
            html! { a.num href=(versions) { (product.listing_version) } },
        ),
    ]);
    html! {
        (section(&r.t(Msg::SellerFacts), facts))
        (section(&r.t(Msg::SellerVersions), html! {
            p { (r.t(Msg::SellerVersionsHelp)) }
            (link_button(Look::Plain, &versions, &r.t(Msg::SellerVersions)))
        }))
        @if desk.may(Permission::EditProducts) { (section(&r.t(Msg::SellerPictureUpload), upload_form(desk, file))) }
        @if product.state == LISTED {
            p { a href={ "/products/" (product.shop) "/" (product.id) } { (r.t(Msg::SellerSeeAsBuyer)) } }
        }
    }
}
