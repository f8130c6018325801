//! `#[slow_threshold]`: warnings about slow calls. Run it with `cargo run --example slow_threshold`.

use std::error::Error;
use std::time::Duration;

use monitor_runtime::{Config, slow_threshold, traced};

/// Over 20 ms it is an event with the duration, the time in `poll` and the number of rows.
#[traced(op = "db.query")]
#[slow_threshold(ms = 20, rows = Vec::len)]
async fn load(wait: u64) -> Vec<u64> {
    tokio::time::sleep(Duration::from_millis(wait)).await;
    vec![1, 2, 3]
}

/// With `watchdog` a call that hangs is reported while it runs, within 0.1 s of its limit.
#[traced(op = "app.report")]
#[slow_threshold(ms = 50, message = "Report takes long", watchdog)]
async fn report() {
    load(30).await;
    tokio::time::sleep(Duration::from_millis(220)).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let _guard = monitor_runtime::init(Config::from_env()?)?;
    load(1).await;
    report().await;
    Ok(())
}
