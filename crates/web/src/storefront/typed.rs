//! What somebody typed into a form: kept as it came, so that a form which goes back still has it.

use actions::FieldFault;

use crate::format::Reader;
use crate::ui::forms::{Field, Input};
use crate::words::Msg;

/// A form's fields in the order they came.
#[derive(Clone, Debug, Default)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    /// The field's text, or nothing.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(key, _)| key != name);
        self.0.push((name.to_owned(), value.into()));
    }

    /// The fields whose names begin so, with the rest of the name.
    pub fn below<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .filter_map(move |(key, value)| Some((key.strip_prefix(prefix)?, value.as_str())))
    }

    /// What the form says without what is new in each copy of it: the body of an idempotent request.
    pub fn body(&self) -> Vec<u8> {
        let said = self.0.iter().filter(|(key, _)| key != "csrf" && key != "key");
        said.flat_map(|(key, value)| format!("{key}={value}\n").into_bytes()).collect()
    }
}

/// What is wrong with a field, in the reader's words.
pub fn fault_of(reader: &Reader, faults: &[FieldFault], field: &str) -> Option<String> {
    let fault = faults.iter().find(|fault| fault.field == field)?;
    let id = format!("fault-{}", fault.code.replace('_', "-"));
    // A code without words of its own is said in the act's English sentence rather than not at all.
    Some(Msg::named(&id).map_or_else(|| fault.sentence.clone(), |msg| reader.t(msg).into_owned()))
}

/// A text field which keeps what was typed and says what is wrong with it.
pub fn field(
    reader: &Reader,
    name: &str,
    label: Msg,
    typed: &Typed,
    faults: &[FieldFault],
) -> Field {
    Field::new(name, reader.t(label))
        .takes(Input::Text)
        .with_value(typed.get(name))
        .with_error(fault_of(reader, faults, name))
}
