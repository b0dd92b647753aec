//! Fetching pictures from addresses which sellers name: with a time limit, a size limit, and from the public internet only.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rules::catalog::listing::{ListedPicture, Listing, PictureRef, Wording};
use rules::ids::{PictureId, ProductId, ShopId};
use serde::{Deserialize, Serialize};
use store::catalog as rows;
use store::{Tx, house, pictures};
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::address::is_public;
use super::clean::{LARGEST_FILE, PictureFault};
use super::{clean_apart, keep, source_is_known};
use crate::catalog::{ListingAsk, Writing, current_listing, edit_in};
use crate::failure::{Failure, Refusal};
use crate::market::{Actor, Market, Mode};

/// A setting of the house, `yes` or not there: in a sandbox pictures may come from private addresses, too.
pub const PRIVATE_ADDRESSES: &str = "pictures_from_private_addresses";

/// From the first look-up of the name to the last byte. [X]
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// [X] content networks use one or two.
const MOST_REDIRECTS: u32 = 3;
/// Pictures which one job fetches, so that it ends before its lease does even when every server is slow. [X]
pub(crate) const MOST_OF_A_JOB: usize = 5;

/// A picture which a product is to have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedPicture {
    /// An address, or a path in the folder of the product file.
    pub source: String,
    pub alt: Wording,
}

/// The body of the job `fetch_picture`: all pictures of one product in their order, and which of them the job fetches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchPictures {
    pub shop: ShopId,
    pub product: ProductId,
    pub pictures: Vec<WantedPicture>,
    /// Code of a SKU, and the source of its own picture.
    pub skus: Vec<(String, String)>,
    /// What the page showed when they were wanted: when it shows something else, its shop has chosen since.
    pub replaces: Vec<ListedPicture>,
    /// The addresses which this job fetches, a few; other jobs fetch the others.
    pub fetch: Vec<String>,
}

impl FetchPictures {
    /// The addresses of which there is no picture yet.
    pub(crate) async fn missing(&self, tx: &mut Tx) -> Result<Vec<String>, Failure> {
        let mut missing = Vec::new();
        for source in self.sources().into_iter().filter(|source| is_address(source)) {
            if pictures::find_by_source(tx, self.shop, source).await?.is_none() {
                missing.push(source.to_owned());
            }
        }
        Ok(missing)
    }

    /// Every source once.
    pub(crate) fn sources(&self) -> Vec<&str> {
        let of_page = self.pictures.iter().map(|wanted| wanted.source.as_str());
        let mut all: Vec<&str> =
            of_page.chain(self.skus.iter().map(|(_, source)| source.as_str())).collect();
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|source| seen.insert(*source));
        all
    }
}

/// Fetches a few pictures and puts on the product's page what has come so far.
///
/// # Errors
/// When a picture may come later: the job tries again. What will never come is left out.
pub async fn fetch_pictures(market: &Market, body: &str) -> Result<(), Failure> {
    let wanted: FetchPictures =
        serde_json::from_str(body).map_err(|error| Failure::Broken(error.to_string()))?;
    let agent = agent(private_allowed(market).await?);
    let mut later = None;
    for source in &wanted.fetch {
        if source_is_known(market, wanted.shop, source).await? {
            continue;
        }
        match fetch(market, &agent, wanted.shop, source).await? {
            Ok(_) => {}
            Err(fault) if fault.passes() => later = Some(fault),
            Err(fault) => tracing::info!(source, %fault, "a picture is left out"),
        }
    }
    show(market, &wanted).await?;
    match later {
        Some(fault) => Err(Refusal::new(fault.code(), fault.to_string()).into()),
        None => Ok(()),
    }
}

async fn private_allowed(market: &Market) -> Result<bool, Failure> {
    if market.mode != Mode::Sandbox {
        return Ok(false);
    }
    let read = async |tx: &mut Tx| -> Result<Option<String>, Failure> {
        Ok(house::load_setting(tx, PRIVATE_ADDRESSES).await?)
    };
    Ok(market.store.read(read).await?.as_deref() == Some("yes"))
}

/// An address, not a path.
pub(crate) fn is_address(source: &str) -> bool {
    let lower = source.to_ascii_lowercase();
    lower.starts_with("https://") || lower.starts_with("http://")
}

async fn fetch(
    market: &Market,
    agent: &Agent,
    shop: ShopId,
    source: &str,
) -> Result<Result<PictureId, PictureFault>, Failure> {
    let (agent, address) = (agent.clone(), source.to_owned());
    let got = tokio::task::spawn_blocking(move || get(&agent, &address))
        .await
        .map_err(|error| Failure::Broken(format!("fetching a picture stopped: {error}")))?;
    let bytes = match got {
        Ok(bytes) => bytes,
        Err(fault) => return Ok(Err(fault)),
    };
    match clean_apart(bytes).await? {
        Ok(clean) => Ok(Ok(keep(market, shop, clean, Some(source)).await?)),
        Err(fault) => Ok(Err(fault)),
    }
}

fn get(agent: &Agent, address: &str) -> Result<Vec<u8>, PictureFault> {
    let mut answer = agent.get(address).call().map_err(|error| fault_of(error, address))?;
    let body = answer.body_mut().with_config().limit(LARGEST_FILE as u64);
    body.read_to_vec().map_err(|error| fault_of(error, address))
}

fn fault_of(error: ureq::Error, address: &str) -> PictureFault {
    match error {
        ureq::Error::StatusCode(status @ (408 | 425 | 429 | 500..=599)) => {
            PictureFault::Unreachable(format!("the address answered {status}"))
        }
        ureq::Error::StatusCode(status) => PictureFault::Answered { status },
        ureq::Error::BodyExceedsLimit(_) => PictureFault::TooLarge { bytes: LARGEST_FILE + 1 },
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            PictureFault::NotPublic(address.to_owned())
        }
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            PictureFault::NotPublic(address.to_owned())
        }
        other => PictureFault::Unreachable(other.to_string()),
    }
}

/// One agent a job: connections are shared, and nothing outlives it.
fn agent(private_allowed: bool) -> Agent {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let found = rustls_native_certs::load_native_certs();
    let roots: Vec<Certificate<'static>> =
        found.certs.iter().map(|der| Certificate::from_der(der.as_ref()).to_owned()).collect();
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(provider)
        .root_certs(RootCerts::from(roots))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(LONGEST_WAIT))
        .max_redirects(MOST_REDIRECTS)
        .user_agent("guildhall")
        // A proxy would resolve the name for us, and our look at its address would be worth nothing.
        .proxy(None)
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Guarded { private_allowed })
}

/// Resolves names as usual, and hands on only addresses which may be asked. Redirects come by here, too; what is
/// connected to is what was looked at, so a name which changes its answer gains nothing.
#[derive(Debug)]
struct Guarded {
    private_allowed: bool,
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let all = DefaultResolver::default().resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        for address in all
            .iter()
            .filter(|address: &&SocketAddr| self.private_allowed || is_public(address.ip()))
        {
            allowed.push(*address);
        }
        if allowed.is_empty() {
            let refused = std::io::ErrorKind::PermissionDenied;
            return Err(ureq::Error::Io(std::io::Error::new(refused, "not a public address")));
        }
        Ok(allowed)
    }
}

/// Puts on the page what has come so far, unless the shop has chosen other pictures since.
async fn show(market: &Market, wanted: &FetchPictures) -> Result<(), Failure> {
    let wanted = wanted.clone();
    let writing =
        Writing::new(market, Actor::Clock, wanted.shop, rules::catalog::options::MOST_VARIANTS);
    market
        .store
        .write(async move |tx: &mut Tx| -> Result<(), Failure> {
            let product = rows::load_product(tx, wanted.shop, wanted.product).await?;
            let Some(product) = product else { return Ok(()) };
            let listing = current_listing(tx, &product).await?;
            let come = Come::load(tx, &wanted).await?;
            if come.0.is_empty() || !come.may_replace(&listing, &wanted) {
                return Ok(());
            }
            let mut ask = ListingAsk::from(&listing);
            ask.pictures = come.pictures(&wanted);
            for sku in &mut ask.skus {
                let source = wanted.skus.iter().find(|(code, _)| *code == sku.code);
                if let Some(own) = source.and_then(|(_, source)| come.get(source)) {
                    sku.picture = Some(own);
                }
            }
            edit_in(tx, &writing, product, &ask, None).await?;
            Ok(())
        })
        .await
}

/// The pictures which are there, by source.
pub(crate) struct Come(std::collections::BTreeMap<String, PictureId>);

impl Come {
    pub async fn load(tx: &mut Tx, wanted: &FetchPictures) -> Result<Self, Failure> {
        let mut come = std::collections::BTreeMap::new();
        for source in wanted.sources() {
            if let Some(id) = pictures::find_by_source(tx, wanted.shop, source).await? {
                come.insert(source.to_owned(), id);
            }
        }
        Ok(Self(come))
    }

    pub fn get(&self, source: &str) -> Option<PictureRef> {
        self.0.get(source).copied().map(PictureRef::File)
    }

    /// Those of the page which are there, in their order.
    pub fn pictures(&self, wanted: &FetchPictures) -> Vec<ListedPicture> {
        let listed = |one: &WantedPicture| {
            Some(ListedPicture { picture: self.get(&one.source)?, alt: one.alt.clone() })
        };
        wanted.pictures.iter().filter_map(listed).collect()
    }

    /// Whether all are there.
    pub fn is_complete(&self, wanted: &FetchPictures) -> bool {
        self.0.len() == wanted.sources().len()
    }

    /// The page shows what it showed when they were wanted, or some of them already.
    fn may_replace(&self, listing: &Listing, wanted: &FetchPictures) -> bool {
        let ours = |listed: &ListedPicture| match listed.picture {
            PictureRef::File(id) => self.0.values().any(|come| *come == id),
            PictureRef::Drawn { .. } => false,
        };
        listing.pictures == wanted.replaces || listing.pictures.iter().all(ours)
    }
}
