use monitor_runtime::{ai_agent, ai_tool};

#[ai_agent(name = "planner")]
#[ai_tool(name = "search")]
fn ask() {}

fn main() {
    ask();
}
