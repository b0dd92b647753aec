//! Questions about packing: which orders may travel as one, whether a line may be parted, how many papers at once.

use rules::checkout::address::Address;
use rules::ids::{OrderId, OrderLineId, ProductId, ShopId, SkuId};
use rules::policy::Policies;
use rules::shipping::packing::{Closed, Traveller, Wanted, close, combine, too_many_papers};
use serde::Deserialize;
use toml::{Table, Value};

use super::{Answer, Case, said, text};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Packing {
    /// How many orders of one recipient are to share a number.
    #[serde(default)]
    orders: i64,
    /// Pieces of one line which are in the parcel, and how many it has.
    #[serde(default)]
    packed: Option<[i64; 2]>,
    /// How many slips are to be printed at once.
    #[serde(default)]
    papers: Option<usize>,
}

pub fn limits(policies: &Policies, case: &Case) -> Answer {
    let facts: Packing = case.facts()?;
    let policy = policies.packing(case.market);
    let address = Address {
        name: "Ann Lee".to_owned(),
        phone: String::new(),
        line1: "1 Mill Lane".to_owned(),
        line2: String::new(),
        city: "Town".to_owned(),
        region: String::new(),
        postcode: String::new(),
        country: case.market,
    };
    let traveller = |order| Traveller {
        order: OrderId::new(order),
        shop: ShopId::new(2),
        address: address.clone(),
        service: String::new(),
    };
    let travellers: Vec<Traveller> = (1..=facts.orders).map(traveller).collect();
    let together = match combine(&travellers, policy) {
        _ if travellers.is_empty() => None,
        Ok(()) => text("yes"),
        Err(refusal) => text(refusal.code()),
    };
    let parted = facts.packed.map(|[here, count]| {
        let wanted = Wanted {
            line: OrderLineId::new(1),
            sku: SkuId::new(2),
            product: ProductId::new(3),
            code: "A".to_owned(),
            options: String::new(),
            count,
            elsewhere: 0,
            here,
            serials: false,
            serials_here: 0,
        };
        match close(&[wanted], true, policy) {
            Ok(Closed::Part) => "part".to_owned(),
            Ok(Closed::Last) => "last".to_owned(),
            Err(refusal) => refusal.code().to_owned(),
        }
    });
    let printed = facts.papers.map(|papers| Value::Boolean(!too_many_papers(papers, policy)));
    let answer: Table =
        said([("together", together), ("parcel", parted.and_then(text)), ("printed", printed)]);
    Ok(answer)
}
