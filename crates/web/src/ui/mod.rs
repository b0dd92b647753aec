//! The design system of the storefront and the consoles: typed components, drawn on the server.
//!
//! A page is a shell around components, and every text comes from [`Msg`](crate::words::Msg):
//!
//! ```ignore
//! let head = PageHead { csrf, person: Some(name), ..PageHead::new(reader, r.t(Msg::NavOrders), Place::SellerOrders) };
//! let list = ListPage {
//!     title: r.t(Msg::NavOrders).into(),
//!     tabs: vec![Tab { label: r.t(Msg::OrderAwaitingShipment).into(), href: "?view=to-ship".into(), count: Some(12), current: true }],
//!     columns: vec![Column::new(r.t(Msg::ColumnOrder)).leading(), Column::new(r.t(Msg::ColumnTotal)).numeric()],
//!     rows: orders.iter().map(|o| Row { key: o.id.to_string(), cells: vec![html! { a href=(..) { (o.id) } }, amount(r, o.total)], overdue: false }).collect(),
//!     ..ListPage::default()
//! };
//! Ok(seller_page(&head, list_page(r.words, &list)))
//! ```
//!
//! Never: a colour without a word, a style attribute, a script in the page (the content policy forbids both),
//! or a sentence in Rust.

pub mod badges;
pub mod border;
pub mod buying;
pub mod charts;
pub mod copy;
pub mod countdown;
pub mod detail;
pub mod due;
pub mod flash;
pub mod flow;
pub mod forms;
pub mod gallery;
pub mod icons;
pub mod layout;
pub mod list;
pub mod money_table;
pub mod nav;
pub mod payout_steps;
pub mod qr;
pub mod shop_window;
pub mod timeline;
