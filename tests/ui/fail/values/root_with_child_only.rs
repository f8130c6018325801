use monitor_runtime::traced;

#[traced(child_only, op = "db.query", root)]
fn load() {}

fn main() {
    load();
}
