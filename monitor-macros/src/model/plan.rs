use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Expr, LitStr, Path};

use super::{
    AiCall, AiErrors, CaptureErrors, Command, CronMonitor, Crumb, ErrorKind, HealthCheck, Metered,
    Preset, SlowThreshold, Text, Traced,
};
use crate::diagnostics::Diagnostics;
use crate::parse::{AttributeKind, Function, Given, Stacked};

/// Everything that the attributes above one function ask for.
#[derive(Default)]
pub(crate) struct Plan {
    /// The runtime's path, when it isn't `::monitor_runtime`.
    pub(crate) crate_path: Option<Path>,
    pub(crate) traced: Option<Traced>,
    pub(crate) capture: Option<CaptureErrors>,
    /// What the function does, where nothing is captured: its metrics say it.
    pub(crate) does: Option<ErrorKind>,
    pub(crate) slow: Option<SlowThreshold>,
    pub(crate) ai: Option<AiCall>,
    /// A count and a timing of each call.
    pub(crate) metered: Option<Metered>,
    pub(crate) cron: Option<CronMonitor>,
    pub(crate) health: Option<HealthCheck>,
    /// Breadcrumbs that each call leaves when it begins.
    pub(crate) crumbs: Vec<Crumb>,
    /// The category and the text of the one that it leaves when it has gone well.
    pub(crate) on_success: Option<(&'static str, String)>,
    /// The database query that the function runs.
    pub(crate) query: Option<Expr>,
    /// The command of a user that the function runs.
    pub(crate) command: Option<Command>,
    /// The status code of an HTTP response, from the value that the function returns.
    pub(crate) status: Option<Expr>,
    /// What the function gives instead of a panic.
    pub(crate) fallback: Option<Expr>,
    /// Which attribute `ai` is, and where it stands.
    ai_said: Option<(AttributeKind, Span)>,
    preset: Option<Preset>,
    /// What the block around the function gave: all of an attribute, or one argument.
    pub(super) inherited: Vec<(AttributeKind, Option<String>)>,
}

impl Plan {
    /// Reads every attribute, however many of them are wrong.
    pub(crate) fn read(stack: Vec<Stacked>, diagnostics: &mut Diagnostics) -> Self {
        let mut plan = Self::default();
        let (mut inherited, own): (Vec<_>, Vec<_>) =
            stack.into_iter().partition(|stacked| stacked.is_inherited);
        let mut places: Vec<(AttributeKind, Span)> = Vec::new();
        for stacked in own {
            let (kind, place) = (stacked.kind, stacked.place);
            let around = inherited.extract_if(.., |around| around.kind == kind).collect();
            match places.iter().find(|(known, _)| *known == kind) {
                Some((_, first)) => report_second(kind, place, *first, diagnostics),
                None => plan.add_own(stacked, around, diagnostics),
            }
            places.push((kind, place));
        }
        while !inherited.is_empty() {
            let nearest = inherited.remove(0);
            let kind = nearest.kind;
            let around = inherited.extract_if(.., |around| around.kind == kind).collect();
            plan.add_own(nearest, around, diagnostics);
            plan.inherited.push((kind, None));
        }
        plan
    }

    /// Reads an attribute, and what it leaves to those of the blocks around the function, the nearest first.
    fn add_own(&mut self, stacked: Stacked, around: Vec<Stacked>, diagnostics: &mut Diagnostics) {
        let (kind, place) = (stacked.kind, stacked.place);
        if stacked.skips() {
            if around.is_empty() {
                report_lone_skip(&stacked, diagnostics);
            }
            return;
        }
        let mut given = Given::read(stacked, diagnostics);
        for around in around {
            let keys = given.inherit(around.arguments);
            self.inherited.extend(keys.into_iter().map(|key| (kind, Some(key))));
        }
        self.choose_crate(&mut given);
        self.add(kind, place, &mut given);
    }

    /// Whether the whole attribute is the block's.
    pub(crate) fn inherits_all(&self, kind: AttributeKind) -> bool {
        self.inherited.contains(&(kind, None))
    }

    /// Whether nothing is left to do.
    pub(crate) fn is_empty(&self) -> bool {
        let reports = self.captures() || self.slow.is_some() || self.cron.is_some();
        !self.has_span() && !reports && self.metered.is_none() && self.crumbs.is_empty()
    }

    /// Only a block has functions whose names could begin alike.
    pub(crate) fn check_prefix(&self, diagnostics: &mut Diagnostics) {
        let prefix = self.traced.as_ref().and_then(|traced| traced.prefix.as_ref());
        let inherited = self.inherited.iter().any(|(kind, key)| {
            *kind == AttributeKind::Traced && key.as_ref().is_none_or(|key| key == "prefix")
        });
        if let (Some(prefix), false) = (prefix, inherited) {
            let message =
                "`prefix` goes on an `impl` block, a trait or a module; write `name = \"..\"` here";
            diagnostics.over(prefix, message);
        }
    }

    fn add(&mut self, kind: AttributeKind, place: Span, given: &mut Given<'_>) {
        match kind {
            AttributeKind::Traced => self.traced = Some(Traced::read(given)),
            AttributeKind::CaptureErrors => self.capture = Some(CaptureErrors::read(given)),
            AttributeKind::SlowThreshold => self.slow = Some(SlowThreshold::read(given)),
            AttributeKind::AiCall | AttributeKind::AiAgent | AttributeKind::AiTool => {
                self.add_ai(kind, place, given);
            }
            AttributeKind::Breadcrumb => self.crumbs.push(Crumb::read(given)),
            AttributeKind::Metered => self.metered = Some(Metered::read(given)),
            AttributeKind::CronMonitor => self.cron = Some(CronMonitor::read(given)),
            AttributeKind::HealthCheck => self.health = Some(HealthCheck::read(place, given)),
            AttributeKind::ErrorBoundary => {
                self.fallback = given.expression("fallback", "fallback = Page::error()");
                self.add_preset(Preset::read(kind, place, given), given);
            }
            AttributeKind::DbQuery
            | AttributeKind::ApiCall
            | AttributeKind::Command
            | AttributeKind::Task
            | AttributeKind::Startup => self.add_preset(Preset::read(kind, place, given), given),
        }
    }

    /// A call is of a model, an agent or a tool: of one of them.
    fn add_ai(&mut self, kind: AttributeKind, place: Span, given: &mut Given<'_>) {
        let call = AiCall::read(kind, given);
        if let Some((first, first_place)) = &self.ai_said {
            let message = format!("{first} says already what this function calls");
            given.diagnostics().at(place, message);
            given.diagnostics().at(*first_place, format!("{first} is here"));
        }
        self.ai_said.get_or_insert((kind, place));
        self.ai.get_or_insert(call);
    }

    /// Each says what the function is for; it is for one thing.
    fn add_preset(&mut self, preset: Preset, given: &mut Given<'_>) {
        if let Some(first) = &self.preset {
            let message = format!("{} says already what this function does", first.kind);
            given.diagnostics().at(preset.place, message);
            given.diagnostics().at(first.place, format!("{} is here", first.kind));
        }
        self.preset.get_or_insert(preset);
    }

    /// Completes what the attributes leave open, now that the function is known.
    pub(crate) fn fill(&mut self, function: &Function) {
        if let Some(preset) = self.preset.take() {
            preset.fill(self, function);
        }
        let name = function.signature.ident.unraw().to_string();
        if let Some(ai) = &mut self.ai {
            ai.call_it(&name);
            // `#[slow_threshold]` on the same function goes first.
            self.slow = self.slow.take().or(ai.slow.map(SlowThreshold::of));
        }
        for crumb in &mut self.crumbs {
            crumb.message.get_or_insert_with(|| Text::Literal(name.clone()));
        }
        if let Some(metered) = self.metered.as_mut().filter(|metered| metered.name.is_empty()) {
            metered.name = name;
        }
    }

    fn choose_crate(&mut self, given: &mut Given<'_>) {
        let Some(path) = given.path("crate", "crate = my_crate::monitor_runtime") else {
            return;
        };
        let text = |path: &Path| path.to_token_stream().to_string();
        match &self.crate_path {
            Some(first) if text(first) != text(&path) => {
                let message = "the attributes of one function need the same `crate`";
                given.diagnostics().over(&path, message);
                given.diagnostics().over(first, "the other one is given here");
            }
            _ => self.crate_path = Some(path),
        }
    }

    /// The span's op: the one that was asked for, or the one of what the function does.
    pub(crate) fn op(&self) -> String {
        let asked = self.traced.as_ref().and_then(|traced| traced.op.clone());
        let implied = self.ai.as_ref().map(|ai| ai.operation.op());
        asked.or(implied).unwrap_or_else(|| "function".to_owned())
    }

    /// The span's name as far as it is known when the function is compiled.
    pub(crate) fn name(&self, function_name: &str) -> String {
        let asked = self.traced.as_ref().and_then(|traced| traced.name.as_ref());
        match (asked, &self.ai) {
            (Some(Text::Literal(name)), _) => name.clone(),
            (None, Some(ai)) => ai.span_name(),
            (Some(Text::Dynamic(_)), _) | (None, None) => {
                let prefix = self.traced.as_ref().and_then(|traced| traced.prefix.as_ref());
                format!("{}{function_name}", prefix.map(LitStr::value).unwrap_or_default())
            }
        }
    }

    /// Whether the span has a name that isn't the function's. That of a block may be before it.
    pub(crate) fn renames(&self, function_name: &str) -> bool {
        match (self.traced.as_ref().and_then(|traced| traced.name.as_ref()), &self.ai) {
            (Some(Text::Literal(name)), _) => name != function_name,
            (None, Some(_)) => true,
            _ => false,
        }
    }

    /// Whether a call is a span of its own.
    pub(crate) fn has_span(&self) -> bool {
        self.traced.is_some() || self.ai.is_some()
    }

    /// Whether a call has tags, a user or contexts of its own.
    pub(crate) fn is_scoped(&self) -> bool {
        self.ai.is_some()
            || self.command.is_some()
            || self.traced.as_ref().is_some_and(Traced::is_scoped)
            || self.capture.as_ref().is_some_and(CaptureErrors::is_scoped)
            || self.does.as_ref().is_some_and(|kind| kind.dynamic().next().is_some())
    }

    /// Whether an `Err` becomes an event.
    pub(crate) fn captures(&self) -> bool {
        let of_ai = self.ai.as_ref().is_some_and(|ai| ai.errors == AiErrors::Capture);
        self.capture.is_some() || of_ai
    }
}

pub(crate) fn report_lone_skip(stacked: &Stacked, diagnostics: &mut Diagnostics) {
    let message = format!(
        "`skip` leaves a function out of the {} of the `impl` block, trait or module around it, \
         and there is none",
        stacked.kind
    );
    diagnostics.over(&stacked.arguments, message);
}

pub(crate) fn report_second(
    kind: AttributeKind,
    place: Span,
    first: Span,
    diagnostics: &mut Diagnostics,
) {
    diagnostics
        .at(place, format!("a function takes {kind} once; put both lists of arguments together"));
    diagnostics.at(first, format!("the first {kind} is here"));
}
