//! Errors of every shape say how they are to be reported, without a warning.

#![deny(warnings, clippy::all, clippy::pedantic)]
#![expect(clippy::must_use_candidate)]

use monitor_runtime::{ErrorClass, MonitorError};

macro_rules! error {
    ($($name:ident),*) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("failed")
            }
        }

        impl std::error::Error for $name {}
    )*};
}

error!(Unit, Tuple, Named, Enum, Never, Outer, InAMacro);

#[derive(Debug, MonitorError)]
pub struct Unit;

#[derive(Debug, MonitorError)]
#[monitor(fingerprint = "{0}-{1}", tags(first = _0))]
pub struct Tuple(pub u8, #[monitor(tag = "second")] pub String);

#[derive(Debug, MonitorError)]
#[monitor(expected, level = info, severity = low, category = "named", sensitive, crate = monitor_runtime)]
pub struct Named {
    #[monitor(sensitive)]
    token: String,
    #[monitor(tag, context = "renamed")]
    r#type: u8,
    unread: u8,
}

#[derive(Debug, MonitorError)]
#[monitor(expected, tags(?self))]
pub enum Enum {
    Unit,
    #[monitor(unexpected)]
    Tuple(u8),
    #[monitor(context(total = first + second))]
    Named { first: u8, second: u8 },
    #[monitor(transparent)]
    Nested(Box<Tuple>),
    #[monitor(transparent)]
    Sourced { source: std::sync::Arc<Unit>, line: u32 },
}

#[derive(Debug, MonitorError)]
pub enum Never {}

#[derive(Debug, MonitorError)]
#[monitor(transparent)]
pub struct Outer {
    source: Unit,
}

macro_rules! make {
    ($name:ident, $field:ident) => {
        #[derive(Debug, MonitorError)]
        #[monitor(fingerprint = "x-{code}", tags($field))]
        pub struct $name {
            pub $field: u8,
        }
    };
}

make!(InAMacro, code);

fn main() {
    let named = Named { token: String::new(), r#type: 1, unread: 2 };
    assert_eq!(named.token.len() + usize::from(named.unread), 2);
    let classes: [ErrorClass; 2] = [named.monitor_class(), Enum::Tuple(1).monitor_class()];
    assert_eq!(classes.len(), 2);
    let _ = (Enum::Unit, Enum::Named { first: 1, second: 2 }, Outer { source: Unit });
    let _ = Enum::Nested(Box::new(Tuple(1, String::new())));
    let sourced = Enum::Sourced { source: std::sync::Arc::new(Unit), line: 1 };
    assert!(matches!(sourced, Enum::Sourced { line: 1, .. }));
}
