use monitor_runtime::metered;

#[metered(nam = "checkout")]
fn place() {}

fn main() {
    place();
}
