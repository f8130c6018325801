//! A status code that is a text.

use monitor_runtime::api_call;

#[api_call(service = "stripe", status = |code| code.to_string())]
fn charge() -> u16 {
    200
}

fn main() {}
