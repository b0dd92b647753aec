//! Runs `policies/cases/*.toml`: facts in, verdict out, written so that nobody has to read code to follow them.
//!
//! A verdict names as much of the answer as the case is about. What each question takes and
//! answers is in `after_sales.rs`, `orders.rs`, `packing.rs`, `figures.rs`, `money.rs` and `delivery.rs` beside this file.

mod after_sales;
mod border;
mod delivery;
mod figures;
mod money;
mod orders;
mod packing;

use std::path::Path;

use rules::policy::{MarketCode, MarketPolicy, Policies, SHIPPED};
use serde::de::DeserializeOwned;
use toml::{Table, Value};

/// The answer to a question, or why the case itself is wrong.
type Answer = Result<Table, String>;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    case: Vec<Case>,
}

/// One worked case.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    market: MarketCode,
    question: String,
    facts: Table,
    verdict: Table,
}

impl Case {
    fn facts<T: DeserializeOwned>(&self) -> Result<T, String> {
        self.facts.clone().try_into().map_err(|error| format!("facts: {error}"))
    }

    fn market<'p>(&self, policies: &'p Policies) -> Result<&'p MarketPolicy, String> {
        policies.market(self.market).ok_or_else(|| format!("there is no market {}", self.market))
    }
}

/// What the rules say about the facts of a case.
type Ask = fn(&Policies, &Case) -> Answer;

const QUESTIONS: [(&str, Ask); 25] = [
    ("help", after_sales::help),
    ("case_course", after_sales::course),
    ("liable", after_sales::liable),
    ("evidence", after_sales::evidence),
    ("order_course", orders::course),
    ("order_size", orders::size),
    ("basket", orders::basket),
    ("tax", money::tax),
    ("border", border::border),
    ("commission", money::commission),
    ("settlement", money::settlement),
    ("refund_administration", money::refund_administration),
    ("payout", money::payout),
    ("payout_course", money::payout_course),
    ("shipping", delivery::shipping),
    ("packing", packing::limits),
    ("figure", figures::figure),
    ("address", delivery::address),
    ("order_answers", orders::answers),
    ("order_check", orders::look),
    ("tracking_number", delivery::tracking_number),
    ("tracking_change", orders::tracking_change),
    ("wrong_passwords", orders::wrong_passwords),
    ("password", orders::password),
    ("remembered", orders::remembered),
];

/// What is wrong with a case under these policies; nothing when it holds.
fn fault(case: &Case, policies: &Policies) -> Option<String> {
    let known = QUESTIONS.iter().find(|(name, _)| *name == case.question);
    let Some((_, ask)) = known else { return Some(format!("no question {:?}", case.question)) };
    let answer = match ask(policies, case) {
        Ok(answer) => answer,
        Err(wrong) => return Some(wrong),
    };
    if case.verdict.is_empty() {
        return Some("the case expects nothing".to_owned());
    }
    let differs = |(name, expected): (&String, &Value)| match answer.get(name) {
        Some(answered) if answered == expected => None,
        Some(answered) => Some(format!("{name}: expected {expected}, the rules say {answered}")),
        None => Some(format!("{name}: expected {expected}, the rules say nothing of it")),
    };
    let differences: Vec<String> = case.verdict.iter().filter_map(differs).collect();
    (!differences.is_empty()).then(|| differences.join("; "))
}

/// All cases with the file they stand in.
fn cases() -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/cases");
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(folder).expect("policies/cases is there") {
        let path = entry.expect("a readable folder").path();
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let file: CaseFile =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!file.case.is_empty(), "{name} has no case");
        cases.extend(file.case.into_iter().map(|case| (name.clone(), case)));
    }
    cases
}

#[test]
fn the_worked_cases_hold() {
    let policies = Policies::shipped();
    let broken: Vec<String> = cases()
        .iter()
        .filter_map(|(file, case)| {
            let fault = fault(case, &policies)?;
            Some(format!("policies/cases/{file}: {:?}: {fault}", case.title))
        })
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_question_is_asked() {
    let cases = cases();
    for (question, _) in QUESTIONS {
        let asked = cases.iter().any(|(_, case)| case.question == question);
        assert!(asked, "no case asks {question:?}");
    }
}

/// A number which no case notices could be changed by a slip of the hand.
#[test]
fn every_number_is_held_by_a_case() {
    let cases = cases();
    let mut unnoticed = Vec::new();
    for (file, text) in SHIPPED.into_iter().filter(|(file, _)| *file != "shipping.toml") {
        for (place, line) in text.lines().enumerate() {
            let Some((name, number)) = line.split_once(" = ") else { continue };
            let is_region = file == "markets.toml" && name.len() == 2;
            let (Ok(number), false) = (number.parse::<i64>(), is_region) else { continue };
            let changed = [number + 1, number - 1].into_iter().find_map(|number| {
                let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
                lines[place] = format!("{name} = {number}");
                load_with(file, &lines.join("\n"))
            });
            // Where neither loads, another setting already holds this one in its place.
            let Some(changed) = changed else { continue };
            if !cases.iter().any(|(_, case)| fault(case, &changed).is_some()) {
                unnoticed.push(format!("policies/{file}:{}: {line}", place + 1));
            }
        }
    }
    assert!(unnoticed.is_empty(), "no case notices a change of\n{}", unnoticed.join("\n"));
}

fn load_with(changed: &str, text: &str) -> Option<Policies> {
    let files = SHIPPED.map(|(file, shipped)| (file, if file == changed { text } else { shipped }));
    Policies::load(&files).ok()
}

/// An answer out of its parts; a part without a value is left out.
fn said<const N: usize>(parts: [(&str, Option<Value>); N]) -> Table {
    parts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn text(value: impl ToString) -> Option<Value> {
    Some(Value::String(value.to_string()))
}
