//! The house rule that keeps the console testable: only `browser` names the platform.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn only_browser_names_the_platform() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    assert!(found.len() > 20, "the sources are elsewhere");
    for path in found.iter().filter(|path| !path.starts_with(root.join("browser"))) {
        let text = fs::read_to_string(path).expect("a source");
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for name in ["web_sys", "js_sys", "gloo", "wasm_bindgen"] {
                assert!(!line.contains(name), "{}:{}: {name}", path.display(), number + 1);
            }
        }
    }
}
