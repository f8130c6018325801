use monitor_runtime::TokenUsage;

#[derive(TokenUsage)]
struct Answer {
    #[monitor(input)]
    sent: u64,
    #[monitor(outptu)]
    received: u64,
}

fn main() {}
