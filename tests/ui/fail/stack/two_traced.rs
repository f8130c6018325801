use monitor_runtime::traced;

#[traced(op = "db.query")]
#[inline]
#[traced(root)]
fn load() {}

fn main() {
    load();
}
