//! Questions about a shop's fulfilment figures.

use rules::figures::{Count, Figure, judge};
use rules::policy::Policies;
use serde::Deserialize;
use toml::Value;

use super::{Answer, Case, said, text};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Measured {
    figure: String,
    met: i64,
    of: i64,
}

pub fn figure(policies: &Policies, case: &Case) -> Answer {
    let facts: Measured = case.facts()?;
    let figure =
        Figure::parse(&facts.figure).ok_or_else(|| format!("no figure {}", facts.figure))?;
    let policy = policies.figures(case.market);
    let verdict = judge(policy, figure, Count { counted: facts.of, met: facts.met });
    let days = policy.target(figure).days_count;
    Ok(said([("verdict", text(verdict.code())), ("days", Some(Value::Integer(days)))]))
}
