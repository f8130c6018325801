use monitor_runtime::traced;

struct Account;

#[traced(opp = "db.query")]
impl Account {
    fn open(&self) {}
    fn close(&self) {}
}

fn main() {}
