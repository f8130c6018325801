use std::sync::Arc;

use super::{Kept, KeptFactory, options};
use crate::backend::sentry::SentryBackend;

#[test]
fn a_dsn_that_cannot_be_used_says_what_is_wrong() {
    let cases = [
        ("", "it is empty"),
        ("nonsense", "it is not a URL"),
        ("ftp://key@host/1", "neither `https:` nor `http:`"),
        ("https://host/1", "the public key"),
        ("https://key@host", "the project id"),
    ];
    for (dsn, why) in cases {
        let options = super::SentryOptions {
            dsn: dsn.to_owned(),
            ..options(Arc::new(KeptFactory(Arc::new(Kept::default()))))
        };
        let error = SentryBackend::new(options).unwrap_err().to_string();
        assert!(error.contains(why), "{dsn}: {error}");
        assert!(error.contains("https://<public key>@<host>/<project id>"), "{error}");
    }
}

#[test]
fn sample_rates_out_of_range_do_not_panic() {
    for rate in [-1.0, 2.0, f64::NAN, f64::INFINITY] {
        let transport = Arc::new(KeptFactory(Arc::new(Kept::default())));
        let options = super::SentryOptions { traces_sample_rate: rate, ..options(transport) };
        assert!(SentryBackend::new(options).is_ok());
    }
}
