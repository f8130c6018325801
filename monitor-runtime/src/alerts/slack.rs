//! What Slack's incoming webhooks take: <https://api.slack.com/messaging/webhooks>, with the blocks of
//! <https://api.slack.com/reference/block-kit/blocks>.

use serde_json::{Value, json};

use super::alert::{Alert, AlertState};
use crate::context::cut;

/// Characters of a header.
const MAX_HEADER: usize = 150;
/// Characters of a text in a section.
const MAX_TEXT: usize = 2000;

/// The message, which is also the text of the notification.
pub(super) fn payload(alert: &Alert) -> Value {
    let (mark, word) = match alert.state {
        AlertState::Firing => (":rotating_light:", "Alert"),
        AlertState::Resolved => (":white_check_mark:", "Resolved"),
    };
    let title = format!("{word}: {}", alert.rule);
    let mut fields =
        vec![field("Severity", alert.severity.as_str()), field("Source", &alert.source)];
    if alert.threshold > 0.0 || alert.value > 0.0 {
        fields.push(field("Value", &format!("{:.0}", alert.value)));
        fields.push(field("Limit", &format!("{:.0}", alert.threshold)));
    }
    fields.extend(alert.environment.as_deref().map(|text| field("Environment", text)));
    fields.extend(alert.release.as_deref().map(|text| field("Release", text)));
    json!({
        "text": format!("{title}: {}", escaped(&alert.summary)),
        "blocks": [
            {
                "type": "header",
                "text": {
                    "type": "plain_text",
                    "text": cut(&format!("{mark} {title}"), MAX_HEADER),
                    "emoji": true,
                },
            },
            { "type": "section", "text": mrkdwn(&escaped(&alert.summary)) },
            { "type": "section", "fields": fields },
        ],
    })
}

fn field(name: &str, value: &str) -> Value {
    mrkdwn(&format!("*{name}*\n{}", escaped(value)))
}

fn mrkdwn(text: &str) -> Value {
    json!({ "type": "mrkdwn", "text": cut(text, MAX_TEXT) })
}

/// Slack's three characters of control.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
