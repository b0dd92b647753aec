//! How payment providers are spoken to: one contract, and Stripe, Alipay and WeChat Pay behind it.
//!
//! This crate signs, sends, verifies and reads. It never decides what news means (that is `rules::payments`), and knows no
//! database: what is asked and what was answered is recorded by `actions`.

pub mod alipay;
mod amounts;
pub mod contract;
pub mod keys;
pub mod providers;
pub mod settings;
pub mod stripe;
pub mod wechat_pay;
pub mod wire;

pub use contract::{
    ForgedReason, GatewayError, Moment, NextStep, Notice, Opened, PaymentAsk, PaymentNews,
    PaymentRef, ProviderName, RefundAsk, RefundNews,
};
pub use providers::{Provider, Providers};
