//! The breadcrumb of an AI call that has ended.

use super::super::text::cut;
use crate::ai::AiResponse;
use crate::callsite::{Ai, Callsite};
use crate::record::{Breadcrumb, Level, Status};

/// Why an answer ended that isn't whole, in the words of several providers.
const CUT_OFF: [&str; 8] = [
    "length",
    "max_tokens",
    "MAX_TOKENS",
    "max_output_tokens",
    "incomplete",
    "content_filter",
    "SAFETY",
    "refusal",
];

/// What a breadcrumb says of a call.
pub(super) struct Crumb<'a> {
    pub(super) site: &'static Callsite,
    pub(super) ai: &'static Ai,
    pub(super) status: Status,
    pub(super) model: Option<&'a str>,
    /// With its usage settled.
    pub(super) response: &'a AiResponse,
    pub(super) error_type: Option<&'a str>,
    pub(super) nanos: u64,
    /// In USD.
    pub(super) cost: Option<f64>,
}

impl Crumb<'_> {
    pub(super) fn breadcrumb(&self) -> Breadcrumb {
        let usage = self.response.settled_usage().copied().unwrap_or_default();
        let reason = self.response.finish_reasons.first();
        let text = |text: Option<&str>| {
            text.filter(|text| !text.is_empty()).map(|text| text.to_owned().into())
        };
        let data = [
            ("provider", text(Some(self.ai.provider))),
            ("input_tokens", usage.input.map(Into::into)),
            ("output_tokens", usage.output.map(Into::into)),
            ("duration_ms", Some((self.nanos / 1_000_000).into())),
            ("finish_reason", text(reason.map(AsRef::as_ref))),
            ("cost_usd", self.cost.map(Into::into)),
            ("error_type", text(self.error_type)),
        ];
        let mut breadcrumb = Breadcrumb::new("ai", self.message()).with_level(self.level());
        let data = data.into_iter().filter_map(|(key, value)| Some((key.into(), value?)));
        breadcrumb.data.extend(data);
        breadcrumb
    }

    /// As the span is called.
    fn message(&self) -> String {
        match self.model.filter(|_| self.ai.gives_name(self.site.name())) {
            Some(model) => format!("{} {}", self.ai.operation, cut(model, 256)),
            None => self.site.name().to_owned(),
        }
    }

    fn level(&self) -> Level {
        let reasons = &self.response.finish_reasons;
        match self.status {
            Status::Error | Status::Panicked => Level::Error,
            Status::Cancelled => Level::Warning,
            _ if reasons.iter().any(|reason| CUT_OFF.contains(&reason.as_ref())) => Level::Warning,
            _ => Level::Info,
        }
    }
}
