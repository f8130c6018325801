use monitor_runtime::MonitorContext;

#[derive(MonitorContext)]
struct Guild {
    #[monitor(sensitive, name = "invite")]
    link: String,
}

fn main() {}
