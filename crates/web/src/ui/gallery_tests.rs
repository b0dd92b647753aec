//! Every sample page is whole, keeps to the content policy, and is said in its own language.

use super::*;

fn pages() -> Vec<(Language, &'static str, String)> {
    let all = Language::ALL.into_iter();
    all.flat_map(|language| {
        gallery(language).into_iter().map(move |(name, page)| (language, name, page))
    })
    .collect()
}

#[test]
fn every_page_keeps_to_the_content_policy() {
    for (language, name, page) in pages() {
        assert!(!page.contains("style="), "{name} {language:?}: a style attribute");
        assert!(!page.contains("javascript:"), "{name} {language:?}");
        for script in page.split("<script").skip(1) {
            assert!(
                script.starts_with(" src=\"/assets/"),
                "{name} {language:?}: a script in the page"
            );
        }
        for handler in [" onclick=", " onchange=", " onsubmit=", " onload="] {
            assert!(!page.contains(handler), "{name} {language:?}: {handler}");
        }
    }
}

#[test]
fn every_form_which_posts_has_its_token_and_every_picture_its_text() {
    for (language, name, page) in pages() {
        for form in page.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            let posts = form.split('>').next().unwrap().contains("method=\"post\"");
            let sample_without_token = name == "parts" && form.contains("/seller/settings");
            assert!(
                !posts || form.contains("name=\"csrf\"") || sample_without_token,
                "{name} {language:?}: {form}"
            );
        }
        for picture in page.split("<img").skip(1) {
            assert!(picture.split('>').next().unwrap().contains("alt="), "{name} {language:?}");
        }
    }
}

#[test]
fn every_label_has_its_field() {
    for (language, name, page) in pages() {
        for label in page.split("<label").skip(1) {
            let head = label.split('>').next().unwrap();
            let Some(id) = head.split("for=\"").nth(1).and_then(|rest| rest.split('"').next())
            else {
                continue;
            };
            assert!(
                page.contains(&format!("id=\"{id}\"")),
                "{name} {language:?}: nothing has the id {id}"
            );
        }
    }
}

#[test]
fn a_page_has_one_title_and_speaks_its_language() {
    let chinese =
        |text: &str| text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    for (language, name, page) in pages() {
        assert_eq!(
            page.matches("<h1").count(),
            usize::from(!page_without_title(name)),
            "{name} {language:?}"
        );
        match language {
            // The name of the other language is the only one of its words.
            Language::En => {
                assert_eq!(chinese(&page), 2 * page.matches(r#"lang="zh-CN""#).count(), "{name}")
            }
            Language::Zh => assert!(chinese(&page) > 20, "{name}"),
        }
    }
}

/// Pages which are a wizard's step or a sheet of samples.
fn page_without_title(name: &str) -> bool {
    ["parts", "pictures", "store-checkout"].contains(&name)
}

#[test]
fn the_folder_holds_every_picture_it_shows() {
    let files = files();
    for (address, text) in &files {
        if !address.ends_with(".html") {
            continue;
        }
        for place in text.split("src=\"/").skip(1) {
            let wanted = format!("/{}", place.split('"').next().unwrap());
            assert!(files.contains_key(&wanted), "{address} shows {wanted}");
        }
    }
}
