//! Pictures come from the addresses which a file names, and from nowhere a seller has no business.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actions::Failure;
use actions::catalog::{
    EditProduct, ListingAsk, ProductForEdit, edit_product, list_products, product_for_edit,
};
use actions::import::{ImportOptions, import_products};
use actions::pictures::{
    FetchPictures, PRIVATE_ADDRESSES, WantedPicture, fetch_pictures, upload_picture,
};
use rules::catalog::listing::{PictureRef, Wording};
use store::testing::on_both_databases;
use store::{DbError, Tx, house, pictures};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::stage::{ACTOR, BEGIN, Stage, mug};

fn png(red: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(4, 4, image::Rgb([red, 0, 0]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Somebody else's server of pictures; while `down`, it answers 503.
async fn pictures_server(down: Arc<AtomicBool>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::task::spawn_local(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let down = down.load(Ordering::Relaxed);
            tokio::task::spawn_local(answer(stream, down));
        }
    });
    address
}

async fn answer(mut stream: TcpStream, down: bool) {
    let mut asked = [0; 2_048];
    let length = stream.read(&mut asked).await.unwrap_or(0);
    let line = String::from_utf8_lossy(&asked[..length]).lines().next().unwrap_or("").to_owned();
    let path = line.split(' ').nth(1).unwrap_or("/");
    let (status, more, body) = match path {
        _ if down => ("503 Service Unavailable", String::new(), Vec::new()),
        "/front.png" => ("200 OK", String::new(), png(10)),
        "/navy.png" => ("200 OK", String::new(), png(20)),
        "/moved.png" => ("302 Found", "location: /navy.png\r\n".to_owned(), Vec::new()),
        "/loop.png" => ("302 Found", "location: /loop.png\r\n".to_owned(), Vec::new()),
        "/drawing.png" => ("200 OK", String::new(), b"<svg onload=alert(1)>".to_vec()),
        "/endless.png" => ("200 OK", String::new(), vec![7; 9 * 1024 * 1024]),
        _ => ("404 Not Found", String::new(), Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\n{more}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(&body).await;
}

/// Runs a test beside its server, on one thread.
async fn beside<F: Future>(test: F) -> F::Output {
    tokio::task::LocalSet::new().run_until(test).await
}

async fn allow_private(stage: &Stage) {
    let act = async |tx: &mut Tx| -> Result<(), DbError> {
        house::record_setting(tx, PRIVATE_ADDRESSES, "yes", BEGIN).await
    };
    stage.market.store.write(act).await.unwrap();
}

struct Asked {
    stage: Stage,
    product: store::catalog::Product,
}

impl Asked {
    async fn on(store: store::Store) -> Self {
        let stage = Stage::on(store).await;
        let product = stage.sells(mug(&[("MUG-R", "Red", 1_200), ("MUG-N", "Navy", 1_250)])).await;
        Self { stage, product }
    }

    fn job(&self, pictures: &[&str], navy: Option<&str>) -> String {
        let wanted = |source: &&str| WantedPicture {
            source: (*source).to_owned(),
            alt: Wording::new("A mug", ""),
        };
        let job = FetchPictures {
            shop: self.stage.shop,
            product: self.product.id,
            pictures: pictures.iter().map(wanted).collect(),
            skus: navy.iter().map(|source| ("MUG-N".to_owned(), (*source).to_owned())).collect(),
            replaces: Vec::new(),
            fetch: pictures.iter().chain(&navy).map(|source| (*source).to_owned()).collect(),
        };
        serde_json::to_string(&job).unwrap()
    }

    async fn fetch(&self, job: &str) -> Result<(), Failure> {
        fetch_pictures(&self.stage.market, job).await
    }

    async fn now(&self) -> ProductForEdit {
        product_for_edit(&self.stage.market, self.stage.shop, self.product.id).await.unwrap()
    }

    async fn bytes(&self, picture: &PictureRef) -> Vec<u8> {
        let PictureRef::File(id) = picture else { panic!("{picture} is drawn") };
        let (shop, id) = (self.stage.shop, *id);
        let read = async move |tx: &mut Tx| pictures::load(tx, shop, id).await;
        let found: Result<_, DbError> = self.stage.market.store.read(read).await;
        found.unwrap().unwrap().body
    }
}

#[test]
fn pictures_come_in_their_order_and_what_is_none_is_left_out() {
    on_both_databases(async |store| {
        beside(async {
            let asked = Asked::on(store).await;
            allow_private(&asked.stage).await;
            let server = pictures_server(Arc::default()).await;
            let at = |path: &str| format!("{server}/{path}");
            let (front, moved, gone) = (at("front.png"), at("moved.png"), at("gone.png"));
            let (svg, endless) = (at("drawing.png"), at("endless.png"));
            let job = asked.job(&[&gone, &front, &svg, &endless], Some(&moved));
            assert_eq!(asked.fetch(&job).await, Ok(()));
            let now = asked.now().await;
            assert_eq!(now.listing.pictures.len(), 1);
            assert_eq!(now.listing.pictures[0].alt.en, "A mug");
            let red = |bytes: Vec<u8>| {
                image::load_from_memory(&bytes).unwrap().to_rgb8().get_pixel(0, 0).0[0]
            };
            assert_eq!(red(asked.bytes(&now.listing.pictures[0].picture).await), 10);
            let navy: PictureRef = now.skus[1].picture.parse().unwrap();
            assert_eq!(red(asked.bytes(&navy).await), 20, "by way of a redirect");
            assert_eq!(now.product.listing_version, 2);
            assert_eq!(asked.fetch(&job).await, Ok(()));
            assert_eq!(asked.now().await.product.listing_version, 2, "once more changes nothing");
        })
        .await;
    });
}

#[test]
fn a_server_which_is_down_is_asked_again() {
    on_both_databases(async |store| {
        beside(async {
            let asked = Asked::on(store).await;
            allow_private(&asked.stage).await;
            let down = Arc::new(AtomicBool::new(true));
            let server = pictures_server(Arc::clone(&down)).await;
            let job = asked.job(&[&format!("{server}/front.png")], None);
            assert!(matches!(asked.fetch(&job).await, Err(Failure::Refused(_))));
            assert!(asked.now().await.listing.first_picture().is_drawn());
            down.store(false, Ordering::Relaxed);
            assert_eq!(asked.fetch(&job).await, Ok(()));
            assert!(!asked.now().await.listing.first_picture().is_drawn());
            let around = asked.job(&[&format!("{server}/loop.png")], None);
            assert!(asked.fetch(&around).await.is_err(), "a circle of redirects ends");
        })
        .await;
    });
}

#[test]
fn the_houses_own_network_is_never_asked() {
    on_both_databases(async |store| {
        beside(async {
            let asked = Asked::on(store).await;
            let server = pictures_server(Arc::default()).await;
            let by_name = server.replace("127.0.0.1", "localhost");
            let all = [
                format!("{server}/front.png"),
                format!("{by_name}/front.png"),
                "http://169.254.169.254/latest/meta-data".to_owned(),
                "http://[::ffff:127.0.0.1]/front.png".to_owned(),
            ];
            let addresses: Vec<&str> = all.iter().map(String::as_str).collect();
            assert_eq!(asked.fetch(&asked.job(&addresses, None)).await, Ok(()));
            assert!(asked.now().await.listing.first_picture().is_drawn());
        })
        .await;
    });
}

#[test]
fn what_the_shop_has_chosen_since_stays() {
    on_both_databases(async |store| {
        beside(async {
            let asked = Asked::on(store).await;
            allow_private(&asked.stage).await;
            let server = pictures_server(Arc::default()).await;
            let job = asked.job(&[&format!("{server}/front.png")], None);
            let own = upload_picture(&asked.stage.market, asked.stage.shop, png(99)).await.unwrap();
            let mut listing = ListingAsk::from(&asked.now().await.listing);
            let picture = PictureRef::File(own);
            let chosen =
                rules::catalog::listing::ListedPicture { picture, alt: Wording::default() };
            listing.pictures = vec![chosen.clone()];
            let ask = EditProduct { product: asked.product.id, expected: None, listing };
            edit_product(&asked.stage.market, ACTOR, asked.stage.shop, ask).await.unwrap();
            assert_eq!(asked.fetch(&job).await, Ok(()));
            assert_eq!(asked.now().await.listing.pictures, [chosen]);
        })
        .await;
    });
}

#[test]
fn the_same_file_twice_is_one_picture_and_no_picture_is_refused() {
    on_both_databases(async |store| {
        let stage = Stage::on(store).await;
        let first = upload_picture(&stage.market, stage.shop, png(1)).await;
        assert_eq!(upload_picture(&stage.market, stage.shop, png(1)).await, first);
        let none = upload_picture(&stage.market, stage.shop, b"<svg></svg>".to_vec()).await;
        assert!(matches!(none, Err(Failure::Invalid(faults)) if faults[0].code == "not_a_picture"));
    });
}

#[test]
fn an_imported_product_gets_its_pictures_from_its_jobs() {
    on_both_databases(async |store| {
        beside(async {
            let stage = Stage::on(store).await;
            allow_private(&stage).await;
            let server = pictures_server(Arc::default()).await;
            let mut csv = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src,Image Position\n".to_owned();
            let names = ["gone1", "front", "gone2", "gone3", "gone4", "gone5", "navy"];
            for (place, name) in (1..).zip(names) {
                let first = if place == 1 { "Cup,Title,Default Title,CUP-1,9.00" } else { ",,,," };
                csv.push_str(&format!("cup,{first},{server}/{name}.png,{place}\n"));
            }
            let import = async || {
                let options = ImportOptions::default();
                import_products(&stage.market, ACTOR, stage.shop, csv.as_bytes(), &options).await.unwrap()
            };
            let report = import().await;
            assert_eq!((report.created, report.pictures_waiting, report.failed.len()), (1, 1, 0));
            let open = async || {
                let read = async |tx: &mut Tx| store::jobs::open(tx, 10).await;
                let open: Result<Vec<store::jobs::Job>, DbError> = stage.market.store.read(read).await;
                open.unwrap()
            };
            let jobs = open().await;
            assert_eq!(jobs.len(), 2, "a few pictures each");
            for job in jobs {
                actions::jobs::run(&stage.market, job.home_id, job.id).await.unwrap();
            }
            assert_eq!(open().await.len(), 0, "what will never come is not asked for again");
            let (cards, _) = list_products(&stage.market, stage.shop, None, None).await.unwrap();
            let cup = product_for_edit(&stage.market, stage.shop, cards[0].id).await.unwrap();
            assert_eq!(cup.listing.pictures.len(), 2);
            assert_eq!(cup.product.picture, cup.listing.pictures[0].picture.to_string());
            let again = import().await;
            assert_eq!((again.unchanged, again.pictures_waiting, open().await.len()), (1, 0, 0));
        })
        .await;
    });
}
