//! Papers as PDF: packing slips, labels, lists and statements. Values in, bytes out.
//!
//! Knows nothing of the market: whoever wants a paper passes every word on it, in the language it is to be in.
//! Letters come from a font file cut down to what the paper uses; without one, from the fonts every reader of PDF
//! has, so that a paper always comes out.

pub mod code128;
mod flow;
pub mod fonts;
mod helvetica;
mod labels;
mod page;
pub mod qr;
mod report;
mod slips;
mod write;

pub use fonts::{FontPlaces, Fonts};
pub use labels::{Label, labels};
pub use page::{Align, Document, Paper, Style};
pub use report::{Column, Part, Report, report};
pub use slips::{Slip, SlipLine, slips};
