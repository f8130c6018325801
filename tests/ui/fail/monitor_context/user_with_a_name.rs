use monitor_runtime::MonitorContext;

#[derive(MonitorContext)]
#[monitor(user, name = "author")]
struct Author {
    id: u64,
}

fn main() {}
