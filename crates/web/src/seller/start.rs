//! `/seller`: goes to the caller's only shop, or lists their shops.

use actions::{Failure, Market};
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect};
use maud::html;
use store::Tx;
use store::shops::{self, Shop};

use super::desk::{Page, Refused};
use crate::storefront::pictures;
use crate::ui::icons::Icon;
use crate::ui::layout::bare_page;
use crate::ui::list::{Empty, empty_state, page_title};
use crate::ui::nav::Place;
use crate::ui::shop_window::shop_line;
use crate::visit::Visit;
use crate::words::Msg;

pub(super) async fn page(State(market): State<Market>, visit: Visit) -> Page {
    let mine = match visit.caller() {
        Ok(caller) => caller.shops(),
        Err(failure) => return Err(Refused::of(&visit, failure)),
    };
    if let [only] = mine.as_slice() {
        return Ok(Redirect::to(&format!("/seller/{only}")).into_response());
    }
    let read = market.store.read(async move |tx: &mut Tx| {
        Ok::<Vec<Shop>, Failure>(shops::load_many(tx, mine.clone()).await?)
    });
    let mut shops = read.await.map_err(|failure| Refused::of(&visit, failure))?;
    shops.sort_by(|one, other| one.name.cmp(&other.name).then(one.id.cmp(&other.id)));
    let r = &visit.reader;
    let body = html! {
        (page_title(&r.t(Msg::SellerYourShops), "", &[]))
        @if shops.is_empty() {
            (empty_state(&Empty {
                icon: Some(Icon::Shop),
                title: r.t(Msg::SellerNoShop).into_owned(),
                text: r.t(Msg::SellerNoShopText).into_owned(),
                next: Some(("/".to_owned(), r.t(Msg::NavHome).into_owned())),
            }))
        } @else {
            ul.shop-list { @for shop in &shops {
                li { (shop_line(&format!("/seller/{}", shop.id), &pictures::logo(shop), &shop.name, &shop.market)) }
            } }
        }
    };
    let head = visit.head(r.t(Msg::SellerCentre), Place::Nowhere);
    Ok(Html(bare_page(&head, body).into_string()).into_response())
}
