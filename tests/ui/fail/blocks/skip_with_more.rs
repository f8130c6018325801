use monitor_runtime::traced;

struct Account;

#[traced]
impl Account {
    #[traced(skip, op = "db.query")]
    fn open(&self) {}
}

fn main() {}
