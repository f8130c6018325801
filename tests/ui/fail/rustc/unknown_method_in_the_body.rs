use monitor_runtime::traced;

#[traced]
fn load(text: &str) -> Result<usize, String> {
    Ok(text.lenght())
}

fn main() {}
