//! What every page of a shop's seller centre begins with: the shop, the caller's rights there, the shop's clock.

use actions::caller::Caller;
use actions::requests::RequestKey;
use actions::shop_desk::ShopWaiting;
use actions::{Actor, Failure, Market, shop_desk};
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use rules::ids::ShopId;
use rules::money::{Currency, Money};
use rules::people::Permission;
use serde::Deserialize;
use store::shops::Shop;

use crate::format::Reader;
use crate::problem::Problem;
use crate::ui::forms::csrf_field;
use crate::ui::layout::seller_page;
use crate::ui::nav::Place;
use crate::visit::Visit;
use crate::words::Msg;

/// What a handler answers: the page, or the page which says why not.
pub(super) type Page = Result<Response, Refused>;

/// The page which says why not. In a box, because it is rare and large.
pub(super) struct Refused(Box<Response>);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl Refused {
    pub(super) fn of(visit: &Visit, failure: Failure) -> Refused {
        Refused(Box::new(visit.problem(failure)))
    }
}

/// One visit to one shop's seller centre.
pub(crate) struct Desk {
    pub reader: Reader,
    pub csrf: String,
    pub shop: Shop,
    pub sandbox: bool,
    pub caller: Caller,
    waiting: ShopWaiting,
    visit: Visit,
    /// Names the next act of this page, so that a form which is sent twice does its work once.
    key: String,
}

impl Desk {
    /// The caller needs the permission in this shop; a shop which is not theirs is not found.
    pub(super) async fn open(
        market: &Market,
        visit: Visit,
        shop: &str,
        permission: Permission,
    ) -> Result<Desk, Refused> {
        let found = async {
            let caller = visit.caller()?.clone();
            let id: ShopId = shop.parse().map_err(|_| Failure::NotFound)?;
            allowed(&caller, id, permission)?;
            Ok((caller, shop_desk::shop(market, id).await?))
        };
        let (caller, (shop, waiting)) = match found.await {
            Ok(found) => found,
            Err(failure) => return Err(Refused::of(&visit, failure)),
        };
        let visit = visit.in_zone(&shop.zone);
        Ok(Desk {
            reader: visit.reader.clone(),
            csrf: visit.csrf.clone(),
            sandbox: visit.sandbox,
            key: market.id::<()>().to_string(),
            caller,
            shop,
            waiting,
            visit,
        })
    }

    /// A further permission which the act needs.
    pub(super) fn allow(&self, permission: Permission) -> Result<(), Refused> {
        allowed(&self.caller, self.shop.id, permission).map_err(|failure| self.refused(failure))
    }

    /// For showing or hiding what the act itself would refuse.
    pub(super) fn may(&self, permission: Permission) -> bool {
        allowed(&self.caller, self.shop.id, permission).is_ok()
    }

    pub(super) fn refused(&self, failure: Failure) -> Refused {
        Refused::of(&self.visit, failure)
    }

    /// An address within this shop's seller centre.
    pub(super) fn href(&self, path: &str) -> String {
        format!("/seller/{}{path}", self.shop.id)
    }

    pub(super) fn page(&self, title: impl Into<String>, place: Place, body: Markup) -> Response {
        let mut head = self.visit.head(title, place);
        head.acting_for = format!("{} · {}", self.shop.name, self.shop.market);
        head.root = Some(self.href(""));
        head.counts = vec![
            (Place::SellerOrders, self.waiting.orders),
            (Place::SellerCases, self.waiting.cases),
        ];
        Html(seller_page(&head, body).into_string()).into_response()
    }

    /// Done: leads on to a page of this shop, which says `said` once.
    pub(super) fn see(&self, path: &str, said: Msg) -> Response {
        let joint = if path.contains('?') { '&' } else { '?' };
        let word = said.id().strip_prefix("said-").unwrap_or_default();
        Redirect::to(&format!("{}{joint}said={word}", self.href(path))).into_response()
    }

    pub(super) fn actor(&self) -> Actor {
        Actor::Staff { person: self.caller.person, shop: self.shop.id }
    }

    /// The hidden fields of every form: against forgery, and against doing it twice.
    pub(super) fn hidden(&self) -> Markup {
        html! {
            (csrf_field(&self.csrf))
            input type="hidden" name="key" value=(self.key);
        }
    }

    /// The same, without the token, for components which write that one themselves.
    pub(super) fn hidden_pairs(&self) -> Vec<(String, String)> {
        vec![("key".to_owned(), self.key.clone())]
    }

    /// The key of a form, bound to the act and to what was typed.
    pub(super) fn request_key(&self, typed: &Typed, act: &str) -> Option<RequestKey> {
        let key = typed.get("key");
        let usable =
            (1..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric());
        usable.then(|| RequestKey::new(self.caller.person, key, act, &typed.body()))
    }

    /// A failure in the reader's language.
    pub(super) fn in_words(&self, failure: &Failure) -> String {
        let problem = Problem::from(failure.clone());
        match failure {
            // The fields say it themselves, next to what was typed.
            Failure::Invalid(_) => self.reader.t(Msg::SellerSomeFieldsWrong).into_owned(),
            _ => problem.words(self.reader.words),
        }
    }

    /// What is wrong with one field, in the reader's language.
    pub(super) fn field_error(&self, failure: Option<&Failure>, field: &str) -> Option<String> {
        let Some(Failure::Invalid(faults)) = failure else { return None };
        let fault = faults.iter().find(|fault| fault.field == field)?;
        let msg = Msg::named(&format!("seller-wrong-{}", fault.code.replace('_', "-")));
        Some(msg.map_or_else(|| fault.sentence.clone(), |msg| self.reader.t(msg).into_owned()))
    }

    pub(super) fn currency(&self) -> Currency {
        // A shop's currency was read from a policy when it was opened; sterling stands in for a broken row.
        Currency::parse(&self.shop.currency)
            .or_else(|_| Currency::parse("GBP"))
            .expect("GBP is a currency")
    }

    /// An amount in the shop's currency.
    pub(super) fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency())
    }

    pub(super) fn money_in(&self, minor: i64, currency: Currency) -> Money {
        Money::new(minor, currency)
    }
}

/// The house's staff may look into a shop here. What they do in it they do in their own console, in their own name:
/// an act of these pages is an act of the shop.
fn allowed(caller: &Caller, shop: ShopId, permission: Permission) -> Result<(), Failure> {
    caller.for_shop(shop, permission)?;
    let looks = matches!(permission, Permission::ViewOrders | Permission::ViewMoney);
    if looks || caller.holds(shop, permission) { Ok(()) } else { Err(Failure::NotAllowed) }
}

/// The fields of a form as they were sent, several of one name included.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Typed(Vec<(String, String)>);

impl Typed {
    /// The first field of that name; empty when there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    pub(super) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let wanted = name.to_owned();
        self.0.iter().filter(move |(field, _)| *field == wanted).map(|(_, value)| value.as_str())
    }

    /// As a browser would send these fields.
    #[cfg(test)]
    pub(super) fn of(fields: &[(&str, &str)]) -> Typed {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Typed(fields.iter().map(owned).collect())
    }

    /// All but the token and the key: what a repeated request has to have the same.
    fn body(&self) -> Vec<u8> {
        let told = self.0.iter().filter(|(name, _)| name != "csrf" && name != "key");
        told.flat_map(|(name, value)| format!("{name}={value}\u{0}").into_bytes()).collect()
    }
}

/// A text inside an address.
pub(super) fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_an_address_cannot_leave_its_place() {
        assert_eq!(escaped("Ann Lee"), "Ann%20Lee");
        assert_eq!(escaped("a&b=c#d"), "a%26b%3Dc%23d");
        assert_eq!(escaped("李"), "%E6%9D%8E");
    }

    #[test]
    fn a_form_keeps_several_fields_of_one_name() {
        let fields = [("chosen", "1"), ("chosen", "2"), ("csrf", "t")];
        let typed = Typed(fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
        assert_eq!(typed.all("chosen").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(typed.get("missing"), "");
        assert_eq!(typed.body(), b"chosen=1\0chosen=2\0");
    }
}
