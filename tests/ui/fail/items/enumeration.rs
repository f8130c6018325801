use monitor_runtime::{capture_errors, traced};

#[capture_errors]
#[traced]
enum Kind {
    One,
}

fn main() {
    let _ = Kind::One;
}
