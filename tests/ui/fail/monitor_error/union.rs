use monitor_runtime::MonitorError;

#[derive(MonitorError)]
union Failed {
    number: u64,
    float: f64,
}

fn main() {}
