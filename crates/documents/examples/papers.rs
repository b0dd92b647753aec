//! Writes a sample of each paper into a folder, to be looked at: `cargo run -p documents --example papers -- /tmp`.

use std::path::Path;

use documents::{
    Column, FontPlaces, Fonts, Label, Part, Report, Slip, SlipLine, labels, report, slips,
};

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let folder = Path::new(&folder);
    let found = FontPlaces::find(None).read();
    for (name, fonts) in [("found", &found), ("standard", &Fonts::standard())] {
        let file = |paper: &str| folder.join(format!("{paper}-{name}.pdf"));
        std::fs::write(file("slips"), slips(fonts, "Packing slips", "zh", &vec![slip(); 3]))?;
        std::fs::write(file("labels"), labels(fonts, "Labels", "en", &[label()]))?;
        std::fs::write(file("report"), report(fonts, &statement()))?;
    }
    Ok(())
}

fn slip() -> Slip {
    let line = |goods: &str, options: &str, sku: &str| SlipLine {
        pieces: 2,
        goods: goods.to_owned(),
        notes: vec![options.to_owned()],
        sku: sku.to_owned(),
    };
    Slip {
        shop: "Linden & Söhne 林登".to_owned(),
        title: "Packing slip · 装箱单".to_owned(),
        code: "7398264510293847561".to_owned(),
        facts: vec![("Order".to_owned(), "7398264510293847561".to_owned())],
        to_title: "Ship to · 收货人".to_owned(),
        to: ["李小龙", "上海市浦东新区世纪大道 100 号 12 楼", "200120"].map(String::from).to_vec(),
        columns: ["Pieces", "Goods", "SKU"].map(String::from),
        lines: vec![
            line("Wide linen trousers with an elastic waist", "Green · M", "LIN-TROU-GRN-M"),
            line("手工陶瓷茶杯", "青色", "CUP-CELADON"),
        ],
        advice: vec!["易碎：每件用两层气泡膜包好。".to_owned()],
        foot: "Thank you. 谢谢惠顾。".to_owned(),
    }
}

fn label() -> Label {
    Label {
        carrier: "Royal Post".to_owned(),
        service: "Tracked 48".to_owned(),
        from_title: "From".to_owned(),
        from: ["Linden & Söhne", "1 Mill Lane", "Leeds LS1 4AP", "GB"].map(String::from).to_vec(),
        to_title: "To".to_owned(),
        to: ["Ann Lee", "221B Baker Street", "London NW1 6XE", "GB"].map(String::from).to_vec(),
        facts: vec![("Weight".to_owned(), "640 g".to_owned())],
        cares: vec!["FRAGILE".to_owned(), "LITHIUM BATTERY".to_owned()],
        tracking_number: "AB123456785GB".to_owned(),
        qr: "AB123456785GB".to_owned(),
    }
}

fn statement() -> Report {
    let columns = vec![
        Column::new("Order", 3.0),
        Column::new("Goods", 6.0),
        Column::new("Sum", 2.0).numeric(),
    ];
    let row = |n: usize| {
        vec![format!("73982645102938{n:03}"), "Scarf 围巾".to_owned(), format!("{n}.00 EUR")]
    };
    Report {
        title: "Statement of 22 November".to_owned(),
        under: vec!["Linden & Söhne".to_owned()],
        language: "en".to_owned(),
        parts: vec![
            Part::Facts(vec![("Paid out".to_owned(), "120.00 EUR".to_owned())]),
            Part::Barcode("7398264510293847561".to_owned()),
            Part::Heading("Sales".to_owned()),
            Part::Table {
                columns,
                rows: (0..90).map(row).collect(),
                sums: vec!["All".to_owned(), String::new(), "4005.00 EUR".to_owned()],
            },
        ],
        foot: "Guildhall".to_owned(),
    }
}
