//! What is collected for authorities, in words: charges at the border line by line, and under what the tax is collected.

use maud::{Markup, html};
use rules::checkout::border::{DutyLine, TaxCollection};
use rules::money::{Currency, Money};
use rules::policy::{ChargeBasis, Policies};

use crate::format::Reader;
use crate::ui::icons::{Icon, icon};
use crate::ui::money_table::MoneyLine;
use crate::words::{Language, Msg};

/// One row a charge: its name, and how it was counted.
pub fn duty_lines<'a>(
    r: &Reader,
    charges: impl IntoIterator<Item = &'a DutyLine>,
    currency: Currency,
) -> Vec<MoneyLine> {
    let line = |charge: &DutyLine| {
        let name = match r.words.language() {
            Language::En => &charge.name_en,
            Language::Zh => &charge.name_zh,
        };
        let unit = r.money(Money::new(charge.unit_minor, currency));
        let counted = match charge.basis {
            ChargeBasis::PerHsLine => Msg::DutyPerHsLine,
            ChargeBasis::PerItemLine => Msg::DutyPerItemLine,
            ChargeBasis::PerParcel => Msg::DutyPerParcel,
        };
        let note = r.with(counted, &[("count", charge.count.into()), ("unit", unit.into())]);
        MoneyLine::part(name.clone(), Money::new(charge.amount_minor, currency)).with_note(note)
    };
    charges.into_iter().map(line).collect()
}

/// What the tax is called: the import scheme's name, or simply tax.
pub fn tax_name(r: &Reader, policies: &Policies, collection: &TaxCollection) -> String {
    let scheme = match collection {
        TaxCollection::Domestic | TaxCollection::AtBorder => None,
        TaxCollection::Import(code) => policies.charges().import_taxes.get(code),
    };
    match (scheme, r.words.language()) {
        (Some(scheme), Language::En) => scheme.name_en.clone(),
        (Some(scheme), Language::Zh) => scheme.name_zh.clone(),
        (None, _) => r.t(Msg::SumTaxAdded).into_owned(),
    }
}

/// A word where the buyer will be asked for more at the border; nothing otherwise.
pub fn at_border_note(r: &Reader, collection: &TaxCollection) -> Markup {
    html! {
        @if *collection == TaxCollection::AtBorder {
            p.line-note.soon { (icon(Icon::Info)) (r.t(Msg::DutyAtBorder)) }
        }
    }
}

/// Charges of several parcels as one list, those of one code together.
pub fn together<'a>(charges: impl IntoIterator<Item = &'a DutyLine>) -> Vec<DutyLine> {
    let mut all: Vec<DutyLine> = Vec::new();
    for charge in charges {
        match all
            .iter_mut()
            .find(|known| known.code == charge.code && known.unit_minor == charge.unit_minor)
        {
            Some(known) => {
                known.count += charge.count;
                known.amount_minor += charge.amount_minor;
            }
            None => all.push(charge.clone()),
        }
    }
    all
}
