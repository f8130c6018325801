use monitor_runtime::ai_call;

#[derive(Debug)]
enum ChatError {
    NoAnswer,
}

#[ai_call(provider = "openai", model = "gpt-4o", budget = deny("chat"))]
async fn ask() -> Result<(), ChatError> {
    Err(ChatError::NoAnswer)
}

fn main() {
    drop(ask());
}
