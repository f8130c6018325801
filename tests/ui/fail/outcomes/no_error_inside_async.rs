use monitor_runtime::{capture_errors, traced};

struct Answer;

#[traced]
#[capture_errors(level = "warning")]
async fn ask() -> Answer {
    Answer
}

fn main() {}
