//! The way into a small module: its imports and exports under names of a letter or two, and a start of a few lines.
//!
//! What wasm-bindgen calls them carries hashes, which stand in the module and once more in its glue and can't be
//! compressed: 3 KB of the panel. wasm-bindgen's own start knows ways of loading that nothing here takes, in 1 KB.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::paths;

/// What wasm-opt calls them: before and after.
#[derive(Debug, Deserialize)]
pub(crate) struct Names {
    /// The module imported from, the old name, the new one.
    imports: Vec<(String, String, String)>,
    /// The old name and the new one.
    exports: Vec<(String, String)>,
}

/// Starts a module: from its address, from what a fetch gave, or from its bytes.
const START: &str = r#"export default async ({ module_or_path }) => {
  let source = await module_or_path;
  if (typeof source === "string") source = await fetch(source);
  if (source instanceof Response && !/wasm/.test(source.headers.get("content-type"))) source = await source.arrayBuffer();
  const how = source instanceof Response ? "instantiateStreaming" : "instantiate";
  const { instance } = await WebAssembly[how](source, { a: imports });
  glue.__wbg_set_wasm(instance.exports);
"#;

/// Writes the entry of a module that was bound for bundlers into its folder, and adapts its glue. `glue` is the file
/// of that, by name.
pub(crate) fn write(folder: &Path, glue: &str, names: &Names) -> Result<PathBuf> {
    let path = folder.join(glue);
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", paths::shown(&path)))?;
    fs::write(&path, renamed(text, &names.exports))?;
    let entry = folder.join("entry.js");
    fs::write(&entry, entry_text(glue, names))?;
    Ok(entry)
}

fn renamed(mut glue: String, exports: &[(String, String)]) -> String {
    for (old, new) in exports {
        let whole = format!("wasm.{old}");
        let mut parts = glue.split(&whole);
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let is_longer =
                part.starts_with(|next: char| next.is_alphanumeric() || next == '_' || next == '$');
            // A name of its own, of which this one is the beginning.
            let name = if is_longer { old } else { new };
            text = text + "wasm." + name + part;
        }
        glue = text;
    }
    glue
}

#[expect(
    clippy::format_push_string,
    reason = "a few dozen lines once a build; `write!` would have to be asked whether it failed"
)]
fn entry_text(glue: &str, names: &Names) -> String {
    let modules: BTreeSet<_> = names.imports.iter().map(|(module, ..)| module.as_str()).collect();
    let modules: Vec<_> = modules.into_iter().collect();
    let ours = names.exports.iter().map(|(old, _)| old.as_str());
    let ours: Vec<_> = ours
        .filter(|name| !name.starts_with("__") && !name.starts_with("wasm_bindgen_") && *name != "memory")
        .collect();
    let mut text = format!("import * as glue from \"./{glue}\";\n");
    text += &format!("export {{ {} }} from \"./{glue}\";\n", ours.join(", "));
    for (at, module) in modules.iter().enumerate() {
        text += &format!("import * as from{at} from \"{module}\";\n");
    }
    text += "const imports = {\n";
    for (module, old, new) in &names.imports {
        let at = modules.iter().position(|one| one == module).unwrap_or_default();
        text += &format!("  \"{new}\": from{at}.{old},\n");
    }
    text = text + "};\n" + START;
    for (_, new) in names.exports.iter().filter(|(old, _)| old == "__wbindgen_start") {
        text = text + "  instance.exports[\"" + new + "\"]();\n";
    }
    text + "};\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_are_replaced() {
        let names = [("free", "a"), ("free_all", "b")];
        let exports = names.map(|(old, new)| (old.to_owned(), new.to_owned()));
        let glue = "wasm.free(wasm.free_all, free);".to_owned();
        assert_eq!(renamed(glue, &exports), "wasm.a(wasm.b, free);");
    }

    #[test]
    fn the_entry_gives_every_import_by_its_new_name() {
        let import = |module: &str, old: &str, new: &str| (module.to_owned(), old.to_owned(), new.to_owned());
        let names = Names {
            imports: vec![
                import("./x_bg.js", "__wbg_is_1", "$"),
                import("./page.js", "open", "b"),
            ],
            exports: [("__wbindgen_start", "c"), ("memory", "d"), ("mount", "e")]
                .map(|(old, new)| (old.to_owned(), new.to_owned()))
                .to_vec(),
        };
        let text = entry_text("x_bg.js", &names);
        assert!(
            text.contains("\"$\": from1.__wbg_is_1,\n  \"b\": from0.open,"),
            "{text}"
        );
        assert!(
            text.contains("export { mount } from"),
            "nothing else is ours: {text}"
        );
        assert!(text.contains("instance.exports[\"c\"]();"), "{text}");
    }
}
