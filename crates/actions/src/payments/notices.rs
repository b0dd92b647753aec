//! Notices of payment providers: verified, read, and handed to whatever row they are about.
//!
//! The reference in a notice leads to the row; what has no reference of ours belongs to another program with the same
//! account, and is none of our business.

use gateways::{GatewayError, Notice, ProviderName};
use http::HeaderMap;
use rules::payments::references::Reference;

use super::attempts::take_attempt_news;
use super::refunds::{take_refund_news, take_return_news};
use crate::failure::Failure;
use crate::market::Market;

/// Why a notice was not taken. Its sender sends it again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeFault {
    /// Nobody here has an account with this provider.
    #[error("this provider is not set up")]
    NotSetUp,
    /// Not genuine, or not readable.
    #[error(transparent)]
    NotTaken(#[from] GatewayError),
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// Takes a notice as it came to the webhook. The same one again changes nothing.
pub async fn take_provider_notice(
    market: &Market,
    name: ProviderName,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(), NoticeFault> {
    let providers = market.providers();
    let provider = providers.get(name).ok_or(NoticeFault::NotSetUp)?;
    let notice = provider.read_notice(headers, body, market.moment())?;
    let code = name.code();
    let reference = match &notice {
        Notice::Payment { reference, .. } | Notice::Refund { reference, .. } => reference.parse(),
        Notice::Other => return Ok(()),
    };
    let Ok(reference) = reference else { return Ok(()) };
    match (notice, reference) {
        (Notice::Payment { news, .. }, Reference::Attempt { buyer, attempt }) => {
            take_attempt_news(market, (buyer, attempt), code, news).await?;
        }
        (Notice::Refund { news, .. }, Reference::Refund { shop, refund }) => {
            take_refund_news(market, code, (shop, refund), &news).await?;
        }
        (Notice::Refund { news, .. }, Reference::Return { buyer, attempt }) => {
            take_return_news(market, code, (buyer, attempt), &news).await?;
        }
        // A payment's news under a refund's name, or the other way round: nobody we know says so.
        (Notice::Payment { .. } | Notice::Refund { .. } | Notice::Other, _) => {}
    }
    Ok(())
}
