//! Takes comments and indentation out of the style sheet, which travels inside the WASM, where no other tool sees it;
//! and makes a constant of each name in the list of words, so that a name that is not there does not compile.

use std::{env, fs, io, path::Path};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src/panel.css");
    println!("cargo::rerun-if-changed=src/picture.css");
    println!("cargo::rerun-if-changed=locales/en.json");
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    let out = Path::new(&out);
    fs::write(
        out.join("panel.css"),
        minify(&(fs::read_to_string("src/picture.css")? + &fs::read_to_string("src/panel.css")?)),
    )?;
    fs::write(
        out.join("names.rs"),
        names(&fs::read_to_string("locales/en.json")?),
    )
}

/// The words travel in the order of the English ones: a name is a place in that order. One name a line, as
/// `tests/locales.rs` holds the file to. What is said of pictures travels apart (xtask/src/build/panel.rs).
fn names(english: &str) -> String {
    let mut constants = String::new();
    let names = english.lines().filter_map(|line| line.split('"').nth(1));
    for (at, name) in names.filter(|name| !name.starts_with("shot_")).enumerate() {
        for part in [
            "/// `",
            name,
            "`\npub const ",
            &name.to_uppercase(),
            ": usize = ",
            &at.to_string(),
            ";\n",
        ] {
            constants.push_str(part);
        }
    }
    constants
}

/// Relies on how our one sheet is written: one declaration a line, a space only where CSS needs one, or after `:`,
/// `,` and before `{`.
fn minify(css: &str) -> String {
    let mut small = String::new();
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        small += before;
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    small += rest;
    let lines: String = small
        .lines()
        .map(|line| {
            line.trim()
                .replace(": ", ":")
                .replace(", ", ",")
                .replace(" {", "{")
        })
        .collect();
    lines.replace(";}", "}")
}
