/// Whether Sentry takes the text for a release; it stores none for another.
pub(crate) fn check(release: &str) -> Result<(), String> {
    let has_forbidden = release.contains(['\n', '\r', '\t', '\x0c', '/', '\\']);
    let is_forbidden = ["", ".", "..", "latest"].contains(&release.trim());
    if has_forbidden || is_forbidden || release.len() > 250 {
        return Err(format!(
            "the release is `{release}`; expected 1 to 250 bytes without `/`, `\\`, tabs or line \
             ends, such as `shop@1.4.0`"
        ));
    }
    Ok(())
}

/// The release of the crate that calls it: `SENTRY_RELEASE` as it was at compile time, else
/// `name@version`, with `+` and `GIT_COMMIT` as it was at compile time if there is one.
///
/// ```
/// let config = monitor_runtime::Config::new().with_default_release(monitor_runtime::release!());
/// ```
///
/// A build script can ask git, as that of the example `sentry_service` does:
///
/// ```
/// // build.rs
/// use std::process::Command;
///
/// fn main() {
///     let git = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).output();
///     if let Some(output) = git.ok().filter(|output| output.status.success()) {
///         println!("cargo:rustc-env=GIT_COMMIT={}", String::from_utf8_lossy(&output.stdout).trim());
///     }
/// }
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

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn releases_are_what_sentry_takes() {
        for release in ["shop@1.4.0", "shop@1.4.0+abc", "1.4", "a1b2c3", "v1.2.3 beta"] {
            assert_eq!(check(release), Ok(()), "{release}");
        }
        for release in ["", " ", "latest", "..", "feature/x", "a\\b", "a\nb", &"x".repeat(251)] {
            assert!(check(release).is_err(), "{release:?}");
        }
    }
}
