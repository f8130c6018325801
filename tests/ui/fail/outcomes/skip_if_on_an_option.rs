use monitor_runtime::capture_errors;

#[capture_errors(skip_if = |_| true)]
fn first() -> Option<u8> {
    None
}

fn main() {}
