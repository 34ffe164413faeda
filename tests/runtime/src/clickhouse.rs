//! ClickHouse's engine behind its HTTP interface (`tests/support/clickhouse.py`).

use ureq::Agent;

use crate::program::Program;

/// A running engine with nothing in it.
pub struct ClickHouse {
    port: u16,
    agent: Agent,
    _program: Program,
}

impl ClickHouse {
    /// The user that may do everything.
    pub const USER: &str = "writer";
    /// Their password.
    pub const PASSWORD: &str = "writers-secret";

    /// Starts one on a free port.
    pub fn start() -> Self {
        let mut python = xtask::tools::python_with_chdb().unwrap_or_else(|error| panic!("{error:#}"));
        python.arg(xtask::paths::root().join("tests/support/clickhouse.py"));
        let (program, port) = Program::start(&mut python, |line| line.parse().ok());
        Self {
            port,
            agent: Agent::config_builder().build().into(),
            _program: program,
        }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What a statement gives, as lines of values with tabs between them.
    pub fn ask(&self, statement: &str) -> String {
        let request = self
            .agent
            .post(self.url())
            .header("x-clickhouse-user", Self::USER)
            .header("x-clickhouse-key", Self::PASSWORD);
        let mut answer = request
            .send(statement)
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
        answer.body_mut().read_to_string().unwrap().trim_end().to_owned()
    }

    /// Lets it run the next statement and hang up without an answer.
    pub fn hang_up_once(&self) {
        self.agent
            .post(format!("{}/hang-up", self.url()))
            .send_empty()
            .unwrap();
    }
}
