use super::StackFrame;
use super::value::Text;

/// One error of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Exception {
    /// The type's name without its path. Of a source only what its `Debug` begins with is known,
    /// which is the variant's name for an enum; `Error` where that is no name.
    pub type_name: Text,
    /// What it says.
    pub value: String,
    /// The path of the type's module, if it is known.
    pub module: Option<Text>,
    /// Where it arose, if the error has a backtrace: the innermost call first.
    pub frames: Vec<StackFrame>,
}
