//! The editor's table of SKUs: a row each, and empty rows for new ones. Emptying a row's code and price removes it.

use maud::{Markup, html};
use rules::catalog::options::MOST_OPTIONS;
use rules::people::Permission;

use super::desk::Desk;
use super::product::Editor;
use super::product_draft::DraftSku;
use crate::ui::list::{Column, Row, table};
use crate::words::Msg;

pub(super) fn sku_table(desk: &Desk, editor: &Editor<'_>) -> Markup {
    let (r, draft) = (&desk.reader, &editor.draft);
    let shown = options_shown(editor);
    let mut columns: Vec<Column> = (0..shown)
        .map(|place| {
            let name = draft.option_names.get(place).map_or("", String::as_str);
            let number = place + 1;
            if name.is_empty() {
                Column::new(r.with(Msg::SellerOptionNumber, &[("number", number.into())]))
            } else {
                Column::new(name)
            }
        })
        .collect();
    columns.extend([
        Column::new(r.t(Msg::SellerSkuCode)),
        Column::new(r.with(Msg::SellerSkuPrice, &[("currency", desk.currency().code().into())])),
        Column::new(r.t(Msg::SellerSkuCompare)),
        Column::new(r.t(Msg::SellerSkuWeight)),
        Column::new(r.t(Msg::SellerSkuStock)),
        Column::new(r.t(Msg::SellerSkuPicture)),
    ]);
    let rows: Vec<Row> = (draft.skus.iter().enumerate())
        .map(|(place, sku)| row(desk, editor, place, sku, shown))
        .collect();
    html! {
        p.muted { (r.t(Msg::SellerSkusHelp)) }
        (option_names(desk, editor))
        @if let Some(error) = editor.error(desk, "options") { p.error { (error) } }
        @if let Some(error) = editor.error(desk, "skus") { p.error { (error) } }
        input type="hidden" name="rows" value=(draft.skus.len());
        div.sku-table { (table(r.words, &columns, &rows, false)) }
    }
}

/// One column more than there are options, so that a new one can be begun.
fn options_shown(editor: &Editor<'_>) -> usize {
    let named = editor.draft.option_names.iter().filter(|name| !name.is_empty()).count();
    (named + 1).min(MOST_OPTIONS)
}

fn option_names(desk: &Desk, editor: &Editor<'_>) -> Markup {
    let r = &desk.reader;
    html! {
        div.form-row {
            @for (place, name) in editor.draft.option_names.iter().enumerate() {
                div.field {
                    label for={ "option-" (place) } { (r.with(Msg::SellerOptionNumber, &[("number", (place + 1).into())])) }
                    input type="text" id={ "option-" (place) } name={ "option-" (place) } value=(name)
                        placeholder=(r.t(if place == 0 { Msg::SellerOptionExample } else { Msg::FieldOptional }));
                }
            }
        }
    }
}

fn row(desk: &Desk, editor: &Editor<'_>, place: usize, sku: &DraftSku, shown: usize) -> Row {
    let r = &desk.reader;
    let cell = |name: &str, value: &str, label: &str, kind: &str| {
        let field = format!("sku-{place}-{name}");
        let error = editor.error(desk, &field);
        html! {
            input type=(kind) name=(field) value=(value) aria-label=(label) aria-invalid=[error.as_ref().map(|_| "true")];
            @if let Some(error) = error { p.error { (error) } }
        }
    };
    let mut cells: Vec<Markup> = (0..shown)
        .map(|n| {
            let value = sku.values.get(n).map_or("", String::as_str);
            let label = r.with(Msg::SellerOptionNumber, &[("number", (n + 1).into())]);
            cell(&format!("value-{n}"), value, &label, "text")
        })
        .collect();
    let price = r.with(Msg::SellerSkuPrice, &[("currency", desk.currency().code().into())]);
    let bundle = !sku.parts.is_empty();
    cells.extend([
        html! {
            (cell("code", &sku.code, &r.t(Msg::SellerSkuCode), "text"))
            input type="hidden" name={ "sku-" (place) "-id" } value=(sku.id);
            input type="hidden" name={ "sku-" (place) "-barcode" } value=(sku.barcode);
            input type="hidden" name={ "sku-" (place) "-parts" } value=(sku.parts);
        },
        cell("price", &sku.price, &price, "text"),
        cell("compare", &sku.compare_at, &r.t(Msg::SellerSkuCompare), "text"),
        cell("weight", &sku.weight, &r.t(Msg::SellerSkuWeight), "number"),
        html! {
            @if bundle { span.muted { (r.t(Msg::SellerSkuBundle)) } }
            @else if desk.may(Permission::EditStock) { (cell("stock", &sku.stock, &r.t(Msg::SellerSkuStock), "number")) }
            @else { (sku.stock) }
        },
        picture_choice(desk, editor, place, sku),
    ]);
    Row { key: String::new(), cells, overdue: false }
}

/// One of the product's pictures, or the one which its options call for.
fn picture_choice(desk: &Desk, editor: &Editor<'_>, place: usize, sku: &DraftSku) -> Markup {
    let r = &desk.reader;
    let mut known: Vec<String> =
        editor.draft.pictures.iter().map(|listed| listed.picture.to_string()).collect();
    if !sku.picture.is_empty() && !known.contains(&sku.picture) {
        known.push(sku.picture.clone());
    }
    html! {
        select name={ "sku-" (place) "-picture" } aria-label=(r.t(Msg::SellerSkuPicture)) {
            option value="" selected[sku.picture.is_empty()] { (r.t(Msg::SellerPictureByItself)) }
            @for (number, reference) in known.iter().enumerate() {
                option value=(reference) selected[*reference == sku.picture] {
                    (r.with(Msg::SellerPictureNumber, &[("number", (number + 1).into())]))
                }
            }
        }
    }
}
