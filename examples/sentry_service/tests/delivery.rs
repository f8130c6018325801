//! Under load the service delivers every transaction and error that it counts.

use std::collections::{HashMap, HashSet};
use std::process::Command;

use monitor_tests::Ingest;

#[test]
fn all_that_is_counted_as_recorded_arrives() {
    let ingest = Ingest::start();
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--example", "sentry_service", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .env("SENTRY_DSN", ingest.dsn())
        .output()
        .expect("cargo can be run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}\n{errors}");
    assert!(text.contains("400 requests: 360 answered 200, 40 answered 500, 0 not"), "{text}");

    let transactions = ingest.items("transaction");
    let events = ingest.items("event");
    let is_error = |event: &&monitor_tests::Item| event.payload["exception"].is_object();
    let failed = events.iter().filter(is_error).count();
    let spans: usize = transactions
        .iter()
        .map(|item| 1 + item.payload["spans"].as_array().map_or(0, Vec::len))
        .sum();
    let arrived = format!(
        "recorded: {} transactions, {spans} spans, {failed} errors, {} slow; lost: 0",
        transactions.len(),
        events.len() - failed,
    );
    assert!(text.contains(&arrived), "arrived, {arrived}\n{text}\n{errors}");
    // One for opening the store, one a request.
    assert_eq!(transactions.len(), 401);
    assert_eq!(failed, 40);
    assert!(ingest.items("client_report").is_empty());

    // build.rs has asked git.
    let version = concat!("sentry-service@", env!("CARGO_PKG_VERSION"));
    let release = match option_env!("GIT_COMMIT") {
        Some(commit) => format!("{version}+{commit}"),
        None => version.to_owned(),
    };
    assert!(events.iter().chain(&transactions).all(|item| item.payload["release"] == release));

    // Each error is that of its own request: same trace, same user.
    let users: HashMap<String, String> = transactions
        .iter()
        .map(|item| {
            let trace = item.payload["contexts"]["trace"]["trace_id"].to_string();
            (trace, item.payload["user"]["id"].to_string())
        })
        .collect();
    let mut seen = HashSet::new();
    for error in events.iter().filter(is_error) {
        let trace = error.payload["contexts"]["trace"]["trace_id"].to_string();
        assert_eq!(users[&trace], error.payload["user"]["id"].to_string());
        assert!(seen.insert(trace), "one error a request");
    }
}
