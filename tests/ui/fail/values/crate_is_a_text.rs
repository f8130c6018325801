use monitor_runtime::traced;

#[traced(crate = "monitor_runtime")]
fn load() {}

fn main() {
    load();
}
