//! One trace through two processes, as Sentry gets to see it.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};

use monitor_runtime::{
    Config, Level, TraceHeaders, capture_message, continue_trace, current_trace_headers, traced,
};
use monitor_tests::{Item, Request};
use serde_json::{Value, json};

use crate::{Monitored, list};

/// Where the second process sends its envelopes.
const DSN: &str = "MONITOR_TESTS_CALLEE_DSN";

/// The second process: this very program, with one test to run.
struct Callee {
    process: Child,
    address: SocketAddr,
    _output: BufReader<ChildStdout>,
}

impl Callee {
    fn start(dsn: &str) -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .args(["--exact", "distributed::the_second_process", "--ignored", "--nocapture"])
            .env(DSN, dsn)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "it ended before it listened");
            // The harness writes to the same line.
            if let Some((_, address)) = line.split_once("listens on ") {
                break address.trim().parse().unwrap();
            }
        };
        Self { process, address, _output: output }
    }

    fn call(&self, headers: TraceHeaders) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let headers: String = headers.into_iter().map(|(k, v)| format!("{k}: {v}\r\n")).collect();
        write!(stream, "GET /stock HTTP/1.1\r\nhost: test\r\n{headers}\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.ends_with("in stock"), "{answer}");
    }

    /// Waits until it has delivered what it recorded.
    fn end(mut self) {
        assert!(self.process.wait().unwrap().success());
    }
}

#[test]
#[ignore = "run by the other tests of this file, as a process of its own"]
fn the_second_process() {
    let Ok(dsn) = env::var(DSN) else { return };
    let config =
        Config::new().with_dsn(dsn).with_release("stock@2.0.0").with_traces_sample_rate(0.0);
    let _guard = monitor_runtime::init(config).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("listens on {}", listener.local_addr().unwrap());
    let (mut stream, _) = listener.accept().unwrap();
    let request = Request::read(&mut BufReader::new(&stream)).unwrap().unwrap();
    let headers = request.headers.iter().map(|(name, value)| (name, value));
    continue_trace(headers).run(stock);
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nin stock").unwrap();
}

#[traced(op = "http.server", name = "GET /stock")]
fn stock() {
    capture_message("only 2 left", Level::Warning);
}

#[traced(op = "http.server", name = "GET /orders")]
fn order(callee: &Callee) {
    request(callee);
}

#[traced(op = "http.client", name = "GET /stock")]
fn request(callee: &Callee) {
    callee.call(current_trace_headers());
}

fn trace(item: &Item) -> &Value {
    &item.payload["contexts"]["trace"]
}

fn named<'a>(items: &'a [Item], name: &str) -> &'a Item {
    items.iter().find(|item| item.payload["transaction"] == name).unwrap()
}

#[test]
fn two_processes_write_one_trace() {
    let monitored = Monitored::start();
    let callee = Callee::start(&monitored.ingest.dsn());
    order(&callee);
    callee.end();
    let transactions = monitored.items("transaction");
    assert_eq!(transactions.len(), 2);
    let (caller, callee) =
        (named(&transactions, "GET /orders"), named(&transactions, "GET /stock"));
    assert_eq!(trace(caller)["trace_id"], trace(callee)["trace_id"]);
    assert_eq!(trace(caller)["parent_span_id"], Value::Null);
    let client = &list(&caller.payload["spans"])[0];
    assert_eq!(client["op"], "http.client");
    assert_eq!(trace(callee)["parent_span_id"], client["span_id"]);
    // The second process samples nothing of its own accord.
    assert_eq!(callee.payload["release"], "stock@2.0.0");
    let event = &monitored.items("event")[0];
    assert_eq!(trace(event)["trace_id"], trace(caller)["trace_id"]);
    assert_eq!(trace(event)["span_id"], trace(callee)["span_id"]);
}

#[test]
fn both_envelopes_tell_the_sampling_context_of_the_head() {
    let monitored = Monitored::start();
    let callee = Callee::start(&monitored.ingest.dsn());
    order(&callee);
    callee.end();
    let received = monitored.received();
    let contexts: Vec<_> = received.iter().map(|r| &r.envelope.headers["trace"]).collect();
    assert_eq!(contexts.len(), 3, "two transactions and an event");
    assert_eq!(contexts[0]["transaction"], "GET /orders");
    assert_eq!(contexts[0]["release"], "shop@1.4.0");
    assert_eq!(contexts[0]["sample_rate"], "1");
    assert_eq!(contexts[0]["sampled"], "true");
    assert!(contexts.iter().all(|context| *context == contexts[0]), "{contexts:#?}");
}

#[test]
fn what_the_head_does_not_sample_nobody_samples() {
    let monitored = Monitored::with(|config| config.with_traces_sample_rate(0.0));
    let callee = Callee::start(&monitored.ingest.dsn());
    order(&callee);
    callee.end();
    assert!(monitored.items("transaction").is_empty());
    let events = monitored.items("event");
    assert_eq!(events.len(), 1);
    // Each process reports its root.
    let reports = monitored.items("client_report");
    let counts = reports.iter().flat_map(|report| list(&report.payload["discarded_events"]));
    let transactions: Vec<_> = counts.filter(|count| count["category"] == "transaction").collect();
    let count = json!({"category": "transaction", "reason": "sample_rate", "quantity": 1});
    assert_eq!(transactions, [&count, &count]);
}
