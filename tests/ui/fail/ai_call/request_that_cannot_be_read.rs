use monitor_runtime::{Usage, ai_call};

struct Request;

#[ai_call(provider = "openai", model = "gpt-4o", request = request)]
fn ask(request: &Request) -> Usage {
    let _ = request;
    Usage::new(1, 1)
}

fn main() {
    ask(&Request);
}
