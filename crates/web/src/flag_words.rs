//! Check flags in words: what was found, and what to do about it. The same sentences for shop and house.

use rules::orders::flags::Flag;

use crate::format::Reader;
use crate::words::Msg;

/// One finding; `goods` names what it is about, where it is about goods.
pub fn said(r: &Reader, goods: &str, flag: &Flag) -> String {
    match flag {
        Flag::UnusualQuantity { quantity, usual, .. } => r.with(
            Msg::CareFlagUnusualQuantity,
            &[
                ("goods", goods.into()),
                ("quantity", (*quantity).into()),
                ("usual", (*usual).into()),
            ],
        ),
        Flag::ListingChanged { ordered_version, version, .. } => r.with(
            Msg::CareFlagListingChanged,
            &[
                ("goods", goods.into()),
                ("ordered", (*ordered_version).into()),
                ("now", (*version).into()),
            ],
        ),
        Flag::NotForSale { .. } => r.with(Msg::CareFlagNotForSale, &[("goods", goods.into())]),
        Flag::PriceChanged { ordered_minor, now_minor, .. } => {
            let msg = if now_minor < ordered_minor {
                Msg::CareFlagPriceFallen
            } else {
                Msg::CareFlagPriceRisen
            };
            r.with(msg, &[("goods", goods.into())])
        }
        Flag::StockShort { missing, .. } => r.with(
            Msg::CareFlagStockShort,
            &[("goods", goods.into()), ("missing", (*missing).into())],
        ),
        Flag::AddressPart { part, .. } => {
            let id = format!("care-part-{part}");
            let part = Msg::named(&id).map_or_else(|| part.clone(), |msg| r.t(msg).into_owned());
            r.with(Msg::CareFlagAddressPart, &[("part", part.into())])
        }
        Flag::Undeliverable { postcode } => {
            r.with(Msg::CareFlagUndeliverable, &[("postcode", postcode.as_str().into())])
        }
        Flag::DeclinedTries { count } => {
            r.with(Msg::CareFlagDeclinedTries, &[("count", (*count).into())])
        }
        Flag::NewBuyerHighValue { days, .. } => {
            r.with(Msg::CareFlagNewBuyerHighValue, &[("days", (*days).into())])
        }
        Flag::OtherCountry { usual, country } => r.with(
            Msg::CareFlagOtherCountry,
            &[("usual", usual.as_str().into()), ("country", country.as_str().into())],
        ),
    }
}

/// What to do about it.
pub fn advice(r: &Reader, flag: &Flag) -> String {
    let msg = match flag {
        Flag::UnusualQuantity { .. } => Msg::CareDoUnusualQuantity,
        Flag::ListingChanged { .. } => Msg::CareDoListingChanged,
        Flag::NotForSale { .. } => Msg::CareDoNotForSale,
        Flag::PriceChanged { ordered_minor, now_minor, .. } if now_minor < ordered_minor => {
            Msg::CareDoPriceFallen
        }
        Flag::PriceChanged { .. } => Msg::CareDoPriceRisen,
        Flag::StockShort { .. } => Msg::CareDoStockShort,
        Flag::AddressPart { .. } | Flag::Undeliverable { .. } => Msg::CareDoAddress,
        Flag::DeclinedTries { .. } | Flag::NewBuyerHighValue { .. } | Flag::OtherCountry { .. } => {
            Msg::CareDoRisk
        }
    };
    r.t(msg).into_owned()
}
