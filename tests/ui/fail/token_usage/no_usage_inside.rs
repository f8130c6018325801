use monitor_runtime::TokenUsage;

#[derive(TokenUsage)]
struct Answer {
    #[monitor(usage)]
    counts: u64,
}

fn main() {}
