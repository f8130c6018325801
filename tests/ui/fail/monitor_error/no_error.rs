use monitor_runtime::MonitorError;

#[derive(Debug, MonitorError)]
struct Failed;

fn main() {}
