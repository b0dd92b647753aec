//! Things to copy, and words to look up.

use maud::{Markup, html};

use crate::ui::icons::{Icon, icon};
use crate::words::{Msg, Words};

/// An id or number with a button that copies it. Without scripts the button is hidden and the text can be selected.
pub fn copyable(words: Words, text: &str) -> Markup {
    html! {
        span.copyable {
            code { (text) }
            button.icon-button type="button" hidden data-copy=(text) data-done=(words.t(Msg::Copied))
                aria-label=(words.with(Msg::CopyThis, &[("text", text.into())])) { (icon(Icon::Copy)) }
        }
    }
}

/// A word or figure with its definition one click away; opens in place, without scripts.
pub fn definition(term: &str, meaning: &str) -> Markup {
    html! {
        details.definition {
            summary { span { (term) } (icon(Icon::Question)) }
            p { (meaning) }
        }
    }
}
