//! Shipping: which service takes a parcel, at what price and with what promise, and whether a number can be tracked.

pub mod dispatch_sheet;
pub mod distance;
pub mod overrides;
pub mod packing;
pub mod parcels;
pub mod promise;
pub mod rates;
pub mod tracking_numbers;
