//! `policies/after_sales.toml`: until when help may be asked for, what may be asked, how long each side has, and who
//! bears it.

use super::section::Section;
use crate::after_sales::{CaseTerms, EvidenceKind, ReasonClass, Remedy, ReturnPayer};
use crate::catalog::categories::Categories;
use crate::orders::liability::Liable;
use crate::time::Span;

/// What holds for one class of reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonPolicy {
    /// From the event which the class counts from; 0 where the market does not know the reason.
    pub window_days: i64,
    pub buyer_evidence_hours: i64,
    pub shop_evidence_hours: i64,
    /// From the end of the evidence.
    pub decide_hours: i64,
    /// Evidence without which a request is not complete.
    pub buyer_evidence: Vec<EvidenceKind>,
    /// What the shop is asked for.
    pub shop_evidence: Vec<EvidenceKind>,
    /// What a buyer may ask for; the first one is proposed.
    pub remedies: Vec<Remedy>,
    /// Who bears it where nothing else is found.
    pub liable: Liable,
    pub return_paid_by: ReturnPayer,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AfterSalesPolicy {
    pub answer_hours: i64,
    pub offer_answer_hours: i64,
    pub offers_count: i64,
    pub ship_back_days: i64,
    pub return_arrives_days: i64,
    pub inspect_hours: i64,
    pub escalate_hours: i64,
    pub appeal_days: i64,
    pub replace_days: i64,
    pub refund_confirm_days: i64,
    pub disputes_count: i64,
    /// Pieces of evidence of one side of one case.
    pub evidence_count: i64,
    pub evidence_picture_mib: i64,
    pub evidence_video_mib: i64,
    pub evidence_document_mib: i64,
    /// Codes of categories of which nothing is taken back.
    pub no_return_categories: Vec<String>,
    not_as_described: ReasonPolicy,
    counterfeit: ReasonPolicy,
    quality_durable: ReasonPolicy,
    quality_other: ReasonPolicy,
    late: ReasonPolicy,
    lost: ReasonPolicy,
    damaged: ReasonPolicy,
    changed_mind: ReasonPolicy,
}

impl ReasonPolicy {
    fn read(section: &Section<'_>) -> ReasonPolicy {
        let kinds = |name| {
            let codes = EvidenceKind::ALL.map(EvidenceKind::code).join(", ");
            section.texts(name, &format!("one of {codes}"), 0, EvidenceKind::parse)
        };
        ReasonPolicy {
            window_days: section.whole("window_days", 0..=730),
            buyer_evidence_hours: section.whole("buyer_evidence_hours", 1..=720),
            shop_evidence_hours: section.whole("shop_evidence_hours", 1..=720),
            decide_hours: section.whole("decide_hours", 1..=2_160),
            buyer_evidence: kinds("buyer_evidence"),
            shop_evidence: kinds("shop_evidence"),
            remedies: section.texts(
                "remedies",
                &format!("one of {}", Remedy::ALL.map(Remedy::code).join(", ")),
                1,
                Remedy::parse,
            ),
            liable: section.choice("liable", &Liable::ALL.map(|one| (one.code(), one))),
            return_paid_by: section
                .choice("return_paid_by", &ReturnPayer::ALL.map(|one| (one.code(), one))),
        }
    }
}

impl AfterSalesPolicy {
    pub(super) fn read(section: &Section<'_>) -> AfterSalesPolicy {
        let reason = |class: ReasonClass| section.table(class.code(), ReasonPolicy::read);
        AfterSalesPolicy {
            answer_hours: section.whole("answer_hours", 1..=720),
            offer_answer_hours: section.whole("offer_answer_hours", 1..=720),
            offers_count: section.whole("offers_count", 0..=20),
            ship_back_days: section.whole("ship_back_days", 1..=90),
            return_arrives_days: section.whole("return_arrives_days", 1..=90),
            inspect_hours: section.whole("inspect_hours", 1..=720),
            escalate_hours: section.whole("escalate_hours", 1..=2_160),
            appeal_days: section.whole("appeal_days", 1..=90),
            replace_days: section.whole("replace_days", 1..=180),
            refund_confirm_days: section.whole("refund_confirm_days", 1..=60),
            disputes_count: section.whole("disputes_count", 1..=10),
            evidence_count: section.whole("evidence_count", 1..=200),
            evidence_picture_mib: section.whole("evidence_picture_mib", 1..=100),
            evidence_video_mib: section.whole("evidence_video_mib", 1..=4_096),
            evidence_document_mib: section.whole("evidence_document_mib", 1..=100),
            no_return_categories: section.texts(
                "no_return_categories",
                "a category of categories.toml",
                0,
                |code| Categories::shipped().get(code).map(|_| code.to_owned()),
            ),
            not_as_described: reason(ReasonClass::NotAsDescribed),
            counterfeit: reason(ReasonClass::Counterfeit),
            quality_durable: reason(ReasonClass::QualityDurable),
            quality_other: reason(ReasonClass::QualityOther),
            late: reason(ReasonClass::Late),
            lost: reason(ReasonClass::Lost),
            damaged: reason(ReasonClass::Damaged),
            changed_mind: reason(ReasonClass::ChangedMind),
        }
    }

    pub const fn reason(&self, class: ReasonClass) -> &ReasonPolicy {
        match class {
            ReasonClass::NotAsDescribed => &self.not_as_described,
            ReasonClass::Counterfeit => &self.counterfeit,
            ReasonClass::QualityDurable => &self.quality_durable,
            ReasonClass::QualityOther => &self.quality_other,
            ReasonClass::Late => &self.late,
            ReasonClass::Lost => &self.lost,
            ReasonClass::Damaged => &self.damaged,
            ReasonClass::ChangedMind => &self.changed_mind,
        }
    }

    /// The terms of one case.
    pub fn terms(&self, class: ReasonClass) -> CaseTerms {
        let reason = self.reason(class);
        CaseTerms {
            answer: Span::from_hours(self.answer_hours),
            offer_answer: Span::from_hours(self.offer_answer_hours),
            offers_count: self.offers_count,
            ship_back: Span::from_days(self.ship_back_days),
            arrive: Span::from_days(self.return_arrives_days),
            inspect: Span::from_hours(self.inspect_hours),
            escalate: Span::from_hours(self.escalate_hours),
            buyer_evidence: Span::from_hours(reason.buyer_evidence_hours),
            shop_evidence: Span::from_hours(reason.shop_evidence_hours),
            decide: Span::from_hours(reason.decide_hours),
            appeal: Span::from_days(self.appeal_days),
            replace: Span::from_days(self.replace_days),
            confirm_refund: Span::from_days(self.refund_confirm_days),
            disputes_count: self.disputes_count,
        }
    }

    /// Whether goods of the category may have to go back.
    pub fn may_be_returned(&self, category: &str) -> bool {
        let of = Categories::shipped().with_parent(category);
        !self.no_return_categories.iter().any(|code| of.contains(&code.as_str()))
    }
}
