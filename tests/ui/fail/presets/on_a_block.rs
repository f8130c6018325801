//! A command on an `impl` block.

use monitor_runtime::command;

struct Bot;

#[command(name = "ban")]
impl Bot {
    fn ban(&self) {}
}

fn main() {}
