use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o", op = responses)]
fn ask() {}

fn main() {
    ask();
}
