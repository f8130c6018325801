//! What a service says of itself.

use std::sync::Mutex;
use std::time::Duration;

use monitor_runtime::record::Attributes;
use monitor_runtime::{
    BusEvent, CheckInStatus, HealthCheck, HealthRegistry, Monitor, capture_check_in, feature_flag,
    observe_event, rate_limit_exceeded,
};

/// What would go to whoever asks for the health over HTTP.
pub(crate) static REPORTS: Mutex<String> = Mutex::new(String::new());

/// Events that [`all`] makes.
pub(crate) const EVENTS: usize = 3;

struct Happened {
    event_type: String,
    plain: String,
}

impl BusEvent for Happened {
    fn event_type(&self) -> &str {
        &self.event_type
    }

    fn data(&self) -> Attributes {
        let said = self.event_type.clone();
        vec![("said".into(), said.into()), ("password".into(), self.plain.clone().into())]
    }
}

pub(crate) fn all(text: &str, plain: &str) {
    feature_flag(text.to_owned(), true);
    capture_check_in(Monitor::new(text.to_owned()), CheckInStatus::Ok, None);
    let event_type = format!("ai.error {text}");
    observe_event(&Happened { event_type, plain: plain.to_owned() });
    rate_limit_exceeded(text, text, 1, Duration::from_secs(60));
    let [said, name] = [text.to_owned(), text.to_owned()];
    let check = HealthCheck::future(name, move || {
        let said = said.clone();
        async move { Err::<(), _>(said) }
    });
    let report = HealthRegistry::new().with(check).run_blocking();
    REPORTS.lock().unwrap().push_str(&format!("{}\n{report}\n", report.to_json()));
}
