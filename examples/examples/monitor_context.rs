//! `#[derive(MonitorContext)]` and context providers: what an error says of its surroundings. Run it
//! with `cargo run --example monitor_context`.

use monitor_runtime::{
    CommandContext, Config, ContextGroups, JsonLines, MonitorContext, cache_miss, capture_errors,
    set_command_context, traced,
};

#[derive(MonitorContext)]
struct Guild {
    id: u64,
    name: &'static str,
    member_count: u32,
}

/// Becomes the user of every event below.
#[derive(MonitorContext)]
#[monitor(user)]
struct Account {
    id: u64,
    username: &'static str,
    subscription_tier: &'static str,
}

#[traced(op = "command", user = account, context(guild = guild.monitor_values()))]
#[capture_errors]
fn ban(account: &Account, guild: &Guild) -> Result<(), String> {
    set_command_context(CommandContext::new("ban").with_kind("slash"));
    cache_miss!();
    load(guild.id)
}

#[traced(op = "db.query")]
fn load(guild: u64) -> Result<(), String> {
    Err(format!("guild {guild} is locked"))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Runs when an error is captured, and only then.
    let pool = |groups: &mut ContextGroups| groups.set("pool", [("size", 10), ("active", 7)]);
    let config = Config::new()
        .with_context_provider(pool)
        .with_backend(JsonLines::to_writer(std::io::stdout()));
    let _guard = monitor_runtime::init(config)?;
    let account = Account { id: 42, username: "ada", subscription_tier: "premium" };
    let _ = ban(&account, &Guild { id: 7, name: "lounge", member_count: 120 });
    Ok(())
}
