use monitor_runtime::traced;

#[traced(user)]
fn load(id: u64) {}

fn main() {}
