use monitor_runtime::MonitorError;

#[derive(Debug, MonitorError)]
enum Failed {
    #[monitor(transparent)]
    Payment(u64, u64),
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("failed")
    }
}

impl std::error::Error for Failed {}

fn main() {}
