//! Figures of docs/reliability.md: what a program feels while Sentry is well, and while it isn't.
//!
//! ```sh
//! cargo run --release --manifest-path tests/reliability/Cargo.toml -- soak well
//! cargo run --release --manifest-path tests/reliability/Cargo.toml -- latency
//! cargo run --release --manifest-path tests/reliability/Cargo.toml -- exit
//! cargo run --release --manifest-path tests/reliability/Cargo.toml -- trace
//! ```
//!
//! The server is a process of its own, so that its memory isn't counted.

mod clock;
mod latency;
mod process;
mod server;
mod sink;
mod soak;
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
        // What the others start.
        ["sink", fault] => sink::run(fault),
        _ => {
            panic!("expected soak (well|slow|hang|limit|reset), latency, exit, trace or clock FILE")
        }
    }
}
