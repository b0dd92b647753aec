//! Packing: scanning goods into parcels, closing them, sharing a box, buying labels, and what papers say of it.
//!
//! An order cannot be shipped before what is in its parcel was checked: piece by piece with a scanner, or, where the
//! shop packs by list, by a person who confirms the list. Either is written down with who did it.

mod boxes;
mod close;
mod desk;
mod labels;
mod leaving;
mod list;
mod papers;
mod places;
mod scan;
mod table;

pub use boxes::{Combine, combine_orders, part_orders};
pub use close::{EndParcel, empty_parcel, end_parcel, keep_photo};
pub use desk::{PackedParcel, PackingDesk, WantedGood, packing_desk, to_the_table};
pub use labels::{BuyLabel, LabelAnswer, buy_label};
pub(crate) use leaving::{goods_leave, left_with_parcels, pieces_of, send_off, to_leave};
pub(crate) use list::{Together, pack_whole};
pub use papers::{PaperParcel, PickRow, Picked, papers, pick_list};
pub use places::{
    PlaceOfSku, packing_mode, place_of_sku, receive_serials, set_packing_mode, set_place,
};
pub use scan::{Scan, ScanAnswer, scan};
pub(crate) use table::{MOST_GRAMS, new_parcel};
