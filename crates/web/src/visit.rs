//! Who visits a page, and how they read: language, zone, theme, session, and the form token.
//!
//! Pages take a [`Visit`]; the API takes `signed_in::SignedIn`. Neither decides what the caller may do: acts do.

use actions::caller::Caller;
use actions::{Failure, Market, Mode, overview, people};
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form, Router};
use rules::ids::PersonId;
use rules::people::Permission;
use rules::policy::MarketCode;
use serde::Deserialize;

use crate::format::Reader;
use crate::problem::Problem;
use crate::router::WebSettings;
use crate::ui::flash::Flash;
use crate::ui::layout::{PageHead, Theme};
use crate::ui::nav::Place;
use crate::words::{Language, Msg};

pub const SESSION: &str = "session";
pub const LANGUAGE: &str = "language";
pub const THEME: &str = "theme";
pub const MARKET: &str = "market";
pub const BASKET: &str = "basket";

/// One page view.
#[derive(Clone, Debug)]
pub struct Visit {
    pub reader: Reader,
    pub caller: Option<Caller>,
    /// The hidden field `csrf` of every form; empty without a session.
    pub csrf: String,
    pub theme: Theme,
    /// Path and query.
    pub address: String,
    /// The market whose goods and prices a visitor looks at.
    pub market: MarketCode,
    /// What is said once on top of the page: `?said=order-confirmed` says the text `said-order-confirmed`.
    pub flash: Option<Flash>,
    pub sandbox: bool,
    /// The visitor's basket cookie, as it came.
    pub basket: String,
    pub agent: String,
    /// Beside entries of the operator's navigation.
    counts: Vec<(Place, i64)>,
}

impl Visit {
    /// The head of a page in one of the shells.
    pub fn head(&self, title: impl Into<String>, place: Place) -> PageHead {
        PageHead {
            person: self.caller.as_ref().map(|caller| caller.name.clone()),
            csrf: self.csrf.clone(),
            theme: self.theme,
            address: self.address.clone(),
            flash: self.flash.clone(),
            sandbox: self.sandbox,
            counts: self.counts.clone(),
            ..PageHead::new(self.reader.clone(), title, place)
        }
    }

    /// The signed-in caller; a page answers [`Problem`] with the way to sign in otherwise.
    pub fn caller(&self) -> Result<&Caller, Failure> {
        self.caller.as_ref().ok_or(Failure::NotSignedIn)
    }

    pub fn buyer(&self) -> Result<PersonId, Failure> {
        self.caller()?.buyer()
    }

    /// The same visit with another zone: a shop's pages are read by the shop's clock.
    #[must_use]
    pub fn in_zone(mut self, zone: &str) -> Self {
        self.reader = Reader::new(self.reader.words.language(), zone, self.reader.now);
        self
    }

    /// Turns a failure into the page which explains it, in the visitor's language.
    pub fn problem(&self, failure: Failure) -> Response {
        Problem::from(failure).page(self)
    }
}

impl FromRequestParts<Market> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, market: &Market) -> Result<Self, Response> {
        let cookies = Cookies::of(&parts.headers);
        let caller = match cookies.get(SESSION) {
            Some(token) => people::caller_of_session(market, token)
                .await
                .map_err(|failure| Problem::from(failure).into_response())?,
            None => None,
        };
        let csrf = match &caller {
            Some(caller) => people::form_token_of(market, caller)
                .await
                .map_err(|failure| Problem::from(failure).into_response())?
                .unwrap_or_default(),
            None => String::new(),
        };
        let counts = match &caller {
            Some(caller) if parts.uri.path().starts_with(Place::OperatorHome.href()) => {
                operator_counts(market, caller)
                    .await
                    .map_err(|failure| Problem::from(failure).into_response())?
            }
            Some(_) | None => Vec::new(),
        };
        let language = language_of(&cookies, caller.as_ref(), &parts.headers);
        let (_, policies) = market.policies();
        let code = cookies.get(MARKET).and_then(|code| MarketCode::parse(code).ok());
        let known =
            code.and_then(|code| policies.market(code)).filter(|known| known.open_for_buyers);
        let chosen = known.or_else(|| {
            policies.markets().find(|known| known.open_for_buyers && known.code.as_str() == "US")
        });
        let chosen = chosen.or_else(|| policies.markets().find(|known| known.open_for_buyers));
        let zone = chosen.map_or("UTC", |chosen| chosen.time_zone.as_str());
        let reader = Reader::new(language, zone, market.now());
        let address = parts
            .extensions
            .get::<OriginalUri>()
            .map_or_else(|| parts.uri.clone(), |uri| uri.0.clone());
        let address = address.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        Ok(Visit {
            counts,
            flash: said(&reader, parts.uri.query().unwrap_or_default()),
            caller,
            csrf,
            theme: Theme::parse(cookies.get(THEME).unwrap_or_default()),
            market: chosen.map_or_else(us, |chosen| chosen.code),
            address,
            sandbox: market.mode == Mode::Sandbox,
            basket: cookies.get(BASKET).unwrap_or_default().to_owned(),
            agent: text(&parts.headers, USER_AGENT).chars().take(200).collect(),
            reader,
        })
    }
}

/// Nothing for who may not see the house's due work.
async fn operator_counts(market: &Market, caller: &Caller) -> Result<Vec<(Place, i64)>, Failure> {
    if caller.for_house(Permission::ViewDueWork).is_err() {
        return Ok(Vec::new());
    }
    let counts = overview::nav_counts(market).await?;
    Ok(vec![(Place::OperatorOrders, counts.orders_soon), (Place::OperatorSystem, counts.stuck)])
}

fn us() -> MarketCode {
    MarketCode::parse("US").expect("two capital letters are a market's code")
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn language_of(cookies: &Cookies<'_>, caller: Option<&Caller>, headers: &HeaderMap) -> Language {
    let chosen = cookies.get(LANGUAGE).and_then(Language::parse);
    let own = caller.and_then(|caller| Language::parse(&caller.language));
    chosen.or(own).unwrap_or_else(|| Language::accepted(text(headers, ACCEPT_LANGUAGE)))
}

/// Only texts of ours are said: an address cannot put words into the house's mouth.
fn said(reader: &Reader, query: &str) -> Option<Flash> {
    let word = query.split('&').find_map(|pair| pair.strip_prefix("said="))?;
    Msg::named(&format!("said-{word}")).map(|msg| Flash::good(reader.t(msg)))
}

/// The cookies of a request.
pub struct Cookies<'a>(&'a HeaderMap);

impl<'a> Cookies<'a> {
    pub fn of(headers: &'a HeaderMap) -> Self {
        Self(headers)
    }

    pub fn get(&self, name: &str) -> Option<&'a str> {
        let all = self.0.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        all.flat_map(|line| line.split(';')).find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key.trim() == name).then(|| value.trim())
        })
    }
}

/// Puts a cookie on an answer. Scripts never see it; other sites send it only when a person follows a link.
pub fn set_cookie(
    response: &mut Response,
    settings: &WebSettings,
    name: &str,
    value: &str,
    seconds: i64,
) {
    let secure = if settings.is_secure() { "; Secure" } else { "" };
    let cookie =
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

const A_YEAR: i64 = 365 * 24 * 3_600;

#[derive(Debug, Deserialize)]
struct Preferences {
    language: Option<String>,
    theme: Option<String>,
    market: Option<String>,
    #[serde(default)]
    back: String,
}

/// Language, theme and market: no secret, so no token is asked for.
async fn set_preferences(
    Extension(settings): Extension<WebSettings>,
    Form(wanted): Form<Preferences>,
) -> Response {
    let mut response = Redirect::to(inside(&wanted.back)).into_response();
    if let Some(language) = wanted.language.as_deref().and_then(Language::parse) {
        set_cookie(&mut response, &settings, LANGUAGE, language.code(), A_YEAR);
    }
    if let Some(theme) = wanted.theme.as_deref() {
        set_cookie(&mut response, &settings, THEME, Theme::parse(theme).code(), A_YEAR);
    }
    if let Some(market) = wanted.market.as_deref().and_then(|code| MarketCode::parse(code).ok()) {
        set_cookie(&mut response, &settings, MARKET, market.as_str(), A_YEAR);
    }
    response
}

/// A path of this house; anything else leads home, so that a link cannot lead people elsewhere.
pub fn inside(path: &str) -> &str {
    let safe = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.bytes().all(|b| (0x21..0x7f).contains(&b));
    if safe { path } else { "/" }
}

pub fn routes() -> Router<Market> {
    Router::new().route("/preferences", axum::routing::post(set_preferences))
}

/// Every address which nothing else answers.
pub async fn not_found(visit: Visit) -> Response {
    let mut response = visit.problem(Failure::NotFound);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_house_are_gone_back_to() {
        assert_eq!(inside("/orders?view=all"), "/orders?view=all");
        for path in [
            "",
            "https://elsewhere.example",
            "//elsewhere.example",
            "/\\elsewhere.example",
            "/a b",
            "orders",
        ] {
            assert_eq!(inside(path), "/", "{path}");
        }
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("theme=dark; session=abc; x=session=no"));
        let cookies = Cookies::of(&headers);
        assert_eq!(
            (cookies.get("session"), cookies.get("theme"), cookies.get("sess")),
            (Some("abc"), Some("dark"), None)
        );
    }
}
