use monitor_runtime::traced;

struct Account;

#[traced(skip)]
impl Account {
    fn open(&self) {}
}

fn main() {
    Account.open();
}
