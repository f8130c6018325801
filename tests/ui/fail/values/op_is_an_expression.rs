use monitor_runtime::traced;

const OP: &str = "db.query";

#[traced(op = OP)]
fn load() {}

fn main() {
    load();
}
