use monitor_runtime::ai_call;

#[ai_call(op = memory(serach), store = "prefs")]
fn ask() {}

fn main() {
    ask();
}
