use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o")]
mod assistant {
    pub(crate) fn ask() {}
}

fn main() {
    assistant::ask();
}
