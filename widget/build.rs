//! Takes comments and indentation out of the style sheet: it travels inside the WASM, where no other tool sees it.

use std::{env, fs, io, path::Path};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src/panel.css");
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(
        Path::new(&out).join("panel.css"),
        minify(&fs::read_to_string("src/panel.css")?),
    )
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
