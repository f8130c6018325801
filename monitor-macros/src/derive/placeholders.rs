//! Reads `payment-{user_id}`.

use syn::LitStr;

/// A piece of a text with placeholders.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    /// The name between braces.
    Field(String),
}

/// The pieces of a text. Sentry's own `{{ default }}` stays as it is.
pub(super) fn pieces(literal: &LitStr) -> Result<Vec<Piece>, String> {
    let text = literal.value();
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("{{") {
            let end = rest.find("}}").ok_or_else(|| "`{{` needs `}}`".to_owned())? + 2;
            plain.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let end = rest.find('}').filter(|end| *end > 0);
        let Some(end) = end else {
            let brace = &rest[..1];
            return Err(format!("`{brace}` has no partner; a placeholder is written `{{field}}`"));
        };
        let name = rest[1..end].trim();
        if name.is_empty() || !name.chars().all(|c| c == '_' || c.is_alphanumeric()) {
            return Err(format!("`{}` names no field; write for example `{{id}}`", &rest[..=end]));
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        pieces.push(Piece::Field(name.to_owned()));
        rest = &rest[end + 1..];
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    fn read(text: &str) -> Result<Vec<Piece>, String> {
        pieces(&LitStr::new(text, Span::call_site()))
    }

    #[test]
    fn texts_and_fields_take_turns() {
        let text = |text: &str| Piece::Text(text.into());
        let field = |name: &str| Piece::Field(name.into());
        assert_eq!(read("quota"), Ok(vec![text("quota")]));
        assert_eq!(read("{a}-{0}!"), Ok(vec![field("a"), text("-"), field("0"), text("!")]));
        assert_eq!(read("{{ default }}{a}"), Ok(vec![text("{{ default }}"), field("a")]));
    }

    #[test]
    fn braces_without_a_field_are_mistakes() {
        for wrong in ["a{", "a}", "{}", "{a b}", "{a:?}", "{{ default"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
