//! Which money moves when an order is paid, settles, or is given back. The table is money.md's "What moves when".

use super::OrderAmounts;
use crate::ledger::{Account, Transfer, TransferCode, transfer};
use crate::settlement::terms::reserve_share;

/// The buyer's money arrives, the house adds its share of discounts, and tax is set apart.
pub fn captured(amounts: &OrderAmounts) -> Vec<Transfer> {
    let (through_escrow, from_provider) = tax_parts(amounts);
    moved([
        transfer(
            TransferCode::PaymentCaptured,
            Account::ProviderClearing,
            Account::Escrow,
            amounts.total_minor - from_provider,
        ),
        transfer(
            TransferCode::TaxCollected,
            Account::ProviderClearing,
            Account::TaxPayable,
            from_provider,
        ),
        transfer(
            TransferCode::HouseDiscount,
            Account::Promotion,
            Account::Escrow,
            amounts.house_discount_minor,
        ),
        transfer(TransferCode::TaxCollected, Account::Escrow, Account::TaxPayable, through_escrow),
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
pub fn refunded_in_full(amounts: &OrderAmounts) -> Vec<Transfer> {
    let (through_escrow, to_provider) = tax_parts(amounts);
    moved([
        transfer(TransferCode::TaxRefunded, Account::TaxPayable, Account::Escrow, through_escrow),
        transfer(
            TransferCode::HouseDiscountReturned,
            Account::Escrow,
            Account::Promotion,
            amounts.house_discount_minor,
        ),
        transfer(
            TransferCode::Refund,
            Account::Escrow,
            Account::RefundTransit,
            amounts.total_minor - to_provider,
        ),
        transfer(
            TransferCode::TaxRefunded,
            Account::TaxPayable,
            Account::RefundTransit,
            to_provider,
        ),
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

/// Tax is normally part of what the provider holds. A house discount can make the buyer's part smaller
/// than the tax; then the rest of the tax comes out of escrow. Answers (through escrow, from the provider).
fn tax_parts(amounts: &OrderAmounts) -> (i64, i64) {
    let from_provider = amounts.tax_minor.min(amounts.total_minor);
    (amounts.tax_minor - from_provider, from_provider)
}

/// A transfer of nothing is not written.
fn moved<const N: usize>(transfers: [Transfer; N]) -> Vec<Transfer> {
    transfers.into_iter().filter(|transfer| transfer.amount_minor > 0).collect()
}
