//! Sample pages of the storefront.

use maud::{Markup, html};

use super::{after, drawn, head, pounds, said};
use crate::format::Reader;
use crate::illustrations::{self, Colour, Kind, Shot};
use crate::ui::badges::{order_badge, parcel_badge};
use crate::ui::buying::{
    Facet, OrderCard, ReviewCard, order_cards, quantity, reviews, search_page,
};
use crate::ui::countdown::countdown;
use crate::ui::detail::{DetailHead, detail_page, facts, section};
use crate::ui::forms::{
    CardChoice, Field, Input, Look, act, card_choices, csrf_field, form_errors, link_button,
    submit, submit_with,
};
use crate::ui::icons::Icon;
use crate::ui::layout::storefront_page;
use crate::ui::money_table::{MoneyLine, money_table};
use crate::ui::nav::Place;
use crate::ui::shop_window::{
    BoughtLine, OptionValue, ProductCard, banner, bought_lines, category_tiles, option_row,
    picture_strip, product_grid, promises, shop_line, stars, steps, sum_box,
};
use crate::ui::timeline::timeline;
use crate::words::Msg;

pub(super) fn home(r: &Reader) -> Markup {
    let tiles = [
        (Kind::Earbuds, Colour::Sky, Msg::SampleCategoryGadgets),
        (Kind::Kettle, Colour::Coral, Msg::SampleCategoryKitchen),
        (Kind::Dress, Colour::Rose, Msg::SampleCategoryClothes),
        (Kind::Cream, Colour::Mint, Msg::SampleCategoryCare),
        (Kind::Tea, Colour::Forest, Msg::SampleCategoryPantry),
        (Kind::Lamp, Colour::Lemon, Msg::SampleCategoryHome),
        (Kind::Plush, Colour::Sand, Msg::SampleCategoryToys),
        (Kind::Yoga, Colour::Lilac, Msg::SampleCategorySport),
    ]
    .map(|(kind, colour, name)| ("/search".to_owned(), drawn(kind, colour), said(r, name)));
    let picture =
        illustrations::banner_address([Kind::Vase, Kind::Teapot, Kind::Mug], Colour::Sage);
    storefront_page(
        &head(r, Msg::SampleStoreTitle, Place::StoreHome),
        html! {
            (banner(&r.t(Msg::SampleBannerTitle), &r.t(Msg::SampleBannerText), ("/search", &r.t(Msg::SampleBannerGo)), &picture))
            section.store-section { div.section-head { h2 { (r.t(Msg::SampleCategories)) } } (category_tiles(&tiles)) }
            section.store-section { div.section-head { h2 { (r.t(Msg::SampleNew)) } a href="/search" { (r.t(Msg::SampleAll)) } } (product_grid(r, &cards(r))) }
        },
    )
}

fn cards(r: &Reader) -> Vec<ProductCard> {
    let rows = [
        (Kind::Earbuds, Colour::Sage, Msg::SampleEarbuds, 3_490, Some(4_290), Some((463, 1_204))),
        (Kind::Scarf, Colour::Terracotta, Msg::SampleScarf, 2_850, None, Some((481, 312))),
        (Kind::Mug, Colour::Navy, Msg::SampleMug, 1_400, None, Some((477, 86))),
        (Kind::Kettle, Colour::Cream, Msg::SampleKettle, 5_900, Some(6_900), Some((432, 540))),
        (Kind::Lamp, Colour::Plum, Msg::SampleLamp, 7_800, None, None),
        (Kind::Plush, Colour::Sand, Msg::SamplePlush, 1_950, None, Some((490, 77))),
        (Kind::Coffee, Colour::Cocoa, Msg::SampleCoffee, 1_120, None, Some((468, 2_310))),
        (Kind::Shoes, Colour::Snow, Msg::SampleShoes, 6_400, None, Some((420, 198))),
    ];
    rows.into_iter()
        .enumerate()
        .map(|(place, (kind, colour, title, price, was, stars))| ProductCard {
            href: "/p/1".to_owned(),
            picture: illustrations::address(kind, colour, Shot::Front, 4 + place as u32 * 5),
            title: said(r, title),
            shop: said(r, Msg::SampleShop),
            price: pounds(price),
            was: was.map(pounds),
            stars,
            promise: said(r, Msg::SamplePromise),
            sold_out: kind == Kind::Plush,
            colours: if place % 2 == 0 {
                vec![colour, Colour::Ink, Colour::Rose]
            } else {
                Vec::new()
            },
        })
        .collect()
}

pub(super) fn product(r: &Reader) -> Markup {
    let pictures = Shot::ALL.map(|shot| {
        (
            illustrations::address(Kind::Earbuds, Colour::Sage, shot, 7),
            said(r, Msg::SampleEarbuds),
            format!("?shot={}", shot.code()),
        )
    });
    let colour = |label: Msg, colour: Colour, chosen: bool| OptionValue {
        label: said(r, label),
        href: "?colour=1".to_owned(),
        chosen,
        sold_out: colour == Colour::Rose,
        colour: Some(colour),
    };
    let colours = [
        colour(Msg::SampleSage, Colour::Sage, true),
        colour(Msg::SampleInk, Colour::Ink, false),
        colour(Msg::SampleRose, Colour::Rose, false),
    ];
    let promise_lines = [
        (Icon::Truck, said(r, Msg::SamplePromise), said(r, Msg::SamplePromiseAbout)),
        (Icon::Return, said(r, Msg::SampleReturns), said(r, Msg::SampleReturnsAbout)),
        (Icon::Shield, said(r, Msg::SampleEscrow), said(r, Msg::SampleEscrowAbout)),
    ];
    storefront_page(
        &head(r, Msg::SampleEarbuds, Place::Nowhere),
        html! {
            div.product {
                (picture_strip(&pictures, 0))
                div.product-side {
                    div.stack {
                        h1 { (r.t(Msg::SampleEarbuds)) }
                        p { (stars(r, 463, 1_204)) }
                        p.price.num { (r.money(pounds(3_490))) }
                    }
                    (option_row(r, &r.t(Msg::SampleColour), &colours))
                    form.stack method="post" action="/basket/lines" {
                        (csrf_field("sample"))
                        (Field::new("quantity", r.t(Msg::SampleQuantity)).takes(Input::Number { min: Some(1), max: Some(20) }).with_value("1").required().draw(r.words))
                        button type="submit" class={ (Look::Primary.class()) " large wide" } { (r.t(Msg::SampleAdd)) }
                    }
                    (promises(&promise_lines))
                    (shop_line("/shops/1", &illustrations::logo_address("home_kitchen", "Hearth & Loom"), &r.t(Msg::SampleShop), &r.t(Msg::SampleShopAbout)))
                }
            }
        },
    )
}

fn lines(r: &Reader, acts: bool) -> Vec<BoughtLine> {
    let line = |kind, colour, title: Msg, options: Msg, quantity, sum| BoughtLine {
        picture: drawn(kind, colour),
        title: said(r, title),
        href: "/p/1".to_owned(),
        options: said(r, options),
        quantity,
        sum: pounds(sum),
        note: acts.then(|| html! { p.muted { (r.t(Msg::SamplePromise)) } }),
        acts: acts.then(|| {
            let remove =
                act(Look::Quiet, "/basket/lines/1/removal", "sample", &[], &r.t(Msg::SampleRemove));
            html! { (self::quantity(r, "/basket/lines/1", "sample", quantity, 9)) (remove) }
        }),
    };
    vec![
        line(Kind::Earbuds, Colour::Sage, Msg::SampleEarbuds, Msg::SampleSage, 2, 6_980),
        line(Kind::Scarf, Colour::Terracotta, Msg::SampleScarf, Msg::SampleRose, 1, 2_850),
    ]
}

fn sums(r: &Reader) -> Vec<MoneyLine> {
    vec![
        MoneyLine::part(r.t(Msg::SampleGoods), pounds(9_830)),
        MoneyLine::part(r.t(Msg::SampleShipping), pounds(399))
            .with_note(r.t(Msg::SampleShippingNote)),
        MoneyLine::part(r.t(Msg::SampleDiscount), pounds(-500)),
        MoneyLine::total(r.t(Msg::SampleTotal), pounds(9_729)).with_note(r.t(Msg::SampleTaxNote)),
    ]
}

pub(super) fn basket(r: &Reader) -> Markup {
    storefront_page(
        &head(r, Msg::NavBasket, Place::StoreBasket),
        html! {
            h1 { (r.t(Msg::NavBasket)) }
            div.basket {
                div.basket-main {
                    section.panel {
                        (shop_line("/shops/1", &illustrations::logo_address("home_kitchen", "Hearth & Loom"), &r.t(Msg::SampleShop), &r.t(Msg::SampleShopAbout)))
                        (bought_lines(r, &lines(r, true)))
                    }
                }
                (sum_box(r, &r.t(Msg::SampleSum), &sums(r), html! { a class={ (Look::Primary.class()) " large wide" } href="/checkout" { (r.t(Msg::SampleCheckout)) } }))
            }
        },
    )
}

pub(super) fn checkout(r: &Reader) -> Markup {
    let fields = [
        Field::new("name", r.t(Msg::SampleName))
            .with_value(r.t(Msg::SampleBuyer))
            .required()
            .autocomplete("name"),
        Field::new("street", r.t(Msg::SampleStreet))
            .required()
            .autocomplete("street-address")
            .with_error(Some(said(r, Msg::SampleStreetWrong))),
        Field::new("note", r.t(Msg::SampleNote))
            .takes(Input::Long { rows: 2 })
            .with_hint(r.t(Msg::SampleNoteHint)),
    ];
    let method = |value: &str, title: Msg, note: Msg, barred: Option<Msg>| CardChoice {
        value: value.to_owned(),
        title: said(r, title),
        note: said(r, note),
        barred: barred.map(|msg| said(r, msg)).unwrap_or_default(),
        ..CardChoice::default()
    };
    let methods = [
        method("card", Msg::SampleCard, Msg::SampleCardNote, None),
        method("wallet", Msg::SampleWallet, Msg::SampleWalletNote, None),
        method(
            "transfer",
            Msg::SampleTransfer,
            Msg::SampleTransferNote,
            Some(Msg::SampleTransferBarred),
        ),
    ];
    let names = [said(r, Msg::NavBasket), said(r, Msg::SampleAddress), said(r, Msg::SamplePayment)];
    storefront_page(
        &head(r, Msg::SampleCheckout, Place::Nowhere),
        html! {
            (steps(&names, 1))
            div.basket {
                form.form method="post" action="/checkout" {
                    (csrf_field("sample"))
                    (form_errors(r.words, &fields))
                    @for field in &fields { (field.draw(r.words)) }
                    (card_choices(&r.t(Msg::SamplePayment), "method", "card", &methods))
                    (submit_with(Look::Primary, Icon::Lock, &r.with(Msg::SamplePay, &[("amount", r.money(pounds(9_729)).into())])))
                }
                (sum_box(r, &r.t(Msg::SampleSum), &sums(r), bought_lines(r, &lines(r, false))))
            }
        },
    )
}

pub(super) fn order(r: &Reader) -> Markup {
    let detail = DetailHead {
        back: Some(("/orders".to_owned(), said(r, Msg::NavMyOrders))),
        title: said(r, Msg::SampleOrderOfShop),
        badges: vec![order_badge(r.words, "in_transit")],
        under: vec![
            html! { (r.t(Msg::SampleOrderNumber)) },
            html! { (countdown(r, after(r, 50), &r.t(Msg::SampleDeliverBy))) },
        ],
        deadline: None,
        acts: vec![
            submit(Look::Primary, &r.t(Msg::SampleReceived)),
            link_button(Look::Plain, "/help", &r.t(Msg::SampleHelp)),
        ],
    };
    let main = html! {
        (section(&r.t(Msg::SampleTimeline), timeline(r, &super::seller::entries(r))))
        (section(&r.t(Msg::SampleGoods), bought_lines(r, &lines(r, false))))
    };
    let side = html! {
        (section(&r.t(Msg::SampleParcel), facts(&[(&r.t(Msg::SampleCarrier), html! { (parcel_badge(r.words, "in_transit")) })])))
        (section(&r.t(Msg::SampleSum), money_table(r, "", &sums(r))))
    };
    storefront_page(
        &head(r, Msg::NavMyOrders, Place::StoreOrders),
        detail_page(&detail, main, side),
    )
}

pub(super) fn search(r: &Reader) -> Markup {
    let facet = |label: Msg, count, chosen| Facet {
        label: said(r, label),
        href: "/search?q=tea".to_owned(),
        count: Some(count),
        chosen,
    };
    let facets = [
        (
            said(r, Msg::SampleCategories),
            vec![
                facet(Msg::SampleCategoryKitchen, 128, true),
                facet(Msg::SampleCategoryPantry, 41, false),
            ],
        ),
        (
            said(r, Msg::SampleColour),
            vec![facet(Msg::SampleSage, 12, false), facet(Msg::SampleInk, 1_020, false)],
        ),
    ];
    storefront_page(
        &head(r, Msg::StoreSearch, Place::Nowhere),
        html! { h1 { (r.t(Msg::SampleResults)) } (search_page(r, &facets, product_grid(r, &cards(r)))) },
    )
}

pub(super) fn orders(r: &Reader) -> Markup {
    let card = |state: &str, kind, colour| OrderCard {
        href: "/orders/1".to_owned(),
        title: said(r, Msg::SampleOrderOfShop),
        state: vec![order_badge(r.words, state)],
        about: said(r, Msg::SampleOrderNumber),
        pictures: vec![drawn(kind, colour), drawn(Kind::Scarf, Colour::Terracotta)],
        total: pounds(9_729),
        act: (state == "unpaid")
            .then(|| link_button(Look::Primary, "/pay/1", &r.t(Msg::SamplePayment))),
    };
    let cards = [
        card("unpaid", Kind::Vase, Colour::Teal),
        card("in_transit", Kind::Earbuds, Colour::Sage),
        card("completed", Kind::Book, Colour::Navy),
    ];
    storefront_page(
        &head(r, Msg::NavMyOrders, Place::StoreOrders),
        html! { h1 { (r.t(Msg::NavMyOrders)) } (order_cards(r, &cards)) },
    )
}

pub(super) fn review_page(r: &Reader) -> Markup {
    let marks = vec![(said(r, Msg::SampleQuality), 5), (said(r, Msg::SampleLooks), 3)];
    let card = ReviewCard {
        who: said(r, Msg::SampleBuyer),
        hundredths: 400,
        marks,
        about: r.relative(after(r, -480)),
        text: said(r, Msg::SampleReview),
        pictures: vec![illustrations::address(Kind::Mug, Colour::Navy, Shot::InUse, 2)],
        reply: said(r, Msg::SampleReply),
    };
    storefront_page(
        &head(r, Msg::SampleMug, Place::Nowhere),
        html! { h1 { (r.t(Msg::SampleMug)) } (reviews(r, &[card.clone(), ReviewCard { reply: String::new(), pictures: Vec::new(), ..card }])) },
    )
}
