use monitor_runtime::traced;

#[traced("op" = "db.query")]
fn load() {}

fn main() {
    load();
}
