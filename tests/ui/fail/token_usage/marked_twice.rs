use monitor_runtime::TokenUsage;

#[derive(TokenUsage)]
struct Answer {
    #[monitor(input)]
    sent: u64,
    #[monitor(input)]
    cached: u64,
}

fn main() {}
