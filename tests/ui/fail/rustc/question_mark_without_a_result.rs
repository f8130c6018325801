use monitor_runtime::traced;

#[traced]
async fn load(text: &str) -> u8 {
    text.parse()?
}

fn main() {}
