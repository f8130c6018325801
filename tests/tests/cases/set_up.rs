//! What a program is told when it is set up from its environment.

use std::process::ExitCode;

use monitor_runtime::Config;
use monitor_tests::Reply;

use crate::{Case, fail, monitored};

const REFUSED: &str = "dropped (error, send_error): the server refused it";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("it_says_nothing_by_itself", main_returns, (1, 1)).that_says(&[]),
        Case::new("debug_mode_says_where_it_sends", main_returns, (1, 1))
            .with_env(&[("SENTRY_DEBUG", "1"), ("SENTRY_ENVIRONMENT", "production")])
            .that_says(&["Sentry initialized successfully for environment: production"]),
        // Two are refused, and it is explained once.
        Case::new("debug_mode_explains_a_loss_once", fail_twice, (2, 2))
            .with_env(&[("SENTRY_DEBUG", "true")])
            .with_reply(Reply::Status(403, Vec::new()))
            .that_says(&[REFUSED, "error: 2 send_error"]),
        Case::new("without_a_dsn_it_is_off", main_returns, (0, 0))
            .with_env(&[
                ("SENTRY_DSN", ""),
                ("SENTRY_DEBUG", "1"),
                ("SENTRY_ENVIRONMENT", "production"),
            ])
            .that_says(&["monitoring is off: no SENTRY_DSN and no other backend"]),
        Case::new("bad_values_are_named_all_at_once", read_environment, (0, 0))
            .with_code(1)
            .with_env(&[
                ("SENTRY_DSN", "o1.example.org/42"),
                ("SENTRY_ENVIRONMENT", "a b"),
                ("SENTRY_RELEASE", "feature/x"),
                ("SENTRY_TRACES_SAMPLE_RATE", "10%"),
                ("SENTRY_PROFILES_SAMPLE_RATE", "2"),
                ("SENTRY_DEBUG", "perhaps"),
                ("SENTRY_SPOTLIGHT", "localhost"),
            ])
            .that_says(&[
                "the DSN has no scheme",
                "the environment is `a b`",
                "the release is `feature/x`",
                "SENTRY_TRACES_SAMPLE_RATE is `10%`; expected a number from 0 to 1",
                "SENTRY_PROFILES_SAMPLE_RATE is `2`",
                "SENTRY_DEBUG is `perhaps`",
                "SENTRY_SPOTLIGHT is `localhost`",
            ]),
        Case::new("variables_are_used", variables_are_used, (0, 0)).with_env(&[
            ("SENTRY_ENVIRONMENT", "staging"),
            ("SENTRY_RELEASE", "v1.2.3"),
            ("SENTRY_TRACES_SAMPLE_RATE", "0.05"),
        ]),
    ]
}

fn main_returns() -> ExitCode {
    let _guard = monitored();
    let _ = fail();
    ExitCode::SUCCESS
}

fn fail_twice() -> ExitCode {
    let _guard = monitored();
    let _ = fail();
    let _ = fail();
    ExitCode::SUCCESS
}

fn read_environment() -> ExitCode {
    match Config::from_env() {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn variables_are_used() -> ExitCode {
    let config = format!("{:?}", Config::from_env().expect("a valid environment"));
    for set in ["staging", "v1.2.3", "traces_sample_rate: 0.05", "dsn: Some"] {
        assert!(config.contains(set), "{set}: {config}");
    }
    ExitCode::SUCCESS
}
