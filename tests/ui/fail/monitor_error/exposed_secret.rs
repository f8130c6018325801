use std::fmt;

use monitor_runtime::MonitorError;
use secrecy::{ExposeSecret, SecretString};

#[derive(Debug, MonitorError)]
#[monitor(tags(token = self.token.expose_secret()))]
struct Denied {
    token: SecretString,
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("denied")
    }
}

impl std::error::Error for Denied {}

fn main() {
    let denied = Denied { token: SecretString::from("hunter2") };
    assert_eq!(denied.token.expose_secret().len(), 7);
}
