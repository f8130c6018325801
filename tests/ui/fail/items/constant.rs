use monitor_runtime::traced;

#[traced]
const LIMIT: u64 = 1;

fn main() {
    let _ = LIMIT;
}
