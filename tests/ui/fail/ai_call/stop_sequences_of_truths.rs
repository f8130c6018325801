use monitor_runtime::{Usage, ai_call};

#[ai_call(provider = "openai", model = "gpt-4o", params(stop_sequences = stops))]
fn ask(stops: &[bool]) -> Usage {
    Usage::new(stops.len() as u64, 1)
}

fn main() {
    ask(&[true]);
}
