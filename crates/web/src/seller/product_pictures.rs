//! The editor's pictures: those of the product, and a drawn one to add.

use maud::{Markup, html};
use rules::catalog::listing::PictureRef;
use rules::ids::ProductId;

use super::desk::Desk;
use super::notes;
use super::product::Editor;
use crate::illustrations::{Colour, Shot};
use crate::storefront::pictures;
use crate::ui::forms::{Field, Input};
use crate::words::Msg;

pub(super) fn pictures(desk: &Desk, editor: &Editor<'_>) -> Markup {
    let r = &desk.reader;
    let product = editor.file.map_or(ProductId::new(1), |file| file.product.id);
    html! {
        @if let Some(error) = editor.error(desk, "pictures") { p.error { (error) } }
        ul.picture-list {
            @for (place, listed) in editor.draft.pictures.iter().enumerate() {
                li {
                    img src=(pictures::address(desk.shop.id, product, &listed.picture.to_string())) alt=(listed.alt.shown(r.words.language().code())) width="96" height="96";
                    input type="hidden" name={ "picture-" (place) } value=(listed.picture);
                    input type="hidden" name={ "picture-" (place) "-en" } value=(listed.alt.en);
                    input type="hidden" name={ "picture-" (place) "-zh" } value=(listed.alt.zh);
                    label { input type="checkbox" name={ "picture-" (place) "-remove" } value="on"; " " (r.t(Msg::SellerPictureRemove)) }
                }
            }
        }
        (add_drawn(desk, editor))
    }
}

fn add_drawn(desk: &Desk, editor: &Editor<'_>) -> Markup {
    let r = &desk.reader;
    let mut colours = vec![(String::new(), r.t(Msg::SellerPictureNoMore).into_owned())];
    colours.extend(Colour::ALL.into_iter().map(|colour| {
        (colour.code().to_owned(), notes::by_code(r, "seller-colour", colour.code()))
    }));
    let shots = Shot::ALL
        .into_iter()
        .map(|shot| (shot.code().to_owned(), notes::by_code(r, "seller-shot", shot.code())))
        .collect();
    html! {
        input type="hidden" name="add-kind" value=(kind(editor));
        div.form-row {
            (Field::new("add-colour", r.t(Msg::SellerPictureAdd)).takes(Input::Choice(colours))
                .with_hint(r.t(Msg::SellerPictureAddHint)).draw(r.words))
            (Field::new("add-shot", r.t(Msg::SellerPictureShot)).takes(Input::Choice(shots)).draw(r.words))
        }
    }
}

/// What is drawn: the thing of the first drawing, or what stands for the category.
fn kind(editor: &Editor<'_>) -> String {
    let drawn = editor.draft.pictures.iter().find_map(|listed| match &listed.picture {
        PictureRef::Drawn { kind, .. } => Some(kind.clone()),
        PictureRef::File(_) => None,
    });
    drawn.unwrap_or_else(|| editor.draft.category.clone())
}
