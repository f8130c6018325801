use monitor_runtime::ai_call;

#[ai_call(provider = "opneai", model = "gpt-4o")]
fn ask() {}

fn main() {
    ask();
}
