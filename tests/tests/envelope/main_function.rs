//! `#[monitor_runtime::main]`, on functions that are called like one.

use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};

use monitor_runtime::{Config, capture_errors, traced};
use monitor_tests::Ingest;
use serde_json::Value;

use crate::{TURN, list};

static DSN: Mutex<String> = Mutex::new(String::new());

/// A server for what the next `main` sends.
fn server() -> (Ingest, MutexGuard<'static, ()>) {
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let ingest = Ingest::start();
    *DSN.lock().unwrap() = ingest.dsn();
    (ingest, turn)
}

fn config() -> Config {
    Config::new().with_dsn(DSN.lock().unwrap().as_str()).with_traces_sample_rate(1.0)
}

#[traced]
#[capture_errors]
fn load() -> Result<(), String> {
    Err("no database".to_owned())
}

mod plain {
    #[monitor_runtime::main(config = super::config())]
    pub(super) fn main() -> Result<(), String> {
        monitor_runtime::set_tag("step", "start");
        Err("port 80 is taken".to_owned())
    }
}

mod captured {
    #[monitor_runtime::main(config = super::config())]
    pub(super) fn main() -> Result<(), String> {
        super::load().map_err(|error| format!("can't start: {error}"))
    }
}

mod above_tokio {
    #[monitor_runtime::main(config = super::config())]
    #[tokio::main(flavor = "current_thread")]
    pub(super) async fn main() -> Result<(), String> {
        // Nobody set it on this task.
        tokio::spawn(async { monitor_runtime::set_tag("of", "another task") }).await.unwrap();
        super::load()?;
        Ok(())
    }
}

mod below_tokio {
    #[tokio::main(flavor = "current_thread")]
    #[monitor_runtime::main(config = super::config())]
    pub(super) async fn main() -> Result<(), String> {
        super::load()
    }
}

mod with_code {
    use std::process::ExitCode;

    #[monitor_runtime::main(config = super::config())]
    pub(super) fn main() -> ExitCode {
        let _handled = super::load();
        ExitCode::from(3)
    }
}

mod panicking {
    #[monitor_runtime::main(config = super::config())]
    pub(super) fn main() {
        panic!("at the start");
    }
}

mod badly_set_up {
    #[monitor_runtime::main(config = monitor_runtime::Config::new().with_dsn("nonsense"))]
    pub(super) fn main() -> u8 {
        7
    }
}

fn event(ingest: &Ingest) -> Value {
    let mut events = ingest.items("event");
    assert_eq!(events.len(), 1, "{events:#?}");
    events.remove(0).payload
}

#[test]
fn an_error_that_it_returns_is_captured_and_returned() {
    let (ingest, _turn) = server();
    assert_eq!(plain::main(), Err("port 80 is taken".to_owned()));
    let event = event(&ingest);
    let error = &list(&event["exception"]["values"])[0];
    assert_eq!(error["value"], "port 80 is taken");
    assert_eq!(error["mechanism"]["handled"], false);
    assert_eq!((&event["level"], &event["tags"]["step"]), (&"fatal".into(), &"start".into()));
    assert_eq!(event["release"], concat!("monitor-tests@", env!("CARGO_PKG_VERSION")));
}

#[test]
fn an_error_that_was_captured_on_its_way_is_not_captured_again() {
    for main in [captured::main, above_tokio::main, below_tokio::main] {
        let (ingest, _turn) = server();
        assert!(main().unwrap_err().contains("no database"));
        let event = event(&ingest);
        assert_ne!(event["level"], "fatal");
        assert_eq!(event["tags"]["of"], Value::Null);
        let frames = list(&list(&event["exception"]["values"])[0]["stacktrace"]["frames"]);
        assert_eq!(
            (&frames[0]["function"], &frames[1]["function"]),
            (&"main".into(), &"load".into())
        );
        assert_eq!(ingest.items("transaction").len(), 1);
    }
}

#[test]
fn its_value_is_kept() {
    let (ingest, _turn) = server();
    assert_eq!(with_code::main(), ExitCode::from(3));
    assert_ne!(event(&ingest)["level"], "fatal");
}

#[test]
fn a_panic_is_delivered() {
    let (ingest, _turn) = server();
    assert!(std::panic::catch_unwind(panicking::main).is_err());
    let event = event(&ingest);
    assert_eq!(event["level"], "fatal");
    let panic = &list(&event["exception"]["values"])[0];
    assert_eq!((&panic["type"], &panic["mechanism"]["type"]), (&"panic".into(), &"panic".into()));
    let thread = &list(&event["threads"]["values"])[0];
    assert_eq!((&thread["crashed"], &thread["current"]), (&true.into(), &true.into()));
    assert!(thread["name"].as_str().unwrap().contains("a_panic_is_delivered"));
    let frames = list(&panic["stacktrace"]["frames"]);
    assert!(frames.last().unwrap()["function"].as_str().unwrap().contains("panicking::main"));
}

#[test]
fn a_config_that_cant_be_used_does_not_stop_the_program() {
    let (_ingest, _turn) = server();
    assert_eq!(badly_set_up::main(), 7);
}
