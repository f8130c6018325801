use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o", max_open = "10")]
fn ask() {}

fn main() {
    ask();
}
