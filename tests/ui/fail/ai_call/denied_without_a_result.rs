use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o", budget = deny("chat"))]
fn ask() -> String {
    String::new()
}

fn main() {
    ask();
}
