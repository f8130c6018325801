use monitor_runtime::traced;

struct Account;

#[traced]
#[traced(op = "db.query")]
impl Account {
    fn open(&self) {}
}

fn main() {}
