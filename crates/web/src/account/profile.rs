//! The account's first page: name and language, password, and the ways to the rest.

use actions::people::{
    ChangePassword, Profile, change_password as new_password, change_profile, count_unread,
};
use actions::{Failure, FieldFault};
use axum::Form;
use maud::{Markup, html};
use rules::ids::HOUSE;

use crate::storefront::shopper::{Page, Shopper, go};
use crate::storefront::typed::{Typed, field};
use crate::ui::detail::section;
use crate::ui::forms::{Field, Input, Look, act, csrf_field, submit};
use crate::ui::icons::{Icon, icon};
use crate::ui::list::page_title;
use crate::ui::nav::Place;
use crate::visit;
use crate::words::{Language, Msg};

/// As long as the cookie which `/preferences` sets.
const A_YEAR: i64 = 365 * 24 * 3_600;

pub(super) async fn show(shopper: Shopper) -> Page {
    shopper.buyer()?;
    let mut typed = Typed::default();
    if let Some(caller) = &shopper.visit.caller {
        typed.set("name", &caller.name);
    }
    typed.set("language", shopper.reader.words.language().code());
    draw(&shopper, &typed, &[], None).await
}

async fn draw(
    shopper: &Shopper,
    typed: &Typed,
    faults: &[FieldFault],
    said: Option<String>,
) -> Page {
    let buyer = shopper.buyer()?;
    let unread = count_unread(&shopper.market, buyer).await.unwrap_or(0);
    let r = &shopper.reader;
    let title = shopper.t(Msg::NavAccount);
    let email = shopper.visit.caller.as_ref().map_or("", |caller| &caller.email);
    let body = html! {
        (page_title(&title, email, &[act(Look::Plain, "/sign-out", &shopper.visit.csrf, &[], &r.t(Msg::SignOut))]))
        (ways(shopper, unread))
        div.account-forms {
            (section(&r.t(Msg::AccountProfile), profile_form(shopper, typed, faults)))
            (section(&r.t(Msg::AccountPassword), password_form(shopper, typed, faults)))
        }
    };
    let again = said.is_some() || !faults.is_empty();
    Ok(if again {
        shopper.page_again(&title, Place::StoreAccount, said, body)
    } else {
        shopper.page(&title, Place::StoreAccount, body)
    })
}

fn ways(shopper: &Shopper, unread: i64) -> Markup {
    let r = &shopper.reader;
    let caller = shopper.visit.caller.as_ref();
    let mut ways = vec![
        ("/orders", Icon::Box, shopper.t(Msg::NavMyOrders), String::new()),
        (
            "/notices",
            Icon::Bell,
            shopper.t(Msg::NoticesTitle),
            match unread {
                0 => String::new(),
                unread => r.with(Msg::NoticesUnread, &[("count", unread.into())]),
            },
        ),
        ("/account/addresses", Icon::Pin, shopper.t(Msg::AddressesTitle), String::new()),
        ("/account/sessions", Icon::Key, shopper.t(Msg::SessionsTitle), String::new()),
    ];
    if caller.is_some_and(|caller| !caller.shops().is_empty()) {
        ways.push(("/seller", Icon::Shop, shopper.t(Msg::SellerCentre), String::new()));
    }
    if caller.is_some_and(|caller| caller.is_staff_of(HOUSE)) {
        ways.push(("/operator", Icon::Scale, shopper.t(Msg::OperatorConsole), String::new()));
    }
    html! {
        ul.ways {
            @for (href, picture, name, note) in ways {
                li { a href=(href) { (icon(picture)) span { strong { (name) } @if !note.is_empty() { small { (note) } } } } }
            }
        }
    }
}

fn profile_form(shopper: &Shopper, typed: &Typed, faults: &[FieldFault]) -> Markup {
    let r = &shopper.reader;
    let languages = Language::ALL.map(|one| (one.code().to_owned(), shopper.t(one.own_name())));
    html! {
        form.form method="post" action="/account/profile" {
            (csrf_field(&shopper.visit.csrf))
            (field(r, "name", Msg::FieldName, typed, faults).required().autocomplete("name").draw(r.words))
            (field(r, "language", Msg::FieldLanguage, typed, faults).takes(Input::Choice(languages.to_vec())).draw(r.words))
            (submit(Look::Plain, &r.t(Msg::AccountSave)))
        }
    }
}

fn password_form(shopper: &Shopper, typed: &Typed, faults: &[FieldFault]) -> Markup {
    let r = &shopper.reader;
    let password = |name: &str, label: Msg, new: bool| -> Field {
        field(r, name, label, typed, faults).takes(Input::Password { new })
    };
    html! {
        form.form method="post" action="/account/password" {
            (csrf_field(&shopper.visit.csrf))
            (password("current", Msg::FieldCurrentPassword, false).with_hint(r.t(Msg::FieldCurrentPasswordHint)).draw(r.words))
            (password("new", Msg::FieldNewPassword, true).required().draw(r.words))
            (submit(Look::Plain, &r.t(Msg::AccountChangePassword)))
        }
    }
}

pub(super) async fn change(shopper: Shopper, Form(typed): Form<Vec<(String, String)>>) -> Page {
    let typed = Typed(typed);
    let caller = shopper.visit.caller().map_err(|failure| shopper.problem(failure))?;
    let language = typed.get("language").to_owned();
    let profile = Profile { name: typed.get("name").to_owned(), language: language.clone() };
    match change_profile(&shopper.market, caller, profile).await {
        Ok(()) => {
            let mut response = go("/account?said=account-saved");
            visit::set_cookie(&mut response, &shopper.settings, visit::LANGUAGE, &language, A_YEAR);
            Ok(response)
        }
        Err(failure) => again(&shopper, &typed, failure).await,
    }
}

pub(super) async fn change_password(
    shopper: Shopper,
    Form(typed): Form<Vec<(String, String)>>,
) -> Page {
    let mut typed = Typed(typed);
    let caller = shopper.visit.caller().map_err(|failure| shopper.problem(failure))?;
    let ask = ChangePassword {
        current: typed.get("current").to_owned(),
        new: typed.get("new").to_owned(),
    };
    match new_password(&shopper.market, caller, ask).await {
        Ok(()) => Ok(go("/account?said=password-changed")),
        Err(failure) => {
            // The other form on the page shows what is stored.
            typed.set("name", &caller.name);
            typed.set("language", shopper.reader.words.language().code());
            again(&shopper, &typed, failure).await
        }
    }
}

async fn again(shopper: &Shopper, typed: &Typed, failure: Failure) -> Page {
    match failure {
        Failure::Invalid(faults) => draw(shopper, typed, &faults, None).await,
        Failure::Refused(refusal) => {
            draw(shopper, typed, &[], Some(shopper.refusal(&refusal))).await
        }
        failure => Err(shopper.problem(failure)),
    }
}
