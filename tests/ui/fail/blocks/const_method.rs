use monitor_runtime::traced;

struct Account;

impl Account {
    #[traced]
    const fn new() -> Self {
        Account
    }
}

fn main() {}
