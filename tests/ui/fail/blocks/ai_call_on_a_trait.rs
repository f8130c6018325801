use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o")]
trait Assistant {
    fn ask(&self) {}
}

fn main() {}
