//! All attributes together, in several orders and under several names.
#![deny(warnings)]

use monitor_runtime::{ai_call, capture_errors, slow_threshold, traced};

type Answer = Result<Vec<u8>, String>;

#[traced(op = "db.query", fields(id))]
#[capture_errors(kind = database(operation = "select"))]
#[slow_threshold(ms = 5, rows = |rows| rows.len())]
fn one(id: u8) -> Answer {
    Ok(vec![id])
}

#[slow_threshold(ms = 5, rows = Vec::len)]
#[capture_errors]
#[traced(fields(id))]
fn two(id: u8) -> Answer {
    Err(id.to_string())
}

#[capture_errors]
#[inline]
#[ai_call(provider = "openai", model = "gpt-4o")]
#[slow_threshold]
#[traced(op = "chat", name = "ask")]
async fn three(id: u8) -> Answer {
    Ok(vec![id])
}

#[monitor_runtime::traced]
#[monitor_runtime::slow_threshold(ms = 1)]
#[::monitor_runtime::capture_errors]
fn four() -> Answer {
    Ok(Vec::new())
}

use monitor_runtime::slow_threshold as limit;

// A renamed attribute can't be seen by the outer one; it works by itself.
#[traced]
#[limit(ms = 5)]
fn five(id: u8) -> u8 {
    id
}

fn main() {
    assert_eq!(one(1), Ok(vec![1]));
    assert_eq!(two(1), Err("1".to_owned()));
    drop(three(1));
    assert_eq!(four(), Ok(Vec::new()));
    assert_eq!(five(1), 1);
}
