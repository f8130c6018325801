use monitor_runtime::traced;

#[traced(op)]
fn load() {}

fn main() {
    load();
}
