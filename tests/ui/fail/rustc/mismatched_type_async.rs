use monitor_runtime::traced;

#[traced]
async fn load(id: u64) -> String {
    if id == 0 {
        return 5;
    }
    id
}

fn main() {
    drop(load(1));
}
