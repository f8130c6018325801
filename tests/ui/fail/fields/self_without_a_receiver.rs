use monitor_runtime::traced;

struct Account;

impl Account {
    #[traced(fields(self.id))]
    fn new() -> Self {
        Self
    }
}

fn main() {
    Account::new();
}
