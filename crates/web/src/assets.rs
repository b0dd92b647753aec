//! Style, script and logo, kept inside the binary and served under a name which holds their content's hash.
//!
//! A new build gives a new name, so browsers may keep a file for a year and never show an old one.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

/// A file as served.
struct Asset {
    /// "guildhall.css".
    name: &'static str,
    /// "guildhall.3f9a1c0b2d4e.css".
    hashed: String,
    kind: &'static str,
    body: &'static str,
}

/// One style sheet, written in parts: the order is the cascade.
const STYLE: &str = concat!(
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/page.css"),
    include_str!("../assets/css/controls.css"),
    include_str!("../assets/css/lists.css"),
    include_str!("../assets/css/detail.css"),
    include_str!("../assets/css/store.css"),
    include_str!("../assets/css/buyer.css"),
    include_str!("../assets/css/seller.css"),
    include_str!("../assets/css/operator.css"),
    include_str!("../assets/css/print.css"),
);

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    vec![
        asset("guildhall.css", "text/css; charset=utf-8", STYLE),
        asset(
            "guildhall.js",
            "text/javascript; charset=utf-8",
            include_str!("../assets/guildhall.js"),
        ),
        asset("favicon.svg", "image/svg+xml", include_str!("../assets/favicon.svg")),
    ]
});

/// Where a file is served: "/assets/guildhall.3f9a1c0b2d4e.css". An unknown name is a mistake in the program.
pub fn address(name: &str) -> String {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    let asset = asset.unwrap_or_else(|| panic!("{name} is not among the assets"));
    format!("/assets/{}", asset.hashed)
}

/// Every file with its address, for writing pages to disk.
pub fn all() -> impl Iterator<Item = (String, &'static str)> {
    ASSETS.iter().map(|asset| (format!("/assets/{}", asset.hashed), asset.body))
}

/// The routes below `/assets/`. Compression is a layer around the whole router.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{name}", get(serve))
}

async fn serve(Path(name): Path<String>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.hashed == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let head = [
        (CONTENT_TYPE, asset.kind),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (head, asset.body).into_response()
}

fn asset(name: &'static str, kind: &'static str, body: &'static str) -> Asset {
    let digest = Sha256::digest(body.as_bytes());
    let hash: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let (stem, ending) = name.rsplit_once('.').expect("every asset's name has an ending");
    Asset { name, hashed: format!("{stem}.{hash}.{ending}"), kind, body }
}

#[cfg(test)]
#[path = "assets_tests.rs"]
mod tests;
