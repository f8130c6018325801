use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o", prompt = text, input = text)]
fn ask(text: &str) {
    let _ = text;
}

fn main() {
    ask("");
}
