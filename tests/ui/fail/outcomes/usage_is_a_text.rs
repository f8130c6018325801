use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o", usage = |answer| answer.clone())]
fn ask() -> Result<String, String> {
    Ok(String::new())
}

fn main() {}
