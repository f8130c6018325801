use monitor_runtime::slow_threshold;

#[slow_threshold(ms = 5, rows = |rows| rows.clone())]
fn load() -> Vec<u8> {
    Vec::new()
}

fn main() {
    load();
}
