//! Why a buyer asks for help, what may be asked for, and which rules each reason falls under.

use serde::{Deserialize, Serialize};

/// What is wrong, as the buyer says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseReason {
    /// Something else than was ordered.
    OtherItem,
    /// The right thing in the wrong colour, size or model.
    WrongOption,
    WrongQuantity,
    /// A cheaper thing than was advertised.
    WorthLess,
    MissingPart,
    EmptyParcel,
    Counterfeit,
    /// It does not work, or is not safe.
    Defective,
    /// The promised day has passed.
    Late,
    /// It never came, whatever the tracking says.
    NeverArrived,
    DamagedInTransit,
    ChangedMind,
}

/// The rows of the policy: reasons which share their windows, evidence, remedies and liability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonClass {
    NotAsDescribed,
    Counterfeit,
    /// Quality and safety of goods which are meant to last.
    QualityDurable,
    /// Quality and safety of all other goods.
    QualityOther,
    Late,
    Lost,
    Damaged,
    ChangedMind,
}

/// What is to be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// Money back; the goods stay where they are.
    RefundOnly,
    ReturnAndRefund,
    /// The goods go back, the same kind comes new.
    Exchange,
    /// What is missing, or the whole, is sent; nothing goes back.
    Resend,
}

/// The two who argue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    Buyer,
    Shop,
}

impl CaseReason {
    pub const ALL: [CaseReason; 12] = [
        CaseReason::OtherItem,
        CaseReason::WrongOption,
        CaseReason::WrongQuantity,
        CaseReason::WorthLess,
        CaseReason::MissingPart,
        CaseReason::EmptyParcel,
        CaseReason::Counterfeit,
        CaseReason::Defective,
        CaseReason::Late,
        CaseReason::NeverArrived,
        CaseReason::DamagedInTransit,
        CaseReason::ChangedMind,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            CaseReason::OtherItem => "other_item",
            CaseReason::WrongOption => "wrong_option",
            CaseReason::WrongQuantity => "wrong_quantity",
            CaseReason::WorthLess => "worth_less",
            CaseReason::MissingPart => "missing_part",
            CaseReason::EmptyParcel => "empty_parcel",
            CaseReason::Counterfeit => "counterfeit",
            CaseReason::Defective => "defective",
            CaseReason::Late => "late",
            CaseReason::NeverArrived => "never_arrived",
            CaseReason::DamagedInTransit => "damaged_in_transit",
            CaseReason::ChangedMind => "changed_mind",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// `durable` is the product's, or its category's where the product says nothing.
    pub const fn class(self, durable: bool) -> ReasonClass {
        match self {
            CaseReason::OtherItem
            | CaseReason::WrongOption
            | CaseReason::WrongQuantity
            | CaseReason::WorthLess
            | CaseReason::MissingPart
            | CaseReason::EmptyParcel => ReasonClass::NotAsDescribed,
            CaseReason::Counterfeit => ReasonClass::Counterfeit,
            CaseReason::Defective if durable => ReasonClass::QualityDurable,
            CaseReason::Defective => ReasonClass::QualityOther,
            CaseReason::Late => ReasonClass::Late,
            CaseReason::NeverArrived => ReasonClass::Lost,
            CaseReason::DamagedInTransit => ReasonClass::Damaged,
            CaseReason::ChangedMind => ReasonClass::ChangedMind,
        }
    }

    /// Whether the buyer has nothing which could go back.
    pub const fn nothing_came(self) -> bool {
        match self {
            CaseReason::EmptyParcel | CaseReason::NeverArrived | CaseReason::Late => true,
            CaseReason::OtherItem
            | CaseReason::WrongOption
            | CaseReason::WrongQuantity
            | CaseReason::WorthLess
            | CaseReason::MissingPart
            | CaseReason::Counterfeit
            | CaseReason::Defective
            | CaseReason::DamagedInTransit
            | CaseReason::ChangedMind => false,
        }
    }
}

impl ReasonClass {
    pub const ALL: [ReasonClass; 8] = [
        ReasonClass::NotAsDescribed,
        ReasonClass::Counterfeit,
        ReasonClass::QualityDurable,
        ReasonClass::QualityOther,
        ReasonClass::Late,
        ReasonClass::Lost,
        ReasonClass::Damaged,
        ReasonClass::ChangedMind,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            ReasonClass::NotAsDescribed => "not_as_described",
            ReasonClass::Counterfeit => "counterfeit",
            ReasonClass::QualityDurable => "quality_durable",
            ReasonClass::QualityOther => "quality_other",
            ReasonClass::Late => "late",
            ReasonClass::Lost => "lost",
            ReasonClass::Damaged => "damaged",
            ReasonClass::ChangedMind => "changed_mind",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl Remedy {
    pub const ALL: [Remedy; 4] =
        [Remedy::RefundOnly, Remedy::ReturnAndRefund, Remedy::Exchange, Remedy::Resend];

    pub const fn code(self) -> &'static str {
        match self {
            Remedy::RefundOnly => "refund_only",
            Remedy::ReturnAndRefund => "return_and_refund",
            Remedy::Exchange => "exchange",
            Remedy::Resend => "resend",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// Whether the buyer has to send something back first.
    pub const fn goods_go_back(self) -> bool {
        match self {
            Remedy::ReturnAndRefund | Remedy::Exchange => true,
            Remedy::RefundOnly | Remedy::Resend => false,
        }
    }

    /// Whether it ends with goods for the buyer rather than money.
    pub const fn brings_goods(self) -> bool {
        match self {
            Remedy::Exchange | Remedy::Resend => true,
            Remedy::RefundOnly | Remedy::ReturnAndRefund => false,
        }
    }
}

impl Party {
    pub const ALL: [Party; 2] = [Party::Buyer, Party::Shop];

    pub const fn code(self) -> &'static str {
        match self {
            Party::Buyer => "buyer",
            Party::Shop => "shop",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    pub const fn other(self) -> Party {
        match self {
            Party::Buyer => Party::Shop,
            Party::Shop => Party::Buyer,
        }
    }
}
