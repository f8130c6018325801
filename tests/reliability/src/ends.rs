//! What a program loses by the way in which it ends: a process each.
//!
//! With `--profile aborting` panics end the process as well.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use monitor_runtime::{Config, capture_errors, traced};

use crate::server::Server;

const CALLS: u64 = 100;

/// After that everything is delivered that a healthy server takes.
const LATER: Duration = Duration::from_secs(1);

const WAYS: [&str; 9] = [
    "main returns",
    "a panic in main",
    "monitor_runtime::exit",
    "process::exit after a flush",
    "process::exit",
    "abort",
    "SIGINT",
    "SIGTERM",
    "SIGKILL",
];

#[traced(op = "task")]
#[capture_errors]
fn fail() -> Result<(), std::num::ParseIntError> {
    "x".parse::<u32>().map(drop)
}

pub(crate) fn run() {
    println!("| it ends by | at once: errors, transactions lost of {CALLS} | a second later |");
    println!("|---|---|---|");
    for way in WAYS {
        let [at_once, later] = ["at once", "later"].map(|when| lost(way, when));
        println!("| {way} | {at_once} | {later} |");
    }
}

fn lost(way: &str, when: &str) -> String {
    let server = Server::start("well");
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["ending", way, when]).env("SENTRY_DSN", &server.dsn);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    if let Some(signal) = way.strip_prefix("SIG") {
        send(signal, &mut child);
    }
    child.wait().unwrap();
    let counted = server.stop();
    // A panic in main is an event of its own.
    format!("{}, {}", CALLS.saturating_sub(counted.errors), CALLS - counted.transactions)
}

/// Sends a signal once the process says that it has recorded.
fn send(signal: &str, child: &mut Child) {
    let mut said = BufReader::new(child.stdout.take().unwrap());
    said.read_line(&mut String::new()).unwrap();
    let killed = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
    assert!(killed.unwrap().success());
}

/// The process that ends.
pub(crate) fn end(way: &str, when: &str) {
    let config = Config::from_env().unwrap().with_traces_sample_rate(1.0).with_capture_panics(true);
    let config =
        config.with_max_events_per_callsite(u32::MAX).with_max_events_per_fingerprint(u32::MAX);
    let _guard = monitor_runtime::init(config).unwrap();
    for _ in 0..CALLS {
        let _ = fail();
    }
    // The time itself is what is measured: how long after a call it is safe from such an end.
    if when == "later" {
        thread::sleep(LATER);
    }
    println!("recorded");
    match way {
        "main returns" => {}
        "a panic in main" => panic!("at the end"),
        "monitor_runtime::exit" => monitor_runtime::exit(0),
        "process::exit after a flush" => {
            assert!(monitor_runtime::flush(Duration::from_secs(10)));
            std::process::exit(0)
        }
        "process::exit" => std::process::exit(0),
        "abort" => std::process::abort(),
        // The signal comes now, and nothing else ends it.
        _ => loop {
            thread::park();
        },
    }
}
