//! The three shells around every page: storefront, seller centre, operator's console.
//!
//! Everything works without scripts: on a phone the navigation folds into a `<details>`.

use maud::{DOCTYPE, Markup, html};

use crate::assets;
use crate::format::Reader;
use crate::ui::flash::{Flash, flash};
use crate::ui::forms::csrf_field;
use crate::ui::icons::{Icon, icon, mark};
use crate::ui::list::count_text;
use crate::ui::nav::{OPERATOR, Place, SELLER};
use crate::words::{Language, Msg};

/// Paper, ink, or whatever the reader's system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// As kept in the cookie and written in `data-theme`.
    pub const fn code(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// Anything unknown is the system's own.
    pub fn parse(text: &str) -> Theme {
        match text {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        }
    }
}

/// What every shell must know about the page and its reader.
#[derive(Clone, Debug)]
pub struct PageHead {
    pub reader: Reader,
    /// In the browser's tab, before the console's name.
    pub title: String,
    /// The person's name; `None` when nobody is signed in.
    pub person: Option<String>,
    /// "Linen & Co. · GB": whose console this is; empty in the storefront.
    pub acting_for: String,
    /// Where a console's places begin when it is one of several: `/seller/17` instead of `/seller`.
    pub root: Option<String>,
    /// Which entry of the navigation is lit.
    pub place: Place,
    /// Counts beside entries of the navigation: work due, things in the basket.
    pub counts: Vec<(Place, i64)>,
    pub csrf: String,
    pub theme: Theme,
    /// This page's own address with its query: where a change of language or theme comes back to.
    pub address: String,
    /// What was searched for, in the storefront's search field.
    pub search: String,
    /// Said once at the top of the page.
    pub flash: Option<Flash>,
    /// Whether this is a sandbox whose clock can be moved; the shell then says so.
    pub sandbox: bool,
}

impl PageHead {
    /// A head with everything else empty.
    pub fn new(reader: Reader, title: impl Into<String>, place: Place) -> PageHead {
        PageHead {
            reader,
            title: title.into(),
            person: None,
            acting_for: String::new(),
            root: None,
            place,
            counts: Vec::new(),
            csrf: String::new(),
            theme: Theme::System,
            address: place.href().to_owned(),
            search: String::new(),
            flash: None,
            sandbox: false,
        }
    }

    /// The address of a place in this console.
    fn href(&self, place: Place) -> String {
        let rest = place.href().strip_prefix("/seller");
        match (&self.root, rest) {
            (Some(root), Some(rest)) => format!("{root}{rest}"),
            (Some(_) | None, _) => place.href().to_owned(),
        }
    }

    fn count(&self, place: Place) -> i64 {
        self.counts.iter().find(|(other, _)| *other == place).map_or(0, |(_, count)| *count)
    }
}

/// A page of the storefront.
pub fn storefront_page(head: &PageHead, body: Markup) -> Markup {
    let r = &head.reader;
    let inner = html! {
        header.store-head {
            div.store-bar {
                a.brand href="/" { (mark()) span { (r.t(Msg::HouseName)) } }
                form.store-search method="get" action="/search" role="search" {
                    label.unseen for="store-search" { (r.t(Msg::StoreSearch)) }
                    (icon(Icon::Search))
                    input id="store-search" type="search" name="q" value=(head.search) placeholder=(r.t(Msg::StoreSearch)) data-search;
                    button.button.primary type="submit" { (r.t(Msg::StoreSearchGo)) }
                }
                nav.store-nav aria-label=(r.t(Msg::NavMain)) {
                    (store_link(head, Place::StoreOrders))
                    @if head.person.is_some() {
                        (store_link(head, Place::StoreAccount))
                    } @else {
                        a href="/sign-in" { (icon(Icon::User)) span { (r.t(Msg::SignIn)) } }
                    }
                    (store_link(head, Place::StoreBasket))
                }
            }
        }
        (main_part(head, "store-main", body))
        footer.store-foot {
            div {
                p { strong { (r.t(Msg::HouseName)) } " " (r.t(Msg::StoreFootPromise)) }
                (preferences(head))
            }
        }
    };
    document(head, "storefront", &r.t(Msg::HouseName), inner)
}

/// A page of the seller centre.
pub fn seller_page(head: &PageHead, body: Markup) -> Markup {
    console(head, "seller", Msg::SellerCentre, &SELLER, body)
}

/// A page of the operator's console.
pub fn operator_page(head: &PageHead, body: Markup) -> Markup {
    console(head, "operator", Msg::OperatorConsole, &OPERATOR, body)
}

/// A page with nothing around it but the house's name: sign-in, set-up, errors before anybody is known.
pub fn bare_page(head: &PageHead, body: Markup) -> Markup {
    let r = &head.reader;
    let inner = html! {
        header.bare-head { a.brand href="/" { (mark()) span { (r.t(Msg::HouseName)) } } }
        (main_part(head, "bare-main", body))
        footer.bare-foot { (preferences(head)) }
    };
    document(head, "bare", &r.t(Msg::HouseName), inner)
}

fn console(head: &PageHead, class: &str, name: Msg, places: &[Place], body: Markup) -> Markup {
    let r = &head.reader;
    let inner = html! {
        header.top {
            details.menu {
                summary aria-label=(r.t(Msg::NavMenu)) { (icon(Icon::Menu)) }
                nav aria-label=(r.t(Msg::NavMain)) { (console_links(head, places)) div.menu-foot { (person(head)) (preferences(head)) } }
            }
            a.brand href=(head.href(places[0])) { (mark()) span { (r.t(Msg::HouseName)) small { (r.t(name)) } } }
            @if !head.acting_for.is_empty() { span.acting-for { (icon(Icon::Shop)) span { (head.acting_for) } } }
            span.spring {}
            @if head.sandbox { span.sandbox { (icon(Icon::Clock)) span.num { (r.moment_with_zone(r.now)) } } }
            button.palette-open type="button" hidden data-palette {
                (icon(Icon::Search)) span { (r.t(Msg::PaletteOpen)) } kbd { "Ctrl K" }
            }
        }
        div.frame {
            div.side {
                nav aria-label=(r.t(Msg::NavMain)) { (console_links(head, places)) }
                div.side-foot { (person(head)) (preferences(head)) }
            }
            (main_part(head, "console-main", body))
        }
        (palette(head, places))
    };
    document(head, class, &r.t(name), inner)
}

fn document(head: &PageHead, class: &str, console: &str, inner: Markup) -> Markup {
    let r = &head.reader;
    let theme = (head.theme != Theme::System).then(|| head.theme.code());
    html! {
        (DOCTYPE)
        html lang=(r.words.language().tag()) data-theme=[theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (head.title) " · " (console) }
                link rel="icon" href=(assets::address("favicon.svg")) type="image/svg+xml";
                link rel="stylesheet" href=(assets::address("guildhall.css"));
                script src=(assets::address("guildhall.js")) defer {}
            }
            body class=(class) {
                a.skip href="#main" { (r.t(Msg::SkipToContent)) }
                (inner)
            }
        }
    }
}

fn main_part(head: &PageHead, class: &str, body: Markup) -> Markup {
    html! {
        main id="main" class=(class) tabindex="-1" {
            @if let Some(message) = &head.flash { (flash(message)) }
            (body)
        }
    }
}

fn store_link(head: &PageHead, place: Place) -> Markup {
    let count = head.count(place);
    html! {
        a href=(head.href(place)) aria-current=[(place == head.place).then_some("page")] data-key=(place.key()) {
            (icon(place.icon()))
            span { (head.reader.t(place.name())) }
            @if count > 0 { span.count.num { (count_text(count)) } }
        }
    }
}

fn console_links(head: &PageHead, places: &[Place]) -> Markup {
    html! {
        ul.nav {
            @for place in places {
                li { (store_link(head, *place)) }
            }
        }
    }
}

fn person(head: &PageHead) -> Markup {
    html! {
        @if let Some(name) = &head.person {
            form.person method="post" action="/sign-out" {
                (csrf_field(&head.csrf))
                span { (icon(Icon::User)) span { (name) } }
                button.icon-button type="submit" aria-label=(head.reader.t(Msg::SignOut)) title=(head.reader.t(Msg::SignOut)) {
                    (icon(Icon::SignOut))
                }
            }
        }
    }
}

/// Language and theme, as a plain form to `/preferences` which comes back to this page.
fn preferences(head: &PageHead) -> Markup {
    let r = &head.reader;
    html! {
        form.preferences method="post" action="/preferences" {
            (csrf_field(&head.csrf))
            input type="hidden" name="back" value=(head.address);
            @for language in Language::ALL {
                @if language != r.words.language() {
                    button.button.quiet type="submit" name="language" value=(language.code()) lang=(language.tag()) {
                        (icon(Icon::Globe)) (r.t(language.own_name()))
                    }
                }
            }
            // The style sheet shows the one which would change something, as only it knows the system's own theme.
            button.button.quiet.to-dark type="submit" name="theme" value=(Theme::Dark.code()) {
                (icon(Icon::Moon)) (r.t(Msg::ThemeDark))
            }
            button.button.quiet.to-light type="submit" name="theme" value=(Theme::Light.code()) {
                (icon(Icon::Sun)) (r.t(Msg::ThemeLight))
            }
        }
    }
}

/// The command palette and the list of keys; both hidden until `guildhall.js` opens them.
fn palette(head: &PageHead, places: &[Place]) -> Markup {
    let r = &head.reader;
    html! {
        dialog.palette aria-label=(r.t(Msg::PaletteOpen)) data-palette-dialog {
            label.palette-field {
                (icon(Icon::Search))
                input type="text" placeholder=(r.t(Msg::PalettePlaceholder)) aria-label=(r.t(Msg::PalettePlaceholder)) autocomplete="off";
            }
            ul {
                @for place in places {
                    li { a href=(head.href(*place)) data-key=(place.key()) {
                        (icon(place.icon())) span { (r.t(place.name())) } kbd { "g " (place.key()) }
                    } }
                }
            }
            p.muted { (r.t(Msg::PaletteKeys)) }
        }
    }
}
