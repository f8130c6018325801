//! What a program says by hand.

use monitor_runtime::{
    Level, breadcrumb, capture, capture_message, continue_trace, traced, track_command_end,
    track_command_start,
};

/// Events that [`all`] makes.
pub(crate) const EVENTS: usize = 7;

pub(crate) fn all(text: &str, plain: &str) {
    let error = std::io::Error::other(text.to_owned());
    capture!(error, said = text, password = plain);
    capture!(text, api(endpoint = text, status = 500, body = text), token = plain);
    let database = capture::database(&error, text, text).query(text).parameters([plain]);
    database.with("said", text).with("secret", plain).send();
    capture::module(&error, text).command(text).send();
    let body = format!("{text} {{\"passwd\": \"{plain}\"}}");
    capture::api(&error, text, 500).service(text).body(&body).send();
    track_command_end(track_command_start(text), Some(&error));
    breadcrumb!("said", "{text} and password={plain}", text = text, cookie = plain);
    continued(text);
}

/// The headers of another service, which go on to Sentry with the envelope.
fn continued(text: &str) {
    let encoded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let baggage = format!(
        "sentry-trace_id={trace},sentry-public_key=abc,sentry-transaction={encoded},\
         sentry-release={encoded},sentry-environment={encoded}"
    );
    let headers = [("sentry-trace", format!("{trace}-00f067aa0ba902b7-1")), ("baggage", baggage)];
    continue_trace(headers).run(answers);
}

#[traced(op = "http.server")]
fn answers() {
    capture_message("continued", Level::Info);
}
