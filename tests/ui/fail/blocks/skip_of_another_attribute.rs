use monitor_runtime::{capture_errors, traced};

struct Account;

#[traced]
impl Account {
    #[capture_errors(skip)]
    fn open(&self) -> Result<(), String> {
        Ok(())
    }
}

fn main() {}
