use monitor_runtime::traced;

#[traced(op = 5)]
fn load() {}

fn main() {
    load();
}
