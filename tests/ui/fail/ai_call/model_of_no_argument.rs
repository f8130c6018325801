use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = &reqest.model)]
fn ask(request: &Request) {
    let _ = request;
}

struct Request {
    model: String,
}

fn main() {
    ask(&Request { model: String::new() });
}
