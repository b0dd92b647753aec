//! `policies/packing.toml`: parting an order into parcels, combining orders into one, printing.

use super::section::Section;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackingPolicy {
    /// Whether the pieces of one order line may travel in several parcels.
    pub split_below_line: bool,
    /// Orders of one recipient and address under one tracking number.
    pub combine_most_count: i64,
    /// Packing slips or labels in one file.
    pub print_most_count: i64,
}

impl PackingPolicy {
    pub(super) fn read(section: &Section<'_>) -> PackingPolicy {
        PackingPolicy {
            split_below_line: section.flag("split_below_line"),
            combine_most_count: section.whole("combine_most_count", 1..=100),
            print_most_count: section.whole("print_most_count", 1..=2_000),
        }
    }
}
