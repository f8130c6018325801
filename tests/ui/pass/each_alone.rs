//! Each attribute without any other, on the smallest function that it makes sense on.
#![deny(warnings)]

use monitor_runtime::{ai_call, capture_errors, slow_threshold, traced};

#[traced]
fn plain() {}

#[traced()]
fn one_line(id: u64) -> u64 { id }

#[traced]
async fn asynchronous(id: u64) -> u64 {
    id
}

#[capture_errors]
fn captured(text: &str) -> Result<u32, std::num::ParseIntError> {
    text.parse()
}

#[capture_errors]
async fn captured_async(text: &str) -> Result<u32, std::num::ParseIntError> {
    text.parse()
}

#[capture_errors(panics)]
fn panics_only() -> u8 {
    1
}

#[slow_threshold]
fn slow() {}

#[slow_threshold(ms = 5)]
async fn slow_async() -> Vec<u8> {
    Vec::new()
}

#[ai_call(provider = "openai", model = "gpt-4o")]
fn ask() -> Result<String, std::fmt::Error> {
    Ok(String::new())
}

#[ai_call(provider = "openai", model = "gpt-4o")]
async fn ask_async() -> String {
    String::new()
}

fn main() {
    plain();
    assert_eq!(one_line(3), 3);
    assert_eq!(captured("3"), Ok(3));
    assert!(captured("x").is_err());
    assert_eq!(panics_only(), 1);
    slow();
    assert_eq!(ask(), Ok(String::new()));
    drop((asynchronous(1), captured_async("1"), slow_async(), ask_async()));
}
