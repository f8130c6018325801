use monitor_runtime::MonitorError;

#[derive(Debug, MonitorError)]
#[monitor(tags(user_id))]
enum Failed {
    Payment { user_id: u64 },
    Other,
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("failed")
    }
}

impl std::error::Error for Failed {}

fn main() {}
