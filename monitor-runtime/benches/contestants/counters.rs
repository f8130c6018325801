//! What one count costs: `count!`, the counters of the `metrics` crate, and Sentry's own.
//!
//! `cargo run --release --features counters --bin counters`, or with the name of a case and
//! `--instructions` under callgrind, which is told to collect in `counted_here`.

use std::env;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, SharedString, Unit};
use metrics_util::registry::{AtomicStorage, Registry};
use monitor_benches::cpu;
use monitor_runtime::{Config, MockBackend, count, distribution};
use sentry_core::protocol::Envelope;
use sentry_core::{Client, ClientOptions, Hub, Transport};

/// As exporters for Prometheus keep their counters.
struct Kept(Registry<Key, AtomicStorage>);

impl metrics::Recorder for Kept {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.0.get_or_create_counter(key, |counter| counter.clone().into())
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.0.get_or_create_gauge(key, |gauge| gauge.clone().into())
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.0.get_or_create_histogram(key, |histogram| histogram.clone().into())
    }
}

/// Drops what it gets: only what the caller pays is measured.
struct Nowhere;

impl Transport for Nowhere {
    fn send_envelope(&self, _: Envelope) {}
}

static PLAIN: AtomicU64 = AtomicU64::new(0);

type Case = (&'static str, u64, fn(u64));

const CASES: [Case; 12] = [
    ("nothing", 20_000_000, |n| {
        for i in 0..n {
            black_box(i);
        }
    }),
    ("one atomic, fetch_add", 20_000_000, |n| {
        for i in 0..n {
            PLAIN.fetch_add(black_box(i) & 1, Ordering::Relaxed);
        }
    }),
    ("count!", 20_000_000, |n| {
        for i in 0..n {
            count!("orders", black_box(i) & 1);
        }
    }),
    ("count!, one attribute", 10_000_000, |n| {
        for i in 0..n {
            count!("orders", black_box(i) & 1, plan = black_box("pro"));
        }
    }),
    ("count!, three attributes", 10_000_000, |n| {
        for i in 0..n {
            let (plan, region) = (black_box("pro"), black_box("eu-central-1"));
            count!(
                "orders",
                black_box(i) & 1,
                plan = plan,
                region = region,
                retry = black_box(false)
            );
        }
    }),
    ("distribution!", 1_000_000, |n| {
        for i in 0..n {
            distribution!("latency", black_box(i));
        }
    }),
    ("metrics, counter! kept", 20_000_000, |n| {
        let counter = metrics::counter!("orders");
        for i in 0..n {
            counter.increment(black_box(i) & 1);
        }
    }),
    ("metrics, counter!", 5_000_000, |n| {
        for i in 0..n {
            metrics::counter!("orders").increment(black_box(i) & 1);
        }
    }),
    ("metrics, counter! with one label", 2_000_000, |n| {
        for i in 0..n {
            metrics::counter!("orders", "plan" => black_box("pro")).increment(black_box(i) & 1);
        }
    }),
    ("metrics, counter! with three labels", 2_000_000, |n| {
        for i in 0..n {
            let (plan, region) = (black_box("pro"), black_box("eu-central-1"));
            metrics::counter!("orders", "plan" => plan, "region" => region, "retry" => black_box("false"))
                .increment(black_box(i) & 1);
        }
    }),
    ("sentry, counter().capture()", 300_000, |n| {
        for i in 0..n {
            sentry_core::metrics::counter("orders", (black_box(i) & 1) as f64).capture();
        }
    }),
    ("sentry, with one attribute", 300_000, |n| {
        for i in 0..n {
            sentry_core::metrics::counter("orders", (black_box(i) & 1) as f64)
                .attribute("plan", black_box("pro"))
                .capture();
        }
    }),
];

#[unsafe(no_mangle)]
#[inline(never)]
fn counted_here(run: fn(u64), n: u64) {
    run(n);
}

fn main() {
    metrics::set_global_recorder(Kept(Registry::new(AtomicStorage))).expect("the first one");
    let options = ClientOptions::default()
        .dsn("https://key@o1.example.org/42")
        .transport(|_: &ClientOptions| Arc::new(Nowhere) as Arc<dyn Transport>);
    Hub::main().bind_client(Some(Arc::new(Client::from(options))));
    let mock = MockBackend::install_with(Config::new().with_metrics(true));

    let args: Vec<String> = env::args().skip(1).collect();
    let counted = args.iter().any(|arg| arg == "--instructions");
    let wanted: Vec<_> = args.iter().filter(|arg| !arg.starts_with("--")).collect();
    for (name, n, run) in CASES {
        if !wanted.is_empty() && !wanted.iter().any(|wanted| *wanted == name) {
            continue;
        }
        // Warm first: what is measured is the rule, not the first call.
        run(1000);
        if counted {
            counted_here(run, 100_000);
            continue;
        }
        let mut nanos: Vec<f64> = (0..9)
            .map(|_| {
                let before = cpu::thread();
                counted_here(run, n);
                let taken = (cpu::thread() - before) as f64 / n as f64;
                mock.loss();
                taken
            })
            .collect();
        nanos.sort_by(f64::total_cmp);
        println!("| {name} | {:.2} ({:.2} to {:.2}) |", nanos[4], nanos[0], nanos[8]);
    }
}
