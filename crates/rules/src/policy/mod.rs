//! Policy: the market's numbers and switches, which are data (`policies/*.toml`) and never code.
//!
//! [`Policies`] is one version of all of them, market overrides merged in; [`PolicyBook`] knows which
//! version was in force when. This module only reads and checks: what a number means is decided by
//! the domain that asks for it.

mod access;
mod after_sales;
mod book;
mod calendars;
mod charges;
mod figures;
mod markets;
mod mask;
mod orders;
mod packing;
mod reference;
mod section;
mod settlement;
mod shipping;
mod source;
mod spelling;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use toml::de::DeTable;

pub use access::AccessPolicy;
pub use after_sales::{AfterSalesPolicy, ReasonPolicy};
pub use book::{BookError, PolicyBook, PolicyVersion};
pub use calendars::{CalendarPolicy, MinuteOfDay};
pub use charges::{Charge, ChargeBasis, ChargesPolicy, Crossing, ImportTax};
pub use figures::{FigureTarget, FiguresPolicy};
pub use markets::{AddressPart, MarketCode, MarketPolicy, NotAMarketCode};
pub use mask::Mask;
pub(crate) use mask::narrow;
pub use orders::{ConfirmMode, OrderPolicy};
pub use packing::PackingPolicy;
pub use reference::reference;
pub use settlement::{
    HouseAccount, PayoutPolicy, ReconciliationPolicy, SettlementPolicy, Tier, TierPolicy,
};
pub use shipping::{Carrier, Service, ShippingPolicy, TrackingCheck, Zone};
pub use source::PolicyError;

use section::{Findings, Section};
use source::SourceFile;

/// The shipped files: name and text. A new house begins with these as version 1.
pub const SHIPPED: [(&str, &str); 10] = [
    ("markets.toml", include_str!("../../../../policies/markets.toml")),
    ("orders.toml", include_str!("../../../../policies/orders.toml")),
    ("settlement.toml", include_str!("../../../../policies/settlement.toml")),
    ("shipping.toml", include_str!("../../../../policies/shipping.toml")),
    ("calendars.toml", include_str!("../../../../policies/calendars.toml")),
    ("charges.toml", include_str!("../../../../policies/charges.toml")),
    ("packing.toml", include_str!("../../../../policies/packing.toml")),
    ("after_sales.toml", include_str!("../../../../policies/after_sales.toml")),
    ("figures.toml", include_str!("../../../../policies/figures.toml")),
    ("access.toml", include_str!("../../../../policies/access.toml")),
];

/// One version of the whole policy. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Policies(Arc<Contents>);

#[derive(Debug)]
struct Contents {
    markets: BTreeMap<MarketCode, MarketPolicy>,
    orders: ByMarket<OrderPolicy>,
    settlement: ByMarket<SettlementPolicy>,
    shipping: ByMarket<ShippingPolicy>,
    charges: ChargesPolicy,
    packing: ByMarket<PackingPolicy>,
    calendars: ByMarket<CalendarPolicy>,
    after_sales: ByMarket<AfterSalesPolicy>,
    figures: ByMarket<FiguresPolicy>,
    access: AccessPolicy,
}

/// The defaults, and the same with each market's overrides merged in.
#[derive(Debug)]
struct ByMarket<T> {
    default: T,
    markets: BTreeMap<MarketCode, T>,
}

impl<T> ByMarket<T> {
    /// A market which this version no longer has is governed by the defaults, so that its old orders can end.
    fn of(&self, market: MarketCode) -> &T {
        self.markets.get(&market).unwrap_or(&self.default)
    }
}

impl Policies {
    /// Reads a whole policy from the texts of its files, each under its file name (see [`SHIPPED`]).
    ///
    /// # Errors
    /// Everything that is wrong, in the order of files and lines.
    pub fn load(files: &[(&str, &str)]) -> Result<Policies, Vec<PolicyError>> {
        let findings = RefCell::default();
        let contents = read_all(files, &findings);
        let errors = findings.into_inner().errors;
        if errors.is_empty() {
            Ok(Policies(Arc::new(contents)))
        } else {
            Err(errors.into_iter().collect())
        }
    }

    /// The policy which the program is shipped with.
    pub fn shipped() -> Policies {
        static POLICIES: LazyLock<Policies> = LazyLock::new(|| {
            Policies::load(&SHIPPED).expect("the shipped files are checked by a test")
        });
        POLICIES.clone()
    }

    /// All markets, by code.
    pub fn markets(&self) -> impl Iterator<Item = &MarketPolicy> {
        self.0.markets.values()
    }

    pub fn market(&self, code: MarketCode) -> Option<&MarketPolicy> {
        self.0.markets.get(&code)
    }

    pub fn orders(&self, market: MarketCode) -> &OrderPolicy {
        self.0.orders.of(market)
    }

    pub fn settlement(&self, market: MarketCode) -> &SettlementPolicy {
        self.0.settlement.of(market)
    }

    /// What holds for the house as a whole: reports, and the house's own accounts.
    pub fn house_settlement(&self) -> &SettlementPolicy {
        &self.0.settlement.default
    }

    pub fn shipping(&self, market: MarketCode) -> &ShippingPolicy {
        self.0.shipping.of(market)
    }

    /// What is due at borders; the same table for every market.
    pub fn charges(&self) -> &ChargesPolicy {
        &self.0.charges
    }

    pub fn packing(&self, market: MarketCode) -> &PackingPolicy {
        self.0.packing.of(market)
    }

    pub fn calendar(&self, market: MarketCode) -> &CalendarPolicy {
        self.0.calendars.of(market)
    }

    pub fn after_sales(&self, market: MarketCode) -> &AfterSalesPolicy {
        self.0.after_sales.of(market)
    }

    pub fn figures(&self, market: MarketCode) -> &FiguresPolicy {
        self.0.figures.of(market)
    }

    /// What the house's own pages measure by, over shops of all markets.
    pub fn house_figures(&self) -> &FiguresPolicy {
        &self.0.figures.default
    }

    pub fn access(&self) -> &AccessPolicy {
        &self.0.access
    }
}

fn read_all(files: &[(&str, &str)], findings: &RefCell<Findings>) -> Contents {
    for (name, _) in files.iter().filter(|(name, _)| SHIPPED.iter().all(|(known, _)| known != name))
    {
        let known = SHIPPED.map(|(known, _)| known).join(", ");
        let file = SourceFile { name, text: "" };
        let says = format!("there is no policy file of this name; the files are {known}");
        findings.borrow_mut().errors.insert(file.error(&(0..0), "", says));
    }
    let text_of =
        |wanted: &str| files.iter().find(|(name, _)| *name == wanted).map(|(_, text)| *text);
    let sources = SHIPPED.map(|(name, _)| {
        let file = SourceFile { name, text: text_of(name).unwrap_or_default() };
        if text_of(name).is_none() {
            let error = file.error(&(0..0), "", "the file is missing");
            findings.borrow_mut().errors.insert(error);
        }
        file
    });
    let roots = sources.map(|file| section::parse(file, findings));
    let [
        markets_root,
        orders_root,
        settlement_root,
        shipping_root,
        calendars_root,
        charges_root,
        packing_root,
        after_sales_root,
        figures_root,
        access_root,
    ] = std::array::from_fn(|place| (sources[place], roots[place].get_ref()));

    let markets = read_markets(markets_root, findings);
    let codes: Vec<MarketCode> = markets.keys().copied().collect();
    let currencies: Vec<_> = markets.values().map(|market| market.currency).collect();
    let orders = by_market(orders_root, &codes, findings, |s, _| OrderPolicy::read(s));
    let shipping = by_market(shipping_root, &codes, findings, |section, market| {
        let deliver_by_days = market.map(|market| orders.of(market).deliver_by_days);
        ShippingPolicy::read(section, &codes, deliver_by_days)
    });
    let calendars = by_market(calendars_root, &codes, findings, |s, _| CalendarPolicy::read(s));
    let settlement = by_market(settlement_root, &codes, findings, |section, _| {
        SettlementPolicy::read(section, &currencies)
    });
    let charges =
        by_market(charges_root, &[], findings, |s, _| ChargesPolicy::read(s, &markets)).default;
    let packing = by_market(packing_root, &codes, findings, |s, _| PackingPolicy::read(s));
    let after_sales =
        by_market(after_sales_root, &codes, findings, |s, _| AfterSalesPolicy::read(s));
    let figures = by_market(figures_root, &codes, findings, |s, _| FiguresPolicy::read(s));
    let access = by_market(access_root, &[], findings, |s, _| AccessPolicy::read(s)).default;
    Contents {
        markets,
        orders,
        settlement,
        shipping,
        calendars,
        charges,
        packing,
        after_sales,
        figures,
        access,
    }
}

type Root<'t> = (SourceFile<'t>, &'t DeTable<'t>);

fn read_markets<'t>(
    (file, root): Root<'t>,
    findings: &'t RefCell<Findings>,
) -> BTreeMap<MarketCode, MarketPolicy> {
    Section::of_file(file, root, None, findings).done();
    let mut markets = BTreeMap::new();
    for (key, code) in market_keys((file, root), findings) {
        match MarketCode::parse(key) {
            Ok(market) => {
                let section = Section::of_market(file, root, key, findings);
                markets.insert(market, MarketPolicy::read(market, &section));
                section.done();
            }
            Err(error) => {
                findings.borrow_mut().errors.insert(file.error(
                    &code,
                    &format!("market.{key}"),
                    error,
                ));
            }
        }
    }
    if markets.is_empty() {
        let error =
            file.error(&(0..0), "market", "there is no market; write at least one [market.XX]");
        findings.borrow_mut().errors.insert(error);
    }
    markets
}

fn by_market<'t, T>(
    (file, root): Root<'t>,
    codes: &[MarketCode],
    findings: &'t RefCell<Findings>,
    read: impl Fn(&Section<'_>, Option<MarketCode>) -> T,
) -> ByMarket<T> {
    for (key, span) in market_keys((file, root), findings) {
        if !codes.iter().any(|code| code.as_str() == key) {
            let known: Vec<&str> = codes.iter().map(MarketCode::as_str).collect();
            let says = match known.is_empty() {
                true => "this file is the same for all markets and takes no overrides".to_owned(),
                false => format!("markets.toml has no such market; known are {}", known.join(", ")),
            };
            findings.borrow_mut().errors.insert(file.error(&span, &format!("market.{key}"), says));
        }
    }
    let read_one = |market: Option<MarketCode>| {
        let code = market.as_ref().map(MarketCode::as_str);
        let section = Section::of_file(file, root, code, findings);
        let value = read(&section, market);
        section.done();
        value
    };
    let default = read_one(None);
    let markets = codes.iter().map(|code| (*code, read_one(Some(*code)))).collect();
    ByMarket { default, markets }
}

/// The keys of `[market]` with their places. What is not a table is noted.
fn market_keys<'t>(
    (file, root): Root<'t>,
    findings: &RefCell<Findings>,
) -> Vec<(&'t str, std::ops::Range<usize>)> {
    let Some(market) = root.get("market") else {
        return Vec::new();
    };
    let mut keys = Vec::new();
    let note = |span, path: &str| {
        let error =
            file.error(&span, path, "this must be a table of overrides, written as [market.XX]");
        findings.borrow_mut().errors.insert(error);
    };
    let Some(table) = market.get_ref().as_table() else {
        note(market.span(), "market");
        return keys;
    };
    for (key, value) in table.iter() {
        let name: &str = key.get_ref();
        match value.get_ref().as_table() {
            Some(_) => keys.push((name, key.span())),
            None => note(value.span(), &format!("market.{name}")),
        }
    }
    keys
}
