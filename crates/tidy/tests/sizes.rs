//! How long a file and a function may be. The numbers come from codebases which stayed easy to change:
//! their files are about 300 lines, their functions far below 70.

use tidy::{files, nothing_found, rust};

const LINES_OF_A_FILE: usize = 600;
const LINES_OF_A_FUNCTION: usize = 70;

/// Files which may be longer, by path. The list may only shrink.
const LONG_FILES: &[&str] = &[];
/// Functions which may be longer, as `path: name`. The list may only shrink.
const LONG_FUNCTIONS: &[&str] = &[];

#[test]
fn no_file_is_longer_than_600_lines() {
    let mut found = Vec::new();
    let mut used = Vec::new();
    for file in files::rust_files() {
        let lines = file.text.lines().count();
        if lines > LINES_OF_A_FILE && LONG_FILES.contains(&file.path.as_str()) {
            used.push(file.path);
        } else if lines > LINES_OF_A_FILE {
            found.push(format!("{} has {lines} lines", file.path));
        }
    }
    nothing_found(
        "Make the file a folder of the same name with one file a step, as docs/how-to/add_a_domain.md shows:",
        &found,
    );
    assert!(tidy::unused(LONG_FILES, &used).is_empty(), "take these out of LONG_FILES");
}

#[test]
fn no_function_is_longer_than_70_lines() {
    let mut found = Vec::new();
    let mut used = Vec::new();
    for file in files::rust_files() {
        for function in rust::functions(&file.text) {
            let name = format!("{}: {}", file.path, function.name);
            if function.lines > LINES_OF_A_FUNCTION && LONG_FUNCTIONS.contains(&name.as_str()) {
                used.push(name);
            } else if function.lines > LINES_OF_A_FUNCTION {
                let (path, line, lines) = (&file.path, function.line, function.lines);
                found.push(format!("{path}:{line} {} has {lines} lines", function.name));
            }
        }
    }
    nothing_found("Give the steps of the function names of their own:", &found);
    assert!(tidy::unused(LONG_FUNCTIONS, &used).is_empty(), "take these out of LONG_FUNCTIONS");
}
