//! The first line of an envelope: the event's id, when it leaves, who sends it, and the dynamic
//! sampling context.

use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use sentry_core::types::{Dsn, Uuid};
use sentry_core::{ClientOptions, protocol};

use super::json::Json;
use crate::backend::sentry::fit;
use crate::backend::sentry::headers::Decided;
use crate::backend::sentry::sdk::sdk;
use crate::clock::WallClock;
use crate::record::TraceId;
use crate::time_text::{rfc3339, rfc3339_of_now};

/// A trace as its spans name it.
pub(super) struct Trace<'a> {
    pub(super) id: TraceId,
    /// The id in hexadecimal digits.
    pub(super) hex: &'a str,
    pub(super) correlation_id: &'a str,
    /// What each span says of it: from behind the span's id to the tags, which are open.
    pub(super) span_fields: &'a [u8],
}

/// What each span says of a trace.
pub(super) fn span_fields(hex: &str, correlation_id: &str) -> Vec<u8> {
    let mut json = Json(Vec::with_capacity(128));
    json.raw(r#"","trace_id":""#);
    json.raw(hex);
    json.raw(r#"","tags":{"#);
    if let Some((key, value)) = fit::fitting_tag("correlation_id", correlation_id) {
        json.key(&key);
        json.text(&value);
    }
    json.0
}

/// What all heads share.
pub(super) struct Heads {
    /// From behind the time of leaving.
    sdk: Box<[u8]>,
    /// The same, and the beginning of a sampling context.
    traced: Box<[u8]>,
    /// Fields of a sampling context that is decided here, behind the trace's id.
    context: Box<[u8]>,
}

/// How late an envelope may leave before the time in its head is written anew. Relay looks for
/// clocks that are minutes off.
const STALE: u64 = SECOND;
const SECOND: u64 = 1_000_000_000;

/// The time of leaving in a head that is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct SentAt {
    /// In nanoseconds since 1970.
    time: u64,
    at: usize,
}

impl SentAt {
    /// Writes about now: some milliseconds make no difference, and a look at the clock takes as long as
    /// a tenth of a small envelope.
    fn write(json: &mut Json) -> Self {
        let sent_at = Self { time: WallClock::of_this_moment().nanos(), at: json.0.len() };
        json.raw(rfc3339_of_now(sent_at.second()));
        sent_at
    }

    pub(super) const fn second(&self) -> u64 {
        self.time / SECOND
    }

    /// Where to write which text, if the time is another by now.
    pub(super) fn corrected(&self, now: SystemTime) -> Option<(usize, String)> {
        let nanos = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        // Each thread has its own idea of about now.
        let apart = u64::try_from(nanos).unwrap_or(u64::MAX).abs_diff(self.time);
        let is_fresh = apart < STALE;
        (!is_fresh).then(|| (self.at, rfc3339(now)))
    }
}

impl Heads {
    pub(super) fn new(options: &ClientOptions) -> Self {
        let mut json = Json::default();
        json.raw(r#"","sdk":"#);
        json.typed(&sdk());
        let sdk: Box<[u8]> = json.0.as_slice().into();
        json.raw(r#","trace":{"trace_id":""#);
        let traced = std::mem::take(&mut json.0).into();
        json.raw("\"");
        let dsn = options.dsn.as_ref();
        let org_id = options.org_id.or_else(|| dsn.and_then(Dsn::org_id));
        for (name, value) in [
            ("public_key", dsn.map(|dsn| dsn.public_key().to_owned())),
            ("org_id", org_id.filter(|_| dsn.is_some()).map(|id| id.to_string())),
            ("release", options.release.as_deref().map(str::to_owned)),
            ("environment", options.environment.as_deref().map(str::to_owned)),
        ] {
            if let Some(value) = value {
                json.raw(",");
                json.plain(name);
                json.raw(":");
                json.text(&value);
            }
        }
        Self { sdk, traced, context: json.0.into() }
    }

    /// Writes the line. `name` writes the transaction's name in quotes; `frozen` is a sampling context that another service has made, if one has.
    pub(super) fn write(
        &self,
        json: &mut Json,
        id: Uuid,
        trace: &str,
        name: Option<impl FnOnce(&mut Json)>,
        (by, frozen): (Decided, Option<Option<protocol::DynamicSamplingContext>>),
    ) -> SentAt {
        json.raw(r#"{"event_id":""#);
        json.uuid(id.into_bytes());
        json.raw(r#"","sent_at":""#);
        let sent_at = SentAt::write(json);
        match frozen {
            Some(None) => json.raw(&self.sdk),
            Some(Some(context)) => {
                json.raw(&self.sdk);
                json.name("trace");
                json.typed(&context);
            }
            None => self.context(json, trace, name, by),
        }
        json.raw("}\n");
        sent_at
    }

    fn context(
        &self,
        json: &mut Json,
        trace: &str,
        name: Option<impl FnOnce(&mut Json)>,
        by: Decided,
    ) {
        json.raw(&self.traced);
        json.raw(trace);
        json.raw(&self.context);
        if let Some(name) = name {
            json.raw(r#","transaction":"#);
            name(json);
        }
        #[expect(clippy::cast_possible_truncation, reason = "as in Sentry's type")]
        let rate = by.sampling.rate as f32;
        if rate.to_bits() == 1_f32.to_bits() {
            json.raw(r#","sample_rate":"1","sample_rand":"0."#);
        } else {
            let _ = write!(json.0, r#","sample_rate":"{rate}","sample_rand":"0."#);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 1")]
        json.digits::<6>((by.sampling.rand * 1e6).round().clamp(0.0, 999_999.0) as u32);
        json.raw(match by.sampled {
            Some(true) => r#"","sampled":"true"}"#,
            Some(false) => r#"","sampled":"false"}"#,
            None => r#""}"#,
        });
    }
}
