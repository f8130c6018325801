use std::sync::Arc;

use super::{Kept, KeptFactory, options};
use crate::backend::sentry::SentryBackend;

#[test]
fn a_dsn_that_cannot_be_used_says_what_is_wrong() {
    let cases = [
        ("", "has no scheme"),
        ("ftp://key@host/1", "has a scheme other than"),
        ("https://host/1", "has no public key"),
        ("https://key@host", "has no project id"),
        ("https://key@[::/1", "can't be read"),
    ];
    for (dsn, why) in cases {
        let options = super::SentryOptions {
            dsn: dsn.to_owned(),
            ..options(Arc::new(KeptFactory(Arc::new(Kept::default()))))
        };
        let error = SentryBackend::new(options).unwrap_err().to_string();
        assert!(error.contains(why), "{dsn}: {error}");
        assert!(error.contains("expected https://PUBLIC_KEY@HOST/PROJECT_ID"), "{error}");
    }
}

#[cfg(not(feature = "sentry-ureq"))]
#[test]
fn without_a_transport_the_features_are_named() {
    let options = super::SentryOptions::new("https://key@host/1");
    assert!(SentryBackend::new(options).unwrap_err().to_string().contains("sentry-ureq"));
}

#[test]
fn sample_rates_out_of_range_do_not_panic() {
    for rate in [-1.0, 2.0, f64::NAN, f64::INFINITY] {
        let transport = Arc::new(KeptFactory(Arc::new(Kept::default())));
        let options = super::SentryOptions { traces_sample_rate: rate, ..options(transport) };
        assert!(SentryBackend::new(options).is_ok());
    }
}
