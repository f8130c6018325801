use monitor_runtime::traced;

#[traced]
async fn load(text: String) -> usize {
    drop(text);
    text.len()
}

fn main() {}
