use monitor_runtime::ai_call;

#[ai_call(provider = "", model = "gpt-4o")]
fn ask() {}

fn main() {
    ask();
}
