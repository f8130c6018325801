use monitor_runtime::traced;

#[traced]
struct Account {
    id: u64,
}

fn main() {
    let _ = Account { id: 1 }.id;
}
