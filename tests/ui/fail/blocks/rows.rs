use monitor_runtime::slow_threshold;

struct Account;

#[slow_threshold(ms = 200, rows = |rows| rows.len())]
impl Account {
    fn list(&self) -> Vec<u8> {
        Vec::new()
    }
}

fn main() {}
