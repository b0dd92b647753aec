//! What must hold of money whatever the numbers: tried with many of them.

use proptest::collection::vec;
use proptest::prelude::*;
use rules::money::{Currency, Money, included_bp, part_bp, share_of_units, shares};

/// Currencies with none, two and three minor digits.
fn currency() -> impl Strategy<Value = Currency> {
    prop_oneof![Just("JPY"), Just("USD"), Just("KWD")]
        .prop_map(|code| Currency::parse(code).expect("an ISO 4217 code"))
}

proptest! {
    #[test]
    fn shares_sum_to_the_whole(total: i64, weights in vec(0..=i64::MAX, 1..20)) {
        prop_assume!(total != i64::MIN);
        let parts = shares(total, &weights);
        prop_assert_eq!(parts.len(), weights.len());
        prop_assert_eq!(parts.iter().map(|part| i128::from(*part)).sum::<i128>(), i128::from(total));
    }

    #[test]
    fn no_share_is_negative_and_no_share_is_a_unit_off(
        total in 0..=i64::MAX,
        weights in vec(0..1_000_000_i64, 1..20),
    ) {
        let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        prop_assume!(sum > 0);
        for (part, weight) in shares(total, &weights).into_iter().zip(&weights) {
            prop_assert!(part >= 0);
            prop_assert!(*weight > 0 || part == 0, "what weighs nothing gets nothing");
            let off = i128::from(part) * sum - i128::from(total) * i128::from(*weight);
            prop_assert!(off.abs() < sum, "{part} is a whole unit away from its exact share");
        }
    }

    #[test]
    fn who_weighs_more_never_gets_less(total in 0..=i64::MAX, weights in vec(0..1_000_i64, 1..20)) {
        let parts = shares(total, &weights);
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let mut pairs: Vec<(i64, i64)> = weights.into_iter().zip(parts).collect();
        pairs.sort();
        prop_assert!(pairs.windows(2).all(|pair| pair[0].0 == pair[1].0 || pair[0].1 <= pair[1].1));
    }

    #[test]
    fn a_debt_is_shared_as_a_sum_is(total in 0..=i64::MAX, weights in vec(0..1_000_i64, 1..20)) {
        let turned: Vec<i64> = shares(-total, &weights).into_iter().map(|part| -part).collect();
        prop_assert_eq!(turned, shares(total, &weights));
    }

    #[test]
    fn units_refunded_in_any_grouping_sum_to_the_line(
        total in 0..=i64::MAX,
        units in 1..500_i64,
        cuts in vec(0..500_i64, 0..12),
    ) {
        let mut bounds: Vec<i64> = cuts.into_iter().map(|cut| cut.min(units)).chain([0, units]).collect();
        bounds.sort_unstable();
        let groups: Vec<i64> =
            bounds.windows(2).map(|pair| share_of_units(total, units, pair[0], pair[1])).collect();
        prop_assert!(groups.iter().all(|group| *group >= 0));
        prop_assert_eq!(groups.iter().sum::<i64>(), total);
    }

    #[test]
    fn one_unit_more_never_gives_back_less(total in 0..=i64::MAX, units in 1..500_i64, k in 0..500_i64) {
        let k = k.min(units - 1);
        let fewer = share_of_units(total, units, 0, k);
        prop_assert!(share_of_units(total, units, 0, k + 1) >= fewer);
        let one = i128::from(share_of_units(total, units, k, k + 1)) * i128::from(units);
        prop_assert!((one - i128::from(total)).abs() < 2 * i128::from(units));
    }

    #[test]
    fn an_amount_reads_back_as_it_was_written(minor: i64, currency in currency()) {
        let money = Money::new(minor, currency);
        let text = money.amount();
        prop_assert_eq!(Money::parse(&text, currency), Ok(money));
        let digits = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        prop_assert_eq!(digits, currency.digits() as usize);
        let json = serde_json::to_string(&money).expect("money is plain data");
        prop_assert_eq!(serde_json::from_str::<Money>(&json).ok(), Some(money));
    }

    #[test]
    fn no_text_makes_the_reader_panic_or_guess(text in "[-+0-9. e,]{0,24}", currency in currency()) {
        if let Ok(money) = Money::parse(&text, currency) {
            let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
            let digits = currency.digits() as usize;
            let padded: i128 = format!("{whole}{fraction:0<digits$}").parse().expect("digits only");
            prop_assert_eq!(i128::from(money.minor), padded);
            prop_assert!(fraction.len() <= digits);
        }
    }

    #[test]
    fn a_part_is_rounded_half_up(minor: i64, bp in 0..=10_000_i64) {
        let exact = i128::from(minor) * i128::from(bp);
        let off = i128::from(part_bp(minor, bp)) * 10_000 - exact;
        prop_assert!(off.abs() <= 5_000);
        prop_assert!(off.abs() < 5_000 || (off > 0) == (minor > 0), "a half goes away from zero");
    }

    #[test]
    fn tax_inside_and_net_make_the_gross(gross in 0..=i64::MAX, bp in 0..=10_000_i64) {
        let tax = included_bp(gross, bp);
        let net = gross - tax;
        prop_assert!((0..=gross).contains(&tax));
        // The net is the nearest to what, taxed, is the gross.
        let off = i128::from(net) * i128::from(10_000 + bp) - i128::from(gross) * 10_000;
        prop_assert!(off.abs() * 2 <= i128::from(10_000 + bp));
    }

    #[test]
    fn a_price_taxed_on_top_has_that_tax_inside(net in 0..=1_000_000_000_000_i64, bp in 0..=10_000_i64) {
        let tax = part_bp(net, bp);
        prop_assert!((included_bp(net + tax, bp) - tax).abs() <= 1);
    }

    #[test]
    fn sums_are_exact_or_refused(a: i64, b: i64, quantity in 0..1_000_i64, currency in currency()) {
        let (a, b) = (Money::new(a, currency), Money::new(b, currency));
        let exact = |minor: i128| i64::try_from(minor).ok();
        let minor = |sum: Result<Money, _>| sum.ok().map(|money| money.minor);
        prop_assert_eq!(minor(a.plus(b)), exact(i128::from(a.minor) + i128::from(b.minor)));
        prop_assert_eq!(minor(a.minus(b)), exact(i128::from(a.minor) - i128::from(b.minor)));
        prop_assert_eq!(minor(a.times(quantity)), exact(i128::from(a.minor) * i128::from(quantity)));
    }
}

#[test]
fn different_currencies_do_not_add() {
    let of = |code: &str| Money::new(100, Currency::parse(code).expect("an ISO 4217 code"));
    assert!(of("USD").plus(of("EUR")).is_err());
    assert!(of("USD").minus(of("EUR")).is_err());
    for code in ["", "usd", "US", "USDT", "ABC"] {
        assert!(Currency::parse(code).is_err(), "{code:?}");
    }
}
