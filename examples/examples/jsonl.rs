//! Records as lines of JSON in a file. Run it with `cargo run --example jsonl`.

use std::error::Error;
use std::{env, fs};

use monitor_runtime::{Config, JsonLines, capture_errors, traced};

#[traced(op = "app.parse", fields(text))]
#[capture_errors]
fn parse(text: &str) -> Result<i32, std::num::ParseIntError> {
    text.parse()
}

fn main() -> Result<(), Box<dyn Error>> {
    let file = env::temp_dir().join(format!("monitor-{}.jsonl", std::process::id()));
    let config = Config::from_env()?.with_backend(JsonLines::create(&file)?);
    let guard = monitor_runtime::init(config)?;
    let _ = parse("42");
    let _ = parse("forty-two");
    // Everything is in the file once the guard is dropped.
    drop(guard);

    for line in fs::read_to_string(&file)?.lines() {
        println!("{line}\n");
    }
    Ok(fs::remove_file(&file)?)
}
