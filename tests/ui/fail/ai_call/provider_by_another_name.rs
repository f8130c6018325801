use monitor_runtime::ai_call;

#[ai_call(provider = "bedrock", model = "claude")]
fn ask() {}

fn main() {
    ask();
}
