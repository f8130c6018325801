//! Says once a function that its response doesn't tell what it used.

use std::sync::atomic::{AtomicU64, Ordering};

use super::response::{AiResponse, Source};
use crate::callsite::Callsite;
use crate::diagnostics;

/// A bit a callsite. Two that share one share the hint, which is only advice.
static SAID: [AtomicU64; 64] = [const { AtomicU64::new(0) }; 64];

/// Says, once a function, that nothing tells how many tokens its calls use.
#[cold]
pub(crate) fn no_usage(site: &'static Callsite, response: &AiResponse) {
    let Some(reason) = reason(response.source) else { return };
    if is_first(site.number()) {
        let (module, name, type_name) = (site.module(), site.name(), response.type_name);
        diagnostics::hint(&format!(
            "no token usage found in `{type_name}`, which {module} `{name}` returns: {reason}"
        ));
    }
}

const fn reason(source: Source) -> Option<&'static str> {
    match source {
        Source::Nothing => None,
        Source::Trait => Some("its `TokenUsage` gave none"),
        Source::Probe => Some(
            "nothing in it is named as a provider names its counts; say `usage = ..`, or in a \
             stream of OpenAI's ask for it by `stream_options: { include_usage: true }`",
        ),
        Source::Unknown if cfg!(feature = "serde") => {
            Some("it is neither `TokenUsage` nor `Serialize`; say `usage = ..`")
        }
        Source::Unknown => Some(
            "it is no `TokenUsage`; say `usage = ..`, or switch on the feature `serde` of \
             monitor-runtime, which finds counts in what can be serialized",
        ),
    }
}

fn is_first(site: u32) -> bool {
    let (word, bit) = (site as usize / 64 % SAID.len(), 1 << (site % 64));
    SAID[word].load(Ordering::Relaxed) & bit == 0
        && SAID[word].fetch_or(bit, Ordering::Relaxed) & bit == 0
}
