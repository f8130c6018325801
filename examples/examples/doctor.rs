//! Whether what this program records arrives at Sentry, and if not, why.
//!
//! `SENTRY_DSN=.. cargo run -p monitor-examples --features sentry --example doctor`

use std::process::ExitCode;
use std::time::Duration;

use monitor_runtime::Config;

fn main() -> ExitCode {
    let config = match Config::from_env() {
        Ok(config) => config.with_default_release(monitor_runtime::release!()),
        Err(error) => return wrong(&error),
    };
    let guard = match monitor_runtime::init(config) {
        Ok(guard) => guard,
        Err(error) => return wrong(&error),
    };
    let found = monitor_runtime::self_test(Duration::from_secs(10));
    println!("{found}");
    println!("so far: {}", monitor_runtime::delivery());
    drop(guard);
    if found.is_fine() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn wrong(error: &monitor_runtime::ConfigError) -> ExitCode {
    for problem in error.problems() {
        println!("FAIL set-up: {problem}");
    }
    ExitCode::FAILURE
}
