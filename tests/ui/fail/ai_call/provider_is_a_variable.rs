use monitor_runtime::ai_call;

#[ai_call(provider = name, model = "gpt-4o")]
fn ask(name: &str) {
    let _ = name;
}

fn main() {
    ask("openai");
}
