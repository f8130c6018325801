//! Attributes for one domain: a bot's command with a query, a call of a service and a boundary.
//!
//! `cargo run --example presets`

use std::fmt;

use monitor_runtime::attributes::breadcrumb;
use monitor_runtime::{Config, api_call, command, db_query, error_boundary, startup, task};

#[derive(Debug)]
struct BotError(&'static str);

impl fmt::Display for BotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for BotError {}

#[startup(step = "migrations", service = "Database")]
fn migrate() -> Result<(), BotError> {
    Ok(())
}

#[db_query(operation = "select", table = "members", query = sql, system = "sqlite")]
fn member(sql: &str) -> Result<u64, BotError> {
    println!("runs: {sql}");
    Ok(42)
}

#[api_call(service = "discord", endpoint = "/guilds/{id}/bans", method = "PUT", status = |s| *s)]
fn put_ban(member: u64) -> Result<u16, BotError> {
    if member == 42 { Ok(204) } else { Err(BotError("no such member")) }
}

#[breadcrumb(category = "ui", message = format!("asked for {what}"))]
fn confirm(what: &str) {}

#[command(name = "ban", kind = "slash", group = "moderation", parameters(reason))]
fn ban(reason: &str) -> Result<(), BotError> {
    confirm("confirmation");
    let member = member("SELECT id FROM members WHERE name = 'mallory'")?;
    put_ban(member)?;
    put_ban(member + 1)?;
    Ok(())
}

#[task(name = "cleanup")]
fn clean_up() {
    monitor_runtime::current_span().set("deleted_records", 7_u64);
}

#[error_boundary(component = "menu", route = "/menu", fallback = "Something went wrong")]
fn menu(items: &[&'static str]) -> &'static str {
    items[0]
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Panics are part of this example; what they print isn't.
    std::panic::set_hook(Box::new(|_| {}));
    let _guard = monitor_runtime::init(Config::from_env()?)?;
    migrate()?;
    if let Err(error) = ban("spam") {
        println!("ban failed: {error}");
    }
    clean_up();
    println!("menu: {}", menu(&[]));
    Ok(())
}
