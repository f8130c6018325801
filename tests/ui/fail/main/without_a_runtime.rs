#[monitor_runtime::main]
async fn main() {}
