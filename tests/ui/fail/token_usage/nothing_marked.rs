use monitor_runtime::TokenUsage;

#[derive(TokenUsage)]
struct Answer {
    #[monitor(model)]
    model: String,
}

fn main() {}
