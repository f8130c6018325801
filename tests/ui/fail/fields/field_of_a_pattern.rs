use monitor_runtime::traced;

#[traced(fields(pair))]
fn load((left, right): (u8, u8)) {}

fn main() {}
