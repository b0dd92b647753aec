//! `docs/policy.md` is what the shipped policy files say.

use std::path::Path;

use rules::policy::reference;

#[test]
#[expect(clippy::disallowed_methods, reason = "UPDATE_FRESH is how generated files are rewritten")]
fn the_policy_page_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/policy.md");
    let page = reference();
    if std::env::var("UPDATE_FRESH").is_ok() {
        std::fs::write(&path, &page).expect("docs/ can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = page.lines().zip(written.lines()).find(|(new, old)| new != old);
    assert!(
        written == page,
        "docs/policy.md is stale; run `./check fresh`. First difference: {differs:?}"
    );
}
