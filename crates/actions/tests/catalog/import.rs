//! A seller's product file: good products land, bad rows are named, and the same file again changes nothing.

use crate::stage::{ACTOR, Stage};
use actions::catalog::{
    EditProduct, ListingAsk, edit_product, list_batches, list_products, product_for_edit,
    set_sides, set_stock, sides_of,
};
use actions::import::{ImportOptions, ImportReport, import_products};
use rules::catalog::listing::PictureRef;
use store::Tx;
use store::catalog::{LISTED, UNLISTED};
use store::testing::{TestFolder, on_both_databases};

const OLDER: &[u8] = include_bytes!("../../../rules/tests/samples/shopify_older.csv");
const NEWER: &[u8] = include_bytes!("../../../rules/tests/samples/shopify_newer.csv");
const WITH_ERRORS: &[u8] = include_bytes!("../../../rules/tests/samples/shopify_with_errors.csv");

async fn import(stage: &Stage, csv: &[u8], options: &ImportOptions) -> ImportReport {
    import_products(&stage.market, ACTOR, stage.shop, csv, options).await.unwrap()
}

async fn product(stage: &Stage, handle: &str) -> actions::catalog::ProductForEdit {
    let (cards, _) = list_products(&stage.market, stage.shop, None, None).await.unwrap();
    let card = cards.iter().find(|card| card.handle == handle).expect(handle);
    product_for_edit(&stage.market, stage.shop, card.id).await.unwrap()
}

async fn jobs(stage: &Stage) -> Vec<store::jobs::Job> {
    let read =
        async |tx: &mut Tx| -> Result<_, store::DbError> { store::jobs::open(tx, 100).await };
    stage.market.store.read(read).await.unwrap()
}

/// What an import may change, all of it.
async fn everything(stage: &Stage) -> String {
    let (cards, _) = list_products(&stage.market, stage.shop, None, None).await.unwrap();
    let mut all = String::new();
    for card in cards {
        let product = product_for_edit(&stage.market, stage.shop, card.id).await.unwrap();
        all.push_str(&format!("{product:?}\n"));
        for sku in &product.skus {
            let batches = list_batches(&stage.market, stage.shop, sku.id).await.unwrap();
            all.push_str(&format!("{batches:?}\n"));
        }
    }
    all + &format!("{:?}", jobs(stage).await)
}

fn png(red: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(4, 4, image::Rgb([red, 0, 0]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn a_file_measures_its_variants() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        let options = ImportOptions::default();
        let file = |sides: &str| {
            format!(
                "Handle,Title,Price,SKU,Length (mm),Width (mm),Height (mm)\nbox,Box,9.00,BOX,{sides}\n"
            )
        };
        let report = import(&stage, file("300,200,100").as_bytes(), &options).await;
        assert_eq!((report.created, report.failed.len()), (1, 0), "{:?}", report.failed);
        let sku = product(&stage, "box").await.skus[0].id;
        let sides = async || sides_of(&stage.market, stage.shop, sku).await.unwrap();
        assert_eq!(sides().await, [300, 200, 100]);
        set_sides(&stage.market, ACTOR, stage.shop, sku, [310, 200, 100]).await.unwrap();
        let report = import(&stage, file("300,200,100").as_bytes(), &options).await;
        assert_eq!((report.unchanged, sides().await), (1, [310, 200, 100]), "as it was measured");
        import(&stage, file(",,").as_bytes(), &options).await;
        assert_eq!(sides().await, [310, 200, 100], "the file says nothing of it");
        import(&stage, file("400,200,100").as_bytes(), &options).await;
        assert_eq!(sides().await, [400, 200, 100]);
        let report = import(&stage, file("400,,100").as_bytes(), &options).await;
        assert_eq!(report.failed[0].code, "missing_side");
        assert_eq!((report.failed[0].line, report.failed[0].column.as_str()), (2, "Width (mm)"));
        assert_eq!(sides().await, [400, 200, 100]);
    });
}

#[test]
fn a_file_is_imported_once_however_often_it_is_read() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        let options = ImportOptions::default();
        let first = import(&stage, OLDER, &options).await;
        assert_eq!((first.created, first.updated, first.unchanged), (2, 0, 0));
        assert_eq!((first.rows, first.failed.len(), first.stock_changed), (5, 0, 2));
        assert_eq!(first.pictures_waiting, 1);
        let codes: Vec<&str> =
            first.pictures_failed.iter().map(|fault| fault.code.as_str()).collect();
        assert_eq!(codes, ["no_such_file"], "an upload has no folder");

        let jumper = product(&stage, "harbour-jumper").await;
        assert_eq!(
            (jumper.product.state.as_str(), jumper.product.category.as_str()),
            (LISTED, "clothing")
        );
        assert_eq!(jumper.product.price_from_minor, 7_900);
        assert_eq!(jumper.listing.title.en, "Harbour Jumper");
        assert!(jumper.product.nature.durable);
        let left: Vec<i64> = jumper
            .skus
            .iter()
            .map(|sku| {
                jumper
                    .stock
                    .iter()
                    .find(|stock| stock.sku == sku.id)
                    .map_or(-1, |stock| stock.on_hand)
            })
            .collect();
        assert_eq!(left, [12, 0, 0]);
        let batches = list_batches(&stage.market, stage.shop, jumper.skus[0].id).await.unwrap();
        assert_eq!(
            (batches[0].supplier.as_str(), batches[0].received_count),
            ("Northsea Knits", 12)
        );
        let mug = product(&stage, "cmd-mug").await;
        assert_eq!((mug.product.state.as_str(), mug.product.nature.fragile), (UNLISTED, true));
        assert!(mug.listing.first_picture().is_drawn());

        let before = everything(&stage).await;
        let second = import(&stage, OLDER, &options).await;
        assert_eq!((second.created, second.updated, second.unchanged), (0, 0, 2));
        assert_eq!((second.stock_changed, second.pictures_waiting), (0, 0));
        assert_eq!(everything(&stage).await, before);
    });
}

#[test]
fn a_chinese_file_lands_in_chinese() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        import(&stage, NEWER, &ImportOptions::default()).await;
        let flask = product(&stage, "vacuum-flask").await;
        assert_eq!(
            (flask.listing.title.zh.as_str(), flask.listing.title.en.as_str()),
            ("真空保温杯", "")
        );
        assert_eq!(flask.skus[0].picture, "drawn:home_kitchen/ink/front");
        assert!(flask.product.nature.liquid);
        let second = import(&stage, NEWER, &ImportOptions::default()).await;
        assert_eq!(second.unchanged, 1);
    });
}

#[test]
fn bad_rows_are_named_while_good_ones_land() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        // The shop has a product of its own with a code of the file.
        stage.sells(crate::stage::mug(&[("CAP-9", "Red", 500)])).await;
        let report = import(&stage, WITH_ERRORS, &ImportOptions::default()).await;
        assert!(report.created >= 1);
        let codes: Vec<(u64, &str)> =
            report.failed.iter().map(|fault| (fault.line, fault.code.as_str())).collect();
        assert!(codes.contains(&(3, "not_an_amount")), "{codes:?}");
        assert!(codes.contains(&(4, "missing_handle")), "{codes:?}");
        let taken = report.failed.iter().find(|fault| fault.code == "code_taken").unwrap();
        assert_eq!(taken.handle, "last-cap");
        assert!(taken.line > 10, "the line of its variant: {}", taken.line);
        assert!(report.failed.iter().all(|fault| !fault.sentence.is_empty()));
        assert!(codes.is_sorted(), "in the order of the file: {codes:?}");
        product(&stage, "good-cap").await;
    });
}

#[test]
fn a_new_count_is_set_and_nothing_else_is_undone() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        import(&stage, OLDER, &ImportOptions::default()).await;
        let jumper = product(&stage, "harbour-jumper").await;
        let (navy_s, oat_s) = (jumper.skus[0].id, jumper.skus[2].id);
        // Three were sold since, and the shop has written a better title.
        set_stock(&stage.market, ACTOR, stage.shop, navy_s, 9).await.unwrap();
        let mut listing = ListingAsk::from(&jumper.listing);
        listing.title.zh = "海港毛衣".to_owned();
        let ask = EditProduct { product: jumper.product.id, expected: None, listing };
        edit_product(&stage.market, ACTOR, stage.shop, ask).await.unwrap();

        let file = String::from_utf8(OLDER.to_vec()).unwrap();
        let recounted = file.replace("NK-JMP-OAT-S,520,shopify,-2", "NK-JMP-OAT-S,520,shopify,6");
        assert_ne!(recounted, file);
        let report = import(&stage, recounted.as_bytes(), &ImportOptions::default()).await;
        assert_eq!((report.updated, report.unchanged, report.stock_changed), (1, 1, 1));
        let now = product(&stage, "harbour-jumper").await;
        let left = |id| now.stock.iter().find(|stock| stock.sku == id).map(|stock| stock.on_hand);
        assert_eq!((left(navy_s), left(oat_s)), (Some(9), Some(6)));
        assert_eq!((now.listing.title.zh.as_str(), now.product.listing_version), ("海港毛衣", 2));

        let dearer = recounted.replace("79.00,95.00", "69.00,95.00");
        let report = import(&stage, dearer.as_bytes(), &ImportOptions::default()).await;
        assert_eq!(report.updated, 1);
        let now = product(&stage, "harbour-jumper").await;
        assert_eq!((now.skus[0].id, now.skus[0].price_minor), (navy_s, 6_900));
        assert_eq!((now.listing.title.zh.as_str(), now.product.listing_version), ("海港毛衣", 3));
        let left = |id| now.stock.iter().find(|stock| stock.sku == id).map(|stock| stock.on_hand);
        assert_eq!(left(navy_s), Some(9), "what was sold is not put back");
    });
}

#[test]
fn pictures_of_the_folder_are_taken_and_a_changed_one_is_a_new_version() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        let folder = TestFolder::make();
        std::fs::create_dir(folder.path().join("pictures")).unwrap();
        let file = folder.path().join("pictures/mug.png");
        let options = ImportOptions { folder: Some(folder.path().to_owned()) };
        std::fs::write(&file, b"<svg onload=alert(1)>").unwrap();
        let report = import(&stage, OLDER, &options).await;
        assert_eq!(report.pictures_failed[0].code, "not_a_picture");

        let mut shown = Vec::new();
        for red in [10, 10, 200, 10] {
            std::fs::write(&file, png(red)).unwrap();
            let report = import(&stage, OLDER, &options).await;
            assert_eq!(report.pictures_failed, []);
            let mug = product(&stage, "cmd-mug").await;
            assert!(matches!(mug.listing.first_picture(), PictureRef::File(_)));
            assert_eq!(mug.skus[0].picture, mug.product.picture);
            shown.push((mug.product.picture, mug.product.listing_version));
        }
        assert_eq!(shown[0], shown[1], "the same file is no change");
        assert_eq!(shown[0].0, shown[3].0, "the first picture is known again");
        assert_eq!(shown.iter().map(|(_, version)| *version).collect::<Vec<_>>(), [2, 2, 3, 4]);
    });
}
