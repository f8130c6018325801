use monitor_runtime::traced;

#[traced(fields("" = id))]
fn load(id: u64) {}

fn main() {}
