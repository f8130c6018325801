use monitor_runtime::traced;

#[traced(ms = 1000)]
fn load() {}

fn main() {
    load();
}
