use monitor_runtime::traced;

#[traced(tags = plan)]
fn load(plan: &str) {}

fn main() {}
