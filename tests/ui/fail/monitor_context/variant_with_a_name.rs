use monitor_runtime::MonitorContext;

#[derive(MonitorContext)]
enum Channel {
    #[monitor(name = "text")]
    Text(u64),
}

fn main() {}
