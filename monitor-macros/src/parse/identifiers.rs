use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};

/// Every word in these tokens; also those inside literals, which format strings may capture.
pub(crate) fn identifiers(tokens: TokenStream) -> HashSet<String> {
    let mut found = HashSet::new();
    collect(tokens, &mut found);
    found
}

fn collect(tokens: TokenStream, found: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect(group.stream(), found),
            TokenTree::Ident(word) => {
                found.insert(word.to_string());
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let words = text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
                found.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
            }
            TokenTree::Punct(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_groups_and_format_strings() {
        let found = identifiers("f(a, { format!(\"{b:?} {r#c}\") })".parse().unwrap());
        for word in ["f", "a", "b", "c", "format"] {
            assert!(found.contains(word), "{word}");
        }
        assert!(!found.contains("d"));
    }
}
