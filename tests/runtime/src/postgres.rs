//! A real PostgreSQL server: a data folder of its own, passwords by SCRAM, a port of the loopback interface. It does
//! not run as root, and ends with its owner.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, geteuid};
use tempfile::TempDir;
use xtask::runtime::Hyperdrive;
use xtask::{ports, tools};

use crate::eventually;

/// The administrator's password.
const PASSWORD: &str = "the administrator's";

/// The table as docs/sinks.md shows it, and a user who may do no more than the sink needs.
const SET_UP: &str = "
    CREATE TABLE hearback_items (
        project text NOT NULL,
        id text NOT NULL,
        received_at timestamptz NOT NULL,
        item jsonb NOT NULL,
        PRIMARY KEY (project, id)
    );
    GRANT INSERT, SELECT (project, id) ON hearback_items TO writer;";

/// The password of the user that the sink is, and as it stands in an address.
const WRITERS: &str = "it\"s p@ss/w:rd %";
const ENCODED: &str = "it%22s%20p%40ss%2Fw%3Ard%20%25";

/// A running server with the database `shop`.
pub struct Postgres {
    server: Child,
    port: u16,
    folder: TempDir,
}

impl Postgres {
    /// Starts one, with the sink's user and an empty table.
    pub fn start() -> Self {
        let folder = TempDir::with_prefix("hearback-postgres-").unwrap();
        fs::write(folder.path().join("password"), PASSWORD).unwrap();
        make_certificate(folder.path());
        give_away(folder.path());
        run(program("initdb")
            .args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8"])
            .args(["--locale=C", "--no-sync", "--pwfile=password", "--pgdata=data"])
            .current_dir(folder.path()));
        let port = ports::free_pair().unwrap();
        let postgres = Self {
            server: serve(folder.path(), port),
            port,
            folder,
        };
        postgres.wait();
        postgres.sql_in("postgres", "CREATE DATABASE shop");
        postgres.sql(&format!("CREATE ROLE writer LOGIN PASSWORD '{WRITERS}'"));
        postgres.create_table();
        postgres
    }

    /// Creates the table and lets the sink's user write to it.
    pub fn create_table(&self) {
        self.sql(SET_UP);
    }

    /// What a statement of the administrator prints, a row a line.
    pub fn sql(&self, statement: &str) -> String {
        self.sql_in("shop", statement)
    }

    fn sql_in(&self, database: &str, statement: &str) -> String {
        let mut psql = self.psql(database);
        run(psql.args(["--command", statement])).trim_end().to_owned()
    }

    fn psql(&self, database: &str) -> Command {
        let mut psql = Command::new(programs().join("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
            .args(["--set=ON_ERROR_STOP=1", "--host=127.0.0.1", "--username=postgres"])
            .args([format!("--port={}", self.port), format!("--dbname={database}")])
            .env("PGPASSWORD", PASSWORD);
        psql
    }

    /// Its address for the sink's user.
    pub fn url(&self) -> String {
        self.url_at("127.0.0.1")
    }

    /// The address under another name of this machine.
    pub fn url_at(&self, host: &str) -> String {
        format!("postgres://writer:{ENCODED}@{host}:{}/shop", self.port)
    }

    /// The database behind a Hyperdrive binding.
    pub fn hyperdrive(&self) -> Hyperdrive {
        Hyperdrive {
            address: format!("127.0.0.1:{}", self.port),
            database: "shop".into(),
            user: "writer".into(),
            password: WRITERS.into(),
        }
    }

    /// The certificate that it shows, for `localhost`: it is its own authority.
    pub fn certificate(&self) -> String {
        fs::read_to_string(self.folder.path().join("server.crt")).unwrap()
    }

    /// Holds a lock at which every insert waits, until it is dropped.
    pub fn lock_table(&self) -> Lock {
        let mut psql = self.psql("shop").stdin(Stdio::piped()).spawn().unwrap();
        let mut input = psql.stdin.take().unwrap();
        writeln!(input, "BEGIN; LOCK TABLE hearback_items;").unwrap();
        eventually(10, "the lock", || {
            let held =
                "SELECT count(*) FROM pg_locks WHERE relation = 'hearback_items'::regclass AND granted";
            (self.sql(held) != "0").then_some(())
        });
        Lock {
            psql,
            input: Some(input),
        }
    }

    /// The server's processes whose insert waits at a lock.
    pub fn waiting(&self) -> Vec<u32> {
        self.sql("SELECT pid FROM pg_stat_activity WHERE usename = 'writer' AND wait_event_type = 'Lock'")
            .lines()
            .map(|pid| pid.parse().unwrap())
            .collect()
    }

    /// The sink's connections.
    pub fn connections(&self) -> u64 {
        self.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'writer'")
            .parse()
            .unwrap()
    }

    /// From now on it speaks TLS to whoever wants it.
    pub fn speak_tls(&self) {
        for (name, value) in [
            ("ssl_cert_file", "'../server.crt'"),
            ("ssl_key_file", "'../server.key'"),
            ("ssl", "on"),
        ] {
            self.sql(&format!("ALTER SYSTEM SET {name} = {value}"));
        }
        self.sql("SELECT pg_reload_conf()");
        eventually(10, "TLS", || (self.sql("SHOW ssl") == "on").then_some(()));
    }

    /// From now on the sink's user must come encrypted.
    pub fn refuse_plain_connections(&self) {
        let rules = self.folder.path().join("data/pg_hba.conf");
        let text = fs::read_to_string(&rules).unwrap();
        fs::write(&rules, format!("hostnossl all writer all reject\n{text}")).unwrap();
        self.sql("SELECT pg_reload_conf()");
    }

    /// Ends it; connections are cut.
    pub fn stop(&mut self) {
        let pid = Pid::from_raw(i32::try_from(self.server.id()).unwrap());
        if self.server.try_wait().unwrap().is_none() {
            // "Fast": without waiting for clients.
            kill(pid, Signal::SIGINT).unwrap();
            self.server.wait().unwrap();
        }
    }

    /// Starts it again where it was.
    pub fn restart(&mut self) {
        self.stop();
        self.server = serve(self.folder.path(), self.port);
        self.wait();
    }

    fn wait(&self) {
        eventually(60, "PostgreSQL's first answer", || {
            let mut psql = self.psql("postgres");
            let asked = psql.args(["--command", "SELECT 1"]).output().unwrap();
            asked.status.success().then_some(())
        });
    }
}

/// A lock on the table.
pub struct Lock {
    psql: Child,
    input: Option<ChildStdin>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // At the end of its input it ends, and its transaction with it.
        self.input.take();
        self.psql.wait().unwrap();
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

fn serve(folder: &Path, port: u16) -> Child {
    let log = File::options()
        .create(true)
        .append(true)
        .open(folder.join("log"))
        .unwrap();
    let settings = [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "fsync=off",
        // It notices within a second that a client is gone, even while a statement waits.
        "client_connection_check_interval=1s",
    ];
    program("postgres")
        .args(["-D", "data", "-p", &port.to_string()])
        .args(settings.iter().flat_map(|setting| ["-c", setting]))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}

/// A certificate for `localhost` that signs itself.
fn make_certificate(folder: &Path) {
    run(Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ])
        .args(["-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-keyout", "server.key", "-out", "server.crt"])
        .current_dir(folder));
}

/// Where PostgreSQL's programs are; asked for once, since it may have to be installed.
fn programs() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| tools::postgres().unwrap_or_else(|error| panic!("{error:#}")))
}

/// Whom the server runs as where we are root, which it refuses to be.
fn owner() -> Option<User> {
    let named = |name| User::from_name(name).unwrap();
    geteuid()
        .is_root()
        .then(|| named("postgres").or_else(|| named("nobody")).unwrap())
}

/// One of the server's own programs, run as its owner.
fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(programs().join(name.as_ref()));
    if let Some(user) = owner() {
        command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
    }
    command
}

/// The folder with what is in it becomes the owner's.
fn give_away(folder: &Path) {
    fs::set_permissions(folder.join("server.key"), PermissionsExt::from_mode(0o600)).unwrap();
    let Some(user) = owner() else {
        return;
    };
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    for path in files.chain([folder.to_owned()]) {
        chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw())).unwrap();
    }
}

/// What a program prints, or a panic with its complaint.
fn run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}
