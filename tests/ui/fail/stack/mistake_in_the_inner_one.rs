use monitor_runtime::{slow_threshold, traced};

#[traced(op = "db.query")]
#[slow_threshold(mss = 5)]
fn load() {}

fn main() {
    load();
}
