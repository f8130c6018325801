//! An API call that doesn't say who is called.

use monitor_runtime::api_call;

#[api_call(endpoint = "/v1/charges")]
fn charge() {}

fn main() {}
