//! A conversation with a word in each place where something is said.

use futures_util::StreamExt;
use monitor_runtime::{ai_agent, ai_tool};
use monitor_tests::{Answer, End, ModelServer};

use crate::openai::{Chat, answer, pieces, request};

/// The word.
pub(crate) const CANARY: &str = "QCANARY7x";

#[ai_tool(arguments = arguments, result = |found| found)]
fn search(arguments: &str) -> String {
    format!("{CANARY} found by {arguments}")
}

#[ai_agent(name = "planner", prompt = goal)]
async fn converse(chat: &Chat, goal: &str) {
    for _ in 0..4 {
        let _ = chat.ask(request(&format!("{CANARY} prompt"))).await;
    }
    search(&format!("{CANARY} arguments"));
    for _ in 0..2 {
        if let Ok(mut stream) = chat.stream(request(&format!("{CANARY} prompt"))).await {
            while stream.next().await.is_some() {}
        }
    }
}

fn server() -> ModelServer {
    let said = format!("{CANARY} answer");
    let error = format!(
        r#"{{"error":{{"message":"{CANARY} body","type":"{CANARY} type","param":null,"code":"{CANARY} code"}}}}"#
    );
    let mut events = pieces(&[&said]);
    events.insert(1, format!("{{\"{CANARY}\": broken"));
    ModelServer::start([
        Answer::json(answer(&said)),
        Answer::status(429, error.clone()),
        Answer::status(500, format!("{CANARY} body")),
        Answer::json(format!("{{\"id\":\"{CANARY} body")),
        Answer::events(events.clone(), End::Done),
        Answer::events(&events[..3], End::Disconnect),
    ])
}

/// An agent, whole answers and streams, a tool, and all that may go wrong.
pub(crate) async fn run() {
    let server = server();
    converse(&Chat::of(&server), &format!("{CANARY} goal")).await;
}
