use monitor_runtime::capture_errors;

struct Answer;

#[capture_errors]
fn ask() -> Answer {
    Answer
}

fn main() {}
