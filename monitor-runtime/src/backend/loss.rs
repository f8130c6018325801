use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! losses {
    ($($(#[doc = $doc:literal])* $reason:ident $(if $feature:literal)?: $text:literal;)*) => {
        /// Records that did not reach the backends, and why.
        ///
        /// What a rule, a hook or a limit of the program left out is among them: a number that is
        /// expected to grow, but one that an empty dashboard explains. So are tags that were cut.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[non_exhaustive]
        pub struct Loss {
            $($(#[doc = $doc])* pub $reason: u64,)*
        }

        impl Loss {
            const fn sum(&self) -> u64 {
                0 $(+ self.$reason)*
            }

            #[cfg(feature = "mock")]
            pub(crate) const fn add(&mut self, other: &Self) {
                $(self.$reason += other.$reason;)*
            }
        }

        impl fmt::Display for Loss {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let reasons = [$((self.$reason, $text)),*];
                let mut separator = "";
                for (count, reason) in reasons.iter().filter(|(count, _)| *count > 0) {
                    write!(f, "{separator}{count} {reason}")?;
                    separator = ", ";
                }
                Ok(())
            }
        }

        /// What was lost and not reported yet.
        #[derive(Default)]
        pub(crate) struct Losses {
            $($reason: AtomicU64,)*
        }

        impl Losses {
            $(
                $(#[cfg_attr(
                    not(feature = $feature),
                    expect(dead_code, reason = "nothing counts it without the feature")
                )])?
                pub(crate) fn $reason(&self, count: u64) {
                    // Mostly there is nothing to count, and an addition locks a line of the cache.
                    if count > 0 {
                        self.$reason.fetch_add(count, Ordering::Relaxed);
                    }
                }
            )*

            fn read(&self, read: impl Fn(&AtomicU64) -> u64) -> Loss {
                Loss { $($reason: read(&self.$reason),)* }
            }
        }
    };
}

losses! {
    /// Span records that found the buffers full.
    buffer_full: "spans: buffers full";
    /// Events that found the queue full.
    queue_full: "events: queue full";
    /// Check-ins that found the queue full, or came after the end.
    check_ins: "check-ins: queue full, or after the end";
    /// Scopes of transactions that found the queue full: those come without tags and user.
    scopes: "scopes of transactions: queue full";
    /// Spans over the bound of spans a transaction.
    over_span_limit: "spans: over the limit of a transaction";
    /// Spans of traces whose root never ended before the bound of waiting spans was reached.
    unfinished: "spans: root did not end";
    /// Records on which a backend panicked.
    backend_panics: "records: backend panicked";
    /// Events that a [`Filter`](crate::Filter) dropped.
    filtered_events: "events: filtered";
    /// Transactions that a [`Filter`](crate::Filter) dropped.
    filtered_transactions: "transactions: filtered";
    /// Spans of those transactions, their roots included.
    filtered_spans: "spans: filtered with their transaction";
    /// Events that `before_send` dropped, or on which it panicked.
    before_send: "events: dropped by before_send";
    /// Transactions that `before_send_transaction` dropped, or on which it panicked.
    before_send_transaction: "transactions: dropped by before_send_transaction";
    /// Spans that `before_send_span` dropped, or on which it panicked, and those of the
    /// transactions that `before_send_transaction` dropped.
    before_send_span: "spans: dropped by a hook";
    /// Breadcrumbs that `before_breadcrumb` dropped, or on which it panicked.
    before_breadcrumb: "breadcrumbs: dropped by before_breadcrumb";
    /// Events over the limit of their callsite or fingerprint, or over the budget of a minute.
    limited_events: "events: over the limit a minute";
    /// Transactions over the budget of a minute.
    limited_transactions: "transactions: over the limit a minute";
    /// Spans of those transactions, their roots included.
    limited_spans: "spans: over the limit with their transaction";
    /// Tags that were changed, because Sentry takes 200 characters without a line break, and for
    /// names only letters and digits of ASCII, `_`, `.`, `:`, `-` and spaces. Counted for each record.
    cut_tags: "tags: cut to Sentry's limits";
    /// Events of a bus that `observe_broadcast` didn't see, because the channel was full.
    bus_events if "tokio": "events of a bus: channel full";
    /// Values of metrics that aren't finite, or of names over the 1,000 that there may be.
    metrics: "values of metrics: no number, or too many names";
    /// Alerts that found the queue of webhooks full.
    alerts if "alerts": "alerts: webhooks busy";
    /// Values of metrics with sets of attributes over the limit: they are added up without them, so no
    /// part of [`total`](Self::total).
    metric_overflow: "values of metrics: too many sets of attributes";
    /// Events that came when monitoring had ended, or were on their way then.
    ended_events: "events: after the end";
    /// Transactions that came when monitoring had ended, or were on their way then.
    ended_transactions: "transactions: after the end";
    /// Spans of those transactions, their roots included, and those whose roots hadn't ended then.
    ended_spans: "spans: after the end";
    /// Roots that sampling left out, each with all below it: as it should be, so no part of
    /// [`total`](Self::total).
    unsampled: "traces: not sampled";
    /// Incoming trace headers, and members of `baggage`, that were malformed or too long and so
    /// were ignored; no part of [`total`](Self::total).
    malformed_headers: "headers: malformed";
    /// Calls that ended while one inside of them was open, or after one around them: guards were
    /// forgotten, dropped in another order than they were made, or on another poll. Their spans are
    /// delivered: no part of [`total`](Self::total).
    out_of_order: "calls: ended out of order";
    /// Spans that ended before they began, as a clock that steps back makes them. They are delivered with
    /// a duration of 0: no part of [`total`](Self::total).
    clock_steps: "spans: clock stepped back";
}

impl Loss {
    /// How many records were lost.
    pub const fn total(&self) -> u64 {
        let ignored = self.unsampled + self.malformed_headers + self.metric_overflow;
        self.sum() - ignored - self.out_of_order - self.clock_steps
    }

    /// Whether there is nothing to tell, not even of what is no loss.
    pub(crate) const fn says_nothing(&self) -> bool {
        self.sum() == 0
    }

    /// Whether nothing was lost.
    pub const fn is_empty(&self) -> bool {
        self.total() == 0
    }
}

impl Losses {
    pub(crate) fn is_empty(&self) -> bool {
        self.read(|counter| counter.load(Ordering::Relaxed)).says_nothing()
    }

    /// What wasn't told yet.
    pub(crate) fn peek(&self) -> Loss {
        self.read(|counter| counter.load(Ordering::Relaxed))
    }

    /// What was lost since the last time.
    pub(crate) fn take(&self) -> Loss {
        self.read(|counter| counter.swap(0, Ordering::Relaxed))
    }
}
