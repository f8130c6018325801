//! How programs end, and what of theirs arrives. Each case is a process of its own.
//!
//! Without arguments all cases run; with one, those whose names contain it.

mod cases {
    pub(crate) mod endings;
    pub(crate) mod hostile;
    pub(crate) mod set_up;
}

use std::env;
use std::process::{Command, ExitCode, Output};
use std::time::{Duration, Instant};

use monitor_runtime::{Config, Guard, capture_errors, traced};
use monitor_tests::{Ingest, Reply};

/// One way to end.
pub(crate) struct Case {
    name: &'static str,
    /// Runs in a process of its own. What it returns is the last that `main` does.
    run: fn() -> ExitCode,
    /// How the process must end.
    code: i32,
    /// How many errors must arrive; the case says what it loses.
    errors: usize,
    transactions: usize,
    reply: Reply,
    env: &'static [(&'static str, &'static str)],
    /// What stands on stderr, once each; `None`: whatever it is.
    says: Option<&'static [&'static str]>,
}

impl Case {
    pub(crate) const fn new(
        name: &'static str,
        run: fn() -> ExitCode,
        arrive: (usize, usize),
    ) -> Self {
        let (errors, transactions) = arrive;
        let reply = Reply::OK;
        Self { name, run, code: 0, errors, transactions, reply, env: &[], says: None }
    }

    pub(crate) const fn with_env(mut self, env: &'static [(&'static str, &'static str)]) -> Self {
        self.env = env;
        self
    }

    /// Nothing of these: nothing at all.
    pub(crate) const fn that_says(mut self, says: &'static [&'static str]) -> Self {
        self.says = Some(says);
        self
    }

    pub(crate) const fn with_code(mut self, code: i32) -> Self {
        self.code = code;
        self
    }

    pub(crate) fn with_reply(mut self, reply: Reply) -> Self {
        self.reply = reply;
        self
    }

    /// Runs the process and says what is wrong.
    fn check(&self) -> Result<String, String> {
        let ingest = Ingest::start();
        ingest.reply(self.reply.clone());
        let start = Instant::now();
        let output = self.process(&ingest.dsn());
        let took = start.elapsed();
        let arrived = (ingest.items("event").len(), ingest.items("transaction").len());
        let ended = (output.status.code(), arrived);
        let figures = format!("{} errors, {} transactions, {took:.1?}", arrived.0, arrived.1);
        // Nobody waits for a request of 15 s.
        let is_right = ended == (Some(self.code), (self.errors, self.transactions));
        let said = String::from_utf8_lossy(&output.stderr);
        if !is_right || took > PATIENCE || !self.is_said(&said) {
            return Err(format!("{:?}, {figures}\n{said}", output.status));
        }
        Ok(figures)
    }

    fn is_said(&self, said: &str) -> bool {
        match self.says {
            None => true,
            Some([]) => said.is_empty(),
            Some(texts) => texts.iter().all(|text| said.matches(text).count() == 1),
        }
    }

    fn process(&self, dsn: &str) -> Output {
        let mut child = Command::new(env::current_exe().expect("the path of this program"));
        child.arg("--run").arg(self.name).env("SENTRY_DSN", dsn).envs(self.env.iter().copied());
        child.output().expect("this program can be run again")
    }
}

/// Far more than the shutdown timeout of 2 s, far less than a request may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Monitoring as a program sets it up.
pub(crate) fn monitored() -> Guard {
    let config = Config::from_env().expect("a valid environment").with_traces_sample_rate(1.0);
    monitor_runtime::init(config).expect("a valid config")
}

/// An error in a transaction.
#[traced(op = "task")]
#[capture_errors]
pub(crate) fn fail() -> Result<(), String> {
    Err("it failed".to_owned())
}

fn main() -> ExitCode {
    let cases: Vec<Case> =
        [cases::endings::cases(), cases::hostile::cases(), cases::set_up::cases()]
            .into_iter()
            .flatten()
            .collect();
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [flag, name] = &arguments[..]
        && flag == "--run"
    {
        let case = cases.iter().find(|case| case.name == name).expect("a case of this name");
        return (case.run)();
    }
    let is_asked = |name: &str| {
        let mut words = arguments.iter().filter(|argument| !argument.starts_with('-')).peekable();
        words.peek().is_none() || words.any(|word| name.contains(word.as_str()))
    };
    let mut code = ExitCode::SUCCESS;
    for case in cases.iter().filter(|case| is_asked(case.name)) {
        match case.check() {
            Ok(figures) => println!("{} ... ok: {figures}", case.name),
            Err(why) => {
                println!("{} ... FAILED: {why}", case.name);
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}
