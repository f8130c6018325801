use monitor_runtime::traced;

struct Account;

#[traced(name = "account")]
impl Account {
    fn open(&self) {}
    fn close(&self) {}
}

fn main() {}
