use monitor_runtime::traced;

#[traced("load")]
fn load() {}

fn main() {
    load();
}
