//! A report as JSON, with and without serde.

use std::fmt::Write;
use std::time::Duration;

use super::report::HealthReport;

/// Milliseconds, to the microsecond.
fn millis(duration: Duration) -> f64 {
    let micros = u32::try_from(duration.as_micros()).unwrap_or(u32::MAX);
    f64::from(micros) / 1000.0
}

pub(super) fn text(report: &HealthReport) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        r#"{{"status":"{}","duration_ms":{:?},"checks":["#,
        report.status(),
        millis(report.duration)
    );
    for (at, check) in report.checks.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(out, r#"{comma}{{"name":"#);
        quote(&mut out, &check.name);
        let (status, took) = (check.status.as_str(), millis(check.duration));
        let _ = write!(out, r#","status":"{status}","duration_ms":{took:?}"#);
        if let Some(detail) = &check.detail {
            out.push_str(r#","detail":"#);
            quote(&mut out, detail);
        }
        out.push('}');
    }
    out.push_str("]}");
    out
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{0}'..='\u{1f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
}

#[cfg(feature = "serde")]
mod with_serde {
    use serde::ser::SerializeStruct;
    use serde::{Serialize, Serializer};

    use super::millis;
    use crate::health::{CheckReport, HealthReport};

    impl Serialize for HealthReport {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut report = serializer.serialize_struct("HealthReport", 3)?;
            report.serialize_field("status", self.status())?;
            report.serialize_field("duration_ms", &millis(self.duration))?;
            report.serialize_field("checks", &self.checks)?;
            report.end()
        }
    }

    impl Serialize for CheckReport {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let fields = if self.detail.is_some() { 4 } else { 3 };
            let mut report = serializer.serialize_struct("CheckReport", fields)?;
            report.serialize_field("name", &self.name)?;
            report.serialize_field("status", self.status.as_str())?;
            report.serialize_field("duration_ms", &millis(self.duration))?;
            match &self.detail {
                Some(detail) => report.serialize_field("detail", detail)?,
                None => report.skip_field("detail")?,
            }
            report.end()
        }
    }
}
