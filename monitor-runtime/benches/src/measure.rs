//! Measures one contestant in one process, and prints a line a case.

use std::env;

use crate::{Case, Contestant, alloc, cpu};

/// Calls in a batch: few enough that no contestant's queue runs over before the flush.
const CALLS: u64 = 50_000;
const BATCHES: usize = 9;

/// Measures the cases that the arguments name; all without any.
///
/// With `--instructions` each case runs once, inside a function that callgrind can be told to
/// collect in.
pub fn run(contestant: &Contestant) {
    let args: Vec<String> = env::args().skip(1).collect();
    let counted = args.iter().any(|arg| arg == "--instructions");
    let names: Vec<&String> = args.iter().filter(|arg| !arg.starts_with("--")).collect();
    for case in contestant.cases {
        if !names.is_empty() && !names.iter().any(|name| *name == case.name) {
            continue;
        }
        if counted { count(case, contestant) } else { time(case, contestant) }
    }
}

/// Warm first: what is measured is the rule, not the first call.
fn count(case: &Case, contestant: &Contestant) {
    let roots = (10_000 / case.calls).max(1);
    (case.run)(roots);
    (contestant.flush)();
    measured(case, roots);
    println!("{} {}", case.name, roots * case.calls);
}

#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn measured(case: &Case, roots: u64) {
    (case.run)(roots);
}

#[derive(Clone, Copy)]
struct Batch {
    caller: f64,
    process: f64,
    allocations: f64,
    bytes: f64,
}

fn time(case: &Case, contestant: &Contestant) {
    let roots = (CALLS / case.calls).max(1);
    (case.run)(roots);
    (contestant.flush)();
    let before = (contestant.delivered)();
    let batches: Vec<Batch> = (0..BATCHES).map(|_| batch(case, contestant, roots)).collect();
    let delivered = (contestant.delivered)() - before;
    let calls = (roots * case.calls) as f64 * BATCHES as f64;
    let median = |of: fn(&Batch) -> f64| {
        let mut values: Vec<f64> = batches.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[BATCHES / 2]
    };
    println!(
        "{} {:.3} {:.3} {:.3} {:.1} {:.4}",
        case.name,
        median(|batch| batch.caller),
        median(|batch| batch.process),
        median(|batch| batch.allocations),
        median(|batch| batch.bytes),
        delivered as f64 / calls,
    );
}

fn batch(case: &Case, contestant: &Contestant, roots: u64) -> Batch {
    let calls = (roots * case.calls) as f64;
    let (allocations, bytes) = alloc::counts();
    let (thread, process) = (cpu::thread(), cpu::process());
    (case.run)(roots);
    let caller = cpu::thread() - thread;
    let (allocations_after, bytes_after) = alloc::counts();
    (contestant.flush)();
    Batch {
        caller: caller as f64 / calls,
        process: (cpu::process() - process) as f64 / calls,
        allocations: (allocations_after - allocations) as f64 / calls,
        bytes: (bytes_after - bytes) as f64 / calls,
    }
}
