use crate::record::Text;

/// How this process names itself to other services.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    pub(crate) public_key: Option<String>,
    pub(crate) org_id: Option<u64>,
    pub(crate) release: Option<Text>,
    pub(crate) environment: Option<Text>,
}

impl Identity {
    /// Takes what a backend knows better.
    pub(crate) fn update(&mut self, better: Self) {
        self.public_key = better.public_key.or(self.public_key.take());
        self.org_id = self.org_id.or(better.org_id);
        self.release = better.release.or(self.release.take());
        self.environment = better.environment.or(self.environment.take());
    }

    /// Takes the public key, and the organisation unless one was set, from a DSN.
    pub(crate) fn read_dsn(&mut self, dsn: &str) {
        let Some((_, rest)) = dsn.trim().split_once("://") else { return };
        let Some((keys, address)) = rest.split_once('@') else { return };
        self.public_key = keys.split(':').next().filter(|key| !key.is_empty()).map(str::to_owned);
        let host = address.split(['/', ':']).next().unwrap_or_default();
        self.org_id = self.org_id.or_else(|| org_id(host));
    }
}

/// The organisation in a host such as `o123.ingest.sentry.io`.
fn org_id(host: &str) -> Option<u64> {
    let (label, _) = host.split_once('.')?;
    let digits = label.strip_prefix('o')?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(dsn: &str) -> Identity {
        let mut identity = Identity::default();
        identity.read_dsn(dsn);
        identity
    }

    #[test]
    fn key_and_organisation_come_from_the_dsn() {
        let identity = read("https://key:secret@o123.ingest.de.sentry.io/42");
        assert_eq!((identity.public_key.as_deref(), identity.org_id), (Some("key"), Some(123)));
        assert_eq!(read("http://key@127.0.0.1:9000/42").org_id, None);
        assert_eq!(read("https://key@office.example.org/42").org_id, None);
        assert_eq!(read("https://key@o.example.org/42").org_id, None);
    }
}
