/// The release of the crate that calls it: `SENTRY_RELEASE` as it was at compile time, else
/// `name@version`, with `+` and `GIT_COMMIT` as it was at compile time if there is one.
///
/// ```
/// let config = monitor_runtime::Config::new().with_default_release(monitor_runtime::release!());
/// ```
#[macro_export]
macro_rules! release {
    () => {
        match (::core::option_env!("SENTRY_RELEASE"), ::core::option_env!("GIT_COMMIT")) {
            (Some(release), _) if !release.is_empty() => ::std::borrow::Cow::Borrowed(release),
            (_, Some(commit)) if !commit.is_empty() => ::std::borrow::Cow::Owned(::std::format!(
                "{}@{}+{commit}",
                ::core::env!("CARGO_PKG_NAME"),
                ::core::env!("CARGO_PKG_VERSION"),
            )),
            _ => ::std::borrow::Cow::Borrowed(::core::concat!(
                ::core::env!("CARGO_PKG_NAME"),
                "@",
                ::core::env!("CARGO_PKG_VERSION"),
            )),
        }
    };
}
