//! `#[capture_errors]`: errors as events. Run it with `cargo run --example capture_errors`.

use std::num::{IntErrorKind, ParseIntError};

use monitor_runtime::{Config, ConfigError, breadcrumb, capture_errors, traced};

/// A span. What `number` returns fails it; the event is that of `number`, with the tag from here.
#[traced(op = "app.import", tags(path))]
fn import(path: &str, lines: &[&str]) -> Result<u64, ParseIntError> {
    lines.iter().try_fold(0, |sum, line| {
        breadcrumb!("import", "read {line:?}");
        Ok(sum + number(line)?)
    })
}

/// An empty line is returned as an `Err`, too, but isn't worth an event.
#[capture_errors(kind = module(name = "import"), skip_if = is_empty)]
fn number(line: &str) -> Result<u64, ParseIntError> {
    line.parse()
}

fn is_empty(error: &ParseIntError) -> bool {
    *error.kind() == IntErrorKind::Empty
}

/// A panic is captured too, and goes on unwinding.
#[traced(op = "app.cleanup")]
#[capture_errors(panics)]
fn clean_up() {
    panic!("nothing to clean up");
}

fn main() -> Result<(), ConfigError> {
    let _guard = monitor_runtime::init(Config::from_env()?)?;
    println!("{:?}", import("a.txt", &["1", "two", "3"]));
    println!("{:?}", import("b.txt", &["1", "", "3"]));
    println!("panicked: {}", std::panic::catch_unwind(clean_up).is_err());
    Ok(())
}
