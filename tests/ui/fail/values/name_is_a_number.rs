use monitor_runtime::traced;

#[traced(name = 5)]
fn load() {}

fn main() {
    load();
}
