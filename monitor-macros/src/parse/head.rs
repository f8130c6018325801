use proc_macro2::{Ident, TokenTree};

/// The words before the name of an item.
pub(super) struct Head {
    /// The word that says what it is.
    pub(super) keyword: Option<Ident>,
    /// `const` before `fn`.
    pub(super) constness: Option<Ident>,
}

impl Head {
    pub(super) fn of(trees: &[TokenTree]) -> Self {
        let mut constness = None;
        for token in trees {
            // Groups and literals belong to `pub(crate)` and `extern "C"`.
            let TokenTree::Ident(word) = token else {
                continue;
            };
            match word.to_string().as_str() {
                "pub" | "default" | "unsafe" | "safe" | "async" | "extern" => {}
                "const" => constness = Some(word.clone()),
                "fn" => {
                    return Self { keyword: Some(word.clone()), constness };
                }
                "struct" | "enum" | "union" | "impl" | "trait" | "mod" | "type" | "static"
                | "use" | "let" | "macro_rules" | "macro" => {
                    return Self { keyword: Some(word.clone()), constness: None };
                }
                // `const NAME: ..` is known by its name, and so is `extern crate`.
                _ => {
                    return Self { keyword: constness, constness: None };
                }
            }
        }
        Self { keyword: None, constness: None }
    }
}
