//! The only place where chance comes from: the system's for secrets, a seed for tests, demo and simulation.

use std::sync::{Arc, Mutex};

/// Where random bytes come from.
#[derive(Clone, Debug)]
pub enum Chance {
    System,
    /// The same seed gives the same bytes (SplitMix64, Steele and others 2014). Never for secrets of a live market.
    Seeded(Arc<Mutex<u64>>),
}

impl Chance {
    pub fn seeded(seed: u64) -> Self {
        Chance::Seeded(Arc::new(Mutex::new(seed)))
    }

    pub fn number(&self) -> u64 {
        match self {
            Chance::System => u64::from_le_bytes(system_bytes()),
            Chance::Seeded(state) => {
                let mut state = state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                next(&mut state)
            }
        }
    }

    /// 32 bytes: a session token, a key's secret, a salt.
    pub fn secret(&self) -> [u8; 32] {
        match self {
            Chance::System => system_bytes(),
            Chance::Seeded(_) => {
                let mut bytes = [0; 32];
                for part in bytes.chunks_mut(8) {
                    part.copy_from_slice(&self.number().to_le_bytes());
                }
                bytes
            }
        }
    }

    /// A whole number below `limit`, which must not be 0.
    pub fn below(&self, limit: u64) -> u64 {
        // The bias of the remainder is below 2^-32 for the limits used here (thousands).
        self.number() % limit
    }

    /// True `percent` times of a hundred.
    pub fn percent(&self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of a list which must not be empty.
    pub fn pick<'a, T>(&self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
}

fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place which asks the system for chance"
)]
fn system_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system has a source of randomness");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_chance() {
        let (a, b) = (Chance::seeded(7), Chance::seeded(7));
        assert_eq!(a.secret(), b.secret());
        assert_ne!(a.secret(), Chance::seeded(8).secret());
    }
}
