use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o", stream)]
fn ask() -> Result<String, String> {
    Ok(String::new())
}

fn main() {
    drop(ask());
}
