use monitor_runtime::traced;

#[traced(fileds(id))]
fn load(id: u64) -> u64 {
    id
}

fn main() {
    load(1);
}
