use std::path::PathBuf;

use crate::contestant::Contestant;
use crate::generated::Kind;

const USAGE: &str = "\
annotate <unpacked crate> [--with ours|off|recorded|fastrace|tracing] [--work <folder>]
         [--rounds <n>] [--runtime <folder of monitor-runtime>]
         [--without \"<files of the package whose dependencies it lacks>\"]
         [--cargo \"<arguments for cargo check and cargo test>\"]
         [--skip \"<arguments for the tests, such as --skip name>\"]
annotate cost [--functions <n>] [--kind all|plain|result|method|async|async-result]
         [--work <folder>] [--rounds <n>] [--runtime <folder of monitor-runtime>]";

/// What the command line asks for.
pub(crate) struct Arguments {
    /// The folder with the crate's `Cargo.toml`; only read.
    pub(crate) source: PathBuf,
    pub(crate) contestant: Contestant,
    /// Where the two copies go.
    pub(crate) work: PathBuf,
    pub(crate) runtime: PathBuf,
    /// How often `cargo check` is timed.
    pub(crate) rounds: usize,
    /// How many functions a generated program has, and of which kind.
    pub(crate) functions: usize,
    pub(crate) kind: Kind,
    /// Passed on to cargo, such as features.
    pub(crate) cargo: Vec<String>,
    /// Files that are empty in both copies.
    pub(crate) without: Vec<String>,
    /// Passed on to the test programs.
    pub(crate) tests: Vec<String>,
}

impl Arguments {
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let source = words.next().ok_or(USAGE)?;
        let mut arguments = Self::new(source.into());
        while let Some(option) = words.next() {
            let value = words.next().ok_or_else(|| format!("{option} needs a value\n{USAGE}"))?;
            arguments.set(&option, &value)?;
        }
        Ok(arguments)
    }

    fn new(source: PathBuf) -> Self {
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        Self {
            source,
            contestant: Contestant::Ours,
            work: std::env::temp_dir().join("annotate"),
            runtime: here.join("../../monitor-runtime"),
            rounds: 3,
            functions: 500,
            kind: Kind::All,
            cargo: Vec::new(),
            without: Vec::new(),
            tests: Vec::new(),
        }
    }

    fn set(&mut self, option: &str, value: &str) -> Result<(), String> {
        match option {
            "--with" => self.contestant = value.parse()?,
            "--work" => self.work = value.into(),
            "--runtime" => self.runtime = value.into(),
            "--rounds" => self.rounds = value.parse().map_err(|_| "--rounds needs a number")?,
            "--functions" => {
                self.functions = value.parse().map_err(|_| "--functions needs a number")?;
            }
            "--kind" => self.kind = value.parse()?,
            "--cargo" => self.cargo = words(value),
            "--without" => self.without = words(value),
            "--skip" => self.tests = words(value),
            _ => return Err(format!("unknown option {option}\n{USAGE}")),
        }
        Ok(())
    }

    /// `hyper-1.12.0`: the name of the source's folder.
    pub(crate) fn name(&self) -> String {
        let name = self.source.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}
