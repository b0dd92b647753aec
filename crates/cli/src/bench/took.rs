//! What came out: percentiles of how long things took.

use std::time::Duration;

/// Two digits after the point.
pub fn round(figure: f64) -> f64 {
    (figure * 100.0).round() / 100.0
}

/// In milliseconds; of a sorted list.
pub fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let place = sorted.len() * percent / 100;
    let took = sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default();
    round(took.as_secs_f64() * 1_000.0)
}

/// Of an unsorted one: the middle and the slowest of a hundred, in milliseconds.
pub fn p50_p99(mut took: Vec<Duration>) -> (f64, f64) {
    took.sort_unstable();
    (percentile(&took, 50), percentile(&took, 99))
}
