//! An axum service over SQLite, under load, that sends to Sentry.
//!
//! ```sh
//! export SENTRY_DSN=https://PUBLIC_KEY@HOST/PROJECT_ID
//! cargo run --example sentry_service
//! ```
//!
//! Any server that takes Sentry's envelopes will do, such as Spotlight on this machine:
//! `SENTRY_DSN=http://key@127.0.0.1:8969/1`. Without a DSN the same goes nowhere, and is counted.
//! `SENTRY_DEBUG=1` shows what becomes of each envelope. At the end the program prints what it
//! recorded; every record was delivered to Sentry or is among the lost.

mod load;
mod routes;
mod store;
mod tally;

use std::error::Error;
use std::time::Duration;

use monitor_runtime::Config;
use tokio::net::TcpListener;

use self::tally::Tally;

const REQUESTS: u32 = 400;
const AT_ONCE: u32 = 32;

fn main() -> Result<(), Box<dyn Error>> {
    let tally = Tally::default();
    let config = Config::from_env()?
        .with_default_release(monitor_runtime::release!())
        .with_traces_sample_rate(1.0)
        .with_shutdown_timeout(Duration::from_secs(10))
        // The test counts every error: 40 of a kind in a moment are more than the default lets through.
        .with_max_events_per_fingerprint(1_000)
        .with_backend(tally.clone());
    // Dropped after the runtime: what tasks record at the end is delivered, too.
    let guard = monitor_runtime::init(config)?;
    let answers = run()?;
    drop(guard);
    println!("{REQUESTS} requests: {answers}");
    println!("{tally}");
    Ok(())
}

#[tokio::main(flavor = "multi_thread", worker_threads = 4)]
async fn run() -> Result<load::Answers, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(axum::serve(listener, routes::router()?).into_future());
    let answers = load::drive(address, REQUESTS, AT_ONCE).await;
    server.abort();
    Ok(answers)
}
