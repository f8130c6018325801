use monitor_runtime::traced;

#[traced(op = "db.query")]
pub const fn limit() -> u64 {
    1
}

fn main() {
    const _: u64 = limit();
}
