use monitor_runtime::traced;

struct Account;

#[traced(user = account)]
fn load(account: &Account) {
    let _ = account;
}

fn main() {
    load(&Account);
}
