//! The real binary: started on free ports, killed when dropped.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Child, Command, Stdio},
    time::SystemTime,
};

use reqwest::{Method, Response};
use serde_json::Value;

use super::signing::Signature;

/// The command, without settings from the environment of the tests, and without the rate limits of chat, which tests
/// would run into.
pub(crate) fn command(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_openline-server"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("OPENLINE_")) {
        command.env_remove(name);
    }
    command
        .env("OPENLINE_CHAT__RATE_LIMITS__ENABLED", "false")
        .args(arguments)
        .stdin(Stdio::null());
    command
}

/// What a command that ends prints and returns.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn run_to_end(mut command: Command) -> Ended {
    let output = command.output().unwrap();
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A running server.
pub(crate) struct TestServer {
    child: Child,
    /// The ready line.
    pub(crate) ready: Value,
    /// Whatever else is on standard output.
    stdout: BufReader<std::process::ChildStdout>,
    stderr: std::thread::JoinHandle<String>,
    pub(crate) http: String,
    pub(crate) client: reqwest::Client,
}

impl TestServer {
    /// `openline-server dev` on free ports.
    pub(crate) fn dev(data_dir: &Path) -> Self {
        Self::start(dev_command(data_dir))
    }

    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let stderr = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        if line.is_empty() {
            child.wait().unwrap();
            panic!("the server ended before it was ready: {}", stderr.join().unwrap());
        }
        let ready: Value = serde_json::from_str(&line).unwrap();
        let http = match (&ready["http"], &ready["httpBind"]) {
            (Value::String(endpoint), _) => endpoint.clone(),
            (_, Value::String(address)) => format!("http://{address}/"),
            _ => panic!("the ready line names no plain endpoint: {line}"),
        };
        // The provider may be installed by another test of the process.
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        let client = reqwest::Client::new();
        Self {
            child,
            ready,
            stdout,
            stderr,
            http,
            client,
        }
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap()
    }

    pub(crate) fn key(&self) -> &str {
        self.text("connectionString").split_once("accesskey=").unwrap().1
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client
            .get(format!("{}{path}", self.http))
            .send()
            .await
            .unwrap()
    }

    /// A signed request. `Err` if the server went away.
    pub(crate) async fn signed(
        &self,
        key: &str,
        method: Method,
        target: &str,
        body: &str,
    ) -> reqwest::Result<Response> {
        let base = self.http.trim_end_matches('/');
        let signature = Signature {
            key,
            method: method.as_str(),
            target,
            host: base.split_once("://").unwrap().1,
            date: &httpdate::fmt_http_date(SystemTime::now()),
            body: body.as_bytes(),
        };
        let headers = signature.headers();
        let mut request = self
            .client
            .request(method, format!("{base}{target}"))
            .body(body.to_owned());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.send().await
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends the server as a power cut would (SIGKILL), while others still use it.
    pub(crate) fn kill(&self) {
        signal(&self.child, "-KILL");
    }

    /// Has the server read its certificate again (SIGHUP).
    pub(crate) fn hang_up(&self) {
        signal(&self.child, "-HUP");
    }

    /// Has the server begin to stop (SIGTERM).
    pub(crate) fn begin_stop(&self) {
        signal(&self.child, "-TERM");
    }

    /// Sends SIGTERM (or another signal) and waits for the end. Returns the exit code and both outputs.
    pub(crate) fn stop_with(self, signal: &str) -> Ended {
        self::signal(&self.child, signal);
        self.ended()
    }

    /// Waits for the end. Returns the exit code and both outputs.
    pub(crate) fn ended(mut self) -> Ended {
        let code = self.child.wait().unwrap().code();
        let mut stdout = String::new();
        self.stdout.read_to_string(&mut stdout).unwrap();
        let stderr = std::mem::replace(&mut self.stderr, std::thread::spawn(String::new))
            .join()
            .unwrap();
        Ended { code, stdout, stderr }
    }
}

/// `127.0.0.1:port` of an endpoint on this machine.
pub(crate) fn address(endpoint: &str) -> String {
    let (_, authority) = endpoint.trim_end_matches('/').split_once("://").unwrap();
    authority.replace("localhost", "127.0.0.1")
}

fn signal(child: &Child, signal: &str) {
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args([signal, &pid])
            .status()
            .unwrap()
            .success()
    );
}

impl Drop for TestServer {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub(crate) fn dev_command(data_dir: &Path) -> Command {
    let mut command = command(["dev", "--http-port", "0", "--https-port", "0", "--data-dir"]);
    command.arg(data_dir);
    command
}

/// A command that takes the place of a shell which did `preparation` before.
pub(crate) fn after_shell(preparation: &str, command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &format!("{preparation} && exec \"$0\" \"$@\"")])
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::null());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}
