#[monitor_runtime::main]
fn start() {}

fn main() {
    start();
}
