use monitor_runtime::traced;

#[traced(prefix = "Account::")]
fn open() {}

fn main() {}
