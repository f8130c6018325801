use std::fmt;

/// How a span ended.
///
/// The first four come from the outcome of the annotated function; the rest are set by hand with
/// [`SpanHandle::set_status`](crate::SpanHandle::set_status). The names are Sentry's trace
/// statuses, which are gRPC's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
#[repr(u8)]
pub enum Status {
    /// The function returned, and not with an `Err`.
    #[default]
    Ok = 0,
    /// The function returned an `Err`.
    Error = 1,
    /// The future was dropped before it was ready.
    Cancelled = 2,
    /// The function panicked.
    Panicked = 3,
    /// The caller sent something that can't be used.
    InvalidArgument = 4,
    /// It took longer than it may.
    DeadlineExceeded = 5,
    /// The thing asked for isn't there.
    NotFound = 6,
    /// The thing to be made is there already.
    AlreadyExists = 7,
    /// The caller is known and may not do this.
    PermissionDenied = 8,
    /// A quota or a resource is used up.
    ResourceExhausted = 9,
    /// The system isn't in the state that the operation needs.
    FailedPrecondition = 10,
    /// Stopped by a conflict; may succeed when tried again.
    Aborted = 11,
    /// Not built, or switched off.
    Unimplemented = 12,
    /// The service can't be reached; may succeed when tried again.
    Unavailable = 13,
    /// Data is lost or damaged.
    DataLoss = 14,
    /// The caller isn't known.
    Unauthenticated = 15,
    /// Nothing is known of how it ended.
    Unknown = 16,
}

impl Status {
    const ALL: [Self; 17] = [
        Self::Ok,
        Self::Error,
        Self::Cancelled,
        Self::Panicked,
        Self::InvalidArgument,
        Self::DeadlineExceeded,
        Self::NotFound,
        Self::AlreadyExists,
        Self::PermissionDenied,
        Self::ResourceExhausted,
        Self::FailedPrecondition,
        Self::Aborted,
        Self::Unimplemented,
        Self::Unavailable,
        Self::DataLoss,
        Self::Unauthenticated,
        Self::Unknown,
    ];

    /// Whether the span did what it was for: only [`Status::Ok`].
    pub const fn is_ok(self) -> bool {
        matches!(self, Self::Ok)
    }

    /// The status in snake case, as the console, the mock and JSON lines write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
            Self::Cancelled => "cancelled",
            Self::Panicked => "panicked",
            Self::InvalidArgument => "invalid_argument",
            Self::DeadlineExceeded => "deadline_exceeded",
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::PermissionDenied => "permission_denied",
            Self::ResourceExhausted => "resource_exhausted",
            Self::FailedPrecondition => "failed_precondition",
            Self::Aborted => "aborted",
            Self::Unimplemented => "unimplemented",
            Self::Unavailable => "unavailable",
            Self::DataLoss => "data_loss",
            Self::Unauthenticated => "unauthenticated",
            Self::Unknown => "unknown",
        }
    }

    /// The status that was written as this byte; [`Status::Unknown`] for any other.
    pub(crate) fn from_byte(byte: u8) -> Self {
        Self::ALL.get(usize::from(byte)).copied().unwrap_or(Self::Unknown)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_lead_back_to_the_status() {
        for status in Status::ALL {
            assert_eq!(Status::from_byte(status as u8), status);
        }
        assert_eq!(Status::from_byte(200), Status::Unknown);
    }
}
