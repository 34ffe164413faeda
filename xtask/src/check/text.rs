//! What a search through the files tells: platform names stay in their rooms, files stay short, and nothing tells
//! on whose machine it was written.

use std::fs;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{paths, shell};

/// Lines at which a file is split.
const LINES: usize = 500;

/// Folder, the one room below it, and the names that belong there.
const ROOMS: [(&str, &str, &[&str]); 3] = [
    (
        "collector/src/",
        "collector/src/platform/",
        &["worker::", "js_sys", "web_sys"],
    ),
    (
        "widget/src/",
        "widget/src/browser/",
        &["web_sys", "js_sys", "gloo"],
    ),
    (
        "console/src/",
        "console/src/browser/",
        &["web_sys", "js_sys", "gloo"],
    ),
];

/// Parts of hosts and paths that have no place in the repository. Cut in two, so that this file has none.
const TELLTALES: [(&str, &str); 8] = [
    ("registry.npm", "js"),
    ("static.crates", ".io"),
    ("index.crates", ".io"),
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("deb.debian", ".org"),
    ("/wo", "rk/"),
    ("/ro", "ot/"),
];

const CODE: [&str; 5] = ["rs", "ts", "js", "css", "html"];

/// Checks every file that git knows or would add.
pub(super) fn check() -> Result<()> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(paths::root());
    let list = shell::capture(&mut git)?;
    let mut wrong = Vec::new();
    for name in list.split_terminator('\0') {
        // Not a text, or deleted and not yet committed: nothing to read.
        if let Ok(text) = fs::read_to_string(paths::root().join(name)) {
            wrong.extend(judge(name, &text));
        }
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    Ok(())
}

fn judge(name: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let lines = text.lines().count();
    if is_code(name) && lines > LINES {
        wrong.push(format!(
            "{name}: {lines} lines; split it by reason to change ({LINES} at most)"
        ));
    }
    for (number, line) in text.lines().enumerate() {
        for problem in rooms(name, line).chain(telltales(line)) {
            wrong.push(format!("{name}:{}: {problem}", number + 1));
        }
    }
    wrong
}

fn is_code(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| CODE.contains(&extension))
}

fn rooms<'a>(name: &'a str, line: &'a str) -> impl Iterator<Item = String> + use<'a> {
    let code = line.split("//").next().unwrap_or_default();
    ROOMS
        .iter()
        .filter(|(folder, room, _)| name.starts_with(folder) && !name.starts_with(room))
        .flat_map(move |(_, room, words)| {
            words
                .iter()
                .filter(|word| has_word(code, word))
                .map(move |word| format!("only {room} names `{word}`"))
        })
}

/// Whether `word` stands there and is not part of a longer name.
fn has_word(line: &str, word: &str) -> bool {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + word.len()..]);
        !before.ends_with(is_name) && (word.ends_with(':') || !after.starts_with(is_name))
    })
}

fn telltales(line: &str) -> impl Iterator<Item = String> + use<'_> {
    TELLTALES
        .iter()
        .map(|(start, end)| format!("{start}{end}"))
        .filter(|word| line.contains(word.as_str()))
        .map(|word| format!("`{word}` names a registry's host or somebody's machine"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platform_names_stay_in_their_rooms() {
        assert_eq!(
            judge("collector/src/http/x.rs", "fn f(env: worker::Env) {}").len(),
            1
        );
        assert_eq!(
            judge("widget/src/state.rs", "use gloo::timers::callback::Timeout;").len(),
            1
        );
        assert!(judge("collector/src/platform/x.rs", "fn f(env: worker::Env) {}").is_empty());
        assert!(judge("collector/src/http/x.rs", "// worker::Env is not named here").is_empty());
        assert!(judge("collector/src/http/x.rs", "my_worker::run()").is_empty());
    }

    #[test]
    fn nothing_tells_on_whose_machine_it_was_written() {
        let line = ["see ", "/wo", "rk/main"].concat();
        assert_eq!(judge("README.md", &line).len(), 1);
    }

    #[test]
    fn long_files_are_to_be_split() {
        assert_eq!(judge("a.rs", &"\n".repeat(501)).len(), 1);
        assert!(judge("a.rs", &"\n".repeat(500)).is_empty());
        assert!(judge("a.json", &"\n".repeat(501)).is_empty());
    }
}
