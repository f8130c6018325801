use monitor_runtime::traced;

struct Account;

#[traced]
impl Account {
    fn id(&self) -> u64 {
        1
    }
}

fn main() {
    Account.id();
}
