use monitor_runtime::traced;

#[traced]
mod account {
    pub(crate) fn id() -> u64 {
        1
    }
}

fn main() {
    account::id();
}
