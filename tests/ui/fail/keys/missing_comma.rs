use monitor_runtime::traced;

#[traced(op = "db.query" name = "load")]
fn load() {}

fn main() {
    load();
}
