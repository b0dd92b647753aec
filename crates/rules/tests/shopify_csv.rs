//! Product files as sellers export them: both sets of headers, and everything that goes wrong on the way.

use proptest::prelude::*;
use rules::catalog::shopify_csv::{Import, ImportedStatus, Limits, read};
use rules::money::Currency;

const OLDER: &str = include_str!("samples/shopify_older.csv");
const NEWER: &str = include_str!("samples/shopify_newer.csv");
const WITH_ERRORS: &str = include_str!("samples/shopify_with_errors.csv");

fn read_in(code: &str, bytes: &[u8]) -> Import {
    read(bytes, Currency::parse(code).expect("a currency"), &Limits::default())
}

/// `line column code` of every error.
fn told(import: &Import) -> Vec<String> {
    let one = |e: &rules::catalog::shopify_csv::RowError| {
        format!("{} {} {}", e.line, e.column, e.problem.code())
    };
    import.errors.iter().map(one).collect()
}

#[test]
fn an_older_export_is_read_whole() {
    let import = read_in("GBP", OLDER.as_bytes());
    assert_eq!(told(&import), Vec::<String>::new());
    assert_eq!((import.products.len(), import.rows), (2, 5));
    let jumper = &import.products[0];
    assert_eq!(
        (jumper.handle.as_str(), jumper.supplier.as_str()),
        ("harbour-jumper", "Northsea Knits")
    );
    assert_eq!(jumper.description, "Knitted in Whitby.\n\n- Wool & cotton\n- \"Net\" stitch, 7 mm");
    assert_eq!(jumper.category, "Apparel & Accessories > Clothing");
    assert_eq!(jumper.tags, ["wool", "winter", "durable"]);
    let options: Vec<_> =
        jumper.options.iter().map(|o| (o.name.as_str(), o.values.join(" "))).collect();
    assert_eq!(options, [("Colour", "Navy Oat".to_owned()), ("Size", "S M".to_owned())]);
    let variants: Vec<_> = jumper
        .variants
        .iter()
        .map(|v| {
            (v.sku.as_str(), v.price.minor, v.compare_at.map(|m| m.minor), v.stock, v.grams, v.line)
        })
        .collect();
    let expected = [
        ("NK-JMP-NVY-S", 7900, Some(9500), 12, 520, 2),
        ("NK-JMP-NVY-M", 7900, None, 0, 540, 7),
        ("NK-JMP-OAT-S", 8250, None, 0, 520, 8),
    ];
    assert_eq!(variants, expected);
    assert_eq!(jumper.variants[0].barcode, "0123456789012");
    let pictures: Vec<_> = jumper.pictures.iter().map(|p| p.address.rsplit('/').next()).collect();
    let names =
        ["jumper-1.jpg", "jumper-2.jpg", "jumper-3.jpg", "jumper-navy.jpg", "jumper-oat.jpg"];
    assert_eq!(pictures, names.map(Some));
}

#[test]
fn what_looks_like_a_formula_stays_text() {
    let import = read_in("GBP", OLDER.as_bytes());
    let mug = &import.products[1];
    assert_eq!(mug.title, "=HYPERLINK(\"http://evil.example\")");
    assert_eq!(mug.description, "+1 hot mug");
    assert_eq!((mug.handle.as_str(), mug.variants[0].sku.as_str()), ("cmd-mug", "cmd-mug"));
    assert_eq!((mug.published, mug.status), (false, ImportedStatus::Draft));
    assert!(mug.options.is_empty() && mug.variants[0].values.is_empty());
    assert_eq!(mug.variants[0].grams, 351);
}

#[test]
fn a_newer_export_in_chinese_and_yen_is_read_whole() {
    let import = read_in("JPY", NEWER.as_bytes());
    assert_eq!(told(&import), Vec::<String>::new());
    let flask = &import.products[0];
    assert_eq!(flask.title, "真空保温杯");
    assert_eq!(flask.description, "304 不锈钢，保温 12 小时。\n\n容量：500 ml");
    let variants: Vec<_> = flask.variants.iter().map(|v| (v.sku.as_str(), v.price.minor)).collect();
    assert_eq!(variants, [("vacuum-flask-曜石黑", 2980), ("vacuum-flask-樱花粉", 2980)]);
    assert_eq!(flask.variants[0].compare_at.map(|m| m.minor), Some(3980));
    assert_eq!(flask.pictures[1].alt, "粉色保温杯");
}

#[test]
fn our_own_columns_say_how_large_a_variant_is() {
    let head = "Handle,Title,Price,SKU,Length (mm),width (MM),Height (mm)\n";
    let rows = "cap,Cap,1.00,A,300,200.5,100\nhat,Hat,1.00,B,,,\nbag,Bag,1.00,C,0,0,0\n";
    let import = read_in("USD", format!("{head}{rows}").as_bytes());
    assert_eq!(told(&import), Vec::<String>::new());
    let sides: Vec<_> = import.products.iter().map(|one| one.variants[0].sides_mm).collect();
    assert_eq!(sides, [Some([300, 201, 100]), None, None]);
    let rows = "cap,Cap,1.00,A,300,,100\nhat,Hat,1.00,B,20001,1,1\nbag,Bag,1.00,C,12 cm,1,1\n";
    let import = read_in("USD", format!("{head}{rows}").as_bytes());
    assert!(import.products.is_empty());
    assert_eq!(
        told(&import),
        ["2 width (MM) missing_side", "3 Length (mm) not_a_number", "4 Length (mm) not_a_number"]
    );
}

#[test]
fn good_products_are_done_and_bad_ones_named() {
    let import = read_in("USD", WITH_ERRORS.as_bytes());
    let done: Vec<_> = import.products.iter().map(|p| p.handle.as_str()).collect();
    assert_eq!(done, ["good-cap", "last-cap"]);
    let expected = [
        "3 Published not_yes_or_no",
        "3 Variant Price not_an_amount",
        "4 Handle missing_handle",
        "6  same_variant",
        "7 Image Src not_a_picture",
        "8 Status unknown_status",
        "8 Variant Grams not_a_number",
        "8 Variant Barcode shortened_number",
        "9 Gift Card gift_card",
        "10 Variant SKU repeated_sku",
        "11 Title missing_title",
        "11 Variant Price missing_price",
        "13 Option1 Value missing_option_value",
    ];
    let mut told = told(&import);
    let mut expected: Vec<String> = expected.iter().map(|e| (*e).to_owned()).collect();
    told.sort();
    expected.sort();
    assert_eq!(told, expected);
}

#[test]
fn marks_line_ends_and_separators_make_no_difference() {
    let plain = read_in("GBP", OLDER.as_bytes());
    let windows = format!("\u{feff}{}", OLDER.replace('\n', "\r\n"));
    assert_eq!(read_in("GBP", windows.as_bytes()), plain);
    let list = "Handle;Title;Price\ncap;Cap;12.50\n";
    assert_eq!(read_in("EUR", list.as_bytes()).products[0].variants[0].price.minor, 1250);
    let list = "TITLE \tvariant  price\nBlue Cap\t12.50\n";
    assert_eq!(read_in("EUR", list.as_bytes()).products[0].handle, "blue-cap");
}

#[test]
fn reading_twice_gives_the_same() {
    assert_eq!(read_in("GBP", OLDER.as_bytes()), read_in("GBP", OLDER.as_bytes()));
    let ids = read_in("JPY", NEWER.as_bytes()).products;
    let stored = serde_json::to_string(&ids).expect("products are plain data");
    assert_eq!(serde_json::from_str::<Vec<_>>(&stored).ok(), Some(ids));
}

#[test]
fn unreadable_text_is_told_with_its_line() {
    let mut bytes =
        b"Handle,Title,Price,Tags\ncap,Cap,1.00,\nhat,\"Line one\nline \xba\xda\",2.00,\n".to_vec();
    let import = read_in("USD", &bytes);
    assert_eq!(told(&import), ["4 Title not_utf8"]);
    assert_eq!(import.products.len(), 1);
    bytes.splice(0..0, [0xff, 0xfe]);
    assert_eq!(told(&read_in("USD", &bytes)), ["1  not_utf8"]);
}

#[test]
fn a_file_which_is_something_else_is_told_so() {
    for (text, code) in [
        ("", "0  empty_file"),
        ("\n\n", "0  empty_file"),
        ("Order,Total\n1,2\n", "1  no_column"),
        ("Handle,Title\na,b\n", "1  no_column"),
        ("<html><body>404</body></html>", "1  no_column"),
    ] {
        assert_eq!(told(&read_in("USD", text.as_bytes())), [code], "{text:?}");
    }
    let open = "Handle,Title,Price\ncap,Cap,1.00\nhat,\"Hat,2.00\nbag,Bag,3.00\n";
    let import = read_in("USD", open.as_bytes());
    assert_eq!(told(&import)[0], "3  unclosed_quote");
    assert_eq!(import.products.len(), 1);
}

#[test]
fn limits_are_told_with_the_limit() {
    let currency = Currency::parse("USD").expect("a currency");
    let tight = Limits {
        bytes: 200,
        rows: 2,
        title_characters: 10,
        tags: 1,
        pictures: 1,
        ..Limits::default()
    };
    let header = "Handle,Title,Price,Tags,Option1 Name,Option1 Value,Image Src\n";
    for (rows, code) in [
        ("a,Too long a title,1,,,,\n", "2 Title too_long"),
        ("a,A,1,\"x,y\",,,\n", "2 Tags too_many"),
        ("a,A,1,,,,x.png\na,,,,,,y.png\n", "2 Image Src too_many"),
        ("a,A,1,,,,\nb,B,1,,,,\nc,C,1,,,,\n", "4  too_many_rows"),
    ] {
        let import = read(format!("{header}{rows}").as_bytes(), currency, &tight);
        assert_eq!(told(&import), [code]);
        assert!(import.products.is_empty());
    }
    let import = read(&[b'x'; 201], currency, &tight);
    assert_eq!(told(&import), ["0  file_too_large"]);
    let many: String = (0..101).map(|n| format!("a,A,1,,Size,{n},\n")).collect();
    let import = read_in("USD", format!("{header}{many}").as_bytes());
    assert_eq!(told(&import), ["2  too_many_variants"]);
}

#[test]
fn every_sentence_names_what_it_is_about() {
    for error in read_in("USD", WITH_ERRORS.as_bytes()).errors {
        let sentence = error.problem.to_string();
        for (name, fact) in error.problem.facts() {
            assert!(sentence.contains(fact.as_str()), "{sentence:?} does not say {name}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_in("USD", &bytes);
    }

    #[test]
    fn any_cells_can_be_read(
        cells in proptest::collection::vec("(|a|1\\.5|-1|Title|Default Title|TRUE|\"x\n\"|<p>|=1|中|https://a/b){0,2}", 0..60),
    ) {
        let rows: Vec<String> = cells.chunks(11).map(|row| row.join(",")).collect();
        let header = "Handle,Title,Body (HTML),Tags,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Price,Image Src";
        let import = read_in("USD", format!("{header}\n{}", rows.join("\n")).as_bytes());
        for product in &import.products {
            prop_assert!(!product.title.is_empty() && !product.variants.is_empty());
            prop_assert!(product.variants.iter().all(|v| v.price.minor > 0 && !v.sku.is_empty()));
        }
    }
}
