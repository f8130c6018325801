use monitor_runtime::traced;

#[traced]
mod account {
    #[monitor_runtime::traced(opp = "account")]
    impl super::Account {
        pub(super) fn open(&self) {}
    }
}

struct Account;

fn main() {
    Account.open();
}
