use monitor_runtime::{ai_call, capture_errors, slow_threshold, traced};

#[traced(opp = "db.query")]
#[capture_errors(level = "warn")]
#[slow_threshold(ms = "5")]
#[ai_call(provider = "openai", model = 5)]
fn load() -> Result<u8, String> {
    Ok(1)
}

fn main() {}
