//! Packing: what a scan means for the parcel on the table, when a parcel may be closed, which orders may share one.
//!
//! Nothing wrong gets into a parcel: another colour, size or count is refused with what was expected instead.

use std::collections::BTreeMap;

use crate::checkout::address::Address;
use crate::ids::{OrderId, OrderLineId, ProductId, ShopId, SkuId};
use crate::policy::PackingPolicy;

/// Whether a shop's packers scan each piece, or compare the list of an order with what lies before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackingMode {
    /// Each piece is scanned; an order cannot be shipped otherwise.
    Scan,
    /// The packer confirms the list of SKUs; that, too, is written down with their name.
    List,
}

impl PackingMode {
    pub const ALL: [PackingMode; 2] = [PackingMode::Scan, PackingMode::List];

    pub const fn code(self) -> &'static str {
        match self {
            PackingMode::Scan => "scan",
            PackingMode::List => "list",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// What one line of the order needs of one SKU, and how much of it is in parcels. A bundle's line has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub line: OrderLineId,
    pub sku: SkuId,
    pub product: ProductId,
    pub code: String,
    /// Colour, size and the like, as the order has them: "Red, M". Empty for a SKU without options.
    pub options: String,
    /// Pieces of the whole order.
    pub count: i64,
    /// Pieces in other parcels of the order.
    pub elsewhere: i64,
    /// Pieces in this parcel.
    pub here: i64,
    /// Whether each piece has a serial number which is written down.
    pub serials: bool,
    /// Serial numbers written down in this parcel.
    pub serials_here: i64,
}

impl Wanted {
    pub const fn missing(&self) -> i64 {
        self.count - self.elsewhere - self.here
    }

    const fn waits_for_serial(&self) -> bool {
        self.serials && self.serials_here < self.here
    }

    fn expected(&self) -> Expected {
        Expected { code: self.code.clone(), options: self.options.clone(), count: self.missing() }
    }
}

/// What the shop knows of the text which came from the scanner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// A SKU's own code or its barcode.
    Sku { sku: SkuId, product: ProductId, code: String, options: String },
    /// A serial number of a piece which the shop has, or which it has sent off with an order.
    Serial {
        serial: String,
        sku: SkuId,
        product: ProductId,
        code: String,
        options: String,
        sent_with: Option<OrderId>,
    },
    /// Neither: perhaps the serial number of the piece scanned before.
    Unknown { text: String },
}

/// What goes into the parcel, or is added to what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Took {
    /// A piece. Where its serial number is still wanted, the next scan is that.
    Piece { line: OrderLineId, sku: SkuId, serial_next: bool },
    /// A piece, known by its serial number.
    Unit { line: OrderLineId, sku: SkuId, serial: String },
    /// The serial number of the piece scanned before.
    SerialOf { line: OrderLineId, sku: SkuId, serial: String },
}

/// Pieces which an order still needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    pub code: String,
    pub options: String,
    pub count: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackingRefusal {
    #[error("{text} is no SKU, barcode or serial number of this shop")]
    UnknownCode { text: String, expected: Vec<Expected> },
    /// The same product in another colour, size or the like.
    #[error("{code} is the right product in the wrong option")]
    WrongOption { code: String, options: String, expected: Vec<Expected> },
    #[error("{code} is not in this order")]
    NotInOrder { code: String, options: String, expected: Vec<Expected> },
    #[error("all {count} of {code} are packed already")]
    Enough { code: String, count: i64, expected: Vec<Expected> },
    #[error("scan the serial number of {code} first")]
    SerialFirst { code: String },
    #[error("{serial} was sent with order {order}")]
    SerialUsed { serial: String, order: OrderId },
    #[error("nothing is in the parcel")]
    NothingIn { expected: Vec<Expected> },
    #[error("something is missing")]
    Incomplete { expected: Vec<Expected> },
    #[error("a line of this market travels whole")]
    LineSplit { code: String, missing: i64 },
}

impl PackingRefusal {
    pub const fn code(&self) -> &'static str {
        match self {
            PackingRefusal::UnknownCode { .. } => "scan_unknown",
            PackingRefusal::WrongOption { .. } => "scan_wrong_option",
            PackingRefusal::NotInOrder { .. } => "scan_not_in_order",
            PackingRefusal::Enough { .. } => "scan_enough",
            PackingRefusal::SerialFirst { .. } => "scan_serial_first",
            PackingRefusal::SerialUsed { .. } => "scan_serial_used",
            PackingRefusal::NothingIn { .. } => "parcel_empty",
            PackingRefusal::Incomplete { .. } => "parcel_incomplete",
            PackingRefusal::LineSplit { .. } => "line_split",
        }
    }
}

/// What the order still needs, line by line.
pub fn expected(wanted: &[Wanted]) -> Vec<Expected> {
    wanted.iter().filter(|line| line.missing() > 0).map(Wanted::expected).collect()
}

/// What a scan puts into the parcel.
///
/// # Errors
/// Refuses what the order does not need, with what it does.
pub fn take(wanted: &[Wanted], scanned: Scanned) -> Result<Took, PackingRefusal> {
    let waits = wanted.iter().find(|line| line.waits_for_serial());
    match scanned {
        Scanned::Unknown { text } => match waits {
            Some(line) => Ok(Took::SerialOf { line: line.line, sku: line.sku, serial: text }),
            None => Err(PackingRefusal::UnknownCode { text, expected: expected(wanted) }),
        },
        Scanned::Sku { sku, product, code, options } => {
            if let Some(line) = waits {
                return Err(PackingRefusal::SerialFirst { code: line.code.clone() });
            }
            let line = room_for(wanted, sku, product, &code, &options)?;
            Ok(Took::Piece { line: line.line, sku, serial_next: line.serials })
        }
        Scanned::Serial { serial, sent_with: Some(order), .. } => {
            Err(PackingRefusal::SerialUsed { serial, order })
        }
        Scanned::Serial { serial, sku, product, code, options, sent_with: None } => match waits {
            Some(line) if line.sku == sku => Ok(Took::SerialOf { line: line.line, sku, serial }),
            Some(line) => Err(PackingRefusal::SerialFirst { code: line.code.clone() }),
            None => {
                let line = room_for(wanted, sku, product, &code, &options)?;
                Ok(Took::Unit { line: line.line, sku, serial })
            }
        },
    }
}

/// The line which still needs this SKU.
fn room_for<'w>(
    wanted: &'w [Wanted],
    sku: SkuId,
    product: ProductId,
    code: &str,
    options: &str,
) -> Result<&'w Wanted, PackingRefusal> {
    let of_sku: Vec<&Wanted> = wanted.iter().filter(|line| line.sku == sku).collect();
    if let Some(line) = of_sku.iter().find(|line| line.missing() > 0) {
        return Ok(line);
    }
    let (code, options) = (code.to_owned(), options.to_owned());
    let expected = expected(wanted);
    if !of_sku.is_empty() {
        let count = of_sku.iter().map(|line| line.count).sum();
        return Err(PackingRefusal::Enough { code, count, expected });
    }
    if wanted.iter().any(|line| line.product == product) {
        return Err(PackingRefusal::WrongOption { code, options, expected });
    }
    Err(PackingRefusal::NotInOrder { code, options, expected })
}

/// What a closed parcel is for its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// With it the whole order is in parcels.
    Last,
    /// The rest comes in another parcel.
    Part,
}

/// Whether the parcel on the table may be closed. `split` says that the packer wants the rest in another one.
///
/// # Errors
/// Refuses an empty parcel, a missing serial number, missing pieces unless a split is wanted, and in markets where a
/// line travels whole a split line.
pub fn close(
    wanted: &[Wanted],
    split: bool,
    policy: &PackingPolicy,
) -> Result<Closed, PackingRefusal> {
    let missing = expected(wanted);
    if wanted.iter().all(|line| line.here == 0) {
        return Err(PackingRefusal::NothingIn { expected: missing });
    }
    if let Some(line) = wanted.iter().find(|line| line.waits_for_serial()) {
        return Err(PackingRefusal::SerialFirst { code: line.code.clone() });
    }
    if missing.is_empty() {
        return Ok(Closed::Last);
    }
    if !split {
        return Err(PackingRefusal::Incomplete { expected: missing });
    }
    if !policy.split_below_line {
        // A bundle is one line of several SKUs: all of them travel together.
        let mut lines: BTreeMap<OrderLineId, (bool, i64, &str)> = BTreeMap::new();
        for line in wanted {
            let entry = lines.entry(line.line).or_insert((false, 0, &line.code));
            entry.0 |= line.here > 0;
            entry.1 += line.missing();
        }
        if let Some((_, missing, code)) =
            lines.values().find(|(here, missing, _)| *here && *missing > 0)
        {
            return Err(PackingRefusal::LineSplit { code: (*code).to_owned(), missing: *missing });
        }
    }
    Ok(Closed::Part)
}

/// An order which is to travel with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traveller {
    pub order: OrderId,
    pub shop: ShopId,
    pub address: Address,
    /// The service which the buyer was promised.
    pub service: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CombineRefusal {
    #[error("one order travels alone")]
    Alone,
    #[error("at most {most} orders under one tracking number")]
    TooMany { most: i64 },
    #[error("order {order} goes to somebody else or somewhere else")]
    OtherAddress { order: OrderId },
    #[error("order {order} is another shop's")]
    OtherShop { order: OrderId },
}

impl CombineRefusal {
    pub const fn code(&self) -> &'static str {
        match self {
            CombineRefusal::Alone => "combine_alone",
            CombineRefusal::TooMany { .. } => "combine_too_many",
            CombineRefusal::OtherAddress { .. } => "combine_other_address",
            CombineRefusal::OtherShop { .. } => "combine_other_shop",
        }
    }
}

/// Whether these orders may travel in one parcel under one number.
pub fn combine(orders: &[Traveller], policy: &PackingPolicy) -> Result<(), CombineRefusal> {
    let [first, rest @ ..] = orders else { return Err(CombineRefusal::Alone) };
    if rest.is_empty() {
        return Err(CombineRefusal::Alone);
    }
    let most = policy.combine_most_count;
    if orders.len() as i64 > most {
        return Err(CombineRefusal::TooMany { most });
    }
    let home = same_place(&first.address);
    for other in rest {
        if other.shop != first.shop {
            return Err(CombineRefusal::OtherShop { order: other.order });
        }
        if same_place(&other.address) != home {
            return Err(CombineRefusal::OtherAddress { order: other.order });
        }
    }
    Ok(())
}

/// Whether so many slips or labels are more than one file holds.
pub fn too_many_papers(count: usize, policy: &PackingPolicy) -> bool {
    i64::try_from(count).is_ok_and(|count| count > policy.print_most_count)
}

/// An address as two spellings of it have in common: letters and digits of name and place, the phone left out.
pub fn same_place(address: &Address) -> String {
    let parts = [
        address.name.as_str(),
        address.line1.as_str(),
        address.line2.as_str(),
        address.city.as_str(),
        address.region.as_str(),
        address.postcode.as_str(),
        address.country.as_str(),
    ];
    let plain = |part: &str| {
        part.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    parts.map(plain).join("|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{MarketCode, Policies};

    fn wanted(sku: i64, product: i64, code: &str, count: i64) -> Wanted {
        Wanted {
            line: OrderLineId::new(sku * 10),
            sku: SkuId::new(sku),
            product: ProductId::new(product),
            code: code.to_owned(),
            options: String::new(),
            count,
            elsewhere: 0,
            here: 0,
            serials: false,
            serials_here: 0,
        }
    }

    fn sku(sku: i64, product: i64, code: &str) -> Scanned {
        Scanned::Sku {
            sku: SkuId::new(sku),
            product: ProductId::new(product),
            code: code.to_owned(),
            options: String::new(),
        }
    }

    fn policy(market: &str) -> PackingPolicy {
        let code = MarketCode::parse(market).expect("a code");
        *Policies::shipped().packing(code)
    }

    #[test]
    fn green_trousers_do_not_get_into_a_red_order() {
        let order = [wanted(1, 5, "TR-RED-M", 2)];
        let refused = take(&order, sku(2, 5, "TR-GRN-M")).expect_err("green");
        let PackingRefusal::WrongOption { code, expected, .. } = refused else {
            panic!("{refused}")
        };
        assert_eq!(code, "TR-GRN-M");
        assert_eq!((expected[0].code.as_str(), expected[0].count), ("TR-RED-M", 2));
        assert_eq!(take(&order, sku(3, 6, "CUP")).expect_err("a cup").code(), "scan_not_in_order");
        assert!(take(&order, sku(1, 5, "TR-RED-M")).is_ok());
    }

    #[test]
    fn one_piece_too_many_is_refused() {
        let full = [Wanted { here: 1, elsewhere: 1, ..wanted(1, 5, "TR-RED-M", 2) }];
        let refused = take(&full, sku(1, 5, "TR-RED-M")).expect_err("a third");
        assert_eq!(refused.code(), "scan_enough");
    }

    #[test]
    fn a_serial_number_follows_its_piece_and_is_not_sent_twice() {
        let phone = Wanted { serials: true, ..wanted(1, 5, "PHONE", 2) };
        let took = take(std::slice::from_ref(&phone), sku(1, 5, "PHONE")).expect("a phone");
        assert!(matches!(took, Took::Piece { serial_next: true, .. }));
        let waiting = [Wanted { here: 1, ..phone.clone() }];
        let early = take(&waiting, sku(1, 5, "PHONE")).expect_err("its number first");
        assert_eq!(early.code(), "scan_serial_first");
        assert_eq!(
            close(&waiting, true, &policy("GB")).expect_err("no number").code(),
            "scan_serial_first"
        );
        let took = take(&waiting, Scanned::Unknown { text: "BI-B41-007".to_owned() });
        assert!(matches!(took, Ok(Took::SerialOf { ref serial, .. }) if serial == "BI-B41-007"));
        let known = |sent_with| Scanned::Serial {
            serial: "BI-B41-007".to_owned(),
            sku: SkuId::new(1),
            product: ProductId::new(5),
            code: "PHONE".to_owned(),
            options: String::new(),
            sent_with,
        };
        assert!(matches!(take(std::slice::from_ref(&phone), known(None)), Ok(Took::Unit { .. })));
        let used = take(&[phone], known(Some(OrderId::new(9)))).expect_err("sent before");
        assert_eq!(used.code(), "scan_serial_used");
    }

    #[test]
    fn a_parcel_closes_complete_or_with_a_wanted_split() {
        let half = [Wanted { here: 1, ..wanted(1, 5, "A", 2) }, wanted(2, 6, "B", 1)];
        let gb = policy("GB");
        assert_eq!(close(&half, false, &gb).expect_err("incomplete").code(), "parcel_incomplete");
        assert_eq!(close(&half, true, &gb), Ok(Closed::Part));
        assert_eq!(close(&half, true, &policy("JP")).expect_err("a line").code(), "line_split");
        let whole_line = [Wanted { here: 2, ..wanted(1, 5, "A", 2) }, wanted(2, 6, "B", 1)];
        assert_eq!(close(&whole_line, true, &policy("JP")), Ok(Closed::Part));
        let rest = [
            Wanted { elsewhere: 2, ..wanted(1, 5, "A", 2) },
            Wanted { here: 1, ..wanted(2, 6, "B", 1) },
        ];
        assert_eq!(close(&rest, false, &gb), Ok(Closed::Last));
        assert_eq!(
            close(&[wanted(1, 5, "A", 2)], true, &gb).expect_err("empty").code(),
            "parcel_empty"
        );
    }

    fn traveller(order: i64, line1: &str) -> Traveller {
        Traveller {
            order: OrderId::new(order),
            shop: ShopId::new(2),
            address: Address {
                name: "Ann Lee".to_owned(),
                phone: String::new(),
                line1: line1.to_owned(),
                line2: String::new(),
                city: "Leeds".to_owned(),
                region: String::new(),
                postcode: "LS1 4AP".to_owned(),
                country: MarketCode::parse("GB").expect("a code"),
            },
            service: String::new(),
        }
    }

    #[test]
    fn orders_travel_together_to_one_door_only_and_at_most_twenty() {
        let gb = policy("GB");
        let two = [traveller(1, "1 Mill Lane"), traveller(2, "1 mill lane ")];
        assert_eq!(combine(&two, &gb), Ok(()));
        let apart = [traveller(1, "1 Mill Lane"), traveller(2, "2 Mill Lane")];
        assert_eq!(combine(&apart, &gb).expect_err("next door").code(), "combine_other_address");
        let many: Vec<_> = (1..=21).map(|order| traveller(order, "1 Mill Lane")).collect();
        assert_eq!(combine(&many, &gb), Err(CombineRefusal::TooMany { most: 20 }));
        assert_eq!(combine(&many[..20], &gb), Ok(()));
        assert_eq!(combine(&many[..1], &gb), Err(CombineRefusal::Alone));
    }
}
