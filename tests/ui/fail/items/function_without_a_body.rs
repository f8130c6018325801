use monitor_runtime::traced;

trait Account {
    #[traced]
    fn id(&self) -> u64;
}

impl Account for u64 {
    fn id(&self) -> u64 {
        *self
    }
}

fn main() {
    1.id();
}
