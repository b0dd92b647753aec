//! Which money moves when an order is paid, settles, or is given back. The table is money.md's "What moves when".

use super::OrderAmounts;
use crate::ledger::{Account, Transfer, TransferCode, transfer};
use crate::settlement::terms::reserve_share;

/// The buyer's money arrives, the house adds its share of discounts, and tax and duty are set apart.
pub fn captured(amounts: &OrderAmounts) -> Vec<Transfer> {
    let parts = authority_parts(amounts);
    let (collected, escrow) = (TransferCode::TaxCollected, Account::Escrow);
    moved([
        transfer(
            TransferCode::PaymentCaptured,
            Account::ProviderClearing,
            escrow,
            amounts.total_minor - parts.tax_from_provider - parts.duty_from_provider,
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
            amounts.house_discount_minor,
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
/// Also answers the reserve's part, in minor units.
pub fn settled(amounts: &OrderAmounts, reserve_bp: i64) -> (Vec<Transfer>, i64) {
    let after_commission = amounts.escrow_minor() - amounts.commission_minor;
    let reserve = reserve_share(after_commission, reserve_bp);
    let transfers = moved([
        transfer(
            TransferCode::Commission,
            Account::Escrow,
            Account::Commission,
            amounts.commission_minor,
        ),
        transfer(TransferCode::ReserveKept, Account::Escrow, Account::Reserve, reserve),
        transfer(
            TransferCode::SaleProceeds,
            Account::Escrow,
            Account::Available,
            after_commission - reserve,
        ),
    ]);
    (transfers, reserve)
}

/// The mirror of [`captured`]: everything the buyer paid goes back, the house's share returns to the house.
///
/// Only for goods which never left: a duty on goods which have crossed the border stays with the authority.
pub fn refunded_in_full(amounts: &OrderAmounts) -> Vec<Transfer> {
    let parts = authority_parts(amounts);
    let (escrow, back) = (Account::Escrow, Account::RefundTransit);
    let (tax, duty) = (TransferCode::TaxRefunded, TransferCode::DutyRefunded);
    moved([
        transfer(tax, Account::TaxPayable, escrow, parts.tax_through_escrow),
        transfer(duty, Account::DutyPayable, escrow, parts.duty_through_escrow),
        transfer(
            TransferCode::HouseDiscountReturned,
            escrow,
            Account::Promotion,
            amounts.house_discount_minor,
        ),
        transfer(
            TransferCode::Refund,
            escrow,
            back,
            amounts.total_minor - parts.tax_from_provider - parts.duty_from_provider,
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
fn authority_parts(amounts: &OrderAmounts) -> AuthorityParts {
    let tax_from_provider = amounts.tax_minor.min(amounts.total_minor);
    let duty_from_provider = amounts.duty_minor.min(amounts.total_minor - tax_from_provider);
    AuthorityParts {
        tax_from_provider,
        tax_through_escrow: amounts.tax_minor - tax_from_provider,
        duty_from_provider,
        duty_through_escrow: amounts.duty_minor - duty_from_provider,
    }
}

/// A transfer of nothing is not written.
fn moved<const N: usize>(transfers: [Transfer; N]) -> Vec<Transfer> {
    transfers.into_iter().filter(|transfer| transfer.amount_minor > 0).collect()
}
