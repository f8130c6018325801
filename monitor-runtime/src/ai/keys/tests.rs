use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::table::{DEPRECATED, KEYS};

/// Names of metrics, which are OpenTelemetry's.
const METRICS: [&str; 10] = [
    "gen_ai.client.cost",
    "gen_ai.client.errors",
    "gen_ai.client.operation.duration",
    "gen_ai.client.operation.time_per_output_chunk",
    "gen_ai.client.operation.time_to_first_chunk",
    "gen_ai.client.streams.abandoned",
    "gen_ai.client.streams.overdue",
    "gen_ai.client.token.usage",
    "gen_ai.execute_tool.duration",
    "gen_ai.invoke_agent.duration",
];

/// All texts that begin with `gen_ai.` in the sources below a folder, apart from this one.
fn written(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let skipped = ["keys", "tests"].iter().any(|name| path.ends_with(name));
            if !skipped {
                written(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            // Comments and documentation may name what they like.
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            for line in code.map(|line| line.replace("\\\"", "\"")) {
                let texts = line.split('"').filter(|text| text.starts_with("gen_ai."));
                found.extend(texts.map(str::to_owned));
            }
        }
    }
}

/// The parameters that `params(..)` takes, whose keys are made of them.
fn parameters(macros: &Path) -> Vec<String> {
    let text = fs::read_to_string(macros.join("model/ai_params.rs")).unwrap();
    let (_, list) = text.split_once("NAMES").unwrap();
    let (list, _) = list.split_once("];").unwrap();
    let names = list.split('"').skip(1).step_by(2).filter(|name| *name != "reasoning_level");
    names.map(|name| format!("gen_ai.request.{name}")).collect()
}

#[test]
fn no_key_is_written_that_is_not_in_the_table() {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    written(&runtime.join("src"), &mut found);
    let macros = runtime.join("../monitor-macros/src");
    written(&macros, &mut found);
    if found.remove("gen_ai.request.{name}") {
        let parameters = parameters(&macros);
        assert!(parameters.len() > 3, "{parameters:?}");
        found.extend(parameters);
    }
    assert!(found.contains("gen_ai.usage.input_tokens"), "the sources are read");
    // An op, or its beginning: what `op` and `starts_with` name.
    let is_op = |text: &str| {
        let rest = text.trim_start_matches("gen_ai.");
        rest.is_empty()
            || rest == "memory.client"
            || !rest.contains('.') && !rest.contains("tokens")
    };
    let others = ["gen_ai.token.type", "gen_ai.usage."];
    for text in &found {
        let known = KEYS.iter().any(|key| key.name == text)
            || METRICS.contains(&text.as_str())
            || others.contains(&text.as_str())
            || is_op(text);
        assert!(known, "`{text}` is not in the table");
        assert!(!DEPRECATED.contains(&text.as_str()), "`{text}` is deprecated");
    }
}

#[test]
fn the_table_is_sound() {
    let names: BTreeSet<_> = KEYS.iter().map(|key| key.name).collect();
    assert_eq!(names.len(), KEYS.len(), "a key stands in it twice");
    for key in KEYS {
        assert!(!DEPRECATED.contains(&key.name), "{}", key.name);
        assert!(key.otel.is_none_or(|otel| !DEPRECATED.contains(&otel)), "{}", key.name);
        assert!(key.older.is_none_or(|older| !names.contains(older)), "{}", key.name);
    }
}
