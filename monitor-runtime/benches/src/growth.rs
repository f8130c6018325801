//! How the cost of a span, and of an error, grows with what is around it, as pictures.
//!
//! `cargo run --release --features ours --bin growth` writes `docs/growth-*.svg`.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use monitor_benches::cpu;
use monitor_benches::measure::Spent;
use monitor_benches::work::{Refused, step};
use monitor_runtime::record::Transaction;
use monitor_runtime::{
    Backend, Config, add_breadcrumb, capture_errors, set_tag, traced, with_scope,
};

const ROUNDS: usize = 7;
/// Spans of one measurement.
const SPANS: u64 = 200_000;

struct Counting;

impl Backend for Counting {
    fn name(&self) -> &'static str {
        "counting"
    }

    fn transaction(&self, _transaction: &Arc<Transaction>) {}
}

#[traced]
#[inline(never)]
fn leaf(n: u64) -> u64 {
    step(n)
}

#[traced(root)]
#[inline(never)]
fn root(n: u64) -> u64 {
    (0..n).fold(0, |sum, _| leaf(sum))
}

#[capture_errors]
#[inline(never)]
fn fails(n: u64) -> Result<(), Refused> {
    Err(Refused(n))
}

#[traced(root)]
#[inline(never)]
fn root_of_errors(n: u64) {
    for number in 0..n {
        let _ = fails(number);
    }
}

/// A line of a picture: for each x the median, in nanoseconds.
struct Line {
    name: &'static str,
    points: Vec<(f64, f64)>,
}

fn flush() {
    monitor_runtime::flush(Duration::from_secs(30));
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// What a call costs its thread, and the process.
fn measure(calls: u64, threads: usize, work: impl Fn() + Sync) -> (f64, f64) {
    let (mut caller, mut process) = (Vec::new(), Vec::new());
    work();
    flush();
    for _ in 0..ROUNDS {
        let before = cpu::process();
        let spent = match threads {
            1 => Spent::on(&work),
            more => Spent::on_threads(more, &work),
        };
        flush();
        let calls = (calls * threads as u64) as f64;
        caller.push(spent.nanos as f64 / calls);
        process.push((cpu::process() - before) as f64 / calls);
    }
    (median(caller), median(process))
}

fn lines(points: impl IntoIterator<Item = (u64, (f64, f64))>) -> [Line; 2] {
    let mut lines = [("the calling thread", Vec::new()), ("the whole process", Vec::new())];
    for (x, (caller, process)) in points {
        lines[0].1.push((x as f64, caller));
        lines[1].1.push((x as f64, process));
    }
    lines.map(|(name, points)| Line { name, points })
}

fn main() {
    let config = Config::new()
        .with_environment("production")
        .with_traces_sample_rate(1.0)
        .with_max_spans(2_000_000)
        .with_max_breadcrumbs(1000)
        .with_max_queued_events(1_000_000)
        .with_max_transactions_per_minute(u32::MAX)
        .with_max_events_per_callsite(u32::MAX)
        .with_max_events_per_fingerprint(u32::MAX)
        .with_backend(Counting);
    let _guard = monitor_runtime::init(config).expect("a config without a DSN");

    let sizes = [1, 3, 10, 100, 1000, 10_000, 100_000, 1_000_000];
    let by_size = sizes.map(|size| {
        let roots = (SPANS / size).max(1);
        (
            size,
            measure(roots * size, 1, || {
                (0..roots).for_each(|_| {
                    root(size);
                })
            }),
        )
    });
    picture("spans-a-root", "a child span, ns", "spans a root", &lines(by_size));

    let threads = [1, 2, 4, 8, 16];
    let by_threads = threads.map(|threads| {
        let roots = SPANS / 4 / 100;
        let work = || {
            (0..roots).for_each(|_| {
                root(100);
            })
        };
        (threads as u64, measure(roots * 100, threads, work))
    });
    picture("threads", "a child span, ns", "threads at once", &lines(by_threads));

    let tags = [1, 3, 10, 30, 100];
    let by_tags = tags.map(|tags| {
        let prepare = |tags: u64| (0..tags).for_each(|n| set_tag(format!("tag.{n}"), "value"));
        (tags, errors(tags, prepare))
    });
    picture("scope-size", "an error captured, ns", "tags in the scope", &lines(by_tags));

    let crumbs = [1, 3, 10, 30, 100, 300];
    let by_crumbs = crumbs.map(|crumbs| {
        let prepare = |crumbs: u64| {
            (0..crumbs).for_each(|n| {
                add_breadcrumb(monitor_runtime::Breadcrumb::new("test", format!("step {n}")));
            });
        };
        (crumbs, errors(crumbs, prepare))
    });
    picture("breadcrumbs", "an error captured, ns", "breadcrumbs", &lines(by_crumbs));
}

/// Errors in a scope that was made before.
fn errors(size: u64, prepare: impl Fn(u64) + Sync) -> (f64, f64) {
    const ERRORS: u64 = 2000;
    let (mut caller, mut process) = (0.0, 0.0);
    with_scope(|| {
        prepare(size);
        (caller, process) = measure(ERRORS, 1, || root_of_errors(ERRORS));
    });
    (caller, process)
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 320.0;
const MARGIN: f64 = 56.0;
const COLORS: [&str; 2] = ["#1f6feb", "#d1242f"];

/// Both axes are logarithmic: what grows linearly is a straight line, what stays is a level one.
fn picture(file: &str, y: &str, x: &str, lines: &[Line]) {
    let points = || lines.iter().flat_map(|line| &line.points);
    let bounds = |of: fn(&(f64, f64)) -> f64| {
        let logs = || points().map(|point| of(point).max(1.0).log10());
        let low = logs().fold(f64::MAX, f64::min).floor();
        (low, logs().fold(f64::MIN, f64::max).ceil().max(low + 1.0))
    };
    let (x_bounds, y_bounds) = (bounds(|point| point.0), bounds(|point| point.1));
    let place = |value: f64, (low, high): (f64, f64), length: f64| {
        (value.max(1.0).log10() - low) / (high - low) * (length - 2.0 * MARGIN)
    };
    let x_of = |value| MARGIN + place(value, x_bounds, WIDTH);
    let y_of = |value| HEIGHT - MARGIN - place(value, y_bounds, HEIGHT);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" \
         fill=\"white\"/>\n"
    );
    for power in y_bounds.0 as i32..=y_bounds.1 as i32 {
        let (value, right) = (10_f64.powi(power), WIDTH - MARGIN);
        let at = y_of(value);
        let _ = writeln!(
            svg,
            "<path d=\"M{MARGIN} {at:.1}H{right}\" stroke=\"#ddd\"/><text x=\"{:.1}\" y=\"{:.1}\" \
             text-anchor=\"end\">{value}</text>",
            MARGIN - 6.0,
            at + 4.0
        );
    }
    for (value, _) in &lines[0].points {
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{value}</text>",
            x_of(*value),
            HEIGHT - MARGIN + 16.0
        );
    }
    for (number, line) in lines.iter().enumerate() {
        let color = COLORS[number];
        let path: Vec<String> =
            line.points.iter().map(|(x, y)| format!("{:.1},{:.1}", x_of(*x), y_of(*y))).collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>\n<text \
             x=\"{:.1}\" y=\"{:.1}\" fill=\"{color}\">{}</text>",
            path.join(" "),
            MARGIN + 190.0 * number as f64,
            20,
            line.name
        );
        let values: Vec<String> = line.points.iter().map(|(x, y)| format!("{x}: {y:.0}")).collect();
        println!("{file}, {}: {}", line.name, values.join(", "));
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{x}</text>\n<text x=\"{MARGIN}\" \
         y=\"38\">{y}</text>\n</svg>",
        WIDTH / 2.0,
        HEIGHT - 12.0
    );
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    std::fs::write(docs.join(format!("growth-{file}.svg")), svg).expect("docs can be written");
}
