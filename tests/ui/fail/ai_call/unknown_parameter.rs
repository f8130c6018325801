use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o", params(temprature = 0.5, max_output_tokens = 5))]
fn ask() {}

fn main() {
    ask();
}
