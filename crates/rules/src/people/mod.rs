//! People: who may try to sign in, and how often.

pub mod lockout;
