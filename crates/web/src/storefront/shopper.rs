//! Who shops: the visit with the market they chose and what is in their basket.

use std::sync::atomic::Ordering;

use actions::checkout::LineWanted;
use actions::clock::Clock;
use actions::requests::RequestKey;
use actions::{Failure, Market, Refusal};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use rules::ids::PersonId;
use rules::policy::{MarketPolicy, Policies};
use store::{Tx, baskets};

use crate::format::Reader;
use crate::router::WebSettings;
use crate::storefront::typed::Typed;
use crate::storefront::visitor_basket;
use crate::ui::flash::Flash;
use crate::ui::icons::{Icon, icon};
use crate::ui::layout::{PageHead, storefront_page};
use crate::ui::nav::Place;
use crate::visit::{self, Visit};
use crate::words::Msg;

/// How long a browser keeps a visitor's basket.
const BASKET_SECONDS: i64 = 30 * 24 * 3_600;

/// Somebody in the storefront or in their account.
pub struct Shopper {
    pub visit: Visit,
    pub market: Market,
    pub reader: Reader,
    pub place: MarketPolicy,
    pub policies: Policies,
    pub settings: WebSettings,
    /// A visitor's lines; of somebody who is signed in, what their browser had before.
    pub cookie_lines: Vec<LineWanted>,
    pub basket_pieces: i64,
}

/// A page, or the answer instead of it.
pub type Page<T = Response> = Result<T, Response>;

impl FromRequestParts<Market> for Shopper {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, market: &Market) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, market).await?;
        let (_, policies) = market.policies();
        let place = policies.market(visit.market).cloned();
        let place = place.ok_or_else(|| visit.problem(Failure::NotFound))?;
        let cookie_lines = visitor_basket::read(&visit.basket);
        let basket_pieces = match buyer_of(&visit) {
            Some(buyer) => pieces_of(market, buyer).await,
            None => cookie_lines.iter().map(|line| line.quantity).sum(),
        };
        Ok(Self {
            reader: visit.reader.clone(),
            settings: parts.extensions.get::<WebSettings>().cloned().unwrap_or_default(),
            market: market.clone(),
            visit,
            place,
            policies,
            cookie_lines,
            basket_pieces,
        })
    }
}

fn buyer_of(visit: &Visit) -> Option<PersonId> {
    visit.buyer().ok()
}

/// A count beside the basket is not worth a failed page.
async fn pieces_of(market: &Market, buyer: PersonId) -> i64 {
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(baskets::load(tx, buyer).await?);
    match market.store.read(read).await {
        Ok(lines) => lines.iter().map(|line| line.quantity).sum(),
        Err(failure) => {
            tracing::warn!(%failure, "the basket could not be counted");
            0
        }
    }
}

impl Shopper {
    pub fn t(&self, msg: Msg) -> String {
        self.reader.t(msg).into_owned()
    }

    pub fn signed_in(&self) -> Option<PersonId> {
        buyer_of(&self.visit)
    }

    /// The buyer, or the way to sign in and come back.
    pub fn buyer(&self) -> Result<PersonId, Response> {
        self.signed_in().ok_or_else(|| self.to_sign_in(&self.visit.address))
    }

    pub fn to_sign_in(&self, next: &str) -> Response {
        let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        Redirect::to(&format!("/sign-in?next={next}")).into_response()
    }

    /// Names one write by the form's hidden `key`, so that a form which is sent twice acts once.
    pub fn request(&self, buyer: PersonId, what: &str, typed: &Typed) -> Option<RequestKey> {
        let key = typed.get("key");
        let sound = (8..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric());
        sound.then(|| RequestKey::new(buyer, key, what, &typed.body()))
    }

    /// A new value for a form's hidden `key`.
    pub fn new_key(&self) -> String {
        self.market.chance.secret().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }

    pub fn head(&self, title: &str, place: Place) -> PageHead {
        let mut head = self.visit.head(title, place);
        head.counts.push((Place::StoreBasket, self.basket_pieces));
        head
    }

    pub fn page(&self, title: &str, place: Place, body: Markup) -> Response {
        storefront_page(&self.head(title, place), self.under_clock(body)).into_response()
    }

    /// A form which comes back with what was typed and what was wrong; the status tells programs so too.
    pub fn page_again(
        &self,
        title: &str,
        place: Place,
        said: Option<String>,
        body: Markup,
    ) -> Response {
        let mut head = self.head(title, place);
        head.flash = said.map(Flash::bad);
        let body = self.under_clock(body);
        (StatusCode::UNPROCESSABLE_ENTITY, storefront_page(&head, body)).into_response()
    }

    /// Where the sandbox's clock was moved, the page says so: its dates are not those outside.
    fn under_clock(&self, body: Markup) -> Markup {
        let moved = match &self.market.clock {
            Clock::Sandbox { offset_ms } => offset_ms.load(Ordering::Relaxed) > 60_000,
            Clock::Real | Clock::Manual { .. } => false,
        };
        let now = self.reader.moment_with_zone(self.reader.now);
        html! {
            @if moved {
                p.sandbox-clock { (icon(Icon::Clock)) span { (self.reader.with(Msg::SandboxClock, &[("moment", now.into())])) } }
            }
            (body)
        }
    }

    /// A refusal in the reader's words.
    pub fn refusal(&self, refusal: &Refusal) -> String {
        refusal_text(&self.reader, refusal)
    }

    /// The page which says that something did not work.
    pub fn problem(&self, failure: Failure) -> Response {
        match failure {
            Failure::NotSignedIn => self.to_sign_in(&self.visit.address),
            failure => self.visit.problem(failure),
        }
    }

    /// Puts a visitor's basket on an answer.
    pub fn keep_basket(&self, response: &mut Response, lines: &[LineWanted]) {
        let value = visitor_basket::write(lines);
        let seconds = if lines.is_empty() { 0 } else { BASKET_SECONDS };
        visit::set_cookie(response, &self.settings, visit::BASKET, &value, seconds);
    }
}

/// A refusal in the reader's words; one without a text is said in the act's own English sentence.
pub fn refusal_text(reader: &Reader, refusal: &Refusal) -> String {
    let id = format!("refusal-{}", refusal.code.replace('_', "-"));
    let Some(msg) = Msg::named(&id) else { return refusal.sentence.clone() };
    let facts: Vec<_> = refusal
        .facts
        .iter()
        .map(|(name, value)| {
            let at = rules::time::Timestamp::parse(value);
            (*name, at.map_or_else(|_| value.clone(), |at| reader.moment(at)).into())
        })
        .collect();
    reader.with(msg, &facts)
}

/// Where to go on after a form; every answer to a post which worked is one of these.
pub fn go(path: &str) -> Response {
    Redirect::to(path).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_refusal_is_said_in_the_readers_language_with_its_facts() {
        let now = rules::time::Timestamp::parse("2026-06-01T08:00:00Z").expect("a time");
        let refusal = Refusal::new("sold_out", "not enough of this is left")
            .fact("title", "Wool scarf")
            .fact("asked", 3)
            .fact("left", 1);
        for language in Language::ALL {
            let text = refusal_text(&Reader::new(language, "UTC", now), &refusal);
            assert!(
                text.contains("Wool scarf") && text.contains('3') && text.contains('1'),
                "{text}"
            );
        }
        let unknown = Refusal::new("a_code_without_text", "the act's own sentence");
        let reader = Reader::new(Language::Zh, "UTC", now);
        assert_eq!(refusal_text(&reader, &unknown), "the act's own sentence");
    }
}
