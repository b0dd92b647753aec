//! What can be shown, and what a reason asks to be shown.

use serde::{Deserialize, Serialize};

/// What a piece of evidence shows, as whoever hands it in says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// The goods as they are: a picture or a film.
    Photo,
    /// The parcel being opened.
    Unpacking,
    SerialNumber,
    TestReport,
    /// The right to sell the brand.
    BrandAuthorisation,
    /// A picture of the goods being packed, the scan, the weight.
    Packing,
    /// When and to whom the parcel was handed over.
    Handover,
    ReturnedGoods,
    Other,
}

impl EvidenceKind {
    pub const ALL: [EvidenceKind; 9] = [
        EvidenceKind::Photo,
        EvidenceKind::Unpacking,
        EvidenceKind::SerialNumber,
        EvidenceKind::TestReport,
        EvidenceKind::BrandAuthorisation,
        EvidenceKind::Packing,
        EvidenceKind::Handover,
        EvidenceKind::ReturnedGoods,
        EvidenceKind::Other,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            EvidenceKind::Photo => "photo",
            EvidenceKind::Unpacking => "unpacking",
            EvidenceKind::SerialNumber => "serial_number",
            EvidenceKind::TestReport => "test_report",
            EvidenceKind::BrandAuthorisation => "brand_authorisation",
            EvidenceKind::Packing => "packing",
            EvidenceKind::Handover => "handover",
            EvidenceKind::ReturnedGoods => "returned_goods",
            EvidenceKind::Other => "other",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// Whether it answers a request for `wanted`: a film of the unpacking shows the goods as well.
    pub fn shows(self, wanted: EvidenceKind) -> bool {
        self == wanted || matches!((wanted, self), (EvidenceKind::Photo, EvidenceKind::Unpacking))
    }
}

/// Of what is asked for, what is not there.
pub fn missing(wanted: &[EvidenceKind], there: &[EvidenceKind]) -> Vec<EvidenceKind> {
    let shown = |wanted: &&EvidenceKind| there.iter().any(|kind| kind.shows(**wanted));
    wanted.iter().filter(|wanted| !shown(wanted)).copied().collect()
}
