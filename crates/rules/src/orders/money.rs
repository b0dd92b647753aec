//! Which money moves when an order is paid, settles, or is given back. The table is money.md's "What moves when".

use super::OrderAmounts;
use super::refunds::Shares;
use crate::ledger::{Account, Transfer, TransferCode, transfer};
use crate::settlement::terms::reserve_share;

/// The buyer's money arrives, the house adds its share of discounts, and tax and duty are set apart.
pub fn captured(amounts: &OrderAmounts) -> Vec<Transfer> {
    paid_more(amounts.shares())
}

/// As [`captured`], for money which comes later: a substitute which costs more.
pub fn paid_more(part: Shares) -> Vec<Transfer> {
    let parts = authority_parts(part);
    let (collected, escrow) = (TransferCode::TaxCollected, Account::Escrow);
    moved([
        transfer(
            TransferCode::PaymentCaptured,
            Account::ProviderClearing,
            escrow,
            part.paid_minor - parts.tax_from_provider - parts.duty_from_provider,
        ),
        transfer(
            collected,
            Account::ProviderClearing,
            Account::TaxPayable,
            parts.tax_from_provider,
        ),
        transfer(
            TransferCode::DutyCollected,
            Account::ProviderClearing,
            Account::DutyPayable,
            parts.duty_from_provider,
        ),
        transfer(
            TransferCode::HouseDiscount,
            Account::Promotion,
            escrow,
            part.house_discount_minor,
        ),
        transfer(collected, escrow, Account::TaxPayable, parts.tax_through_escrow),
        transfer(
            TransferCode::DutyCollected,
            escrow,
            Account::DutyPayable,
            parts.duty_through_escrow,
        ),
    ])
}

/// Escrow is shared out. The shop gets what rounding leaves, so the parts always add up to the whole.
/// A fee which is more than the shop's share becomes its debt. Also answers the reserve's part, in minor units.
pub fn settled(left: &OrderAmounts, reserve_bp: i64) -> (Vec<Transfer>, i64) {
    let after_commission = left.escrow_minor() - left.commission_minor;
    let fee = left.fee_minor.min(after_commission);
    let share = after_commission - fee;
    let reserve = reserve_share(share, reserve_bp);
    let to = |code, account, minor| transfer(code, Account::Escrow, account, minor);
    let transfers = moved([
        to(TransferCode::Commission, Account::Commission, left.commission_minor),
        to(TransferCode::RefundFee, Account::Fees, fee),
        transfer(TransferCode::RefundFee, Account::Debt, Account::Fees, left.fee_minor - fee),
        to(TransferCode::ReserveKept, Account::Reserve, reserve),
        to(TransferCode::SaleProceeds, Account::Available, share - reserve),
    ]);
    (transfers, reserve)
}

/// The mirror of [`captured`]: everything which is left goes back, the house's share returns to the house.
///
/// Only for goods which never left: a duty on goods which have crossed the border stays with the authority.
pub fn refunded_in_full(left: &OrderAmounts) -> Vec<Transfer> {
    given_back(left.shares())
}

/// A part goes back to the buyer.
pub fn given_back(part: Shares) -> Vec<Transfer> {
    let parts = authority_parts(part);
    let (escrow, back) = (Account::Escrow, Account::RefundTransit);
    let (tax, duty) = (TransferCode::TaxRefunded, TransferCode::DutyRefunded);
    moved([
        transfer(tax, Account::TaxPayable, escrow, parts.tax_through_escrow),
        transfer(duty, Account::DutyPayable, escrow, parts.duty_through_escrow),
        transfer(
            TransferCode::HouseDiscountReturned,
            escrow,
            Account::Promotion,
            part.house_discount_minor,
        ),
        transfer(
            TransferCode::Refund,
            escrow,
            back,
            part.paid_minor - parts.tax_from_provider - parts.duty_from_provider,
        ),
        transfer(tax, Account::TaxPayable, back, parts.tax_from_provider),
        transfer(duty, Account::DutyPayable, back, parts.duty_from_provider),
    ])
}

/// The carrier pays the buyer back and the shop keeps its proceeds; nothing is kept in reserve for it.
pub fn lost_by_carrier(amounts: &OrderAmounts) -> Vec<Transfer> {
    let refund = transfer(
        TransferCode::Refund,
        Account::CarrierClaims,
        Account::RefundTransit,
        amounts.total_minor,
    );
    let (mut transfers, _) = settled(amounts, 0);
    transfers.extend(moved([refund]));
    transfers
}

/// What authorities get of an order, by where it comes from; minor units.
struct AuthorityParts {
    tax_from_provider: i64,
    tax_through_escrow: i64,
    duty_from_provider: i64,
    duty_through_escrow: i64,
}

/// Tax and duty are normally part of what the provider holds. A house discount can make the buyer's part smaller than
/// they are; then the rest comes out of escrow.
fn authority_parts(part: Shares) -> AuthorityParts {
    let tax_from_provider = part.tax_minor.min(part.paid_minor);
    let duty_from_provider = part.duty_minor.min(part.paid_minor - tax_from_provider);
    AuthorityParts {
        tax_from_provider,
        tax_through_escrow: part.tax_minor - tax_from_provider,
        duty_from_provider,
        duty_through_escrow: part.duty_minor - duty_from_provider,
    }
}

/// A transfer of nothing is not written.
fn moved<const N: usize>(transfers: [Transfer; N]) -> Vec<Transfer> {
    transfers.into_iter().filter(|transfer| transfer.amount_minor > 0).collect()
}
