//! What a listing must be before it is shown: every fault with its field, so that a form can point at it.

use std::collections::BTreeSet;

use super::{ListedSku, Listing, Wording};
use crate::catalog::bundles::{MOST_OF_A_PART, MOST_PARTS};
use crate::catalog::categories::Categories;
use crate::catalog::options;

/// Characters of a title. [P] as in the product files which sellers have.
pub const LONGEST_TITLE: usize = 255;
/// Characters of a description. [X] about twenty screens.
pub const LONGEST_DESCRIPTION: usize = 50_000;
/// Characters of a SKU's code and of a barcode. [X]
pub const LONGEST_CODE: usize = 64;
/// [P] as in the product files which sellers have.
pub const MOST_PICTURES: usize = 250;
/// [X] a thousandth of the most an order may cost, so that no basket overflows.
pub const MOST_PRICE_MINOR: i64 = 1_000_000_000_000;
/// A tonne. [X] what is heavier does not go by parcel.
pub const MOST_GRAMS: i64 = 1_000_000;

/// One field which cannot be as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingFault {
    /// As in the body: `skus[0].price`.
    pub field: String,
    pub code: &'static str,
    pub sentence: String,
}

/// All that is wrong with a listing; empty when it may be shown. Parts of bundles are looked up by the caller.
pub fn check_listing(listing: &Listing, categories: &Categories) -> Vec<ListingFault> {
    let mut faults = Faults(Vec::new());
    check_words(listing, &mut faults);
    if categories.get(&listing.category).is_none() {
        faults.add("category", "unknown_category", "choose one of the market's categories");
    }
    if !listing.hs_code.is_empty() && !is_hs_code(&listing.hs_code) {
        faults.add(
            "hs_code",
            "not_an_hs_code",
            "a tariff number has 6 to 10 digits, without points",
        );
    }
    if !listing.origin.is_empty() && !is_country(&listing.origin) {
        faults.add(
            "origin",
            "not_a_country",
            "a country is written in two capital letters, such as CN",
        );
    }
    if listing.pictures.len() > MOST_PICTURES {
        faults.add(
            "pictures",
            "too_many",
            format!("a product has at most {MOST_PICTURES} pictures"),
        );
    }
    let variants: Vec<Vec<String>> = listing.skus.iter().map(|sku| sku.values.clone()).collect();
    if let Err(error) = options::check(&listing.options, &variants) {
        faults.add("options", error.code(), error.to_string());
    }
    let (mut codes, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for (place, sku) in listing.skus.iter().enumerate() {
        check_sku(place, sku, &mut faults);
        if !codes.insert(sku.code.as_str()) {
            faults.add(
                at(place, "code"),
                "code_used_twice",
                format!("the code {} is used twice", sku.code),
            );
        }
        if !ids.insert(sku.sku) {
            faults.add(at(place, "sku"), "sku_used_twice", "the same SKU is named twice");
        }
    }
    faults.0
}

struct Faults(Vec<ListingFault>);

impl Faults {
    fn add(&mut self, field: impl Into<String>, code: &'static str, sentence: impl Into<String>) {
        self.0.push(ListingFault { field: field.into(), code, sentence: sentence.into() });
    }
}

fn at(place: usize, name: &str) -> String {
    format!("skus[{place}].{name}")
}

fn check_words(listing: &Listing, faults: &mut Faults) {
    if listing.title.en.trim().is_empty() && listing.title.zh.trim().is_empty() {
        faults.add("title", "missing", "a product has a title in at least one language");
    }
    let sides = |words: &Wording| [("en", words.en.clone()), ("zh", words.zh.clone())];
    for (language, text) in sides(&listing.title) {
        let field = format!("title.{language}");
        if text.chars().count() > LONGEST_TITLE {
            faults.add(
                &field,
                "too_long",
                format!("a title has at most {LONGEST_TITLE} characters"),
            );
        }
        if text.chars().any(char::is_control) {
            faults.add(&field, "not_printable", "a title is one line of plain text");
        }
    }
    for (language, text) in sides(&listing.description) {
        let field = format!("description.{language}");
        if text.chars().count() > LONGEST_DESCRIPTION {
            let sentence = format!("a description has at most {LONGEST_DESCRIPTION} characters");
            faults.add(&field, "too_long", sentence);
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            faults.add(&field, "not_printable", "a description is plain text");
        }
    }
    for (place, listed) in listing.pictures.iter().enumerate() {
        if sides(&listed.alt).iter().any(|(_, text)| text.chars().count() > LONGEST_TITLE * 2) {
            faults.add(
                format!("pictures[{place}].alt"),
                "too_long",
                "a picture is described in a sentence",
            );
        }
    }
}

fn check_sku(place: usize, sku: &ListedSku, faults: &mut Faults) {
    let code = sku.code.trim();
    let plain = code == sku.code && !code.chars().any(char::is_control);
    if code.is_empty() || !plain || code.chars().count() > LONGEST_CODE {
        let sentence = format!("a SKU has a code of 1 to {LONGEST_CODE} characters");
        faults.add(at(place, "code"), "bad_code", sentence);
    }
    if sku.price_minor < 1 {
        faults.add(at(place, "price"), "not_above_zero", "a price is above zero");
    } else if sku.price_minor > MOST_PRICE_MINOR {
        faults.add(at(place, "price"), "too_large", "the price is out of all reason");
    }
    if let Some(before) = sku.compare_at_minor {
        if before <= sku.price_minor {
            let sentence = "the price before a reduction is above the price";
            faults.add(at(place, "compare_at"), "not_above_price", sentence);
        } else if before > MOST_PRICE_MINOR {
            faults.add(at(place, "compare_at"), "too_large", "the price is out of all reason");
        }
    }
    if !(0..=MOST_GRAMS).contains(&sku.weight_grams) {
        let sentence = format!("a weight is 0 to {MOST_GRAMS} grams");
        faults.add(at(place, "weight_grams"), "out_of_range", sentence);
    }
    let barcode_is_plain = sku.barcode.chars().all(|c| c.is_ascii_graphic());
    if !barcode_is_plain || sku.barcode.len() > LONGEST_CODE {
        let sentence = format!("a barcode has at most {LONGEST_CODE} letters and digits");
        faults.add(at(place, "barcode"), "bad_barcode", sentence);
    }
    let counts_are_sound = sku.parts.iter().all(|part| (1..=MOST_OF_A_PART).contains(&part.count));
    if sku.parts.len() > MOST_PARTS || !counts_are_sound {
        let sentence = format!("a bundle has at most {MOST_PARTS} parts, each at least once");
        faults.add(at(place, "parts"), "bad_bundle", sentence);
    }
}

/// ISO 3166-1 alpha-2, the officially assigned codes.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR \
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET \
    FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ \
    IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML \
    MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS \
    PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL \
    TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

fn is_hs_code(code: &str) -> bool {
    (6..=10).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit())
}

fn is_country(code: &str) -> bool {
    code.len() == 2 && COUNTRIES.split_whitespace().any(|known| known == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::bundles::BundlePart;
    use crate::catalog::listing::{ListedPicture, PictureRef};
    use crate::catalog::nature::Nature;
    use crate::catalog::options::ProductOption;
    use crate::ids::SkuId;
    use crate::money::Currency;

    fn sku(id: i64, code: &str, value: &str) -> ListedSku {
        ListedSku {
            sku: SkuId::new(id),
            code: code.to_owned(),
            values: vec![value.to_owned()],
            price_minor: 1_999,
            compare_at_minor: Some(2_500),
            weight_grams: 180,
            barcode: "4006381333931".to_owned(),
            picture: None,
            parts: Vec::new(),
        }
    }

    fn listing() -> Listing {
        let values = ["Red".to_owned(), "藏青".to_owned()];
        Listing {
            title: Wording::new("Mug", "马克杯"),
            description: Wording::default(),
            category: "home_kitchen".to_owned(),
            options: vec![ProductOption { name: "Colour".to_owned(), values: values.to_vec() }],
            nature: Nature { fragile: true, ..Nature::default() },
            hs_code: "691200".to_owned(),
            origin: "CN".to_owned(),
            pictures: Vec::new(),
            currency: Currency::parse("USD").unwrap(),
            skus: vec![sku(1, "MUG-R", "Red"), sku(2, "MUG-N", "藏青")],
        }
    }

    fn faults(change: impl Fn(&mut Listing)) -> Vec<String> {
        let mut changed = listing();
        change(&mut changed);
        let faults = check_listing(&changed, Categories::shipped());
        faults.into_iter().map(|fault| format!("{} {}", fault.field, fault.code)).collect()
    }

    #[test]
    fn a_sound_listing_has_no_fault_and_survives_being_stored() {
        assert_eq!(faults(|_| {}), Vec::<String>::new());
        let stored = serde_json::to_string(&listing()).unwrap();
        assert_eq!(serde_json::from_str::<Listing>(&stored).unwrap(), listing());
    }

    #[test]
    fn each_fault_names_its_field() {
        type Change = fn(&mut Listing);
        let cases: [(Change, &str); 16] = [
            (|l| l.title = Wording::new(" ", ""), "title missing"),
            (|l| l.title.zh = "长".repeat(256), "title.zh too_long"),
            (|l| l.title.en = "a\nb".to_owned(), "title.en not_printable"),
            (|l| l.description.en = "x".repeat(50_001), "description.en too_long"),
            (|l| l.category = "weapons".to_owned(), "category unknown_category"),
            (|l| l.hs_code = "69.12".to_owned(), "hs_code not_an_hs_code"),
            (|l| l.origin = "XX".to_owned(), "origin not_a_country"),
            (|l| l.origin = "C".to_owned(), "origin not_a_country"),
            (|l| l.skus.clear(), "options no_variant"),
            (|l| l.skus[1].code = "MUG-R".to_owned(), "skus[1].code code_used_twice"),
            (|l| l.skus[1].code = " ".to_owned(), "skus[1].code bad_code"),
            (|l| l.skus[0].price_minor = 0, "skus[0].price not_above_zero"),
            (|l| l.skus[0].compare_at_minor = Some(1_999), "skus[0].compare_at not_above_price"),
            (|l| l.skus[0].weight_grams = -1, "skus[0].weight_grams out_of_range"),
            (|l| l.skus[0].barcode = "条码".to_owned(), "skus[0].barcode bad_barcode"),
            (
                |l| l.skus[0].parts = vec![BundlePart { sku: SkuId::new(5), count: 0 }],
                "skus[0].parts bad_bundle",
            ),
        ];
        for (change, expected) in cases {
            assert_eq!(faults(change), [expected]);
        }
        let far = |l: &mut Listing| l.skus[0].price_minor = MOST_PRICE_MINOR + 1;
        assert_eq!(faults(far), ["skus[0].price too_large", "skus[0].compare_at not_above_price"]);
    }

    #[test]
    fn a_listing_knows_its_pictures_and_its_price() {
        let mut listing = listing();
        assert_eq!(
            listing.picture_of(&listing.skus[1]).to_string(),
            "drawn:home_kitchen/navy/front"
        );
        let file: PictureRef = "file:9".parse().unwrap();
        listing.pictures = vec![ListedPicture { picture: file.clone(), alt: Wording::default() }];
        assert_eq!(listing.picture_of(&listing.skus[1]), file);
        listing.skus[1].price_minor = 500;
        assert_eq!(listing.price_from_minor(), 500);
        assert_eq!(listing.title.shown("zh"), "马克杯");
        assert_eq!(Wording::new("Mug", "").shown("zh"), "Mug");
        assert_eq!(Wording::new("", "杯").shown("en"), "杯");
    }
}
