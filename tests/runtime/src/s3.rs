//! An S3 server: `s3s-fs`, which checks signatures and keeps each object as a file.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use xtask::ports::free_pair;

use crate::program::Program;

/// A running S3 server with one bucket.
pub struct S3Server {
    program: Program,
    port: u16,
    folder: TempDir,
}

impl S3Server {
    /// The bucket.
    pub const BUCKET: &str = "feedback-lake";
    /// The access key that it knows.
    pub const ACCESS_KEY: &str = "HEARBACKTEST";

    /// Starts one on a free port.
    pub fn start(secret_key: &str) -> Self {
        let folder = TempDir::with_prefix("hearback-s3-").unwrap();
        fs::create_dir(folder.path().join(Self::BUCKET)).unwrap();
        let port = free_pair().unwrap();
        Self {
            program: serve(folder.path(), port, secret_key),
            port,
            folder,
        }
    }

    /// Ends it; its objects stay.
    pub fn stop(&mut self) {
        self.program.kill();
    }

    /// Starts it again where it was, perhaps with another secret key.
    pub fn restart(&mut self, secret_key: &str) {
        self.stop();
        self.program = serve(self.folder.path(), self.port, secret_key);
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The host by which it also knows itself, for buckets in the host.
    pub fn domain(&self) -> String {
        domain(self.port)
    }

    /// The objects of the bucket: key and bytes, in the order of their keys.
    pub fn objects(&self) -> Vec<(String, Vec<u8>)> {
        let bucket = self.folder.path().join(Self::BUCKET);
        let mut objects = Vec::new();
        gather(&bucket, &bucket, &mut objects);
        objects.sort();
        objects
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        // It listens to nothing but a signal.
        self.program.kill();
    }
}

fn domain(port: u16) -> String {
    format!("s3.test:{port}")
}

fn serve(folder: &Path, port: u16, secret_key: &str) -> Program {
    let server = xtask::tools::s3_server().unwrap_or_else(|error| panic!("{error:#}"));
    let mut command = Command::new(server);
    command
        .args(["--host", "127.0.0.1", "--port", &port.to_string()])
        .args(["--access-key", S3Server::ACCESS_KEY, "--secret-key", secret_key])
        .args(["--domain", &domain(port)])
        .arg(folder)
        // It says that it listens only if it is told to be talkative.
        .env("RUST_LOG", "s3s_fs=info");
    let (program, ()) = Program::start(&mut command, |line| {
        line.contains("server is running").then_some(())
    });
    program
}

fn gather(bucket: &Path, folder: &Path, objects: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(bucket, &path, objects);
        } else {
            let key = path.strip_prefix(bucket).unwrap().to_str().unwrap().to_owned();
            objects.push((key, fs::read(&path).unwrap()));
        }
    }
}
