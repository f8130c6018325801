use monitor_runtime::ai_call;

struct Account;

#[ai_call(provider = "openai", model = "gpt-4o")]
impl Account {
    fn ask(&self) {}
}

fn main() {}
