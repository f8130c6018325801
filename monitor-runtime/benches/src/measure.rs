//! Measures one contestant in one process, and prints a line a case.

use std::env;

use crate::{Case, Contestant, Run, alloc, cpu, workers};

const BATCHES: usize = 9;
/// Roots that the workers of a batch poll in turns.
const FUTURES: u64 = 8;

/// Measures the cases that the arguments name; all without any.
///
/// - `--instructions`: each case runs once, inside a function that callgrind can be told to collect
///   in.
/// - `--start`: one root, and the end: what a process costs that does nothing else.
/// - `--million`: a million spans below one root; prints what of them was delivered, and the peak of
///   memory in KiB.
pub fn run(contestant: &Contestant) {
    let args: Vec<String> = env::args().skip(1).collect();
    let asks = |flag| args.iter().any(|arg| arg == flag);
    let case = |name| contestant.cases.iter().find(|case| case.name == name).expect("is there");
    if asks("--start") {
        return here(case("leaf100"), 1);
    }
    if asks("--million") {
        return million(case("leaf10000"), contestant);
    }
    let names: Vec<&String> = args.iter().filter(|arg| !arg.starts_with("--")).collect();
    for case in contestant.cases {
        if !names.is_empty() && !names.iter().any(|name| *name == case.name) {
            continue;
        }
        if asks("--instructions") { count(case, contestant) } else { time(case, contestant) }
    }
}

fn here(case: &Case, roots: u64) {
    match case.run {
        Run::Here(run) | Run::TwoThreads(run) => run(roots),
        Run::Workers(_) => unreachable!("is counted in no thread of its own"),
    }
}

/// Ten thousand spans below each of a hundred roots are a million in flight if nobody collects.
fn million(case: &Case, contestant: &Contestant) {
    let before = cpu::resident_kib();
    here(case, 100);
    (contestant.flush)();
    let delivered = (contestant.delivered)() as f64 / 1e6;
    println!("million {delivered:.4} {}", cpu::peak_kib().saturating_sub(before));
}

/// Warm first: what is measured is the rule, not the first call.
fn count(case: &Case, contestant: &Contestant) {
    let roots = (10_000 / case.calls).max(1);
    // As many as it takes until memory is used again.
    for _ in 0..8 {
        here(case, roots);
        (contestant.flush)();
    }
    measured(case, roots);
    println!("{} {}", case.name, roots * case.calls);
}

#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn measured(case: &Case, roots: u64) {
    here(case, roots);
}

/// What the threads that work have spent.
#[derive(Clone, Copy, Default)]
pub struct Spent {
    pub nanos: u64,
    pub allocations: u64,
    pub bytes: u64,
}

impl Spent {
    /// What this thread spends on `work`.
    pub fn on(work: impl FnOnce()) -> Self {
        let (allocations, bytes) = alloc::counts();
        let before = cpu::thread();
        work();
        let nanos = cpu::thread() - before;
        let (allocations_after, bytes_after) = alloc::counts();
        Self { nanos, allocations: allocations_after - allocations, bytes: bytes_after - bytes }
    }

    /// What the threads together spend on `work`, each doing its part.
    pub fn on_threads(threads: usize, work: impl Fn() + Sync) -> Self {
        std::thread::scope(|scope| {
            let spent: Vec<_> = (0..threads).map(|_| scope.spawn(|| Self::on(&work))).collect();
            let spent = spent.into_iter().map(|thread| thread.join().expect("no panic"));
            spent.fold(Self::default(), |sum, one| Self {
                nanos: sum.nanos + one.nanos,
                allocations: sum.allocations + one.allocations,
                bytes: sum.bytes + one.bytes,
            })
        })
    }
}

fn spend(case: &Case, roots: u64) -> Spent {
    match case.run {
        Run::Here(run) => Spent::on(|| run(roots)),
        Run::TwoThreads(run) => Spent::on_threads(2, || run(roots / 2)),
        Run::Workers(future) => workers::poll(future, roots),
    }
}

/// Nanoseconds of the calling threads and of the process, allocations and bytes, a call.
type Batch = [f64; 4];

fn time(case: &Case, contestant: &Contestant) {
    let roots = match case.run {
        Run::Workers(_) => FUTURES,
        _ => (contestant.batch / case.calls).max(2),
    };
    spend(case, roots);
    (contestant.flush)();
    let before = (contestant.delivered)();
    let batches: Vec<Batch> = (0..BATCHES).map(|_| batch(case, contestant, roots)).collect();
    let delivered = (contestant.delivered)() - before;
    let calls = (roots * case.calls) as f64 * BATCHES as f64;
    let median = |column: usize| {
        let mut values: Vec<f64> = batches.iter().map(|batch| batch[column]).collect();
        values.sort_by(f64::total_cmp);
        values[BATCHES / 2]
    };
    let [caller, process, allocations, bytes] = [0, 1, 2, 3].map(median);
    let delivered = delivered as f64 / calls;
    let name = case.name;
    println!("{name} {caller:.3} {process:.3} {allocations:.3} {bytes:.1} {delivered:.4}");
}

fn batch(case: &Case, contestant: &Contestant, roots: u64) -> Batch {
    let calls = (roots * case.calls) as f64;
    let process = cpu::process();
    let spent = spend(case, roots);
    (contestant.flush)();
    let process = cpu::process() - process;
    [spent.nanos, process, spent.allocations, spent.bytes].map(|sum| sum as f64 / calls)
}
