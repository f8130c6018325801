#[monitor_runtime::main(confg = monitor_runtime::Config::new())]
fn main() {}
