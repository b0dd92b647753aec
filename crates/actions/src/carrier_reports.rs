//! Signed reports of carriers: `POST /hooks/carriers/{carrier}`. The sandbox carrier comes in by the same door.
//!
//! A report names parcels by tracking number and pieces of news by the carrier's own reference. Each piece is an act of
//! its own: one which cannot be taken in does not stop the others, and a report which comes again changes nothing.

use rules::shipping::parcels::CarrierNews;
use rules::shipping::tracking_numbers;
use rules::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Tx, parcels};

use crate::carrier_keys::{self, Signed};
use crate::clock::system_now;
use crate::failure::{Failure, FieldFault};
use crate::market::{Market, Mode};
use crate::parcels::{TakeNews, take_news};

/// Pieces of news in one report at most.
pub const MOST_NEWS: usize = 100;
/// Characters of a carrier's reference, of a number and of a place.
const LONGEST: usize = 200;
/// A carrier's clock may be this far ahead of ours: it writes local times now and then.
const AHEAD: Span = Span::from_hours(26);

/// The body of a report.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    pub news: Vec<ReportedNews>,
}

/// One piece of news of one parcel.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportedNews {
    pub tracking_number: String,
    /// The carrier's own name for this piece of news: the same one again changes nothing.
    pub carrier_ref: String,
    pub news: CarrierNews,
    #[serde(default)]
    pub place: String,
    pub happened_at: Timestamp,
}

/// What became of one piece of news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Taken,
    /// It had come before.
    Known,
    /// No parcel of this house travels under the number.
    UnknownNumber,
}

/// The answer to one piece of news.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewsAnswer {
    pub carrier_ref: String,
    pub outcome: Outcome,
}

/// Takes a signed report in. `signature` is the header: `t=<unix seconds>,v1=<hexadecimal>`, more than one `v1` allowed.
/// Nothing where the signature is wrong, whatever is wrong with it: who knocks learns nothing.
pub async fn take_report(
    market: &Market,
    carrier: &str,
    signature: &str,
    body: &[u8],
) -> Result<Option<Vec<NewsAnswer>>, Failure> {
    let Some((seconds, shown)) = read_signature(signature) else { return Ok(None) };
    if !is_fresh(market, seconds) {
        return Ok(None);
    }
    let signed = Signed { carrier: carrier.to_owned(), seconds, shown, body: body.to_vec() };
    let signer = carrier_keys::signer(market, &signed).await?;
    if signer.is_none() {
        return Ok(None);
    }
    let report = read(&signed.body)?;
    check(market, &report)?;
    let mut answers = Vec::with_capacity(report.news.len());
    for news in report.news {
        let carrier_ref = news.carrier_ref.clone();
        let outcome = take_one(market, &signed.carrier, news).await?;
        answers.push(NewsAnswer { carrier_ref, outcome });
    }
    Ok(Some(answers))
}

fn read(body: &[u8]) -> Result<Report, Failure> {
    serde_json::from_slice(body)
        .map_err(|error| Failure::invalid("news", "not_readable", error.to_string()))
}

fn read_signature(text: &str) -> Option<(i64, Vec<String>)> {
    let pairs: Vec<(&str, &str)> =
        text.split(',').filter_map(|part| part.trim().split_once('=')).collect();
    let seconds = pairs.iter().find(|(name, _)| *name == "t")?.1.parse().ok()?;
    let values = pairs.iter().filter(|(name, _)| *name == "v1").map(|(_, value)| *value);
    let shown: Vec<String> = values.map(str::to_owned).collect();
    (!shown.is_empty()).then_some((seconds, shown))
}

/// A caught report cannot be sent again later. In a sandbox the carrier's clock may be the system's or the moved one.
fn is_fresh(market: &Market, seconds: i64) -> bool {
    let signed_at = Timestamp::from_ms(seconds.saturating_mul(1_000));
    let tolerance = market.policies().1.access().carrier_signature_holds();
    let near = |now: Timestamp| now.since(signed_at).ms().abs() <= tolerance.ms();
    near(market.now()) || (market.mode == Mode::Sandbox && near(system_now()))
}

fn check(market: &Market, report: &Report) -> Result<(), Failure> {
    let mut faults = Vec::new();
    if report.news.is_empty() || report.news.len() > MOST_NEWS {
        let says = format!("a report has 1 to {MOST_NEWS} pieces of news");
        faults.push(FieldFault::new("news", "out_of_range", says));
    }
    let latest = market.now() + AHEAD;
    for (place, news) in report.news.iter().take(MOST_NEWS).enumerate() {
        let mut fault = |field: &str, code, says: &str| {
            faults.push(FieldFault::new(format!("news[{place}].{field}"), code, says));
        };
        if !is_line(&news.carrier_ref) || news.carrier_ref.is_empty() {
            fault("carrier_ref", "not_readable", "1 to 200 characters in one line");
        }
        if !is_line(&news.tracking_number) || news.tracking_number.is_empty() {
            fault("tracking_number", "not_readable", "1 to 200 characters in one line");
        }
        if !is_line(&news.place) {
            fault("place", "too_long", "at most 200 characters in one line");
        }
        if news.happened_at > latest {
            fault("happened_at", "in_the_future", "this has not happened yet");
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::Invalid(faults)) }
}

fn is_line(text: &str) -> bool {
    text.chars().count() <= LONGEST && !text.chars().any(char::is_control)
}

/// Several orders may travel under one number: each hears the news.
async fn take_one(market: &Market, carrier: &str, news: ReportedNews) -> Result<Outcome, Failure> {
    let code = carrier.to_owned();
    let number = as_kept(market, carrier, &news.tracking_number);
    let found = market
        .store
        .read(async move |tx: &mut Tx| {
            Ok::<_, Failure>(parcels::under_number(tx, &code, &number).await?)
        })
        .await?;
    if found.is_empty() {
        return Ok(Outcome::UnknownNumber);
    }
    let mut taken = false;
    for parcel in found {
        let ask = TakeNews {
            shop: parcel.shop,
            parcel: parcel.id,
            carrier_ref: news.carrier_ref.clone(),
            news: news.news,
            place: news.place.clone(),
            happened_at: news.happened_at,
        };
        taken |= take_news(market, ask).await?;
    }
    Ok(if taken { Outcome::Taken } else { Outcome::Known })
}

/// The number as shipping keeps it: carriers write spaces where shops do not.
fn as_kept(market: &Market, carrier: &str, number: &str) -> String {
    let (_, policies) = market.policies();
    let mut known = policies.markets().filter_map(|m| policies.shipping(m.code).carrier(carrier));
    known
        .next()
        .and_then(|carrier| tracking_numbers::accept(carrier, number))
        .unwrap_or_else(|| number.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_has_a_time_and_at_least_one_value() {
        assert_eq!(read_signature("t=5,v1=ab"), Some((5, vec!["ab".to_owned()])));
        assert_eq!(
            read_signature("t=5, v1=ab, v1=cd, v0=x"),
            Some((5, vec!["ab".to_owned(), "cd".to_owned()]))
        );
        for text in ["", "t=5", "v1=ab", "t=x,v1=ab", "5.ab"] {
            assert_eq!(read_signature(text), None, "{text:?}");
        }
    }
}
