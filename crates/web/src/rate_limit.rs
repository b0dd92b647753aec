//! How many requests one address or one key may send in a minute. In memory, for each process by itself.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actions::Market;
use actions::secrets::SecretHash;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::signed_in::key_of;

/// Buckets kept at most; past this the full ones go, and if that is not enough, all.
const MOST: usize = 100_000;
/// Files and signs of life cost nothing worth counting; a provider's notices come from few addresses, as many as there are
/// sales, and a forged one costs no more than the look at its signature.
const FREE: &[&str] = &["/assets/", "/pictures/", "/health", "/ready", "/hooks/payments/"];

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Who {
    Address(IpAddr),
    /// Only keys which have been found good: else each made-up key would come with a new bucket.
    Key(SecretHash),
}

/// What is left, in thousandths of a request, and since when.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: u64,
    at: Instant,
}

/// The buckets of this process. A minute's worth may come at once; then they fill again evenly.
#[derive(Clone, Debug)]
pub struct RateLimit {
    a_minute: u32,
    buckets: Arc<Mutex<HashMap<Who, Bucket>>>,
}

impl RateLimit {
    /// `a_minute` requests; 0 switches the limit off.
    pub fn new(a_minute: u32) -> Self {
        Self { a_minute, buckets: Arc::default() }
    }

    fn full(&self) -> u64 {
        u64::from(self.a_minute) * 1_000
    }

    fn filled(&self, bucket: Bucket, now: Instant) -> u64 {
        let passed = now.saturating_duration_since(bucket.at).min(Duration::from_secs(60));
        let gained = u64::from(self.a_minute) * passed.as_millis() as u64 / 60;
        (bucket.left + gained).min(self.full())
    }

    /// Takes one request, or says how many seconds to wait for it.
    fn take(&self, who: Who, now: Instant) -> Result<(), u32> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST && !buckets.contains_key(&who) {
            buckets.retain(|_, bucket| self.filled(*bucket, now) < self.full());
            if buckets.len() >= MOST {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(who).or_insert(Bucket { left: self.full(), at: now });
        let left = self.filled(*bucket, now);
        if left < 1_000 {
            let missing = (1_000 - left) * 60;
            let seconds = missing.div_ceil(u64::from(self.a_minute) * 1_000);
            return Err(u32::try_from(seconds).unwrap_or(60).max(1));
        }
        *bucket = Bucket { left: left - 1_000, at: now };
        Ok(())
    }
}

/// The layer: `axum::middleware::from_fn_with_state((limit, market), rate_limit::limit)`.
/// Needs the address of the other side: `into_make_service_with_connect_info::<SocketAddr>()`.
pub async fn limit(
    State((limit, market)): State<(RateLimit, Market)>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if limit.a_minute == 0 || FREE.iter().any(|free| path.starts_with(free)) {
        return next.run(request).await;
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let Some(who) = who(request.headers(), peer, &market) else { return next.run(request).await };
    match limit.take(who, Instant::now()) {
        Ok(()) => next.run(request).await,
        Err(seconds) => too_many(seconds),
    }
}

fn too_many(seconds: u32) -> Response {
    let says = format!("too many requests; try again in {seconds} seconds");
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", says);
    Problem { retry_after: Some(seconds), ..problem }.into_response()
}

/// Nobody, where the request comes from this machine itself: measurements and scripts of who runs the house.
fn who(headers: &HeaderMap, peer: Option<IpAddr>, market: &Market) -> Option<Who> {
    let address = behind_proxy(headers, peer?)?;
    if let Ok(Some(key)) = key_of(headers) {
        let secret = SecretHash::of(key);
        if market.keys.find(secret, market.now()).is_some() {
            return Some(Who::Key(secret));
        }
    }
    Some(Who::Address(address))
}

/// A proxy on the same machine says in `X-Forwarded-For` whom it speaks for. Its own entry is the last; those before it
/// anybody could write. Without that header nobody stands behind a local peer.
fn behind_proxy(headers: &HeaderMap, peer: IpAddr) -> Option<IpAddr> {
    if !peer.is_loopback() {
        return Some(peer);
    }
    let said = headers.get_all("x-forwarded-for").iter().next_back()?;
    let last = said.to_str().ok().and_then(|list| list.rsplit(',').next());
    Some(last.and_then(|address| address.trim().parse().ok()).unwrap_or(peer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn address(text: &str) -> Who {
        Who::Address(text.parse().unwrap())
    }

    #[test]
    fn a_minutes_worth_may_come_at_once_and_fills_again() {
        let limit = RateLimit::new(60);
        let start = Instant::now();
        let ann = address("192.0.2.1");
        for _ in 0..60 {
            assert_eq!(limit.take(ann, start), Ok(()));
        }
        assert_eq!(limit.take(ann, start), Err(1));
        assert_eq!(limit.take(address("192.0.2.2"), start), Ok(()), "another address");
        let later = start + Duration::from_millis(999);
        assert_eq!(limit.take(ann, later), Err(1));
        let later = start + Duration::from_millis(1_000);
        assert_eq!(limit.take(ann, later), Ok(()));
        assert_eq!(limit.take(ann, later), Err(1));
        let much_later = start + Duration::from_secs(3_600);
        let taken = (0..100).filter(|_| limit.take(ann, much_later).is_ok()).count();
        assert_eq!(taken, 60, "no more than a minute's worth is saved up");
    }

    #[test]
    fn who_must_wait_long_is_told_so() {
        let limit = RateLimit::new(1);
        let start = Instant::now();
        assert_eq!(limit.take(address("192.0.2.1"), start), Ok(()));
        assert_eq!(limit.take(address("192.0.2.1"), start), Err(60));
        let later = start + Duration::from_secs(45);
        assert_eq!(limit.take(address("192.0.2.1"), later), Err(15));
    }

    #[test]
    fn the_list_of_buckets_does_not_grow_for_ever() {
        let limit = RateLimit::new(60);
        let start = Instant::now();
        for number in 0..(MOST as u32 + 10) {
            let who = Who::Address(IpAddr::V4(number.into()));
            assert_eq!(limit.take(who, start + Duration::from_secs(u64::from(number))), Ok(()));
        }
        assert!(limit.buckets.lock().unwrap().len() < 100);
    }

    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("203.0.113.9, 198.51.100.7"));
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(behind_proxy(&headers, ip("127.0.0.1")), Some(ip("198.51.100.7")));
        assert_eq!(behind_proxy(&headers, ip("192.0.2.1")), Some(ip("192.0.2.1")));
        headers.insert("x-forwarded-for", HeaderValue::from_static("nonsense"));
        assert_eq!(behind_proxy(&headers, ip("::1")), Some(ip("::1")));
        assert_eq!(behind_proxy(&HeaderMap::new(), ip("::1")), None, "this machine itself");
    }
}
