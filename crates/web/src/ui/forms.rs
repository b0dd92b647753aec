//! Forms: a field has its label, its hint, and its error next to it, and keeps what was typed.

use maud::{Markup, html};

use crate::ui::icons::{Icon, icon};
use crate::words::{Msg, Words};

/// How much a button weighs. One primary button a page; `Danger` only where the act cannot be undone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    Primary,
    #[default]
    Plain,
    Quiet,
    Danger,
}

impl Look {
    pub const fn class(self) -> &'static str {
        match self {
            Look::Primary => "button primary",
            Look::Plain => "button",
            Look::Quiet => "button quiet",
            Look::Danger => "button danger",
        }
    }
}

/// The hidden field against forged requests; in every form which posts.
pub fn csrf_field(token: &str) -> Markup {
    html! { input type="hidden" name="csrf" value=(token); }
}

/// The button that sends its form.
pub fn submit(look: Look, text: &str) -> Markup {
    html! { button type="submit" class=(look.class()) { (text) } }
}

/// As [`submit`], with an icon before the word.
pub fn submit_with(look: Look, picture: Icon, text: &str) -> Markup {
    html! { button type="submit" class=(look.class()) { (icon(picture)) (text) } }
}

/// A link which looks like a button: for going somewhere, never for changing something.
pub fn link_button(look: Look, href: &str, text: &str) -> Markup {
    html! { a class=(look.class()) href=(href) { (text) } }
}

/// As [`link_button`], with an icon before the word.
pub fn link_button_with(look: Look, href: &str, picture: Icon, text: &str) -> Markup {
    html! { a class=(look.class()) href=(href) { (icon(picture)) (text) } }
}

/// A whole form around one button: an act without further questions.
pub fn act(look: Look, action: &str, csrf: &str, hidden: &[(&str, &str)], text: &str) -> Markup {
    html! {
        form.act method="post" action=(action) {
            (csrf_field(csrf))
            @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
            (submit(look, text))
        }
    }
}

/// What a field takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Input {
    #[default]
    Text,
    Email,
    Password {
        new: bool,
    },
    /// A telephone number.
    Phone,
    /// Whole numbers; shown with a numeric keyboard.
    Number {
        min: Option<i64>,
        max: Option<i64>,
    },
    /// "12.34" with the currency's code after it.
    Money {
        currency: String,
    },
    Date,
    Search,
    /// Several lines.
    Long {
        rows: u8,
    },
    /// One of several (value, label).
    Choice(Vec<(String, String)>),
    File {
        accept: String,
    },
    /// Yes or no; `value` is "on" when ticked.
    Tick,
}

/// One field. Build it with [`Field::new`] and the `with_…`/`and_…` methods, draw it with [`Field::draw`].
#[derive(Clone, Debug, Default)]
pub struct Field {
    pub name: String,
    /// Tells fields of one name apart where a page has several forms.
    pub scope: String,
    pub label: String,
    pub input: Input,
    /// What was typed, or what is stored.
    pub value: String,
    /// One sentence under the label.
    pub hint: String,
    /// What is wrong and how to put it right; shown under the field.
    pub error: Option<String>,
    pub required: bool,
    /// The browser's `autocomplete` word ("street-address", "one-time-code", …).
    pub autocomplete: String,
    pub placeholder: String,
}

impl Field {
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field { name: name.into(), label: label.into(), ..Field::default() }
    }

    /// The field belongs to one of several forms with the same fields.
    pub fn within(self, scope: impl Into<String>) -> Field {
        Field { scope: scope.into(), ..self }
    }

    pub fn takes(self, input: Input) -> Field {
        Field { input, ..self }
    }

    pub fn with_value(self, value: impl Into<String>) -> Field {
        Field { value: value.into(), ..self }
    }

    pub fn with_hint(self, hint: impl Into<String>) -> Field {
        Field { hint: hint.into(), ..self }
    }

    pub fn with_error(self, error: Option<String>) -> Field {
        Field { error, ..self }
    }

    pub fn required(self) -> Field {
        Field { required: true, ..self }
    }

    pub fn autocomplete(self, word: impl Into<String>) -> Field {
        Field { autocomplete: word.into(), ..self }
    }

    pub fn placeholder(self, text: impl Into<String>) -> Field {
        Field { placeholder: text.into(), ..self }
    }

    /// The field with label, hint and error.
    pub fn draw(&self, words: Words) -> Markup {
        let wrong = self.error.is_some();
        html! {
            div class={ "field" @if wrong { " wrong" } @if self.input == Input::Tick { " tick" } } {
                @if self.input == Input::Tick { (self.control()) }
                label for=(self.id()) {
                    (self.label)
                    @if !self.required && self.asks() { span.optional { (words.t(Msg::FieldOptional)) } }
                }
                @if !self.hint.is_empty() { p.hint id={ (self.id()) "-hint" } { (self.hint) } }
                @if self.input != Input::Tick { (self.control()) }
                @if let Some(error) = &self.error {
                    p.error id={ (self.id()) "-error" } { (icon(Icon::Warning)) span { (error) } }
                }
            }
        }
    }

    /// The field for a filter row: label hidden behind the placeholder or first choice.
    pub fn draw_small(&self) -> Markup {
        html! {
            div.field.small {
                label.unseen for=(self.id()) { (self.label) }
                (self.control())
            }
        }
    }

    /// Whether leaving it empty is worth a remark.
    fn asks(&self) -> bool {
        !matches!(self.input, Input::Tick | Input::Choice(_) | Input::Search)
    }

    fn id(&self) -> String {
        match self.scope.as_str() {
            "" => format!("field-{}", self.name),
            scope => format!("field-{scope}-{}", self.name),
        }
    }

    fn control(&self) -> Markup {
        match &self.input {
            Input::Long { rows } => html! {
                textarea id=(self.id()) name=(self.name) rows=(rows) required[self.required]
                    aria-invalid=[self.error.as_ref().map(|_| "true")] aria-describedby=[self.described()] { (self.value) }
            },
            Input::Choice(choices) => html! {
                select id=(self.id()) name=(self.name) required[self.required]
                    aria-invalid=[self.error.as_ref().map(|_| "true")] aria-describedby=[self.described()] {
                    @for (value, label) in choices {
                        option value=(value) selected[*value == self.value] { (label) }
                    }
                }
            },
            Input::Tick => html! {
                input type="checkbox" id=(self.id()) name=(self.name) value="on" checked[self.value == "on"]
                    required[self.required] aria-describedby=[self.described()];
            },
            Input::Money { currency } => html! {
                div.money-input { (self.line("text")) span aria-hidden="true" { (currency) } }
            },
            Input::Search => {
                html! { div.search-input { (icon(Icon::Search)) (self.line("search")) } }
            }
            Input::Text => self.line("text"),
            Input::Email => self.line("email"),
            Input::Password { .. } => self.line("password"),
            Input::Phone => self.line("tel"),
            Input::Number { .. } => self.line("number"),
            Input::Date => self.line("date"),
            Input::File { .. } => self.line("file"),
        }
    }

    fn line(&self, kind: &str) -> Markup {
        let (min, max) = match self.input {
            Input::Number { min, max } => (min, max),
            _ => (None, None),
        };
        let accept = match &self.input {
            Input::File { accept } => Some(accept.as_str()),
            _ => None,
        };
        let autocomplete = match &self.input {
            Input::Password { new: true } => Some("new-password"),
            Input::Password { new: false } => Some("current-password"),
            _ => Some(self.autocomplete.as_str()).filter(|word| !word.is_empty()),
        };
        let mode = matches!(self.input, Input::Money { .. }).then_some("decimal");
        // A password is the one thing which is not given back.
        let value = Some(self.value.as_str()).filter(|_| !matches!(kind, "password" | "file"));
        html! {
            input type=(kind) id=(self.id()) name=(self.name) value=[value] min=[min] max=[max] accept=[accept]
                inputmode=[mode] autocomplete=[autocomplete] required[self.required]
                placeholder=[Some(self.placeholder.as_str()).filter(|text| !text.is_empty())]
                aria-invalid=[self.error.as_ref().map(|_| "true")] aria-describedby=[self.described()];
        }
    }

    fn described(&self) -> Option<String> {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.id()));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id()));
        match (error, hint) {
            (Some(error), Some(hint)) => Some(format!("{error} {hint}")),
            (error, hint) => error.or(hint),
        }
    }
}

/// A choice shown whole: radio buttons as cards, each with a title, a note and something on the right.
#[derive(Clone, Debug, Default)]
pub struct CardChoice {
    pub value: String,
    pub title: String,
    pub note: String,
    /// A price or a promise, right-aligned.
    pub aside: String,
    /// Why it cannot be chosen now; empty when it can.
    pub barred: String,
}

/// Radio cards under one legend: payment methods, addresses, shipping services.
pub fn card_choices(legend: &str, name: &str, chosen: &str, choices: &[CardChoice]) -> Markup {
    html! {
        fieldset.card-choices {
            legend { (legend) }
            @for choice in choices {
                label class={ "card-choice" @if !choice.barred.is_empty() { " barred" } } {
                    input type="radio" name=(name) value=(choice.value) required checked[choice.value == chosen]
                        disabled[!choice.barred.is_empty()];
                    span.card-choice-text {
                        strong { (choice.title) }
                        @if !choice.note.is_empty() { small { (choice.note) } }
                        @if !choice.barred.is_empty() { small.why-not { (choice.barred) } }
                    }
                    @if !choice.aside.is_empty() { span.num { (choice.aside) } }
                }
            }
        }
    }
}

/// The summary above a form which came back: how many things to put right, with a link to each.
pub fn form_errors(words: Words, fields: &[Field]) -> Markup {
    let wrong: Vec<&Field> = fields.iter().filter(|field| field.error.is_some()).collect();
    html! {
        @if !wrong.is_empty() {
            div.flash.bad role="alert" tabindex="-1" {
                (icon(Icon::Warning))
                div {
                    p { strong { (words.with(Msg::FormToPutRight, &[("count", wrong.len().into())])) } }
                    ul { @for field in wrong { li { a href={ "#" (field.id()) } { (field.label) } } } }
                }
            }
        }
    }
}
