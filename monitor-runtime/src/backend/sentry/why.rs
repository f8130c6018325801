//! What is said in debug mode of what doesn't arrive: once a reason.

use crate::diagnostics;

/// Says why something was dropped, and what to do about it.
pub(super) fn explain(category: &str, outcome: &'static str) {
    let Some(why) = reason(outcome) else { return };
    diagnostics::explain(outcome, || format!("dropped ({category}, {outcome}): {why}"));
}

fn reason(outcome: &str) -> Option<&'static str> {
    Some(match outcome {
        "queue_overflow" => {
            "more came than the server takes, and the queue is full. Sample less, or filter"
        }
        "buffer_overflow" => {
            "more spans came than the buffers hold, or than a transaction may have. See \
             `Config::with_buffer_size` and `Config::with_max_spans`"
        }
        "ratelimit_backoff" => "the server asked for a pause, or a limit of the program is reached",
        "rate_limited" => {
            "the server refused it with status 429: the quota of the project is used up"
        }
        "network_error" => {
            "the server can't be reached. Is the DSN's host right, and the way to it free?"
        }
        "send_error" => "the server refused it. Are the DSN's key and project right?",
        "internal_sdk_error" => "it can't be written as JSON",
        "event_processor" => "a filter of the program dropped it, or a hook of its Sentry client",
        "before_send" => "a hook of the program dropped it, or panicked",
        "sample_rate" => "the trace wasn't sampled. See `Config::with_traces_sample_rate`",
        "shutdown" => "the program ended first. See `Config::with_shutdown_timeout`",
        "corrupted" => "a file of the spool is damaged",
        _ => return None,
    })
}
