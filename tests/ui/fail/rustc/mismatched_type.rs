use monitor_runtime::traced;

#[traced]
fn load(id: u64) -> String {
    id
}

fn main() {
    load(1);
}
