//! Measurements, for which Sentry's types have no place: they stand among a span's data.

use sentry_core::protocol::{Map, Value};
use serde::Serialize;

use crate::record::{measurement_keys, measurement_name};

/// The longest unit of a program's own that Sentry takes, in bytes.
const LONGEST_UNIT: usize = 15;

/// The JSON of one.
#[derive(Debug, PartialEq, Serialize)]
pub(in crate::backend::sentry) struct Measurement<'a> {
    value: f64,
    unit: &'a str,
}

/// Those among the data, by their names. What Sentry doesn't take is made fit.
pub(in crate::backend::sentry) fn measurements(
    data: &Map<String, Value>,
) -> Map<String, Measurement<'_>> {
    let measured = data.iter().filter_map(|(key, value)| {
        let name = measurement_name(key)?;
        // Of the two keys only this one has a number.
        let value = value.as_f64()?;
        let unit = data.get(&measurement_keys(name)[1]).and_then(Value::as_str);
        Some((fitting_name(name), Measurement { value, unit: fitting_unit(unit) }))
    });
    measured.collect()
}

fn fitting_name(name: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let fitting = name.chars().map(|c| if allowed(c) { c } else { '_' });
    let first = if name.starts_with(|c: char| c.is_ascii_alphabetic()) { "" } else { "m_" };
    first.chars().chain(fitting).collect()
}

fn fitting_unit(unit: Option<&str>) -> &str {
    unit.filter(|unit| unit.is_ascii() && unit.len() <= LONGEST_UNIT).unwrap_or("none")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_units_are_what_sentry_takes() {
        let mut data = Map::new();
        for (name, value, unit) in [
            ("queue.wait", 12.5, "millisecond"),
            ("1st größe", -1.0, "a unit that is far too long"),
            ("plain", 3.0, "none"),
        ] {
            let [value_key, unit_key] = measurement_keys(name);
            data.insert(value_key, value.into());
            data.insert(unit_key, unit.into());
        }
        data.insert("rows".to_owned(), 7.into());
        let expected = [
            ("m_1st_gr__e", Measurement { value: -1.0, unit: "none" }),
            ("plain", Measurement { value: 3.0, unit: "none" }),
            ("queue.wait", Measurement { value: 12.5, unit: "millisecond" }),
        ];
        let found = measurements(&data);
        assert!(
            found.iter().map(|(k, m)| (k.as_str(), m)).eq(expected.iter().map(|(k, m)| (*k, m)))
        );
    }
}
