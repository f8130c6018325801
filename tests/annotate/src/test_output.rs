use std::collections::BTreeSet;

/// What the test programs said.
#[derive(Default)]
pub(crate) struct TestOutput {
    pub(crate) passed: usize,
    /// By name; programs that ended without a result are named by cargo's message.
    pub(crate) failed: BTreeSet<String>,
}

impl TestOutput {
    pub(crate) fn read(output: &str) -> Self {
        let mut tests = Self::default();
        for line in output.lines() {
            if let Some(result) = line.strip_prefix("test result: ") {
                tests.passed += number_before(result, " passed").unwrap_or(0);
            } else if let Some(name) = failed(line) {
                tests.failed.insert(name.to_owned());
            }
        }
        tests
    }
}

fn failed(line: &str) -> Option<&str> {
    let test = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED"));
    let crash = || line.trim_start().strip_prefix("process didn't exit successfully: ");
    // A failed test ends its program with 101: that is no crash.
    test.or_else(|| crash().filter(|text| !text.contains("exit status: 101")))
}

fn number_before(text: &str, word: &str) -> Option<usize> {
    let (before, _) = text.split_once(word)?;
    before.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_added_and_failures_named() {
        let output = "test a::b ... ok\ntest a::c ... FAILED\n\
                      test result: FAILED. 1 passed; 1 failed; 0 ignored\n\
                      test result: ok. 20 passed; 0 failed; 0 ignored\n";
        let tests = TestOutput::read(output);
        assert_eq!(tests.passed, 21);
        assert_eq!(tests.failed.into_iter().collect::<Vec<_>>(), ["a::c"]);
    }
}
