use monitor_runtime::capture_errors;

#[capture_errors]
fn first<T>(value: T) -> T {
    value
}

fn main() {}
