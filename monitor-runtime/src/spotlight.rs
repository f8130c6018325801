//! Where Spotlight listens: Sentry's view of a program that runs on the developer's own machine.

/// Where it listens unless it was told otherwise.
const ADDRESS: &str = "http://localhost:8969/stream";

/// What `SENTRY_SPOTLIGHT` says: an address, or a word for yes or no.
pub(crate) fn address_of(text: &str) -> Result<Option<String>, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "t" | "1" | "yes" | "y" | "on" => Ok(Some(ADDRESS.to_owned())),
        "false" | "f" | "0" | "no" | "n" | "off" | "" => Ok(None),
        address if address.starts_with("http://") || address.starts_with("https://") => {
            Ok(Some(text.trim().to_owned()))
        }
        _ => Err(format!("SENTRY_SPOTLIGHT is `{text}`; expected `true`, `false` or {ADDRESS}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_addresses() {
        assert_eq!(address_of("1").unwrap().as_deref(), Some(ADDRESS));
        assert_eq!(address_of("off"), Ok(None));
        let own = "http://127.0.0.1:9000/stream";
        assert_eq!(address_of(own).unwrap().as_deref(), Some(own));
        assert!(address_of("localhost").unwrap_err().contains("SENTRY_SPOTLIGHT is `localhost`"));
    }
}
