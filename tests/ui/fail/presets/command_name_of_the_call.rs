//! The name of a command that each call makes: transactions are grouped by it.

use monitor_runtime::command;

#[command(name = name)]
fn run(name: &str) {}

fn main() {}
