use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o", store = "prefs")]
fn ask() {}

fn main() {
    ask();
}
