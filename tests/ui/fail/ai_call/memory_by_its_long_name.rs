use monitor_runtime::ai_call;

#[ai_call(op = search_memory, store = "prefs")]
fn ask() {}

fn main() {
    ask();
}
