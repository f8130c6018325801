//! Figures of docs/reliability.md: what a program feels while Sentry is well, and while it isn't.
//!
//! ```sh
//! cargo run --release --manifest-path tests/reliability/Cargo.toml -- soak well
//! cargo run --release --manifest-path tests/reliability/Cargo.toml -- latency
//! cargo run --release --manifest-path tests/reliability/Cargo.toml -- exit
//! cargo run --release --manifest-path tests/reliability/Cargo.toml -- trace
//! cargo run --release --manifest-path tests/reliability/Cargo.toml -- ends
//! cargo run --release --manifest-path tests/reliability/Cargo.toml -- steady 10
//! cargo run --release --manifest-path tests/reliability/Cargo.toml -- headers
//! ```
//!
//! The server is a process of its own, so that its memory isn't counted.

mod clock;
mod ends;
mod headers;
mod latency;
mod process;
mod server;
mod sink;
mod soak;
mod steady;
mod trace;

use std::env;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["soak", fault] => soak::run(fault),
        ["latency"] => latency::run(),
        ["exit"] => soak::exit(),
        ["trace"] => trace::run(),
        ["clock", file] => clock::run(file),
        ["ends"] => ends::run(),
        ["steady", ..] => steady::run(),
        ["headers"] => headers::run(),
        // What the others start.
        ["sink", fault] => sink::run(fault),
        ["ending", way, when] => ends::end(way, when),
        _ => {
            panic!(
                "expected soak (well|slow|hang|limit|reset), latency, exit, trace, ends, \
                 steady MINUTES, headers or clock FILE"
            )
        }
    }
}
