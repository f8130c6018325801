use monitor_runtime::MonitorError;

#[derive(Debug, MonitorError)]
#[monitor(level = "loud", expectd)]
enum Failed {
    #[monitor(category = 5, tags(7))]
    Payment,
    #[monitor(severity = high, fingerprint = [])]
    Refund {
        #[monitor(backtrace, secret)]
        trace: String,
    },
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("failed")
    }
}

impl std::error::Error for Failed {}

fn main() {}
