use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Path};

use super::{Block, Function, taken};

/// What an attribute stands on.
pub(crate) struct Item {
    /// The attributes below ours.
    pub(crate) attributes: Vec<Attribute>,
    /// The paths of those that are ours too, once they were read.
    pub(crate) siblings: Vec<Path>,
    /// Everything behind the attributes, as it was written.
    pub(crate) rest: TokenStream,
}

/// What an item turns out to be.
pub(crate) enum Target {
    Function(Box<Function>),
    /// An `impl` block or a trait.
    Block(Block),
    /// `const fn`: where it says `const`.
    ConstFunction(Ident),
    /// A function of a trait without a body.
    Bodiless(Ident),
    /// Anything else: its keyword.
    Other(Ident),
    /// What can't be read at all.
    Unreadable(syn::Error),
}

impl Item {
    /// Never fails: what can't be read stays in `rest`.
    pub(crate) fn read(tokens: &TokenStream) -> Self {
        syn::parse2(visible(tokens.clone())).unwrap_or_else(|_| Self {
            attributes: Vec::new(),
            siblings: Vec::new(),
            rest: tokens.clone(),
        })
    }

    /// The item with something else behind its attributes.
    pub(crate) fn with_rest(&self, rest: TokenStream) -> TokenStream {
        let mut tokens = TokenStream::new();
        tokens.append_all(&self.attributes);
        tokens.extend(rest);
        tokens
    }

    pub(crate) fn target(&self) -> Target {
        match Head::of(&self.rest) {
            Head { keyword: Some(keyword), .. } if keyword == "impl" || keyword == "trait" => {
                match Block::read(&self.rest) {
                    Some(block) => Target::Block(block),
                    None => Target::Other(keyword),
                }
            }
            Head { keyword: Some(keyword), .. } if keyword != "fn" => Target::Other(keyword),
            Head { constness: Some(constness), .. } => Target::ConstFunction(constness),
            Head { keyword: Some(keyword), .. } if ends_with_semicolon(&self.rest) => {
                Target::Bodiless(keyword)
            }
            _ => match syn::parse2(self.rest.clone()) {
                Ok(function) => Target::Function(Box::new(function)),
                Err(mistake) => match Function::unread(&self.rest) {
                    Some(function) => Target::Function(Box::new(function)),
                    None => Target::Unreadable(mistake),
                },
            },
        }
    }
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self {
            attributes: input.call(Attribute::parse_outer)?,
            siblings: Vec::new(),
            rest: visible(input.parse()?),
        })
    }
}

/// The tokens inside a group without delimiters: what a macro makes of its `$item`.
fn visible(tokens: TokenStream) -> TokenStream {
    let mut trees = tokens.clone().into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            group.stream()
        }
        _ => tokens,
    }
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for attribute in &self.attributes {
            attribute.to_tokens(tokens);
        }
        tokens.extend(self.siblings.iter().map(taken));
        self.rest.to_tokens(tokens);
    }
}

/// The words before the name of an item.
struct Head {
    /// The word that says what it is.
    keyword: Option<Ident>,
    /// `const` before `fn`.
    constness: Option<Ident>,
}

impl Head {
    fn of(tokens: &TokenStream) -> Self {
        let mut constness = None;
        for token in tokens.clone() {
            // Groups and literals belong to `pub(crate)` and `extern "C"`.
            let TokenTree::Ident(word) = token else {
                continue;
            };
            match word.to_string().as_str() {
                "pub" | "default" | "unsafe" | "safe" | "async" | "extern" => {}
                "const" => constness = Some(word),
                "fn" => {
                    return Self { keyword: Some(word), constness };
                }
                "struct" | "enum" | "union" | "impl" | "trait" | "mod" | "type" | "static"
                | "use" | "let" | "macro_rules" | "macro" => {
                    return Self { keyword: Some(word), constness: None };
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

fn ends_with_semicolon(tokens: &TokenStream) -> bool {
    let last = tokens.clone().into_iter().last();
    matches!(last, Some(TokenTree::Punct(mark)) if mark.as_char() == ';')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(text: &str) -> String {
        match Item::read(&text.parse().unwrap()).target() {
            Target::Function(function) => format!("function {}", function.signature.ident),
            Target::Block(_) => "block".into(),
            Target::ConstFunction(_) => "const function".into(),
            Target::Bodiless(_) => "bodiless".into(),
            Target::Other(keyword) => keyword.to_string(),
            Target::Unreadable(_) => "unreadable".into(),
        }
    }

    #[test]
    fn functions_with_every_word_before_fn() {
        assert_eq!(target("fn f() {}"), "function f");
        assert_eq!(target("pub(crate) async unsafe fn f() {}"), "function f");
        assert_eq!(target("unsafe extern \"C\" fn f(x: u8) -> u8 { x }"), "function f");
    }

    #[test]
    fn other_items_are_known_by_their_keyword() {
        for keyword in ["struct", "enum", "mod", "static"] {
            assert_eq!(target(&format!("pub {keyword} Name {{}}")), keyword);
        }
        assert_eq!(target("unsafe impl Send for Name {}"), "block");
        assert_eq!(target("pub trait Name: Send {}"), "block");
        assert_eq!(target("const NAME: u8 = 1;"), "const");
    }

    #[test]
    fn functions_that_cant_be_instrumented() {
        assert_eq!(target("pub const unsafe fn f() {}"), "const function");
        assert_eq!(target("fn f(&self);"), "bodiless");
        assert_eq!(target("fn f(x: )"), "unreadable");
    }

    #[test]
    fn a_signature_newer_than_the_parser() {
        let item = Item::read(&"pub async fn f(x: u8 = 1) where @ { g() }".parse().unwrap());
        let Target::Function(function) = item.target() else { panic!("a function") };
        assert!(function.signature.asyncness.is_some());
        assert_eq!(function.body.to_string(), "g ()");
        assert!(function.unread.unwrap().to_string().ends_with("where @"));
    }

    #[test]
    fn attributes_are_split_from_the_rest() {
        let item = Item::read(&"#[inline] /// Text.\n #[cfg(x)] fn f() {}".parse().unwrap());
        assert_eq!(item.attributes.len(), 3);
    }

    #[test]
    fn inner_attributes_leave_the_body() {
        let item = Item::read(&"fn f() { #![allow(unused)] //! Text.\n g() }".parse().unwrap());
        let Target::Function(function) = item.target() else { panic!("a function") };
        assert_eq!(function.inner_attributes.len(), 2);
        assert_eq!(function.body.to_string(), "g ()");
    }
}
