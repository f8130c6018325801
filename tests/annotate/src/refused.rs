use std::fmt;

/// Why a function gets no attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Refused {
    ConstFn,
    /// A function that a trait asks for.
    NoBody,
    ExternBlock,
    /// In the definition of a macro: what it becomes is another matter.
    MacroRules,
    /// In the arguments of a macro: only the macro knows what they are.
    MacroCall,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ConstFn => "const fn",
            Self::NoBody => "no body",
            Self::ExternBlock => "extern block",
            Self::MacroRules => "in `macro_rules!`",
            Self::MacroCall => "in a macro's arguments",
        })
    }
}
