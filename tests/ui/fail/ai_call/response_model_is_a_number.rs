use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o", response_model = |answer| answer.len())]
fn ask() -> String {
    String::new()
}

fn main() {
    ask();
}
