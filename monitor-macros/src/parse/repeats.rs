use super::Argument;
use crate::diagnostics::Diagnostics;

/// The first argument of each name; every other one is reported, and the first with it.
pub(crate) fn without_repeats(
    arguments: Vec<Argument>,
    diagnostics: &mut Diagnostics,
) -> Vec<Argument> {
    let mut kept: Vec<Argument> = Vec::new();
    let mut reported: Vec<String> = Vec::new();
    for argument in arguments {
        let key = &argument.key;
        let Some(first) = kept.iter().find(|first| first.key.text == key.text) else {
            kept.push(argument);
            continue;
        };
        diagnostics.over(&key.tokens, format!("`{}` is given twice; keep one of them", key.text));
        if !reported.contains(&key.text) {
            diagnostics.over(&first.key.tokens, format!("`{}` is first given here", key.text));
            reported.push(key.text.clone());
        }
    }
    kept
}
