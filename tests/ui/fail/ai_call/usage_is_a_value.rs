use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o", usage = (1, 2))]
fn ask() {}

fn main() {
    ask();
}
