//! What `#[monitor_runtime::main]` does around `main`.

use std::io::Write;

use crate::config::Config;
use crate::config_error::ConfigError;
use crate::init::{Guard, init};
use crate::record::Text;

/// What `config = ..` may give.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no `Config`",
    label = "expected a `Config`, or a `Result<Config, ConfigError>`",
    note = "for instance: config = Config::from_env()"
)]
pub trait IntoConfig {
    /// The config, or what is wrong with it.
    fn into_config(self) -> Result<Config, ConfigError>;
}

impl IntoConfig for Config {
    fn into_config(self) -> Result<Config, ConfigError> {
        Ok(self)
    }
}

impl IntoConfig for Result<Config, ConfigError> {
    fn into_config(self) -> Result<Config, ConfigError> {
        self
    }
}

/// Sets monitoring up. A config that can't be used doesn't keep the program from running: it is
/// said on stderr, and there is no monitoring.
pub fn start(config: impl IntoConfig, release: impl Into<Text>) -> Option<Guard> {
    let started = config.into_config().and_then(|mut config| {
        config.capture_panics = config.capture_panics.or(Some(true));
        init(config.with_default_release(release))
    });
    match started {
        Ok(guard) => Some(guard),
        Err(error) => {
            // A closed stderr is nobody's problem.
            let _ = writeln!(std::io::stderr(), "[monitor] {error}");
            None
        }
    }
}
