use monitor_runtime::ai_call;

#[ai_call(model = "gpt-4o")]
fn ask() {}

fn main() {
    ask();
}
