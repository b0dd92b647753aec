//! Loading policies: what is right comes out, what is wrong is told with its line and what would be right.

use rules::policy::{ConfirmMode, MarketCode, Policies, PolicyError, SHIPPED, Tier};

fn market(code: &str) -> MarketCode {
    MarketCode::parse(code).expect("a market's code")
}

/// The shipped files with one of them changed.
fn shipped_with(file: &str, change: impl Fn(&str) -> String) -> Result<Policies, Vec<PolicyError>> {
    let changed = SHIPPED.map(|(name, text)| {
        let text = if name == file { change(text) } else { text.to_owned() };
        (name, text)
    });
    let files: Vec<(&str, &str)> =
        changed.iter().map(|(name, text)| (*name, text.as_str())).collect();
    Policies::load(&files)
}

/// What the load says when `from` is replaced by `to`, as an operator sees it, without the place.
fn complaints(file: &str, from: &str, to: &str) -> Vec<String> {
    let errors = shipped_with(file, |text| {
        assert!(text.contains(from), "{file} has no {from:?}");
        text.replacen(from, to, 1)
    });
    errors
        .err()
        .unwrap_or_default()
        .iter()
        .map(|error| format!("{}: {}", error.setting, error.says))
        .collect()
}

#[test]
fn the_shipped_files_are_right() {
    if let Err(errors) = Policies::load(&SHIPPED) {
        let lines: Vec<String> = errors.iter().map(|error| format!("policies/{error}")).collect();
        panic!("{}", lines.join("\n"));
    }
}

#[test]
fn a_market_overrides_what_it_names_and_inherits_the_rest() {
    let policies = Policies::shipped();
    let (us, de) = (policies.orders(market("US")), policies.orders(market("DE")));
    assert_eq!((us.dispatch_by_hours, de.dispatch_by_hours), (96, 72));
    assert_eq!(us.pay_by_minutes, de.pay_by_minutes);
    assert_eq!(us.confirm_mode, ConfirmMode::Flagged);

    let gb = policies.settlement(market("GB"));
    assert_eq!(gb.commission_bp["electronics"], 500);
    assert_eq!(gb.commission_bp["food"], policies.settlement(market("DE")).commission_bp["food"]);
    assert_eq!(gb.tier(Tier::Standard).settle_after_days, 8);
}

#[test]
fn a_market_which_is_gone_is_governed_by_the_defaults() {
    let policies = Policies::shipped();
    assert!(policies.market(market("ZZ")).is_none());
    assert_eq!(policies.orders(market("ZZ")).dispatch_by_hours, 72);
    assert!(policies.shipping(market("ZZ")).services.is_empty());
}

#[test]
fn a_mistyped_setting_is_recognised() {
    assert_eq!(
        complaints("orders.toml", "pay_by_minutes = 1440", "pay_by_minuts = 1440"),
        [
            "pay_by_minutes: the setting is missing; write pay_by_minutes = … (whole number from 5 to 10080)",
            "pay_by_minuts: there is no setting of this name; did you mean pay_by_minutes?",
        ]
    );
}

/// Writes `to` in place of `from` and expects one complaint to say so.
fn check(file: &str, from: &str, to: &str, says: &str) {
    let complaints = complaints(file, from, to);
    assert!(complaints.iter().any(|c| c.contains(says)), "{to}: {complaints:#?}");
}

#[test]
fn wrong_values_are_told_with_what_is_allowed() {
    check(
        "orders.toml",
        "no_progress_days = 7",
        "no_progress_days = 61",
        "allowed is a whole number from 1 to 60",
    );
    check(
        "orders.toml",
        "no_progress_days = 7",
        "no_progress_days = 7.5",
        "a number with a fraction",
    );
    check("orders.toml", "no_progress_days = 7", "no_progress_days = \"7\"", "this is a text");
    check(
        "orders.toml",
        "no_progress_days = 7",
        "no_progress_days = 9223372036854775808",
        "out of range",
    );
    check(
        "orders.toml",
        "= \"flagged\"",
        "= \"some\"",
        "\"some\" is not known; allowed is one of flagged, all",
    );
    check(
        "orders.toml",
        "[market.JP]",
        "[market.ES]",
        "markets.toml has no such market; known are CN, DE, FR",
    );
    check("orders.toml", "[market.JP]", "[market.JP.tier]", "there is no setting of this name");
    check(
        "markets.toml",
        "\"GBP\"",
        "\"GBX\"",
        "\"GBX\" is not allowed; write an ISO 4217 currency code",
    );
    check("markets.toml", "Europe/London", "Europe/Londno", "time zone database");
    check("markets.toml", "[market.GB]", "[market.Britain]", "two capital letters");
    check(
        "markets.toml",
        "tax_kind = \"none\"\ntax_bp = 0",
        "tax_kind = \"none\"\ntax_bp = 1",
        "must then be 0",
    );
}

#[test]
fn what_does_not_fit_together_is_told_with_what_would() {
    check("settlement.toml", "GBP = 400", "GBX = 400", "ISO 4217");
    check("settlement.toml", "food = 300", "foot = 300", "a category of categories.toml");
    check(
        "settlement.toml",
        "GBP = 400",
        "",
        "a market trades in GBP; write [refund_administration_max_minor] GBP",
    );
    check(
        "settlement.toml",
        "[tier.accelerated]",
        "[tier.fast]",
        "the table [tier.accelerated] is missing",
    );
    check(
        "shipping.toml",
        "carrier = \"evri\"",
        "carrier = \"envri\"",
        "there is no such [carrier.…]",
    );
    check(
        "shipping.toml",
        "promise_max_days = 5",
        "promise_max_days = 1",
        "must not be less than promise_min_days",
    );
    check(
        "shipping.toml",
        "promise_max_days = 12",
        "promise_max_days = 15",
        "overdue after 14 days",
    );
    check(
        "shipping.toml",
        "promise_max_days = 6",
        "promise_max_days = 11",
        "overdue after 14 days",
    );
    check("shipping.toml", "cut_off = \"17:00\"", "cut_off = \"5 pm\"", "a time of day");
    check("calendars.toml", "rests_on = [\"sunday\"]", "rests_on = [\"freitag\"]", "one of monday");
    check("calendars.toml", "2026-11-26", "2026-11-99", "a day such as");
    check("calendars.toml", "\"20:00\"", "\"07:00\"", "must not be earlier than delivers_from");
    check("orders.toml", "tracking_changes_count = 1", "tracking_changes_count = 99", "0 to 10");
    check("shipping.toml", "to = [\"US\"]", "to = [\"MX\"]", "one of the markets CN, DE, FR");
    check(
        "access.toml",
        "session_days = 30",
        "session_days = 30\n[market.GB]",
        "takes no overrides",
    );
    check("access.toml", "session_days = 30", "session_days = ", "this is not TOML");
}

#[test]
fn every_error_is_told_in_one_load_with_its_line() {
    let errors = shipped_with("access.toml", |_| {
        let lines = [
            "session_days = 0",
            "sign_in_link_minutes = 1",
            "lockout_after_count = true",
            "colour = 1",
        ];
        lines.join("\n")
    });
    let errors = errors.expect_err("much is wrong");
    let line_of =
        |setting: &str| errors.iter().find(|e| e.setting == setting).map(|e| (e.line, e.column));
    assert_eq!(line_of("session_days"), Some((1, 16)));
    assert_eq!(line_of("lockout_after_count"), Some((3, 23)));
    assert_eq!(line_of("colour"), Some((4, 1)));
    assert_eq!(line_of("idempotency_keep_days"), Some((1, 1)));
    let first = errors.first().expect("there is one").to_string();
    assert!(
        first.starts_with("access.toml:1:1: carrier_old_key_hours: the setting is missing"),
        "{first}"
    );
}

#[test]
fn a_file_too_few_or_too_many_is_an_error() {
    let errors = Policies::load(&SHIPPED[1..]).expect_err("markets.toml is missing");
    assert!(errors.iter().any(|e| e.file == "markets.toml" && e.says == "the file is missing"));

    let mut files = SHIPPED.to_vec();
    files.push(("oders.toml", ""));
    let errors = Policies::load(&files).expect_err("oders.toml is none of ours");
    assert_eq!(errors.len(), 1);
    assert!(errors[0].says.starts_with("there is no policy file of this name"), "{}", errors[0]);
}
