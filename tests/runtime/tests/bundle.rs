//! What `cargo xtask bundle` made, run as an operator runs it: unpacked elsewhere, without the source tree, cargo or
//! Node, killed, backed up while it runs, restored, and replaced by an upgrade.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use hearback_operator::objects;
use hearback_runtime_tests::{Client, Page, Sink, eventually};
use serde_json::Value;
use tempfile::TempDir;

/// An operator's machine: the unpacked bundle, and room for states and backups.
struct Machine {
    folder: TempDir,
}

impl Machine {
    fn new() -> Self {
        let machine = Self {
            folder: TempDir::with_prefix("hearback-machine-").unwrap(),
        };
        // All that a start may take from the machine.
        let bin = machine.path("path");
        fs::create_dir(&bin).unwrap();
        for program in ["sh", "dirname", "readlink"] {
            let found = ["/usr/bin", "/bin"].map(|folder| Path::new(folder).join(program));
            symlink(
                found.iter().find(|path| path.exists()).unwrap(),
                bin.join(program),
            )
            .unwrap();
        }
        machine.unpack();
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn unpack(&self) {
        let from = xtask::bundle::folder();
        assert!(from.is_dir(), "run `cargo xtask bundle` first");
        let copied = Command::new("cp")
            .arg("-R")
            .arg(from)
            .arg(self.path("opt"))
            .status();
        assert!(copied.unwrap().success());
    }

    fn command(&self, program: &str, state: &str) -> Command {
        let mut command = Command::new(self.path("opt").join(program));
        command
            .env_clear()
            .env("PATH", self.path("path"))
            .current_dir("/")
            .arg("--state")
            .arg(self.path(state));
        command
    }

    /// Runs one of the program's commands to its end.
    fn run(&self, state: &str, arguments: &[&str]) -> Output {
        self.command("bin/hearback", state)
            .args(arguments)
            .output()
            .unwrap()
    }

    fn succeeds(&self, state: &str, arguments: &[&str]) -> String {
        let output = self.run(state, arguments);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    fn fails(&self, state: &str, arguments: &[&str]) -> String {
        let output = self.run(state, arguments);
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    fn start(&self, state: &str, settings: &[(&str, &str)]) -> Running {
        let port = xtask::ports::free_pair().unwrap();
        let log = self.path(&format!("{state}.log"));
        let file = File::create(&log).unwrap();
        let child = self
            .command("start", state)
            .args(["--project", "shop"])
            .env("LISTEN", format!("127.0.0.1:{port}"))
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .spawn()
            .unwrap();
        let mut running = Running {
            child,
            url: format!("http://127.0.0.1:{port}"),
            key: String::new(),
            token: String::new(),
        };
        eventually(60, "a healthy server", || {
            let said = fs::read_to_string(&log).unwrap();
            assert!(running.child.try_wait().unwrap().is_none(), "it ended: {said}");
            let health = running.client().get("/healthz").ok()?;
            (health.status == 200).then_some(())
        });
        let said = fs::read_to_string(&log).unwrap();
        let value = |name: &str| {
            let line = said.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_else(|| panic!("no {name} in {said}"))
                .trim()
                .to_owned()
        };
        (running.key, running.token) = (value("key "), value("token "));
        running
    }
}

struct Running {
    child: Child,
    url: String,
    key: String,
    token: String,
}

impl Running {
    fn client(&self) -> Client {
        Client::new(self.url.clone(), self.token.clone())
    }

    fn send(&self, page: &Page, item: Value) {
        let mut batch = page.batch(&[item]);
        batch["key"] = self.key.clone().into();
        let answer = self.client().ingest(&batch).unwrap();
        assert_eq!(answer.statuses(), ["accepted"]);
    }

    fn feedback(&self) -> Vec<String> {
        let mut texts: Vec<String> = self
            .client()
            .all_feedback()
            .into_iter()
            .map(|row| row.text)
            .collect();
        texts.sort();
        texts
    }

    fn has_feedback(&self, texts: &[&str]) {
        eventually(20, &format!("{texts:?}"), || {
            (self.feedback() == texts).then_some(())
        });
    }

    fn kill9(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ended already, where the test did it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_bundle_starts_anywhere_and_keeps_what_it_acknowledged() {
    let machine = Machine::new();
    let mut server = machine.start("state", &[]);
    let secrets = machine.path("state/secrets");
    assert_eq!((mode(&secrets), mode(&machine.path("state"))), (0o600, 0o700));
    assert_eq!(
        machine.succeeds("state", &["token", "shop"]),
        format!("key    {}\ntoken  {}\n", server.key, server.token)
    );
    assert_eq!(server.client().get("/hearback.js").unwrap().status, 200);
    assert_eq!(server.client().get("/console").unwrap().status, 200);
    let health = server.client().get("/healthz").unwrap().body;
    assert_eq!(health["bindings"][0], "PUBLIC");

    let page = Page::new(1);
    server.send(&page, Page::feedback(1, "first"));
    server.kill9();
    let mut server = machine.start("state", &[]);
    server.has_feedback(&["first"]);
    let other = machine.fails("state", &["start"]);
    assert!(other.contains("another hearback runs"), "{other}");

    // An upgrade replaces the folder, all of it.
    server.kill9();
    fs::remove_dir_all(machine.path("opt")).unwrap();
    machine.unpack();
    let server = machine.start("state", &[]);
    server.send(&page, Page::feedback(2, "second"));
    server.has_feedback(&["first", "second"]);
}

#[test]
fn a_backup_made_while_it_runs_has_everything_acknowledged_before() {
    let machine = Machine::new();
    let server = machine.start("state", &[]);
    server.send(&Page::new(1), Page::feedback(1, "before"));
    let acknowledged = AtomicU64::new(0);
    let is_over = AtomicBool::new(false);
    let before = std::thread::scope(|scope| {
        let (is_over, acknowledged, server) = (&is_over, &acknowledged, &server);
        let writer = scope.spawn(move || {
            let page = Page::new(2);
            while !is_over.load(Ordering::SeqCst) {
                let seq = acknowledged.load(Ordering::SeqCst) + 1;
                server.send(&page, Page::event(seq, "storm"));
                acknowledged.store(seq, Ordering::SeqCst);
            }
        });
        eventually(20, "a server under load", || {
            (acknowledged.load(Ordering::SeqCst) > 20).then_some(())
        });
        let before = acknowledged.load(Ordering::SeqCst);
        machine.succeeds("state", &["backup", machine.path("backup").to_str().unwrap()]);
        let after = acknowledged.load(Ordering::SeqCst);
        eventually(20, "a server that goes on", || {
            (acknowledged.load(Ordering::SeqCst) > after + 5).then_some(())
        });
        is_over.store(true, Ordering::SeqCst);
        writer.join().unwrap();
        before
    });
    let backup = machine.path("backup");
    assert_eq!((mode(&backup), mode(&backup.join("secrets"))), (0o700, 0o600));
    let again = machine.fails("state", &["backup", backup.to_str().unwrap()]);
    assert!(again.contains("is there already"), "{again}");

    let refused = machine.fails("state", &["restore", backup.to_str().unwrap()]);
    assert!(refused.contains("another hearback runs"), "{refused}");
    machine.succeeds("restored", &["restore", backup.to_str().unwrap()]);
    let restored = machine.start("restored", &[]);
    assert_eq!((&restored.key, &restored.token), (&server.key, &server.token));
    restored.has_feedback(&["before"]);
    let count = restored.client().count("storm");
    assert!(
        (before..=acknowledged.load(Ordering::SeqCst)).contains(&count),
        "{count} of {before}"
    );
    // A sender that was not acknowledged sends again, and the restored windows know what they have.
    restored.send(&Page::new(3), Page::event(1, "later"));
    assert_eq!(restored.client().count("later"), 1);
}

#[test]
fn a_projects_copy_may_be_older_than_its_shards_and_catches_up() {
    let machine = Machine::new();
    let server = machine.start("state", &[]);
    let page = Page::new(1);
    server.send(&page, Page::feedback(1, "first"));
    server.has_feedback(&["first"]);
    let storage = machine.path("state/storage");
    // The backup's own order, with something happening in between.
    for (class, text) in [(objects::PROJECTS, Some("second")), (objects::SHARDS, None)] {
        let folder = machine.path("backup/storage").join(class);
        fs::create_dir_all(&folder).unwrap();
        for file in objects::files(&storage, class).unwrap() {
            objects::copy(&file, &folder.join(file.file_name().unwrap())).unwrap();
        }
        if let Some(text) = text {
            server.send(&page, Page::feedback(2, text));
            server.has_feedback(&["first", "second"]);
        }
    }
    fs::copy(machine.path("state/secrets"), machine.path("backup/secrets")).unwrap();
    machine.succeeds("restored", &["restore", machine.path("backup").to_str().unwrap()]);

    let restored = machine.start("restored", &[]);
    let listen = restored.url.trim_start_matches("http://").to_owned();
    let swept = machine
        .command("bin/hearback", "restored")
        .arg("sweep")
        .env("LISTEN", listen)
        .output();
    let swept = String::from_utf8(swept.unwrap().stdout).unwrap();
    assert!(swept.starts_with(r#"shop {"shards":1"#), "{swept}");
    restored.has_feedback(&["first", "second"]);
}

#[test]
fn after_a_restore_a_sink_takes_no_new_delivery_for_one_it_had_before() {
    let sink = Sink::start();
    let url = sink.setting().url;
    let settings = [
        ("SINK_URL", url.as_str()),
        ("SINK_SECRET", Sink::SECRET),
        ("SINK_DELAY_MS", "0"),
        ("DEV_LOOPBACK_SINKS", "1"),
    ];
    let machine = Machine::new();
    let mut server = machine.start("state", &settings);
    let page = Page::new(1);
    server.send(&page, Page::event(1, "kept"));
    eventually(20, "the first item", || (sink.items().len() == 1).then_some(()));
    machine.succeeds("state", &["backup", machine.path("backup").to_str().unwrap()]);
    server.send(&page, Page::event(2, "lost here, but not there"));
    eventually(20, "the second item", || (sink.items().len() == 2).then_some(()));
    server.kill9();

    machine.succeeds("restored", &["restore", machine.path("backup").to_str().unwrap()]);
    let restored = machine.start("restored", &settings);
    // It takes the position that the lost one had.
    restored.send(&page, Page::event(3, "new"));
    eventually(20, "all three items", || (sink.items().len() == 3).then_some(()));
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(sink.items().len(), 3);
}

#[test]
fn wrong_settings_are_named_before_the_start() {
    let machine = Machine::new();
    fs::create_dir(machine.path("state")).unwrap();
    let file = machine.path("state/hearback.env");
    fs::write(
        &file,
        "SHARDS=3\nSINK_URL=https://10.0.0.1/in\nSINK_SECRET=whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz\n",
    )
    .unwrap();
    let output = machine.run("state", &["check"]);
    // systemd is told not to start it again and again.
    assert_eq!(output.status.code(), Some(78));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("SHARDS is malformed") && said.contains("SINK_URL is malformed"),
        "{said}"
    );
    fs::write(&file, "SHRADS=2\n").unwrap();
    assert!(machine.fails("state", &["start"]).contains("line 1"));
    fs::write(&file, "SHARDS=2\n").unwrap();
    machine.succeeds("state", &["check"]);
}

#[test]
fn systemd_understands_the_units() {
    let Ok(found) = Command::new("systemd-analyze").arg("--version").output() else {
        // Not a machine that could run them.
        return;
    };
    assert!(found.status.success());
    let folder = TempDir::with_prefix("hearback-units-").unwrap();
    let program = xtask::bundle::folder().join("bin/hearback");
    let mut verify = Command::new("systemd-analyze");
    verify.arg("verify");
    for name in [
        "hearback.service",
        "hearback-sweep.service",
        "hearback-sweep.timer",
    ] {
        let unit = fs::read_to_string(xtask::bundle::folder().join("systemd").join(name)).unwrap();
        let unit = unit.replace("/opt/hearback/bin/hearback", program.to_str().unwrap());
        fs::write(folder.path().join(name), unit).unwrap();
        verify.arg(folder.path().join(name));
    }
    let verdict = verify.output().unwrap();
    let said = String::from_utf8(verdict.stderr).unwrap();
    assert!(verdict.status.success() && said.is_empty(), "{said}");
}
