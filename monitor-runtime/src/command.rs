//! Commands by hand, where no function of one's own runs the whole of one.

use std::error::Error;
use std::fmt::Display;

use crate::callsite::Callsite;
use crate::capture;
use crate::context::{SpanGuard, bounded, crumb, current_span, enter_by_hand, scope};
use crate::groups::{CommandContext, set_running_command};
use crate::record::{Level, Status};

/// Bytes of a command's name. Of the tag Sentry keeps 200 characters.
const MAX_NAME: usize = 1024;

/// A command that is running, from [`track_command_start`] to [`track_command_end`].
///
/// It belongs to the thread on which it began; in async code put
/// [`#[command]`](macro@crate::command) on the function. Dropped without its end it has gone well.
#[must_use = "the command ends when this is dropped"]
pub struct CommandTracker {
    name: String,
    span: SpanGuard,
}

/// Begins a command: what [`#[command]`](macro@crate::command) does, for frameworks that tell of the
/// start and the end of a command in two callbacks.
///
/// The span, or the transaction, is named `command.ban` and has op `command`. The breadcrumb `Started
/// command: ban` says the correlation id.
///
/// ```
/// use monitor_runtime::{track_command_end, track_command_start};
///
/// let command = track_command_start("ban");
/// // ..
/// track_command_end(command, None);
/// ```
pub fn track_command_start(name: impl Display) -> CommandTracker {
    static COMMAND: Callsite = Callsite::new("command", "command", module_path!()).scoped();
    let name = bounded(&name, MAX_NAME);
    let span = enter_by_hand(&COMMAND);
    current_span().set_name(format_args!("command.{name}"));
    current_span().set("command.name", name.as_str());
    if scope::hub().is_some() {
        set_running_command(&CommandContext::new(name.clone()));
    }
    crumb("command", Level::Info, |crumb| {
        crumb.message(&format_args!("Started command: {name}"));
        crumb.correlation_id();
    });
    CommandTracker { name, span }
}

/// Ends a command. The error is captured as one of a command, unless it is an expected one.
pub fn track_command_end(command: CommandTracker, error: Option<&(dyn Error + 'static)>) {
    let CommandTracker { name, span } = command;
    if let Some(error) = error {
        current_span().set_status(Status::Error);
        capture::command(error, &name).send();
    }
    drop(span);
}
