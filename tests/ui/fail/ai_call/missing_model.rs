use monitor_runtime::ai_call;

#[ai_call(provider = "openai", op = embeddings)]
fn ask() {}

fn main() {
    ask();
}
