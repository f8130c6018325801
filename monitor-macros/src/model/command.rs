use super::Recorded;

/// What every event below a command says of it: tags, and the context `command`.
pub(crate) struct Command {
    /// `name`, `type` and `group`.
    pub(crate) values: Vec<Recorded>,
    /// What it was given, as far as that may be recorded.
    pub(crate) parameters: Vec<Recorded>,
}
