use monitor_runtime::traced;

#[traced(op = , name = "load")]
fn load() {}

fn main() {
    load();
}
