use monitor_runtime::traced;

#[traced(op = "db.query", name = "load", op = "db")]
fn load() {}

fn main() {
    load();
}
