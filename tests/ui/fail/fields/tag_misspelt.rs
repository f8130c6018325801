use monitor_runtime::traced;

#[traced(tags(plna))]
fn load(plan: &str) -> usize {
    plan.len()
}

fn main() {
    load("free");
}
