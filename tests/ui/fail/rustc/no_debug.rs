use monitor_runtime::traced;

struct Account;

#[traced(fields(?account))]
fn load(account: Account) {
    drop(account);
}

fn main() {
    load(Account);
}
