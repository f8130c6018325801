//! Numbers with a unit. They lie among a span's attributes, under names of their own.

use super::{Span, Text, Value};

const PREFIX: &str = "measurement.";
const UNIT: &str = ".unit";

/// A number that was measured in a span; see
/// [`SpanHandle::set_measurement`](crate::SpanHandle::set_measurement).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Measurement<'a> {
    /// What was measured.
    pub name: &'a str,
    /// How much it was.
    pub value: f64,
    /// Of what, such as `millisecond`; `none` for a plain number.
    pub unit: &'a str,
}

impl Span {
    /// The numbers that were measured, in the order in which they were set first.
    pub fn measurements(&self) -> impl Iterator<Item = Measurement<'_>> {
        self.attributes().iter().filter_map(|(key, value)| {
            let name = name_of(key)?;
            let Value::F64(value) = *value else { return None };
            Some(Measurement { name, value, unit: unit_of(self.attributes(), key) })
        })
    }
}

fn unit_of<'a>(attributes: &'a [(Text, Value)], key: &str) -> &'a str {
    let is_unit = |k: &str| k.strip_suffix(UNIT) == Some(key);
    let unit = attributes.iter().find(|(k, _)| is_unit(k));
    unit.and_then(|(_, unit)| unit.as_str()).unwrap_or("none")
}

/// The attributes' keys for a measurement: of its value and of its unit.
pub(crate) fn keys(name: &str) -> [String; 2] {
    [format!("{PREFIX}{name}"), format!("{PREFIX}{name}{UNIT}")]
}

/// The name of the measurement whose value has this key.
pub(crate) fn name_of(key: &str) -> Option<&str> {
    key.strip_prefix(PREFIX)
}
