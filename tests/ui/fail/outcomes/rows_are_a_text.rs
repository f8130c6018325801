use monitor_runtime::slow_threshold;

#[slow_threshold(ms = 200, rows = |rows| rows.join(","))]
fn list() -> Vec<String> {
    Vec::new()
}

fn main() {}
