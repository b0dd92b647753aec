//! A picture of the seller's own: kept, and put on the product's page as a new version.

use actions::catalog::{EditProduct, ListingAsk, ProductForEdit, edit_product};
use actions::pictures::upload_picture;
use actions::{Failure, Market};
use axum::extract::{Multipart, Path, State};
use maud::{Markup, html};
use rules::catalog::listing::{ListedPicture, PictureRef, Wording};
use rules::people::Permission;

use super::desk::{Desk, Page};
use super::import::file_of;
use super::product::{self, Editor};
use super::product_draft::Draft;
use crate::ui::forms::{Field, Input, Look, submit};
use crate::visit::Visit;
use crate::words::Msg;

pub(super) fn upload_form(desk: &Desk, file: &ProductForEdit) -> Markup {
    let r = &desk.reader;
    let action = desk.href(&format!("/products/{}/pictures", file.product.id));
    html! {
        form.form method="post" action=(action) enctype="multipart/form-data" {
            (desk.hidden())
            (Field::new("picture", r.t(Msg::SellerPictureUpload)).required()
                .takes(Input::File { accept: "image/jpeg,image/png,image/webp".to_owned() })
                .with_hint(r.t(Msg::SellerPictureUploadHint)).draw(r.words))
            div.acts { (submit(Look::Plain, &r.t(Msg::SellerPictureUpload))) }
        }
    }
}

pub(super) async fn picture(
    State(market): State<Market>,
    Path((shop, product)): Path<(String, String)>,
    visit: Visit,
    upload: Multipart,
) -> Page {
    let desk = Desk::open(&market, visit, &shop, Permission::EditProducts).await?;
    let file = product::open(&market, &desk, &product).await.map_err(|f| desk.refused(f))?;
    let done = async {
        let bytes = file_of(upload, "picture").await?;
        let picture = upload_picture(&market, desk.shop.id, bytes).await?;
        let mut listing: ListingAsk = Draft::of(&file).ask(file.listing.currency)?;
        let (picture, alt) = (PictureRef::File(picture), Wording::default());
        listing.pictures.push(ListedPicture { picture, alt });
        let (id, expected) = (file.product.id, Some(file.product.version));
        let ask = EditProduct { product: id, expected, listing };
        edit_product(&market, desk.actor(), desk.shop.id, ask).await
    };
    match done.await {
        Ok(_) => Ok(desk.see(&format!("/products/{product}"), Msg::SaidSellerPictureAdded)),
        Err(failure) => {
            let failure = Some(as_pictures(failure));
            let draft = Draft::of(&file);
            Ok(product::shown(&desk, &Editor { file: Some(&file), draft, failure }))
        }
    }
}

/// What is wrong with the file is shown where the pictures are.
fn as_pictures(failure: Failure) -> Failure {
    match failure {
        Failure::Invalid(mut faults) => {
            for fault in &mut faults {
                "pictures".clone_into(&mut fault.field);
            }
            Failure::Invalid(faults)
        }
        other => other,
    }
}
