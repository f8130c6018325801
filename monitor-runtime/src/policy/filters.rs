//! Rules for the noise that is known to come, by kind of program.
//!
//! ```
//! use monitor_runtime::{Config, filters};
//!
//! let config = Config::new().with_filters(filters::telegram()).with_filters(filters::http());
//! ```

use super::Filter;

/// What services that answer requests expect of their callers: errors of the type
/// `ValidationError`, and events that say `rate limit`.
pub fn http() -> [Filter; 2] {
    [Filter::type_name("ValidationError"), Filter::message("rate limit")]
}

/// What bots on Discord expect: `commands.BadArgument`, a command that was given wrongly, and
/// events that say `rate limit`.
pub fn discord() -> [Filter; 2] {
    [Filter::type_name("commands.BadArgument"), Filter::message("rate limit")]
}

/// What bots on Telegram expect: errors of the types `RetryAfter`, `TimedOut` and `NetworkError`,
/// and events that say `Bot was blocked by the user`, `Chat not found` or `Message is not
/// modified`.
pub fn telegram() -> [Filter; 6] {
    [
        Filter::type_name("RetryAfter"),
        Filter::type_name("TimedOut"),
        Filter::type_name("NetworkError"),
        Filter::message("Bot was blocked by the user"),
        Filter::message("Chat not found"),
        Filter::message("Message is not modified"),
    ]
}
