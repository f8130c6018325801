//! What `#[ai_call]` adds to a function that answers at once, beside the bare one: by a trait, by the
//! probe, and a plain span for comparison.
//!
//! `cargo run --release --bin ai --features ai -- [metrics]`: nanoseconds and allocations.
//!
//! `cargo run --release --bin ai --features ai -- instructions`: instructions on the calling thread,
//! under callgrind.

use std::borrow::Cow;
use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use monitor_benches::{alloc, cpu};
use monitor_runtime::record::Transaction;
use monitor_runtime::{Backend, Config, TokenUsage, Usage, ai_call, traced};
use serde::Serialize;

/// An answer as OpenAI's clients have it.
#[derive(Serialize)]
struct Answer {
    id: &'static str,
    model: &'static str,
    choices: [Choice; 1],
    usage: Counts,
}

#[derive(Serialize)]
struct Choice {
    index: u32,
    content: &'static str,
    finish_reason: &'static str,
}

#[derive(Serialize)]
struct Counts {
    prompt_tokens: u32,
    completion_tokens: u32,
    total_tokens: u32,
    prompt_tokens_details: Option<Prompt>,
    completion_tokens_details: Option<Completion>,
}

#[derive(Serialize)]
struct Prompt {
    audio_tokens: Option<u32>,
    cached_tokens: Option<u32>,
}

#[derive(Serialize)]
struct Completion {
    audio_tokens: Option<u32>,
    reasoning_tokens: Option<u32>,
}

static ANSWER: Answer = Answer {
    id: "chatcmpl-1",
    model: "gpt-4o-2024-08-06",
    choices: [Choice { index: 0, content: "hello", finish_reason: "stop" }],
    usage: Counts {
        prompt_tokens: 2006,
        completion_tokens: 300,
        total_tokens: 2306,
        prompt_tokens_details: Some(Prompt { audio_tokens: None, cached_tokens: Some(1920) }),
        completion_tokens_details: Some(Completion {
            audio_tokens: None,
            reasoning_tokens: Some(64),
        }),
    },
};

/// The same for whoever says it by the trait.
struct Known(&'static Answer);

impl TokenUsage for Known {
    fn token_usage(&self) -> Option<Usage> {
        let Counts { prompt_tokens, completion_tokens, .. } = self.0.usage;
        Some(Usage::new(prompt_tokens.into(), completion_tokens.into()))
    }

    fn response_model(&self) -> Option<Cow<'_, str>> {
        None
    }
}

#[inline(never)]
fn bare(answer: &'static Answer) -> &'static Answer {
    black_box(answer)
}

#[traced]
#[inline(never)]
fn plain(answer: &'static Answer) -> &'static Answer {
    black_box(answer)
}

#[ai_call(provider = "openai", model = "gpt-4o")]
#[inline(never)]
fn by_the_trait(answer: &'static Answer) -> Known {
    Known(black_box(answer))
}

#[ai_call(provider = "openai", model = model)]
#[inline(never)]
fn of_any_model(model: &str, answer: &'static Answer) -> Known {
    black_box(model);
    Known(black_box(answer))
}

#[ai_call(provider = "openai", model = "gpt-4o")]
#[inline(never)]
fn by_the_probe(answer: &'static Answer) -> &'static Answer {
    black_box(answer)
}

/// A call of a model below an agent, which makes it no short one; the agent itself is counted, too.
#[ai_call(op = invoke_agent, agent = "planner")]
#[inline(never)]
fn in_an_agent(answer: &'static Answer) {
    let _ = black_box(by_the_trait(answer));
}

#[traced(root)]
fn root(calls: u64, call: fn()) {
    (0..calls).for_each(|_| call());
}

/// The same within one agent: what a call costs that has another AI call around it.
#[traced(root)]
fn root_with_an_agent(calls: u64, call: fn()) {
    an_agent(calls, call);
}

#[ai_call(op = invoke_agent, agent = "planner")]
#[inline(never)]
fn an_agent(calls: u64, call: fn()) {
    (0..calls).for_each(|_| call());
}

struct Nothing;

impl Backend for Nothing {
    fn name(&self) -> &'static str {
        "nothing"
    }

    fn transaction(&self, _transaction: &Arc<Transaction>) {}
}

const CALLS: u64 = 100;
const ROOTS: u64 = 500;
const ROUNDS: usize = 15;

/// What a case is called, what makes its calls, and one of them.
type Case = (&'static str, fn(u64, fn()), fn());

const CASES: [Case; 7] = [
    ("bare", root, || _ = black_box(bare(&ANSWER))),
    ("#[traced]", root, || _ = black_box(plain(&ANSWER))),
    ("#[ai_call], trait", root, || _ = black_box(by_the_trait(&ANSWER))),
    ("#[ai_call], probe", root, || _ = black_box(by_the_probe(&ANSWER))),
    ("#[ai_call], trait, `model = model`", root, || _ = black_box(of_any_model("gpt-4o", &ANSWER))),
    ("#[ai_call], trait, below an agent", root_with_an_agent, || {
        _ = black_box(by_the_trait(&ANSWER))
    }),
    ("an agent with one #[ai_call], trait", root, || in_an_agent(&ANSWER)),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let asks = |word: &str| arguments.iter().any(|argument| argument == word);
    if asks("instructions") {
        return instructions();
    }
    let config = Config::new()
        .with_environment("production")
        .with_traces_sample_rate(1.0)
        .with_metrics(asks("metrics"))
        .with_backend(Nothing);
    let _guard = monitor_runtime::init(config).expect("a config without a DSN");
    match arguments.iter().position(|argument| argument == "case") {
        Some(at) => one_case(&arguments[at + 1]),
        None => times(asks("metrics")),
    }
}

fn times(metrics: bool) {
    let mut rounds = vec![Vec::new(); CASES.len()];
    for _ in 0..ROUNDS {
        for (times, (_, root, call)) in rounds.iter_mut().zip(CASES) {
            let begun = cpu::thread();
            for _ in 0..ROOTS {
                root(CALLS, call);
            }
            times.push((cpu::thread() - begun) as f64 / (ROOTS * CALLS) as f64);
            monitor_runtime::flush(Duration::from_secs(20));
        }
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let medians: Vec<f64> = rounds.iter_mut().map(median).collect();
    println!("added to the bare call, with metrics: {metrics}");
    for ((name, root, call), median) in CASES.iter().zip(&medians).skip(1) {
        let (before, _) = alloc::counts();
        root(CALLS, *call);
        let allocations = (alloc::counts().0 - before) as f64 / CALLS as f64;
        println!("{name:36} {:8.1} ns {allocations:6.2} allocations", median - medians[0]);
    }
}

/// What callgrind counts: warm before, so that it is the rule and not the first call.
fn one_case(name: &str) {
    let (_, root, call) = CASES.iter().find(|(case, ..)| *case == name).expect("is a case");
    root(CALLS, *call);
    monitor_runtime::flush(Duration::from_secs(20));
    measured_ai(*root, *call);
}

#[unsafe(no_mangle)]
#[inline(never)]
fn measured_ai(root: fn(u64, fn()), call: fn()) {
    root(CALLS, call);
}

/// This program under callgrind, once a case.
fn instructions() {
    let this = std::env::current_exe().expect("this program's path");
    let mut bare = 0.0;
    for (name, ..) in CASES {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--toggle-collect=measured_ai"]);
        valgrind.arg("--callgrind-out-file=/dev/null").arg(&this).args(["case", name]);
        let output = valgrind.output().expect("valgrind is installed");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let collected = said.split("Collected :").nth(1).and_then(|rest| {
            rest.split_whitespace().next().and_then(|count| count.parse::<f64>().ok())
        });
        let count = collected.expect("callgrind counts") / CALLS as f64;
        if name == "bare" {
            bare = count;
        }
        println!("{name:36} {:8.0} instructions more", count - bare);
    }
}
