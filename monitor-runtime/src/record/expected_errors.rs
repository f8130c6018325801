use super::value::Text;

/// How often errors happened that are part of what users do: there is no event of them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ExpectedErrors {
    /// The error's type, without its path.
    pub type_name: Text,
    /// The variant, if the error says one.
    pub variant: Option<&'static str>,
    /// The category that the error says, else `expected`.
    pub category: Text,
    /// How often since the last report.
    pub count: u64,
}
