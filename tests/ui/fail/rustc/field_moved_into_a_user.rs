use monitor_runtime::traced;

#[traced(user = name)]
fn load(name: String) -> usize {
    name.len()
}

fn main() {}
