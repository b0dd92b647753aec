//! After-sales on both databases: who asks, who answers, what silence does, and where the money comes from.

mod arbitration;
mod asking;
mod scene;
