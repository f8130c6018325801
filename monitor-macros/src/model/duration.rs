use syn::LitStr;

/// Reads `"5ms"` as nanoseconds; `example` is the argument as one would write it.
pub(crate) fn nanoseconds(literal: &LitStr, example: &str) -> Result<u64, syn::Error> {
    let text = literal.value();
    let text = text.trim();
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let nanoseconds = match (number.parse::<u64>(), nanoseconds_of(unit.trim())) {
        (Ok(number), Some(unit)) => number.checked_mul(unit),
        _ => None,
    };
    match nanoseconds {
        Some(0) => Err(mistake(literal, "a duration above zero", example)),
        Some(nanoseconds) => Ok(nanoseconds),
        None => Err(mistake(
            literal,
            "a whole number with a unit, `us`, `ms`, `s`, `m` or `h`",
            example,
        )),
    }
}

fn nanoseconds_of(unit: &str) -> Option<u64> {
    match unit {
        "us" | "µs" => Some(1_000),
        "ms" => Some(1_000_000),
        "s" => Some(1_000_000_000),
        "m" => Some(60 * 1_000_000_000),
        "h" => Some(3600 * 1_000_000_000),
        _ => None,
    }
}

fn mistake(literal: &LitStr, wanted: &str, example: &str) -> syn::Error {
    syn::Error::new(literal.span(), format!("expected {wanted}, as in `{example}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proc_macro2::Span;

    fn read(text: &str) -> Option<u64> {
        nanoseconds(&LitStr::new(text, Span::call_site()), "").ok()
    }

    #[test]
    fn every_unit() {
        assert_eq!(read("7us"), Some(7_000));
        assert_eq!(read("5ms"), Some(5_000_000));
        assert_eq!(read("2 s"), Some(2_000_000_000));
        assert_eq!(read("10m"), Some(600_000_000_000));
        assert_eq!(read("24h"), Some(86_400_000_000_000));
    }

    #[test]
    fn what_is_no_duration() {
        for text in ["", "5", "ms", "0ms", "-1s", "1.5s", "5min", "99999999999999s"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
