use monitor_runtime::traced;

#[traced]
fn load() -> Result<&'static str, String> {
    let text = String::from("a");
    Ok(&text)
}

fn main() {}
