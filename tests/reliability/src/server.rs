use std::env;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

/// A process that runs `sink`.
pub(crate) struct Server {
    child: Child,
    pub(crate) dsn: String,
    said: BufReader<std::process::ChildStdout>,
}

/// What it has counted.
#[derive(Debug)]
#[expect(dead_code, reason = "printed")]
pub(crate) struct Counted {
    pub(crate) requests: u64,
    pub(crate) errors: u64,
    pub(crate) transactions: u64,
    pub(crate) spans: u64,
    pub(crate) reported_errors: u64,
    pub(crate) reported_spans: u64,
}

impl Server {
    pub(crate) fn start(fault: &str) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        let command = command.args(["sink", fault]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut address = String::new();
        said.read_line(&mut address).unwrap();
        Self { child, dsn: format!("http://key@{}/42", address.trim()), said }
    }

    pub(crate) fn stop(mut self) -> Counted {
        drop(self.child.stdin.take());
        let mut line = String::new();
        self.said.read_to_string(&mut line).unwrap();
        self.child.wait().unwrap();
        let counts: Vec<u64> = line.split_whitespace().map(|n| n.parse().unwrap()).collect();
        let [requests, errors, transactions, spans, reported_errors, reported_spans] = counts[..]
        else {
            panic!("the server said {line:?}");
        };
        Counted { requests, errors, transactions, spans, reported_errors, reported_spans }
    }
}
