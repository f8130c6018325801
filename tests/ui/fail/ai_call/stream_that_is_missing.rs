use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o", stream)]
async fn ask() -> Result<Vec<String>, std::io::Error> {
    Ok(Vec::new())
}

fn main() {
    drop(ask());
}
