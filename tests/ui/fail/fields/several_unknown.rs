use monitor_runtime::traced;

#[traced(fields(user_idd, nmae), tags(plann))]
fn load(user_id: u64, name: &str, plan: &str) {}

fn main() {}
