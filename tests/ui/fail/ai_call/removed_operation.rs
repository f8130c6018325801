use monitor_runtime::ai_call;

#[ai_call(provider = "cohere", model = "rerank-v3", op = "rerank")]
fn ask() {}

fn main() {
    ask();
}
