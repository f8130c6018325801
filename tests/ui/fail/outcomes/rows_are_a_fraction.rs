use monitor_runtime::slow_threshold;

#[slow_threshold(ms = 200, rows = |total| *total)]
fn total() -> f64 {
    1.0
}

fn main() {}
