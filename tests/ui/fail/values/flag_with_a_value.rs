use monitor_runtime::traced;

#[traced(root = true)]
fn load() {}

fn main() {
    load();
}
