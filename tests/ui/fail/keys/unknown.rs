use monitor_runtime::traced;

#[traced(skip_all)]
fn load() {}

fn main() {
    load();
}
