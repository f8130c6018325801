use monitor_runtime::traced;

#[traced(skip)]
fn open() {}

fn main() {}
