use monitor_runtime::{capture_errors, slow_threshold, traced};

#[traced]
#[slow_threshold(ms = 5, crate = app)]
#[capture_errors(crate = watch)]
fn load() -> Result<(), String> {
    Ok(())
}

fn main() {
    load().unwrap();
}
