//! What hostile trace headers cost.

use std::hint::black_box;
use std::time::Instant;

use monitor_runtime::{Backend, Config, continue_trace};

struct Nobody;

impl Backend for Nobody {
    fn name(&self) -> &'static str {
        "nobody"
    }
}

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

pub(crate) fn run() {
    let _guard = monitor_runtime::init(Config::new().with_backend(Nobody)).unwrap();
    println!("| headers | bytes | time |\n|---|---|---|");
    let sentry_trace = format!("{TRACE}-00f067aa0ba902b7-1");
    let own = format!("sentry-trace_id={TRACE},sentry-sample_rate=0.5,sentry-sampled=true");
    measure("sentry-trace alone", &sentry_trace, "");
    measure("with a baggage as SDKs send it", &sentry_trace, &own);
    measure("64 members", &sentry_trace, &member(64, 100));
    measure("1,000 members in 8 KiB", &sentry_trace, &member(1000, 0));
    measure("8 KiB that need decoding", &sentry_trace, &format!("sentry-a={}", "%41".repeat(2700)));
    measure("1 MiB of baggage", &sentry_trace, &member(10_000, 98));
    measure("1 MiB of sentry-trace", &"a".repeat(1 << 20), "");
}

fn member(count: usize, length: usize) -> String {
    let value = "v".repeat(length);
    (0..count).map(|number| format!("k{number}={value},")).collect()
}

fn measure(name: &str, sentry_trace: &str, baggage: &str) {
    const ROUNDS: u32 = 2000;
    let headers = [("sentry-trace", sentry_trace), ("baggage", baggage)];
    let headers = &headers[..1 + usize::from(!baggage.is_empty())];
    // The quickest of several: other programs only make it slower.
    let quickest = (0..5).map(|_| {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            drop(black_box(continue_trace(black_box(headers).iter().copied())));
        }
        start.elapsed() / ROUNDS
    });
    let bytes = sentry_trace.len() + baggage.len();
    println!("| {name} | {bytes} | {:.1?} |", quickest.min().unwrap());
}
