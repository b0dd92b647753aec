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
