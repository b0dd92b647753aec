//! People: who may do what, what counts as a name to sign in with, and how often one may try.

pub mod lockout;
pub mod names;
pub mod roles;

pub use names::{LoginName, NameFault};
pub use roles::{Permission, Role, Side};
