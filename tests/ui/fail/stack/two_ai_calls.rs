use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o")]
#[ai_call(provider = "anthropic", model = "claude")]
fn ask() -> String {
    String::new()
}

fn main() {}
