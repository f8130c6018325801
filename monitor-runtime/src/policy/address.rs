//! Addresses of the net, masked.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The network of an address, or of each one in a list with commas, as `X-Forwarded-For` has it:
/// the first 24 bits of IPv4, the first 48 of IPv6. `None` if nothing changes.
pub(super) fn masked(text: &str) -> Option<String> {
    let parts: Vec<String> = text.split(',').map(|part| one(part.trim())).collect();
    let new = parts.join(", ");
    (new != text).then_some(new)
}

/// What is no address tells nothing that we know of: it is left out.
fn one(text: &str) -> String {
    match text.parse().map(canonical) {
        Ok(IpAddr::V4(address)) => Ipv4Addr::from_bits(address.to_bits() & !0xff).to_string(),
        Ok(IpAddr::V6(address)) => Ipv6Addr::from_bits(address.to_bits() >> 80 << 80).to_string(),
        Err(_) => "unknown".to_owned(),
    }
}

/// An IPv4 address inside an IPv6 one would be masked away as a whole.
fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn networks_stay() {
        for (address, network) in [
            ("203.0.113.77", "203.0.113.0"),
            ("2001:db8:1234:5678:9abc:def0:1234:5678", "2001:db8:1234::"),
            ("::ffff:203.0.113.77", "203.0.113.0"),
            ("203.0.113.77, 10.0.0.9", "203.0.113.0, 10.0.0.0"),
            ("not an address", "unknown"),
            ("", "unknown"),
        ] {
            assert_eq!(masked(address).as_deref(), Some(network), "{address}");
        }
        assert_eq!(masked("203.0.113.0"), None);
    }
}
