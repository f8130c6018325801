use monitor_runtime::traced;

const VERSION: u8 = 1;

#[traced(fields(VERSION))]
fn load(id: u64) -> u64 {
    id + u64::from(VERSION)
}

fn main() {
    load(1);
}
