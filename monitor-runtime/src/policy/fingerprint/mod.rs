//! How events are grouped, and texts without what differs from one to the next.
//!
//! ```
//! use monitor_runtime::{Config, fingerprint::Fingerprint};
//!
//! let config = Config::new().with_before_send(|mut event| {
//!     event.fingerprint = Fingerprint::of(&event).parts();
//!     Some(event)
//! });
//! ```

mod ids;
mod variable;

use super::scrub::without_secrets;
use crate::record::{Event, EventKind, Text};

/// Characters of a normalised text that are kept.
const MAX_CHARS: usize = 100;

/// What events are grouped by: type, message, command, module and place, in this order. What isn't
/// set isn't part of it.
///
/// ```
/// use monitor_runtime::fingerprint::Fingerprint;
///
/// let parts = Fingerprint::new()
///     .with_message("no user 42 in 10.0.0.1")
///     .with_type("NotFound")
///     .with_command("orders")
///     .parts();
/// assert_eq!(parts, ["NotFound", "no user <NUM> in <IP>", "orders"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a fingerprint does nothing until its parts are given to an event"]
pub struct Fingerprint {
    type_name: Option<Text>,
    message: Option<String>,
    command: Option<Text>,
    module: Option<Text>,
    location: Option<Text>,
}

impl Fingerprint {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// What an event says: the type and the text of its outermost error, or its message; the tag
    /// `command.name`; the module and the name of the innermost annotated function that was
    /// running. Not the line, which changes with each version.
    pub fn of(event: &Event) -> Self {
        let error = event.exceptions.first();
        let message = error.map(|error| error.value.as_str()).or(event.message.as_deref());
        let frame = event.path.first();
        Self {
            type_name: error.map(|error| error.type_name.clone()),
            message: message.map(normalised),
            command: event.tag("command.name").map(|name| name.to_owned().into()),
            module: frame.map(|frame| frame.module.into()),
            location: frame.map(|frame| frame.function.into()),
        }
    }

    /// Sets the type.
    pub fn with_type(mut self, name: impl Into<Text>) -> Self {
        self.type_name = Some(name.into());
        self
    }

    /// Sets the message, [`normalised`].
    pub fn with_message(mut self, message: impl AsRef<str>) -> Self {
        self.message = Some(normalised(message.as_ref()));
        self
    }

    /// Sets the command, or whatever else a user asked for.
    pub fn with_command(mut self, name: impl Into<Text>) -> Self {
        self.command = Some(name.into());
        self
    }

    /// Sets the module: a part of the program.
    pub fn with_module(mut self, name: impl Into<Text>) -> Self {
        self.module = Some(name.into());
        self
    }

    /// Sets the place in the program.
    pub fn with_location(mut self, location: impl Into<Text>) -> Self {
        self.location = Some(location.into());
        self
    }

    /// What [`Event::fingerprint`] takes. What is empty is left out.
    pub fn parts(self) -> Vec<Text> {
        let message = self.message.map(Text::Owned);
        let parts = [self.type_name, message, self.command, self.module, self.location];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect()
    }
}

/// The text with `<ID>` for numbers of 17 to 19 digits, `<USER>` for `name#1234` and `<EMAIL>` for
/// e-mail addresses, of at most 100 characters.
///
/// ```
/// use monitor_runtime::fingerprint::without_ids;
///
/// assert_eq!(without_ids("ada#1234 left 123456789012345678"), "<USER> left <ID>");
/// ```
pub fn without_ids(text: &str) -> String {
    cut(ids::replaced(in_reach(text)))
}

/// As [`without_ids`], and with `<UUID>`, `<URL>`, `<PATH>`, `<IP>`, `<HEX>` and `<NUM>` for what is
/// one. Secrets that a [`Scrubber`](crate::Scrubber) finds are left out first: the cut could leave
/// a part of one that nobody knows for it.
pub fn normalised(text: &str) -> String {
    let text = in_reach(text);
    let scrubbed = without_secrets(text);
    cut(variable::replaced(&ids::replaced(scrubbed.as_deref().unwrap_or(text))))
}

/// What is behind can't matter: no replacement is that much shorter than what it stands for, but a
/// text of addresses alone.
fn in_reach(text: &str) -> &str {
    crate::context::cut(text, 64 * MAX_CHARS)
}

fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_CHARS) {
        text.truncate(end);
    }
    text
}

/// Groups by its text an event that Sentry would group badly: a message, which it would group by
/// the place where it was sent if that is known; an error that came through no annotated function,
/// which it would group by its whole text.
pub(super) fn set_default(event: &mut Event) {
    if !event.fingerprint.is_empty() {
        return;
    }
    let is_message = event.kind == EventKind::Message;
    let has_frames = event.exceptions.iter().any(|error| !error.frames.is_empty());
    let has_place = !event.path.is_empty() || has_frames;
    if is_message || (!event.exceptions.is_empty() && !has_place) {
        let Fingerprint { type_name, message, .. } = Fingerprint::of(event);
        event.fingerprint = Fingerprint { type_name, message, ..Fingerprint::new() }.parts();
    }
}
