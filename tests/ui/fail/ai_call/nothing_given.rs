use monitor_runtime::ai_call;

#[ai_call]
fn ask() {}

fn main() {
    ask();
}
