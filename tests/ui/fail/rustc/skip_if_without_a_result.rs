use std::ops::ControlFlow;

use monitor_runtime::capture_errors;

#[capture_errors(skip_if = |_| true)]
fn load() -> ControlFlow<u8> {
    ControlFlow::Continue(())
}

fn main() {
    let _ = load();
}
