use monitor_runtime::traced;

struct Account;

#[traced(op = "db.query")]
impl Account {
    fn open(&self) {}

    #[traced(nmae = "shut")]
    fn close(&self) {}
}

fn main() {}
