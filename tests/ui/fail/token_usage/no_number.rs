use monitor_runtime::TokenUsage;

#[derive(TokenUsage)]
struct Answer {
    #[monitor(input)]
    sent: String,
}

fn main() {}
