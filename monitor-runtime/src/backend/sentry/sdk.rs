//! How this crate's traffic is recognised.

use sentry_core::protocol::{ClientSdkInfo, ClientSdkPackage};

pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What HTTP requests say of themselves.
pub(super) const USER_AGENT: &str = concat!("sentry.rust.monitor/", env!("CARGO_PKG_VERSION"));

/// What payloads call us.
pub(super) const NAME: &str = "sentry.rust.monitor";

/// What payloads and envelopes say of where they come from.
pub(super) fn sdk() -> ClientSdkInfo {
    ClientSdkInfo {
        name: NAME.to_owned(),
        version: VERSION.to_owned(),
        integrations: Vec::new(),
        packages: vec![ClientSdkPackage {
            name: concat!("cargo:", env!("CARGO_PKG_NAME")).to_owned(),
            version: VERSION.to_owned(),
        }],
    }
}
