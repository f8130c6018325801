use monitor_runtime::MonitorContext;

#[derive(MonitorContext)]
#[monitor(nam = "guild")]
struct Guild {
    #[monitor(rename = "number")]
    id: u64,
}

fn main() {}
