#[monitor_runtime::main(config = "staging")]
fn main() {}
