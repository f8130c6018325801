//! The shape of a DSN, checked without the Sentry client, which a build may not have.

/// Whether the text has the shape `https://KEY@HOST/PROJECT`; the error never shows the key.
pub(crate) fn check(dsn: &str) -> Result<(), String> {
    let expected = "expected https://PUBLIC_KEY@HOST/PROJECT_ID";
    let fail = |what: &str| Err(format!("the DSN {what}; {expected}"));
    let Some((scheme, rest)) = dsn.trim().split_once("://") else {
        return fail("has no scheme");
    };
    if !matches!(scheme, "http" | "https") {
        return fail("has a scheme other than http and https");
    }
    let Some((key, address)) = rest.split_once('@') else {
        return fail("has no public key before an `@`");
    };
    if key.split(':').next().is_none_or(str::is_empty) {
        return fail("has an empty public key");
    }
    let Some((host, project)) = address.rsplit_once('/') else {
        return fail("has no project id after a `/`");
    };
    if host.is_empty() || host.starts_with(':') || host.contains(char::is_whitespace) {
        return fail("has no host");
    }
    if project.is_empty() || !project.bytes().all(|byte| byte.is_ascii_digit()) {
        return fail("has a project id that isn't a number");
    }
    Ok(())
}

/// The server and the project of a DSN, without its key.
pub(crate) fn without_key(dsn: &str) -> &str {
    dsn.rsplit_once('@').map_or("", |(_, address)| address.trim())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn shapes_that_sentry_accepts() {
        for dsn in [
            "https://abc@o1.ingest.example.org/42",
            "http://abc:secret@127.0.0.1:8969/1",
            "https://abc@example.org/prefix/7",
        ] {
            assert_eq!(check(dsn), Ok(()), "{dsn}");
        }
    }

    #[test]
    fn each_mistake_is_named_and_the_key_is_not_shown() {
        for (dsn, what) in [
            ("o1.example.org/42", "no scheme"),
            ("ftp://abc@example.org/1", "scheme other than"),
            ("https://example.org/1", "no public key"),
            ("https://@example.org/1", "empty public key"),
            ("https://topsecret@example.org", "no project id"),
            ("https://topsecret@/1", "no host"),
            ("https://topsecret@example.org/shop", "isn't a number"),
        ] {
            let problem = check(dsn).unwrap_err();
            assert!(problem.contains(what), "{dsn}: {problem}");
            assert!(!problem.contains("topsecret"), "{problem}");
        }
    }
}
