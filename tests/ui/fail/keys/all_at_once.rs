use monitor_runtime::{ai_call, capture_errors, slow_threshold, traced};

#[traced(fileds(id), op = 5, op = "", root, child_only, fields(idd))]
#[capture_errors(level = "warn", fingerprint = 5)]
#[slow_threshold(ms = 0, message = "")]
#[ai_call(op = rerank)]
fn load(id: u64) {
    let _ = id;
}

fn main() {
    load(1);
}
