//! A browser without scripts: keeps cookies, sends forms with the token of the page it saw last.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt;

use crate::market::Fair;

pub struct Browser {
    app: Router,
    cookies: BTreeMap<String, String>,
    token: String,
}

pub struct Page {
    pub status: StatusCode,
    pub body: String,
    location: Option<String>,
}

impl Browser {
    pub fn new(fair: &Fair, language: &str) -> Browser {
        let cookies = BTreeMap::from([("language".to_owned(), language.to_owned())]);
        Browser { app: fair.app.clone(), cookies, token: String::new() }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        let request = Request::get(path).header(header::COOKIE, self.cookie_line());
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a form with the token which the last page had.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &self.token);
        form.extend_pairs(fields);
        self.post_bare(path, &form.finish()).await
    }

    pub async fn post_bare(&mut self, path: &str, body: &str) -> Page {
        let request = Request::post(path)
            .header(header::COOKIE, self.cookie_line())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    pub async fn signs_in(&mut self, fair: &Fair) {
        let link = fair.link(fair.buyer).await;
        self.get(&link).await.leads_to("/");
        self.get("/account").await;
    }

    pub async fn signs_in_as_another(&mut self, fair: &Fair) {
        let link = fair.link(fair.other).await;
        self.get(&link).await.leads_to("/");
    }

    fn cookie_line(&self) -> String {
        self.cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ")
    }

    async fn send(&mut self, request: Request<Body>) -> Page {
        let response = self.app.clone().oneshot(request).await.unwrap();
        for set in response.headers().get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = response.headers().get(header::LOCATION);
        let location = location.map(|value| value.to_str().unwrap().to_owned());
        let status = response.status();
        let body = to_bytes(response.into_body(), 4_000_000).await.unwrap();
        let page = Page { status, body: String::from_utf8_lossy(&body).into_owned(), location };
        if let Some(token) = page.value("csrf") {
            self.token = token;
        }
        page
    }
}

impl Page {
    /// The value of the first hidden field of that name.
    pub fn value(&self, name: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!("name=\"{name}\" value=\""))?;
        rest.split_once('"').map(|(value, _)| value.to_owned()).filter(|value| !value.is_empty())
    }

    pub fn location(&self) -> &str {
        self.location
            .as_deref()
            .unwrap_or_else(|| panic!("no redirect but {}: {}", self.status, self.body))
    }

    pub fn leads_to(&self, path: &str) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        assert!(self.location().starts_with(path), "{} does not lead to {path}", self.location());
        self.location().to_owned()
    }

    pub fn leads_back(&self) {
        self.leads_to("/");
    }

    /// Addresses of links which begin so, each once, without what only the shape of a page adds.
    pub fn links(&self, beginning: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for link in self.attributes("href=\"") {
            let cut = if beginning == "/orders/" {
                link.split('?').next().unwrap_or_default()
            } else {
                &link
            };
            let page = cut.starts_with(beginning)
                && !(beginning == "/orders/" && cut.matches('/').count() > 2);
            if page && !found.iter().any(|known| known == cut) {
                found.push(cut.to_owned());
            }
        }
        found
    }

    /// Addresses of pictures, styles and scripts.
    pub fn sources(&self) -> Vec<String> {
        self.attributes("src=\"").filter(|address| address.starts_with('/')).collect()
    }

    fn attributes<'a>(&'a self, mark: &'a str) -> impl Iterator<Item = String> + 'a {
        self.body.split(mark).skip(1).filter_map(|rest| {
            let (value, _) = rest.split_once('"')?;
            Some(value.replace("&amp;", "&"))
        })
    }
}
