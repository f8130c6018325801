use super::{MonitorContext, set_monitor_context};
use crate::context::{cut, scope};
use crate::record::{Attributes, Text, Value};

/// What a user asked a bot or a program to do: the context `command`.
///
/// ```
/// use monitor_runtime::{CommandContext, set_command_context};
///
/// set_command_context(
///     CommandContext::new("ban").with_kind("slash").with_group("moderation"),
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CommandContext {
    /// The command's name.
    pub name: Text,
    /// How it was given: `slash`, `prefix`.
    pub kind: Option<Text>,
    /// The name with those of the commands around it.
    pub qualified_name: Option<Text>,
    /// What the command belongs to: a module, a cog.
    pub group: Option<Text>,
    /// What it was given, if that may be recorded.
    pub parameters: Attributes,
    /// What the user wrote, word by word.
    pub text: Option<Text>,
}

impl CommandContext {
    /// A command of this name.
    pub fn new(name: impl Into<Text>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Sets how it was given: `slash`, `prefix`.
    #[must_use]
    pub fn with_kind(mut self, kind: impl Into<Text>) -> Self {
        self.kind = Some(kind.into());
        self
    }

    /// Sets the name with those of the commands around it.
    #[must_use]
    pub fn with_qualified_name(mut self, name: impl Into<Text>) -> Self {
        self.qualified_name = Some(name.into());
        self
    }

    /// Sets what the command belongs to: a module, a cog.
    #[must_use]
    pub fn with_group(mut self, group: impl Into<Text>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// Adds a parameter. Name only those that may be recorded.
    #[must_use]
    pub fn with_parameter(mut self, name: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Sets what the user wrote, word by word. It is recorded only with
    /// [`Config::with_send_default_pii`](crate::Config::with_send_default_pii), and cut as any text.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<Text>) -> Self {
        self.text = Some(text.into());
        self
    }
}

impl MonitorContext for CommandContext {
    const NAME: &'static str = "command";

    fn monitor_values(&self) -> Attributes {
        let mut values: Attributes = vec![("name".into(), Value::Text(self.name.clone()))];
        let mut add = |key: &'static str, value: Option<Value>| {
            values.extend(value.map(|value| (key.into(), value)));
        };
        add("type", self.kind.clone().map(Value::Text));
        add("qualified_name", self.qualified_name.clone().map(Value::Text));
        add("cog_name", self.group.clone().map(Value::Text));
        let parameters = (!self.parameters.is_empty()).then(|| self.parameters.clone());
        add("parameters", parameters.map(Value::Map));
        add("text", self.recorded_text().map(Value::from));
        values
    }
}

impl CommandContext {
    fn recorded_text(&self) -> Option<String> {
        let settings = scope::hub()?.settings();
        let text = self.text.as_deref().filter(|_| settings.send_default_pii)?;
        Some(cut(text, settings.max_value_length).to_owned())
    }
}

/// A type of a bot library that says which command is running.
///
/// ```
/// use monitor_runtime::{CommandContext, IntoCommandContext, set_command_context};
///
/// # mod framework { pub struct Context { pub command: String } }
/// struct Running<'a>(&'a framework::Context);
///
/// impl IntoCommandContext for Running<'_> {
///     fn into_command_context(self) -> CommandContext {
///         CommandContext::new(self.0.command.clone()).with_kind("slash")
///     }
/// }
///
/// # let context = framework::Context { command: "ban".into() };
/// set_command_context(Running(&context));
/// ```
pub trait IntoCommandContext {
    /// What is known of the command.
    fn into_command_context(self) -> CommandContext;
}

impl IntoCommandContext for CommandContext {
    fn into_command_context(self) -> CommandContext {
        self
    }
}

impl IntoCommandContext for &'static str {
    fn into_command_context(self) -> CommandContext {
        CommandContext::new(self)
    }
}

/// Sets the context `command` of the current scope. Nothing is read where nothing is recorded.
pub fn set_command_context(command: impl IntoCommandContext) {
    if scope::hub().is_some() {
        set_monitor_context(&command.into_command_context());
    }
}

/// Sets the context `command`, and the tags by which its events are searched: those that errors of
/// a command have.
pub(crate) fn set_running_command(command: &CommandContext) {
    let values = command.monitor_values();
    let tags = [
        ("command.name", Some(&command.name)),
        ("command.type", command.kind.as_ref()),
        ("command.group", command.group.as_ref()),
    ];
    scope::update(|scope| {
        for (key, value) in tags {
            if let Some(value) = value {
                scope.set_tag(key, value);
            }
        }
        scope.set_context(CommandContext::NAME, values);
    });
}
