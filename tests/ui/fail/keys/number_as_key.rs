use monitor_runtime::traced;

#[traced(5)]
fn load() {}

fn main() {
    load();
}
