//! The document and the answers: neither may say what the other does not.

use std::collections::BTreeMap;

use axum::http::Method;
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::stage::Reply;

/// The document as answers are compared with it.
pub struct Contract {
    /// By method, path template and status: what the answer looks like. No validator: the answer is empty.
    answers: BTreeMap<(String, String, String), Option<Validator>>,
    paths: Vec<String>,
}

impl Contract {
    pub fn read() -> Contract {
        let document = serde_json::to_value(web::api::document()).expect("the document is JSON");
        let mut answers = BTreeMap::new();
        let paths = document["paths"].as_object().expect("paths");
        for (path, operations) in paths {
            for (method, operation) in operations.as_object().expect("operations") {
                for (status, response) in operation["responses"].as_object().expect("responses") {
                    let key = (method.to_uppercase(), path.clone(), status.clone());
                    answers.insert(key, validator(&document, response));
                }
            }
        }
        Contract { answers, paths: paths.keys().cloned().collect() }
    }

    /// Compares an answer of a documented route with what the document says of it.
    pub fn holds(&self, method: &Method, path: &str, reply: &Reply) {
        let Some(template) = self.template_of(path.split('?').next().unwrap_or(path)) else {
            return;
        };
        let of = |status: &str| {
            self.answers.get(&(method.to_string(), template.clone(), status.to_owned()))
        };
        let status = reply.status.as_u16().to_string();
        let Some(validator) = of(&status).or_else(|| of("default")) else {
            assert_eq!(reply.status.as_u16(), 405, "{method} {path} is not in the document");
            return;
        };
        match validator {
            Some(validator) => {
                let faults: Vec<String> = validator
                    .iter_errors(&reply.json)
                    .map(|error| format!("{} at {}", error, error.instance_path()))
                    .collect();
                assert!(faults.is_empty(), "{method} {path} {status}: {faults:?}\n{}", reply.json);
            }
            None => assert_eq!(reply.json, Value::Null, "{method} {path} {status}"),
        }
    }

    fn template_of(&self, path: &str) -> Option<String> {
        let fits = |template: &&String| {
            let (mut theirs, mut ours) = (template.split('/'), path.split('/'));
            loop {
                match (theirs.next(), ours.next()) {
                    (None, None) => return true,
                    (Some(name), Some(part)) if name.starts_with('{') || name == part => {}
                    _ => return false,
                }
            }
        };
        // A literal path wins over one with ids.
        self.paths.iter().filter(fits).min_by_key(|path| path.matches('{').count()).cloned()
    }
}

fn validator(document: &Value, response: &Value) -> Option<Validator> {
    let content = response.get("content")?.as_object()?;
    let schema = content.values().next()?.get("schema")?.clone();
    let whole = json!({ "allOf": [schema], "components": document["components"] });
    Some(jsonschema::validator_for(&whole).expect("the document's schemas are schemas"))
}

#[test]
fn the_kept_document_is_fresh() {
    let document = web::api::document();
    let mut text = serde_json::to_string_pretty(&document).expect("the document is JSON");
    text.push('\n');
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api/openapi.json");
    #[expect(clippy::disallowed_methods, reason = "a test asks whether to write the file anew")]
    if std::env::var("UPDATE_FRESH").is_ok() {
        std::fs::write(path, &text).expect("docs can be written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == text, "docs/api/openapi.json is not fresh: run ./check fresh");
}

#[test]
fn the_document_is_sound() {
    let document = serde_json::to_value(web::api::document()).expect("the document is JSON");
    assert_eq!(document["openapi"], "3.1.0");
    let mut references = Vec::new();
    gather_references(&document, &mut references);
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    let mut names = std::collections::BTreeSet::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            let name = operation["operationId"].as_str().unwrap_or_default();
            assert!(names.insert(name.to_owned()), "{method} {path}: {name} names two operations");
            assert!(operation["summary"].is_string(), "{method} {path} says what it is");
            let named = operation["parameters"].as_array().into_iter().flatten();
            let named: Vec<&str> = named.filter_map(|one| one["name"].as_str()).collect();
            for part in path.split('/').filter_map(|part| part.strip_prefix('{')) {
                let id = part.trim_end_matches('}');
                assert!(named.contains(&id), "{method} {path} does not say what {id} is");
            }
        }
    }
}

fn gather_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| gather_references(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| gather_references(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_documented_route_is_there_and_no_other() {
    store::testing::on_both_databases(async |store| {
        let counter = crate::stage::Counter::on(store).await;
        let document = serde_json::to_value(web::api::document()).expect("the document is JSON");
        let served = counter.get("", "/openapi.json").expect(200).await;
        assert_eq!(served, document, "what is served is what is kept");
        for (template, operations) in document["paths"].as_object().expect("paths") {
            let path = template.replace(['{', '}'], "");
            for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
                let ask = counter.ask(method.parse().expect("a method"), "", &path);
                let reply = ask.send().await;
                let code = reply.json["code"].as_str().unwrap_or_default();
                let documented = operations.get(method.to_lowercase()).is_some();
                assert_ne!(code, "no_such_route", "{method} {template}");
                assert_eq!(
                    code == "method_not_allowed",
                    !documented,
                    "{method} {template}: {}",
                    reply.json
                );
            }
        }
    });
}
