//! Lints that are forbidden can't be switched off by an expansion, and don't fire on it.
#![forbid(unused, unreachable_code, unused_braces, unused_qualifications, single_use_lifetimes)]
#![forbid(elided_lifetimes_in_paths, let_underscore_drop, unused_results, missing_docs)]
#![forbid(unsafe_code, variant_size_differences, trivial_casts, unused_lifetimes)]
#![forbid(clippy::all, clippy::pedantic, clippy::nursery)]

use monitor_runtime::{ai_call, capture_errors, slow_threshold, traced};

/// One expression between braces.
#[traced(op = "test")]
fn one_expression(id: u64) -> u64 { id }

/// Everything at once.
#[traced(fields(id, name), tags(id), user = name, context(request(id)))]
#[capture_errors(kind = command(name = "load", group = name), context(request(name)))]
#[slow_threshold(ms = 5, rows = |count| *count)]
#[ai_call(provider = "openai", model = name, prompt = name)]
fn sync(id: u64, name: &str, owned: String, _ignored: Vec<u8>) -> Result<u64, String> {
    if name.is_empty() { Err(owned) } else { Ok(id) }
}

/// Everything at once.
#[traced(fields(id, name), tags(id), user = name, context(request(id)))]
#[capture_errors(kind = command(name = "load", group = name), context(request(name)))]
#[slow_threshold(ms = 5, rows = |count| *count)]
#[ai_call(provider = "openai", model = name, prompt = name)]
async fn asynchronous(id: u64, name: &str, owned: String, _ignored: Vec<u8>) -> Result<u64, String> {
    if name.is_empty() { Err(owned) } else { Ok(id) }
}

/// Nothing behind the return can be reached.
#[traced]
fn returns() -> u8 {
    if true {
        return 1;
    }
    2
}

/// An empty body.
#[traced]
async fn empty() {}

fn main() {
    assert_eq!(one_expression(1), 1);
    assert_eq!(sync(1, "a", String::new(), Vec::new()), Ok(1));
    drop(asynchronous(1, "a", String::new(), Vec::new()));
    assert_eq!(returns(), 1);
    drop(empty());
}
